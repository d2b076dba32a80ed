//! An `ErrorLogFormat` as a small machine that reads a line; `logsleuth/logs/httpd/layout/program.py` is the definition.
//!
//! Python makes the machine, and here it runs, on lines of printable ASCII. What is odd in the least, and a line that is
//! in none of the formats, is left to Python.

use memchr::memchr;

use crate::head::{digits, number, Kinds, MICRO, NO_TIME};
use crate::lines::{Line, Made, Span};
use crate::stamp::{Moment, Stamp};
use crate::zone::Zone;
use crate::{Map, Set};

/// httpd's levels, gravest first.
const LEVELS: [&str; 16] = [
    "emerg", "alert", "crit", "error", "warn", "notice", "info", "debug", "trace1", "trace2", "trace3", "trace4",
    "trace5", "trace6", "trace7", "trace8",
];
/// The state that is reached when all items are read.
const END: usize = 0;
/// Digits of a thread's number; more are left to Python.
const LONGEST_TID: usize = 18;
/// Bytes of a line; httpd writes no longer ones (MAX_STRING_LEN in include/httpd.h), and Python has a limit of its own.
const LONGEST: usize = 8192;
/// Choices that one line was seen to take, for which memory is kept.
const KEPT: usize = 1 << 12;

/// A state as Python hands it over: what it is, where it goes on and where otherwise, the text or name that goes with
/// it, whether it prints a hyphen where there is no value, and the level from which on it is printed.
pub type GivenNode = (String, usize, usize, Vec<u8>, bool, u8);

/// What a value is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Time,
    Level,
    Pid,
    Tid,
    Number,
    Never,
    Client,
    /// Of the connection, which may be with a proxy before httpd.
    Peer,
    Local,
    Error,
    Source,
    Id,
    Module,
    Host,
    Referer,
    Message,
    Any,
}

impl What {
    fn of(directive: &str, argument: &[u8]) -> Option<Self> {
        Some(match directive {
            "" => What::Never,
            "t" => What::Time,
            "l" => What::Level,
            "P" => What::Pid,
            "T" => What::Tid,
            "k" => What::Number,
            "a" if argument.starts_with(b"c") => What::Peer,
            "a" => What::Client,
            "A" => What::Local,
            "E" => What::Error,
            "F" => What::Source,
            "L" => What::Id,
            "m" => What::Module,
            "v" | "V" => What::Host,
            "i" if argument.eq_ignore_ascii_case(b"referer") => What::Referer,
            "e" | "i" | "n" => What::Any,
            "M" => What::Message,
            _ => return None,
        })
    }

    /// Whether its end is seen from the value itself; else it ends where what follows it begins.
    fn ends_by_itself(self) -> bool {
        matches!(self, What::Time | What::Level | What::Pid | What::Tid | What::Number | What::Never)
    }

    /// How many bytes a value can have at most that a text starts with.
    fn reach(self, text: &[u8]) -> usize {
        let run = |is_of: fn(&u8) -> bool| text.iter().take_while(|byte| is_of(byte)).count();
        match self {
            What::Client | What::Peer | What::Local | What::Source => run(|byte| *byte != b' '),
            What::Id => run(|byte| byte.is_ascii_alphanumeric() || b"_+/@.=~-".contains(byte)),
            What::Module => run(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(byte)),
            What::Host => ipv6(text).unwrap_or_else(|| run(|byte| !b" :".contains(byte))),
            _ => text.len(),
        }
    }

    /// Whether a text looks like a value as a whole.
    fn is_one(self, value: &[u8]) -> bool {
        match self {
            What::Client | What::Peer | What::Local => match value.iter().rposition(|&byte| byte == b':') {
                Some(colon) => {
                    (1..=5).contains(&digits(&value[colon + 1..]))
                        && digits(&value[colon + 1..]) == value.len() - colon - 1
                }
                None => false,
            },
            What::Source => is_source(value),
            _ => true,
        }
    }
}

