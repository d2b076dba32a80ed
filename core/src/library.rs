//! Which patterns an entry matches; `logsleuth/scan/matcher.py` is the definition.

use std::sync::LazyLock;

use memchr::memmem;
use regex_automata::meta::{Cache, Regex};
use regex_automata::util::captures::Captures;
use regex_automata::Input;

use crate::beginnings::{self, Begin, Beginnings, Candidate};
use crate::literals::Literals;
use crate::regex::{compile, Lazy, Memory};
use crate::text::decode;

const REPORTER: &str = r"^(?:\([^)\n]{1,20}\)[^:\n]{0,80}: )?mod_(?:wsgi|python) \(pid=(\d+)";
const NAMES_PID: &[u8] = b" (pid=";

/// A pattern as the scan needs it.
pub struct Pattern {
    /// Programs whose lines it may be seen on; empty: httpd's.
    pub sources: Vec<String>,
    /// Modules and levels that it may be seen on; empty: all.
    pub modules: Vec<String>,
    pub levels: Vec<String>,
    pub fallback: bool,
    /// It knows why something failed, not only that it did.
    pub reason: bool,
    pub noise: bool,
    /// It says something of workers.
    pub worker: bool,
    /// The capture that names the pid which it is about; None: whoever wrote the line.
    pub subject: Option<String>,
    pub ways: Vec<Way>,
}

/// One way for a pattern to be hit.
pub struct Way {
    pub literal: String,
    pub confirm: Confirm,
    /// What must not match.
    pub unless: Option<Box<Lazy>>,
}

impl Way {
    /// Whether a message that begins so may be matched.
    fn may_match(&self, begin: &Begin) -> bool {
        match &self.confirm {
            Confirm::Regex(lazy) => lazy.may_match(begin),
            Confirm::Literal | Confirm::Ask => true,
        }
    }
}

/// What confirms a match where the literal was found.
pub enum Confirm {
    Literal,
    Regex(Box<Lazy>),
    /// Not linear: asked of Python.
    Ask,
}

/// What Python says of a match: the line that it starts on, its fields, and the pid that it is about.
pub type Answer = (u32, Vec<(String, String)>, i64);
/// Asks Python whether a way of a pattern matches.
pub type Ask = Box<dyn Fn(u32, u32, &[u8]) -> Option<Answer> + Send + Sync>;

/// All patterns, made ready for matching.
pub struct Library {
    pub patterns: Vec<Pattern>,
    literals: Literals,
    /// By literal: the patterns and their ways that it may be of.
    ways: Vec<Vec<beginnings::Way>>,
    reporter: Regex,
    ask: Ask,
}

/// One pattern's match on one entry.
#[derive(Clone, Debug)]
pub struct Hit {
    pub pattern: u32,
    way: u32,
    /// It is on an entry of several lines.
    lines: bool,
    /// Which line of the entry it starts on: the one to cite.
    pub line: u32,
    /// The pid that it is about; -1: whoever wrote the line.
    pub subject: i64,
    /// Where Python found them; else they are taken when they are needed.
    fields: Option<Box<[(String, String)]>>,
}

impl Hit {
    /// Pattern and way, if the fields are still to be taken, from a text of one line.
    pub fn way_without_fields(&self) -> Option<(u32, u32)> {
        (self.fields.is_none() && !self.lines).then_some((self.pattern, self.way))
    }
}

impl Library {
    pub fn new(patterns: Vec<Pattern>, ask: Ask) -> Result<Self, String> {
        let mut literals: Vec<&str> =
            patterns.iter().flat_map(|pattern| pattern.ways.iter().map(|way| way.literal.as_str())).collect();
        literals.sort_unstable();
        literals.dedup();
        let mut ways = vec![Vec::new(); literals.len()];
        for (p, pattern) in patterns.iter().enumerate() {
            for (m, way) in pattern.ways.iter().enumerate() {
                if let Ok(at) = literals.binary_search(&way.literal.as_str()) {
                    ways[at].push((p as u32, m as u32));
                }
            }
        }
        let literals: Vec<Vec<u8>> = literals.into_iter().map(|literal| literal.as_bytes().to_vec()).collect();
        let literals = Literals::new(literals)?;
        let reporter = compile(REPORTER)?;
        Ok(Library { patterns, literals, ways, reporter, ask })
    }

    /// All ways in scope that a message may be matched in which begins so, in the order in which they are tried.
    ///
    /// `left`: those that a part of this beginning has left; None: that is not known.
    fn candidates(&self, begin: &Begin, scope: &[bool], left: Option<&[beginnings::Way]>) -> Vec<Candidate<'_>> {
        let way = |&(p, m): &beginnings::Way| &self.patterns[p as usize].ways[m as usize];
        let may_match = |one: &&beginnings::Way| scope[one.0 as usize] && way(one).may_match(begin);
        let named = |one: &beginnings::Way| (*one, way(one).literal.as_str());
        match left {
            Some(ways) => ways.iter().filter(may_match).map(named).collect(),
            None => self.ways.iter().flatten().filter(may_match).map(named).collect(),
        }
    }
}

