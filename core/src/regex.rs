//! Regexes that are compiled when they are first needed, in up to three versions by the length of the text.
//!
//! A bounded repetition costs a state for each time it may repeat, in every step of a search for captures. In a text
//! that is shorter than the bound, a repetition without one matches just the same.

use std::ops::Range;
use std::sync::OnceLock;

use regex_automata::meta::{Cache, Regex};
use regex_automata::util::primitives::{NonMaxUsize, PatternID};
use regex_automata::util::{captures::Captures, syntax};
use regex_automata::{Anchored, Input};
use regex_syntax::hir::{Class, Hir, HirKind, Look, Repetition};

use crate::beginnings::Begin;
use crate::walk;

/// Bytes that a compiled regex may take: bounded repetition makes large ones.
const LARGEST: usize = 64 << 20;
/// Bytes of a text up to which repetitions with that bound or a higher one need none; most messages are of the first.
const LENGTHS: [usize; 2] = [200, 1000];
/// The last of a regex's groups that may name a pid.
const LAST_GROUP: usize = 15;
const VERSIONS: usize = LENGTHS.len() + 1;

/// A regex that is compiled when it is first needed.
pub struct Lazy {
    source: String,
    /// The group that names the pid which a match is about.
    subject: Option<String>,
    /// Its first characters may rule a text out.
    bound: bool,
    versions: [OnceLock<Option<Compiled>>; VERSIONS],
}

/// One version of a regex, and what it takes to use it.
pub struct Compiled {
    regex: Regex,
    version: usize,
    /// It can match only at the start of a line.
    bound: bool,
    /// Whether it matches depends on nothing behind the match.
    local: bool,
    /// Its matches do not go beyond the end of a line.
    within_line: bool,
    /// The number of the group that names the pid which a match is about.
    subject: Option<usize>,
}

/// What one thread remembers of a regex.
#[derive(Default)]
pub struct Memory {
    /// Each of a kilobyte and more, and most are never made.
    caches: [Option<Box<Cache>>; VERSIONS],
    /// How the last text began that matched, up to where that was sure; empty: none yet.
    begin: Vec<u8>,
}

impl Lazy {
    pub fn new(source: String) -> Self {
        Lazy { bound: walk::is_bound(&source), source, subject: None, versions: Default::default() }
    }

    /// One of whose groups names the pid which a match is about.
    pub fn about(source: String, subject: Option<String>) -> Self {
        Lazy { subject, ..Lazy::new(source) }
    }

    /// Whether it may match a text of one line that begins so.
    pub fn may_match(&self, begin: &Begin) -> bool {
        !self.bound || walk::may_match(&self.source, begin)
    }

    /// The version for a text; None: it is not linear.
    pub fn get(&self, text: &[u8]) -> Option<&Compiled> {
        let version = LENGTHS.iter().position(|&length| text.len() <= length).unwrap_or(LENGTHS.len());
        self.versions[version]
            .get_or_init(|| Compiled::new(&self.source, version, self.subject.as_deref()).ok())
            .as_ref()
    }
}

impl Compiled {
    fn new(source: &str, version: usize, subject: Option<&str>) -> Result<Self, String> {
        let exact = parse(source)?;
        let bound = is_bound(&exact);
        let local = exact.properties().look_set().iter().all(|look| look == Look::StartLF);
        let within_line = within_line(&exact);
        let hir = match LENGTHS.get(version) {
            Some(&length) => unbounded(exact, length),
            None => exact,
        };
        let regex = built(&hir)?;
        let subject = subject.and_then(|name| regex.group_info().to_index(PatternID::ZERO, name));
        if subject.is_some_and(|group| group > LAST_GROUP) {
            return Err("the pid that a match is about must be among its first groups".to_string());
        }
        Ok(Compiled { regex, version, bound, local, within_line, subject })
    }

    /// Whether it matches a text; `lines`: one of several lines.
    pub fn is_match_with(&self, memory: &mut Memory, text: &[u8], lines: bool) -> bool {
        if !lines && !memory.begin.is_empty() && text.starts_with(&memory.begin) {
            return true;
        }
        let input = self.input(text, lines).earliest(true);
        let Some(half) = self.regex.search_half_with(self.cache(memory), &input) else { return false };
        if !lines && self.bound && self.local {
            memory.begin.clear();
            memory.begin.extend_from_slice(&text[..half.offset()]);
        }
        true
    }