/// The length of an address of IPv6, perhaps in brackets, that a text starts with.
fn ipv6(text: &[u8]) -> Option<usize> {
    let hex = |text: &[u8], more: &[u8]| {
        text.iter().take_while(|byte| byte.is_ascii_hexdigit() || more.contains(byte)).count()
    };
    let open = usize::from(text.first() == Some(&b'['));
    let first = open + hex(&text[open..], b"");
    let rest = text[first..].strip_prefix(b":")?;
    let more = Some(hex(rest, b":.")).filter(|&length| length > 0)?;
    Some(first + 1 + more + usize::from(rest.get(more) == Some(&b']')))
}

/// Whether a text is a source file with a line, such as `core.c(12)`.
fn is_source(value: &[u8]) -> bool {
    let Some(inner) = value.strip_suffix(b")") else { return false };
    let length = inner.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    (1..=9).contains(&length) && inner[..inner.len() - length].ends_with(b"(") && inner.len() - length > 1
}

enum Node {
    End,
    Constant { then: usize, text: Vec<u8> },
    Value { then: usize, what: What, hyphen: bool, level: u8, follow: Follow },
    Choice { then: usize, other: usize },
}

/// What may stand first at a state.
enum First {
    End,
    Text(Vec<u8>),
    /// A value whose end is seen from itself.
    Value(What),
    Any,
}

/// Bytes that are looked for at once.
const AT_ONCE: usize = 3;

/// What may follow a value.
#[derive(Default)]
struct Follow {
    firsts: Vec<First>,
    /// What these may start with, the line's end apart, if that is one of few bytes or none.
    bytes: Vec<u8>,
}

impl Follow {
    fn of(firsts: Vec<First>) -> Self {
        let mut bytes: Vec<u8> = Vec::new();
        for first in &firsts {
            match first {
                First::End => {}
                First::Text(known) => bytes.extend(known.first()),
                First::Value(What::Never) => {}
                First::Value(_) | First::Any => bytes.extend(0..=u8::MAX),
            }
        }
        bytes.sort_unstable();
        bytes.dedup();
        bytes.truncate(AT_ONCE + 1);
        Follow { firsts, bytes }
    }
}

/// The machine of one format.
pub struct Machine {
    nodes: Vec<Node>,
    start: usize,
    stamp: Option<Stamp>,
    /// Errors in words that are known, by their first byte, the longest first.
    errors: Map<u8, Vec<Vec<u8>>>,
}