/// Matches texts; holds what one thread needs to itself.
pub struct Matcher<'l> {
    library: &'l Library,
    scratch: &'l mut Scratch,
}

/// What the regexes of one way remember.
#[derive(Default)]
struct WayMemory {
    confirm: Memory,
    unless: Memory,
}

/// Memories of the regexes, and marks on literals and patterns that were seen in the text at hand.
#[derive(Default)]
pub struct Scratch {
    memories: Vec<Vec<WayMemory>>,
    reporter: Option<Cache>,
    beginnings: Beginnings,
    literals: Vec<u32>,
    seen: Vec<u64>,
    hit: Vec<u64>,
    text: u64,
}

impl<'l> Matcher<'l> {
    pub fn new(library: &'l Library, scratch: &'l mut Scratch) -> Self {
        if scratch.seen.is_empty() {
            scratch.seen = vec![0; library.ways.len()];
            scratch.hit = vec![0; library.patterns.len()];
            scratch.memories =
                library.patterns.iter().map(|p| p.ways.iter().map(|_| WayMemory::default()).collect()).collect();
        }
        Matcher { library, scratch }
    }

    /// All patterns that match an entry of several lines, in order; `scope` says which may.
    pub fn entry_hits(&mut self, text: &[u8], scope: &[bool], hits: &mut Vec<Hit>) {
        hits.clear();
        self.scratch.text += 1;
        self.by_literal(text, scope, true, hits);
        self.in_order(hits);
    }

    /// The same for a line; `kind`: the number of its module and level.
    pub fn line_hits(&mut self, text: &[u8], kind: u32, scope: &[bool], hits: &mut Vec<Hit>) {
        hits.clear();
        self.scratch.text += 1;
        let library = self.library;
        match self.scratch.beginnings.find(kind, text, |begin, left| library.candidates(begin, scope, left)) {
            None => self.by_literal(text, scope, false, hits),
            Some((choice, mut ways)) => {
                let mut reporter = None;
                let mut fallbacks: beginnings::Bits = 0;
                while ways != 0 {
                    let nth = ways.trailing_zeros();
                    let (p, m) = self.scratch.beginnings.way(choice, nth);
                    if library.patterns[p as usize].fallback {
                        fallbacks |= 1 << nth;
                    } else {
                        self.try_way(p, m, text, false, &mut reporter, hits);
                    }
                    ways &= ways - 1;
                }
                while fallbacks != 0 && (hits.is_empty() || library.patterns[hits[0].pattern as usize].fallback) {
                    let (p, m) = self.scratch.beginnings.way(choice, fallbacks.trailing_zeros());
                    self.try_way(p, m, text, false, &mut reporter, hits);
                    fallbacks &= fallbacks - 1;
                }
            }
        }
        self.in_order(hits);
    }

    /// Try the ways whose literals are in a text.
    fn by_literal(&mut self, text: &[u8], scope: &[bool], lines: bool, hits: &mut Vec<Hit>) {
        self.find_literals(text);
        let library = self.library;
        let mut reporter = None;
        for nth in 0..self.scratch.literals.len() {
            for &(p, m) in &library.ways[self.scratch.literals[nth] as usize] {
                if scope[p as usize] {
                    self.try_way(p, m, text, lines, &mut reporter, hits);
                }
            }
        }
    }

    /// Add a hit if this way matches, unless an earlier way of its pattern did.
    fn try_way(&mut self, p: u32, m: u32, text: &[u8], lines: bool, reporter: &mut Option<i64>, hits: &mut Vec<Hit>) {
        if self.scratch.hit[p as usize] != self.scratch.text {
            if let Some(hit) = self.confirm(p, m, text, lines, reporter) {
                self.scratch.hit[p as usize] = self.scratch.text;
                hits.push(hit);
            }
        }
    }

    /// Without fallbacks where anything else matches, and in the order of the patterns.
    fn in_order(&self, hits: &mut Vec<Hit>) {
        if hits.len() > 1 {
            let fallback = |hit: &Hit| self.library.patterns[hit.pattern as usize].fallback;
            if !hits.iter().all(fallback) {
                hits.retain(|hit| !fallback(hit));
            }
            hits.sort_unstable_by_key(|hit| hit.pattern);
        }
    }

    /// The literals in a text, each once, in order.
    fn find_literals(&mut self, text: &[u8]) {
        let scratch = &mut *self.scratch;
        scratch.literals.clear();
        self.library.literals.find(text, |literal| {
            if scratch.seen[literal as usize] != scratch.text {
                scratch.seen[literal as usize] = scratch.text;
                scratch.literals.push(literal);
            }
        });
        scratch.literals.sort_unstable();
    }