    /// If it matches a text of one line: where in it the pid is named that the match is about, if it is.
    pub fn subject(&self, memory: &mut Memory, text: &[u8]) -> Option<Option<Range<usize>>> {
        let mut slots = [None; 2 * (LAST_GROUP + 1)];
        let wanted = &mut slots[..2 * (self.subject.unwrap_or(0) + 1)];
        self.regex.search_slots_with(self.cache(memory), &self.input(text, false), wanted)?;
        let place = |slot: Option<NonMaxUsize>| slot.map(NonMaxUsize::get);
        let group = self.subject.map(|group| (place(slots[2 * group]), place(slots[2 * group + 1])));
        Some(group.and_then(|(from, to)| Some(from?..to?)))
    }

    /// Where its first match starts in a text of several lines.
    pub fn start(&self, memory: &mut Memory, text: &[u8]) -> Option<usize> {
        let cache = self.cache(memory);
        if !(self.bound && self.within_line) {
            return self.regex.search_with(cache, &Input::new(text)).map(|found| found.start());
        }
        let mut begin = 0;
        loop {
            let input = Input::new(text).span(begin..text.len()).anchored(Anchored::Yes).earliest(true);
            if self.regex.search_half_with(cache, &input).is_some() {
                return Some(begin);
            }
            begin += memchr::memchr(b'\n', &text[begin..])? + 1;
        }
    }

    /// The groups of its first match; None: it has no groups.
    pub fn captures(&self, memory: &mut Memory, text: &[u8], lines: bool) -> Option<Captures> {
        if self.regex.static_captures_len() == Some(1) {
            return None;
        }
        let mut captures = self.regex.create_captures();
        self.regex.search_captures_with(self.cache(memory), &self.input(text, lines), &mut captures);
        Some(captures)
    }

    fn cache<'m>(&self, memory: &'m mut Memory) -> &'m mut Cache {
        memory.caches[self.version].get_or_insert_with(|| Box::new(self.regex.create_cache()))
    }

    fn input<'t>(&self, text: &'t [u8], lines: bool) -> Input<'t> {
        // a text of one line has one place to start at, and most searches end right there
        let anchored = if self.bound && !lines { Anchored::Yes } else { Anchored::No };
        Input::new(text).anchored(anchored)
    }
}

/// A regex over bytes, with `^` and `$` at every line, as the patterns are written. Errors say what is not linear.
pub fn compile(source: &str) -> Result<Regex, String> {
    built(&parse(source)?)
}

/// Whether it can match only at the start of a line.
fn is_bound(hir: &Hir) -> bool {
    hir.properties().look_set_prefix().contains(Look::StartLF)
}

/// The syntax tree of a regex. Errors say what is not linear.
fn parse(source: &str) -> Result<Hir, String> {
    let syntax = syntax::Config::new().unicode(false).utf8(false).multi_line(true).nest_limit(200);
    syntax::parse_with(source, &syntax).map_err(|error| error.to_string())
}

fn built(hir: &Hir) -> Result<Regex, String> {
    Regex::builder()
        .configure(Regex::config().utf8_empty(false).nfa_size_limit(Some(LARGEST)).hybrid_cache_capacity(4 << 20))
        .build_from_hir(hir)
        .map_err(|error| error.to_string())
}

/// The same regex for texts of at most `length` bytes: repetitions that may be as many have no bound.
fn unbounded(hir: Hir, length: usize) -> Hir {
    match hir.into_kind() {
        HirKind::Empty => Hir::empty(),
        HirKind::Literal(literal) => Hir::literal(literal.0),
        HirKind::Class(class) => Hir::class(class),
        HirKind::Look(look) => Hir::look(look),
        HirKind::Repetition(mut one) => {
            // each round takes a byte at least, so that there are no more rounds than bytes
            if one.max.is_some_and(|max| max as usize >= length) && one.sub.properties().minimum_len() >= Some(1) {
                one.max = None;
            }
            Hir::repetition(Repetition { sub: Box::new(unbounded(*one.sub, length)), ..one })
        }
        HirKind::Capture(mut group) => {
            group.sub = Box::new(unbounded(*group.sub, length));
            Hir::capture(group)
        }
        HirKind::Concat(parts) => Hir::concat(parts.into_iter().map(|part| unbounded(part, length)).collect()),
        HirKind::Alternation(parts) => {
            Hir::alternation(parts.into_iter().map(|part| unbounded(part, length)).collect())
        }
    }
}