impl Machine {
    /// `errors`: errors in words that are known. Errors: it is not for this reader.
    pub fn new(
        given: Vec<GivenNode>,
        start: usize,
        stamp: Option<Stamp>,
        errors: &[Vec<u8>],
    ) -> Result<Self, &'static str> {
        let nodes = given.into_iter().enumerate().map(|(at, node)| node_of(at, node)).collect::<Option<Vec<_>>>();
        let mut machine = Machine { nodes: nodes.ok_or("no such value")?, start, stamp, errors: Map::default() };
        if !machine.is_whole() {
            return Err("it leads nowhere");
        }
        for words in errors {
            if let Some(&first) = words.first() {
                machine.errors.entry(first).or_default().push(words.clone());
            }
        }
        for words in machine.errors.values_mut() {
            words.sort_unstable_by_key(|one| std::cmp::Reverse(one.len()));
        }
        for at in 0..machine.nodes.len() {
            let Node::Value { then, .. } = machine.nodes[at] else { continue };
            let mut firsts = Vec::new();
            machine.add_firsts(then, &mut Set::default(), &mut firsts);
            if let Node::Value { follow, .. } = &mut machine.nodes[at] {
                *follow = Follow::of(firsts);
            }
        }
        Ok(machine)
    }

    /// Whether each state leads to another one, and times are understood.
    fn is_whole(&self) -> bool {
        let is_state = |state: usize| state < self.nodes.len();
        let leads = |node: &Node| match node {
            Node::End => true,
            Node::Value { what: What::Time, .. } if self.stamp.is_none() => false,
            Node::Constant { then, .. } | Node::Value { then, .. } => is_state(*then),
            Node::Choice { then, other } => is_state(*then) && is_state(*other),
        };
        is_state(self.start) && self.nodes.iter().all(leads)
    }

    fn add_firsts(&self, state: usize, seen: &mut Set<usize>, firsts: &mut Vec<First>) {
        if !seen.insert(state) {
            return;
        }
        match &self.nodes[state] {
            Node::End => firsts.push(First::End),
            Node::Choice { then, other } => {
                self.add_firsts(*then, seen, firsts);
                self.add_firsts(*other, seen, firsts);
            }
            Node::Constant { text, .. } => firsts.push(First::Text(text.clone())),
            Node::Value { what, hyphen, .. } if what.ends_by_itself() => {
                firsts.push(First::Value(*what));
                if *hyphen {
                    firsts.push(First::Text(b"-".to_vec()));
                }
            }
            Node::Value { then, what, .. } => {
                firsts.push(First::Any);
                if *what == What::Message {
                    self.add_firsts(*then, seen, firsts);
                }
            }
        }
    }

    /// The length of a value whose end is seen from itself, if a text starts with one.
    fn length(&self, what: What, text: &[u8]) -> Option<usize> {
        let number =
            |text: &[u8], most: usize| Some(digits(&text[..text.len().min(most)])).filter(|&length| length > 0);
        match what {
            What::Time => self.stamp.as_ref()?.length(text),
            What::Level => LEVELS.iter().find(|level| text.starts_with(level.as_bytes())).map(|level| level.len()),
            What::Pid => number(text, 10),
            What::Tid => number(text, 20),
            What::Number => match text.strip_prefix(b"-") {
                Some(text) => number(text, 10).map(|length| length + 1),
                None => number(text, 10),
            },
            _ => None,
        }
    }

    /// The first place from `look` to `reach` at which what follows a value may begin.
    fn end_of(&self, follow: &Follow, text: &[u8], look: usize, reach: usize) -> Option<usize> {
        let begins = |at: &usize| {
            follow.firsts.iter().any(|first| match first {
                First::End => *at == text.len(),
                First::Text(known) => text[*at..].starts_with(known),
                First::Value(what) => self.length(*what, &text[*at..]).is_some(),
                First::Any => *at < text.len(),
            })
        };
        let within = &text[look..text.len().min(reach + 1)];
        let found = match follow.bytes[..] {
            [] => None,
            [a] => memchr::memchr_iter(a, within).map(|at| look + at).find(begins),
            [a, b] => memchr::memchr2_iter(a, b, within).map(|at| look + at).find(begins),
            [a, b, c] => memchr::memchr3_iter(a, b, c, within).map(|at| look + at).find(begins),
            _ => (look..look + within.len()).find(begins),
        };
        found.or_else(|| Some(text.len()).filter(|end| *end == reach && begins(end)))
    }

    /// The length of an error in words that are known, which a text starts with.
    fn known_error(&self, text: &[u8]) -> Option<usize> {
        let inner = text.strip_prefix(b"(")?;
        let inner = inner.strip_prefix(b"EAI ").or_else(|| inner.strip_prefix(b"OS ")).unwrap_or(inner);
        let length = digits(inner);
        let words = inner[length..].strip_prefix(b")").filter(|_| (1..=10).contains(&length))?;
        let known = self.errors.get(words.first()?)?.iter().find(|known| words.starts_with(known))?;
        Some(text.len() - words.len() + known.len())
    }
}

fn node_of(at: usize, (kind, then, other, text, hyphen, level): GivenNode) -> Option<Node> {
    Some(match kind.as_str() {
        _ if at == END => Node::End,
        "constant" if !text.is_empty() => Node::Constant { then, text },
        "choice" => Node::Choice { then, other },
        directive => Node::Value { then, what: What::of(directive, &text)?, hyphen, level, follow: Follow::default() },
    })
}