    fn confirm(&mut self, p: u32, m: u32, text: &[u8], lines: bool, reporter: &mut Option<i64>) -> Option<Hit> {
        let pattern = &self.library.patterns[p as usize];
        let way = &pattern.ways[m as usize];
        let memory = &mut self.scratch.memories[p as usize][m as usize];
        if let Some(lazy) = &way.unless {
            let Some(compiled) = lazy.get(text) else { return self.asked(p, m, text) };
            if compiled.is_match_with(&mut memory.unless, text, lines) {
                return None;
            }
        }
        let mut hit = Hit { pattern: p, way: m, lines, line: 0, subject: -1, fields: None };
        let named = pattern.subject.is_some();
        let start = match &way.confirm {
            Confirm::Regex(lazy) if named && !lines => {
                let Some(compiled) = lazy.get(text) else { return self.asked(p, m, text) };
                let subject = compiled.subject(&mut memory.confirm, text)?;
                hit.subject = subject.map_or(0, |span| pid_of(&text[span]));
                return Some(hit);
            }
            Confirm::Literal => {
                if lines {
                    memmem::find(text, way.literal.as_bytes()).unwrap_or(0)
                } else {
                    0
                }
            }
            Confirm::Regex(lazy) => {
                let Some(compiled) = lazy.get(text) else { return self.asked(p, m, text) };
                if lines {
                    compiled.start(&mut memory.confirm, text)?
                } else if compiled.is_match_with(&mut memory.confirm, text, lines) {
                    0
                } else {
                    return None;
                }
            }
            Confirm::Ask => return self.asked(p, m, text),
        };
        if lines {
            hit.line = memchr::memchr_iter(b'\n', &text[..start]).count() as u32;
        }
        hit.subject = match &pattern.subject {
            Some(name) => self
                .fields(&hit, text)
                .into_iter()
                .find(|(field, _)| field == name)
                .map_or(0, |(_, value)| pid_of(value.as_bytes())),
            None => *reporter.get_or_insert_with(|| self.reporter(text, lines)),
        };
        Some(hit)
    }

    fn asked(&self, p: u32, m: u32, text: &[u8]) -> Option<Hit> {
        let (line, fields, subject) = (self.library.ask)(p, m, text)?;
        Some(Hit { pattern: p, way: m, lines: false, line, subject, fields: Some(fields.into()) })
    }

    /// The pid that a module of Python's names at the head of its messages, or -1.
    fn reporter(&mut self, text: &[u8], lines: bool) -> i64 {
        // it begins the line, or follows an errno
        if !lines && !matches!(text.first(), Some(b'm' | b'(')) {
            return -1;
        }
        static FINDER: LazyLock<memmem::Finder> = LazyLock::new(|| memmem::Finder::new(NAMES_PID));
        if FINDER.find(text).is_none() {
            return -1;
        }
        let regex = &self.library.reporter;
        let cache = self.scratch.reporter.get_or_insert_with(|| regex.create_cache());
        let mut captures = regex.create_captures();
        regex.search_captures_with(cache, &Input::new(text), &mut captures);
        match captures.get_group(1) {
            Some(span) if span.len() < 10 => number_of(&text[span.range()]),
            _ => -1,
        }
    }

    /// What a hit's regex captured, by name, in order of the names.
    pub fn fields(&mut self, hit: &Hit, text: &[u8]) -> Vec<(String, String)> {
        if let Some(fields) = &hit.fields {
            return fields.to_vec();
        }
        self.captured(hit.pattern, hit.way, text, hit.lines)
    }

    /// What the regex of a pattern's way captures in a text that it matches, by name, in order of the names.
    pub fn captured(&mut self, p: u32, m: u32, text: &[u8], lines: bool) -> Vec<(String, String)> {
        let (p, m) = (p as usize, m as usize);
        let Confirm::Regex(lazy) = &self.library.patterns[p].ways[m].confirm else { return Vec::new() };
        let Some(compiled) = lazy.get(text) else { return Vec::new() };
        compiled
            .captures(&mut self.scratch.memories[p][m].confirm, text, lines)
            .map_or_else(Vec::new, |captures| named(&captures, text))
    }
}

fn named(captures: &Captures, text: &[u8]) -> Vec<(String, String)> {
    let Some(pattern) = captures.pattern() else { return Vec::new() };
    let mut fields: Vec<(String, String)> = captures
        .group_info()
        .pattern_names(pattern)
        .enumerate()
        .filter_map(|(group, name)| {
            let span = captures.get_group(group)?;
            Some((name?.to_string(), decode(&text[span.range()]).into_owned()))
        })
        .collect();
    fields.sort();
    fields
}

fn pid_of(value: &[u8]) -> i64 {
    if !value.is_empty() && value.len() < 10 && value.iter().all(u8::is_ascii_digit) {
        number_of(value)
    } else {
        0
    }
}

fn number_of(digits: &[u8]) -> i64 {
    digits.iter().fold(0, |sum, &digit| sum * 10 + i64::from(digit - b'0'))
}