/// Whether no match holds the end of a line.
fn within_line(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => true,
        HirKind::Literal(literal) => !literal.0.contains(&b'\n'),
        HirKind::Class(Class::Bytes(class)) => {
            class.ranges().iter().all(|range| !(range.start()..=range.end()).contains(&b'\n'))
        }
        HirKind::Class(Class::Unicode(_)) => false,
        HirKind::Repetition(one) => within_line(&one.sub),
        HirKind::Capture(group) => within_line(&group.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().all(within_line),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(source: &str, text: &[u8], version: usize) -> Option<(usize, usize)> {
        let compiled = Compiled::new(source, version, None).unwrap();
        let captures = compiled.captures(&mut Memory::default(), text, true).unwrap();
        captures.get_group(1).map(|span| (span.start, span.end))
    }

    #[test]
    fn each_version_finds_the_same_in_texts_that_it_is_for() {
        for source in ["^a{0,250}?(b.{3,300})", "(x[^y]{0,2000})y", "((?:ab?){1,200}|c{2,})$", "^(?:z{0,500}(q))?a*"] {
            for length in [0, 1, 150, 199, 200] {
                for text in [
                    b"a".repeat(length),
                    b"ab".repeat(length / 2),
                    [b"x".repeat(length / 2), b"y".repeat(length / 2)].concat(),
                ] {
                    let versions: Vec<_> = (0..VERSIONS).map(|version| found(source, &text, version)).collect();
                    assert!(versions.iter().all(|one| *one == versions[0]), "{source} {length} {versions:?}");
                }
            }
        }
    }

    #[test]
    fn a_match_in_several_lines_starts_where_the_regex_has_it() {
        for source in ["^b.*c", "^", "^$", "^b[^x]*c", r"^b\sc", "b", "^(?:a|b)$", "^c?$"] {
            let exact = compile(source).unwrap();
            for text in ["", "a", "a\nbc", "a\nb\nc", "b\nc\n", "\n", "a\n", "ab\n\nbxc", "aa\n"] {
                let start = Lazy::new(source.to_string())
                    .get(text.as_bytes())
                    .and_then(|compiled| compiled.start(&mut Memory::default(), text.as_bytes()));
                assert_eq!(start, exact.find(text).map(|found| found.start()), "{source} {text:?}");
            }
        }
    }

    #[test]
    fn the_version_for_long_texts_keeps_the_bound() {
        let lazy = Lazy::new("^a{0,250}b".to_string());
        let mut memory = Memory::default();
        for (count, is_match) in [(200, true), (250, true), (251, false), (2000, false)] {
            let text = [b"a".repeat(count), b"b".to_vec()].concat();
            assert_eq!(lazy.get(&text).unwrap().is_match_with(&mut memory, &text, false), is_match, "{count}");
        }
    }

    #[test]
    fn what_is_remembered_of_a_text_holds_for_those_that_begin_alike() {
        let mut memory = Memory::default();
        for (source, text, is_match) in [
            ("^boom: ", "boom: a", true),
            ("^boom: ", "boom: b", true),
            ("^boom: ", "boom", false),
            ("^boom: ", "a boom: ", false),
        ] {
            let lazy = Lazy::new(source.to_string());
            let compiled = lazy.get(text.as_bytes()).unwrap();
            assert_eq!(compiled.is_match_with(&mut memory, text.as_bytes(), false), is_match, "{text}");
        }
        // what follows decides: nothing is remembered
        let lazy = Lazy::new(r"^boom\b|^x$".to_string());
        let mut memory = Memory::default();
        for (text, is_match) in [("boom a", true), ("booms", false), ("x", true), ("xy", false)] {
            let compiled = lazy.get(text.as_bytes()).unwrap();
            assert_eq!(compiled.is_match_with(&mut memory, text.as_bytes(), false), is_match, "{text}");
        }
    }
}