/// How an error begins, as far as its number: the length of that.
fn error_begin(text: &[u8]) -> Option<usize> {
    let inner = text.strip_prefix(b"(")?;
    if let Some(hex) = inner.strip_prefix(b"os 0x") {
        let length = hex.iter().take_while(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')).count();
        return ((8..=16).contains(&length) && hex.get(length) == Some(&b')')).then_some(6 + length + 1);
    }
    let number = inner.strip_prefix(b"EAI ").or_else(|| inner.strip_prefix(b"OS ")).unwrap_or(inner);
    let number = number.strip_prefix(b"-").unwrap_or(number);
    let length = digits(number);
    let is_one = (1..=10).contains(&length) && number.get(length) == Some(&b')');
    is_one.then_some(text.len() - number.len() + length + 1)
}

/// Begin and end in the line.
type Part = (usize, usize);

/// Reads lines, and keeps the memory for it from one to the next.
pub struct Formats<'a> {
    machines: &'a [Machine],
    zone: Zone<'a>,
    reading: Reading,
    kinds: Map<Box<[u8]>, u32>,
    /// The last module and level, as they stood in the line, and their number.
    last: (Vec<u8>, u32),
}

/// One line being read, depth first.
#[derive(Default)]
struct Reading {
    /// By state, where in the line its value is.
    values: Vec<(usize, Part)>,
    level: Option<u8>,
    /// Choices that were taken before, at the same place: they lead nowhere.
    seen: Set<(usize, usize)>,
    /// By state: the first place from which a value without end was sought, and how far it could reach.
    tried: Vec<(usize, Part)>,
    /// Where to go on when this way ends: state, place, next place to look for the value's end, values so far.
    waiting: Vec<(usize, usize, Option<usize>, usize)>,
}

impl Reading {
    /// Whether a line is in the format: then the values say what it holds.
    fn run(&mut self, machine: &Machine, text: &[u8]) -> bool {
        if self.seen.capacity() > KEPT {
            self.seen = Set::default();
        }
        self.values.clear();
        self.seen.clear();
        self.tried.clear();
        self.waiting.clear();
        self.level = None;
        self.waiting.push((machine.start, 0, None, 0));
        while let Some((state, at, look, depth)) = self.waiting.pop() {
            self.values.truncate(depth);
            if self.follow(machine, text, state, at, look).is_some() {
                return true;
            }
        }
        false
    }

    /// Go on as far as it goes; None: not to the end of both format and line.
    fn follow(
        &mut self,
        machine: &Machine,
        text: &[u8],
        mut state: usize,
        mut at: usize,
        mut look: Option<usize>,
    ) -> Option<()> {
        loop {
            let then = match &machine.nodes[state] {
                Node::End => return (at == text.len()).then_some(()),
                Node::Choice { then, other } => {
                    if !self.seen.insert((state, at)) {
                        return None;
                    }
                    self.waiting.push((*other, at, None, self.values.len()));
                    *then
                }
                Node::Constant { then, text: known } => {
                    at += text[at..].starts_with(known).then_some(known.len())?;
                    *then
                }
                Node::Value { then, what, hyphen, level, .. } if what.ends_by_itself() => {
                    at = self.exact(machine, text, state, at, (*what, *hyphen, *level))?;
                    *then
                }
                Node::Value { then, what, hyphen, level, follow } => {
                    at = self.span(machine, text, state, (at, look), (*what, *hyphen, *level), follow)?;
                    *then
                }
            };
            (state, look) = (then, None);
        }
    }

    fn exact(
        &mut self,
        machine: &Machine,
        text: &[u8],
        state: usize,
        at: usize,
        (what, hyphen, level): (What, bool, u8),
    ) -> Option<usize> {
        let Some(length) = machine.length(what, &text[at..]) else {
            return (hyphen && text.get(at) == Some(&b'-')).then_some(at + 1);
        };
        if !self.is_wanted(level) {
            return None;
        }
        self.values.push((state, (at, at + length)));
        if what == What::Level {
            self.level = level_number(&text[at..at + length]);
        }
        Some(at + length)
    }

    /// The nearest end of the value that was not tried yet; the next one is left waiting.
    fn span(
        &mut self,
        machine: &Machine,
        text: &[u8],
        state: usize,
        (at, look): (usize, Option<usize>),
        (what, hyphen, level): (What, bool, u8),
        follow: &Follow,
    ) -> Option<usize> {
        let reach = at + what.reach(&text[at..]);
        let mut look = match look {
            Some(look) => look,
            None => {
                if !self.is_wanted(level) {
                    return None;
                }
                let begin = match what {
                    What::Error => error_begin(&text[at..]),
                    What::Message => Some(0),
                    _ => Some(1),
                };
                let Some(begin) = begin.filter(|_| !self.is_in_vain(state, at, reach)) else {
                    return (hyphen && text.get(at) == Some(&b'-')).then_some(at + 1);
                };
                let known = if what == What::Error { machine.known_error(&text[at..]) } else { None };
                if let Some(length) = known {
                    self.waiting.push((state, at, Some(at + begin), self.values.len()));
                    self.values.push((state, (at, at + length)));
                    return Some(at + length);
                }
                at + begin
            }
        };
        while look <= reach {
            let end = machine.end_of(follow, text, look, reach)?;
            look = end + 1;
            let value = &text[at..end];
            let is_missing = hyphen && value == b"-";
            if is_missing || what.is_one(value) {
                self.waiting.push((state, at, Some(look), self.values.len()));
                if !is_missing {
                    self.values.push((state, (at, end)));
                }
                return Some(end);
            }
        }
        None
    }

    /// Whether all ends that can be reached were tried already, from a place further left.
    fn is_in_vain(&mut self, state: usize, at: usize, reach: usize) -> bool {
        match self.tried.iter_mut().find(|tried| tried.0 == state) {
            Some((_, (begin, end))) if *begin <= at && reach <= *end => true,
            Some((_, tried)) => {
                *tried = (at, reach);
                false
            }
            None => {
                self.tried.push((state, (at, reach)));
                false
            }
        }
    }

    /// `%7F` is not printed for messages above level debug.
    fn is_wanted(&self, level: u8) -> bool {
        level == 0 || self.level.is_none_or(|of_line| of_line >= level)
    }
}

fn level_number(name: &[u8]) -> Option<u8> {
    LEVELS.iter().position(|level| level.as_bytes() == name).map(|nth| nth as u8)
}

/// What a line says.
#[derive(Default)]
struct Said {
    moment: Option<Moment>,
    module: Part,
    level: Part,
    pid: u64,
    tid: u64,
    client: Option<Part>,
    error: Option<Part>,
    message: Part,
    referer: Option<Part>,
    /// How much of the message is free text.
    free: usize,
}

impl Said {
    /// None: something is odd.
    fn of(machine: &Machine, text: &[u8], values: &[(usize, Part)]) -> Option<Self> {
        let mut said = Said::default();
        for &(state, part) in values {
            let Node::Value { what, .. } = machine.nodes[state] else { return None };
            let value = &text[part.0..part.1];
            match what {
                What::Time => said.moment = Some(machine.stamp.as_ref()?.moment(value)?),
                What::Level => said.level = part,
                What::Module => said.module = part,
                What::Pid => said.pid = number(value)? as u64,
                What::Tid if value.len() > LONGEST_TID => return None,
                What::Tid if said.tid == 0 => said.tid = number(value)? as u64,
                What::Client => said.client = Some(part).filter(|_| is_client(value)).map(Some)?,
                What::Peer if said.client.is_none() => {
                    said.client = Some(part).filter(|_| is_client(value)).map(Some)?;
                }
                What::Error => said.error = Some(part).filter(|_| is_error(value)).map(Some)?,
                What::Message => {
                    said.message = part;
                    said.free = value.len() - code(value);
                }
                What::Referer => said.referer = Some(part),
                _ => {}
            }
        }
        Some(said)
    }
}

/// Whether an address with its port is spelled as we would spell it.
fn is_client(value: &[u8]) -> bool {
    let port = value.iter().rposition(|&byte| byte == b':').map_or(&value[..0], |colon| &value[colon + 1..]);
    port.len() == 1 || port.first().is_some_and(|&digit| digit != b'0')
}

/// Whether an error's number is spelled as we would spell it.
fn is_error(value: &[u8]) -> bool {
    let Some(end) = memchr(b')', value) else { return false };
    let number = &value[1..end];
    if let Some(hex) = number.strip_prefix(b"os 0x") {
        return hex.len() == 8 || hex[0] != b'0';
    }
    let digits = number.iter().rposition(|byte| !byte.is_ascii_digit()).map_or(number, |at| &number[at + 1..]);
    digits[0] != b'0' || (digits.len() == 1 && !number.contains(&b'-'))
}

/// The length of a code of httpd's or mod_wsgi's that a message starts with.
fn code(message: &[u8]) -> usize {
    let (name, least, most) = if message.starts_with(b"AH") { (2, 5, 6) } else { (4, 4, 4) };
    if name == 4 && !message.starts_with(b"WSGI") {
        return 0;
    }
    let length = digits(&message[name..]);
    let is_code = (least..=most).contains(&length) && message[name + length..].starts_with(b": ");
    if is_code {
        name + length + 2
    } else {
        0
    }
}

impl<'a> Formats<'a> {
    pub fn new(machines: &'a [Machine], zone: Zone<'a>) -> Self {
        Formats { machines, zone, reading: Reading::default(), kinds: Map::default(), last: (Vec::new(), 0) }
    }

    /// A line, by the format that leaves least of it as free text; None: Python must be asked.
    ///
    /// `place`: where it is in the block; `text`: in printable ASCII.
    pub fn read(&mut self, text: &[u8], place: u32, made: &mut Made, kinds: &mut Kinds) -> Option<Line> {
        if text.len() > LONGEST {
            return None;
        }
        let mut best: Option<Said> = None;
        for machine in self.machines {
            if self.reading.run(machine, text) {
                let said = Said::of(machine, text, &self.reading.values)?;
                if best.as_ref().is_none_or(|best| said.free < best.free) {
                    best = Some(said);
                }
            }
        }
        let said = best?;
        let time = said.moment.map(|(time, offset)| offset.map_or(time, |offset| self.zone.local(time, offset)));
        Some(Line {
            client: said.client.map_or(Span::default(), |part| client(text, part, place, made)),
            text: rest(text, &said, place, made),
            kind: Some(self.kind(text, &said, kinds)),
            dated: time.is_some(),
            time: time.unwrap_or(NO_TIME * MICRO),
            pid: said.pid,
            tid: said.tid,
            ..Line::default()
        })
    }

    fn kind(&mut self, text: &[u8], said: &Said, kinds: &mut Kinds) -> u32 {
        let (module, level) = (&text[said.module.0..said.module.1], &text[said.level.0..said.level.1]);
        let (known, number) = &self.last;
        if known.len() == module.len() + 1 + level.len() && known.starts_with(module) && known.ends_with(level) {
            return *number;
        }
        let field = [module, b":", level].concat();
        let number = *self.kinds.entry(field.as_slice().into()).or_insert_with(|| {
            let name = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            kinds.named(&name(module), &name(level))
        });
        self.last = (field, number);
        number
    }
}

fn span((from, to): Part, place: u32) -> Span {
    Span { from: place + from as u32, to: place + to as u32 }
}

/// The client field as httpd writes it by default.
fn client(text: &[u8], (from, to): Part, place: u32, made: &mut Made) -> Span {
    const BEGIN: &[u8] = b"[client ";
    if text[..from].ends_with(BEGIN) && text.get(to) == Some(&b']') {
        return span((from - BEGIN.len(), to + 1), place);
    }
    made.add(&[BEGIN, &text[from..to], b"]"].concat())
}

/// What patterns are matched on: errno and message; the referer follows where the default formats have it.
fn rest(text: &[u8], said: &Said, place: u32, made: &mut Made) -> Span {
    let message = &text[said.message.0..said.message.1];
    let error = said.error.map_or(&text[..0], |(from, to)| &text[from..to]);
    if let Some((from, to)) = said.referer {
        let colon: &[u8] = if error.is_empty() { b"" } else { b": " };
        return made.add(&[error, colon, message, b", referer: ", &text[from..to]].concat());
    }
    match said.error {
        None => span(said.message, place),
        Some((from, to)) if to + 2 == said.message.0 && text[to..].starts_with(b": ") => {
            span((from, said.message.1), place)
        }
        Some(_) => made.add(&[error, b": ", message].concat()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(kind: &str, then: usize, other: usize, text: &str) -> GivenNode {
        (kind.to_string(), then, other, text.as_bytes().to_vec(), false, 0)
    }

    /// `[%l] %E: [client\ %a] %M`, where error and client may be missing.
    fn machine() -> Machine {
        let nodes = vec![
            node("choice", 0, 0, ""),
            node("M", 0, 0, ""),
            node("constant", 1, 0, "] "),
            node("a", 2, 0, ""),
            node("constant", 3, 0, "[client "),
            node("choice", 4, 1, ""),
            node("constant", 5, 0, ": "),
            node("E", 6, 0, ""),
            node("choice", 7, 5, ""),
            node("constant", 8, 0, "] "),
            node("l", 9, 0, ""),
            node("constant", 10, 0, "["),
        ];
        Machine::new(nodes, 11, None, &[b"Permission denied".to_vec(), b"Permission".to_vec()]).unwrap()
    }

    fn read(line: &str) -> Option<(String, String, String)> {
        let machines = [machine()];
        let mut lines = crate::lines::Lines::new(line.as_bytes(), Vec::new(), true);
        let mut kinds = Kinds::new();
        let mut formats = Formats::new(&machines, Zone::new(&|_| 0));
        let line = formats.read(line.as_bytes(), 0, &mut lines.made, &mut kinds)?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let level = kinds.names[line.kind? as usize].1.clone();
        Some((level, text(lines.client(&line)), text(lines.rest(&line))))
    }

    #[test]
    fn fields_may_be_missing_and_a_message_may_hold_what_follows_one() {
        for (line, level, client, rest) in [
            (
                "[error] (13)Permission denied: [client ::1:80] a: b",
                "error",
                "[client ::1:80]",
                "(13)Permission denied: a: b",
            ),
            ("[trace1] (13)Odd: [client ::1:80] b", "trace1", "[client ::1:80]", "(13)Odd: b"),
            ("[info] (13) is a number", "info", "", "(13) is a number"),
            ("[info] [client ::1:x] a", "info", "", "[client ::1:x] a"),
            ("[info] ", "info", "", ""),
        ] {
            let said = (level.to_string(), client.to_string(), rest.to_string());
            assert_eq!(read(line), Some(said), "{line}");
        }
    }

    #[test]
    fn what_is_odd_or_in_no_format_is_left_to_python() {
        for line in ["", "[loud] a", "error] a", "[error] (013)Permission denied: a", "[error] [client ::1:080] a"] {
            assert_eq!(read(line), None, "{line}");
        }
    }

    #[test]
    fn a_machine_that_leads_nowhere_is_none() {
        assert!(Machine::new(vec![node("choice", 0, 0, ""), node("M", 2, 0, "")], 1, None, &[]).is_err());
        assert!(Machine::new(vec![node("choice", 0, 0, ""), node("t", 0, 0, "")], 1, None, &[]).is_err());
        assert!(Machine::new(vec![node("choice", 0, 0, ""), node("z", 0, 0, "")], 1, None, &[]).is_err());
        assert!(Machine::new(Vec::new(), 0, None, &[]).is_err());
    }
}
