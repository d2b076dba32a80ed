//! Lines in other formats than httpd's defaults; `record_lines` in `logsleuth/scan/lines.py` is the definition.
//!
//! Python's reader of the log is asked for each line. Not for those that need no asking: lines in an `ErrorLogFormat`, and
//! of the commonest wrappers, those whose wrapper and head are spelled as they nearly always are. Whatever is odd in the
//! least is left to Python.

use std::sync::LazyLock;

use memchr::{memchr, memmem};

use crate::head::{digits, number, unix_days, HeadReader, Kinds, MICRO, MONTHS, NO_KIND, NO_TIME, YEARS};
use crate::lines::{split, Line, Lines, Made, Span};
use crate::machine::{Formats, Machine};
use crate::text::{errno, source};
use crate::zone::{Shift, Zone};

/// A longer line is left to Python, which has bounds of its own.
const LONGEST_PLAIN: usize = 16 << 10;
/// Where the bracket of a line's time closes: without a fraction (httpd 2.2), and with one.
const CLOSES: [usize; 2] = [25, 32];
const LONGEST_TAG: usize = 64;
const REFERER: &[u8] = b", referer";

/// What Python reads in a line.
pub struct Record {
    /// Local microseconds since 1970.
    pub time: Option<i64>,
    /// Module and level; None: it has no head that is understood.
    pub kind: Option<(String, String)>,
    pub pid: u64,
    pub tid: u64,
    pub client: Vec<u8>,
    pub rest: Vec<u8>,
    pub damaged: bool,
}

pub enum Answer {
    Record(Record),
    /// The line is no business of the log's reader.
    PassedOver,
    /// Python was interrupted.
    Failed,
}

/// Asks Python's reader of the log.
pub type Ask<'a> = &'a dyn Fn(&[u8]) -> Answer;

/// What is around each line of httpd's.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Wrapper {
    /// Docker's json-file.
    Docker,
    /// Kubernetes' CRI.
    Cri,
    /// RFC 3164 and the journal's short forms; year, month and day of the log's last change.
    Syslog(i64, i64, i64),
}

/// What is read here.
#[derive(Clone, Copy)]
pub enum Known<'a> {
    Nothing,
    /// httpd's default format in a wrapper; times that name a zone become local by `shift`.
    Wrapped {
        wrapper: Wrapper,
        shift: Shift<'a>,
    },
    /// Some `ErrorLogFormat`s.
    Formats {
        machines: &'a [Machine],
        shift: Shift<'a>,
    },
}

/// Reads lines that are spelled as they nearly always are.
enum Plainly<'a> {
    Wrapped(Wrapper, HeadReader, Zone<'a>),
    Formats(Formats<'a>),
}

impl<'a> Plainly<'a> {
    fn of(known: Known<'a>) -> Option<Self> {
        match known {
            Known::Nothing => None,
            Known::Wrapped { wrapper, shift } => {
                Some(Plainly::Wrapped(wrapper, HeadReader::new(false), Zone::new(shift)))
            }
            Known::Formats { machines, shift } => Some(Plainly::Formats(Formats::new(machines, Zone::new(shift)))),
        }
    }

    /// A line at a place of the block, in printable ASCII; None: Python must be asked.
    fn read(&mut self, raw: &[u8], place: u32, made: &mut Made, kinds: &mut Kinds) -> Option<Line> {
        match self {
            Plainly::Wrapped(wrapper, heads, zone) => {
                Plain { heads, zone, kinds, made }.unwrapped(*wrapper, raw, place)
            }
            Plainly::Formats(formats) => formats.read(raw, place, made, kinds),
        }
    }
}

fn is_printable(text: &[u8]) -> bool {
    text.iter().all(|byte| (b' '..=b'~').contains(byte))
}

/// The only line of a block, if Python need not be asked.
pub fn read_plainly(known: Known, line: &[u8], lines: &mut Lines, kinds: &mut Kinds) -> Option<Line> {
    Plainly::of(known).filter(|_| is_printable(line))?.read(line, 0, &mut lines.made, kinds)
}

/// All lines that start in a block; None: Python was interrupted.
pub fn read<'a>(
    known: Known,
    ask: Ask,
    mut lines: Lines<'a>,
    at_start: bool,
    reach: usize,
    kinds: &mut Kinds,
) -> Option<Lines<'a>> {
    let mut reader = Plainly::of(known);
    for (place, length) in split(lines.data, at_start) {
        let raw = &lines.data[place..place + length];
        let is_plain = length <= LONGEST_PLAIN.min(reach) && is_printable(raw);
        let reader = reader.as_mut().filter(|_| is_plain);
        let plain = reader.and_then(|reader| reader.read(raw, place as u32, &mut lines.made, kinds));
        let line = match plain {
            Some(line) => line,
            None => match ask(&raw[..length.min(reach)]) {
                Answer::Record(record) => line_of(record, &mut lines.made, kinds),
                Answer::PassedOver => Line { passed: true, time: NO_TIME * MICRO, ..Line::default() },
                Answer::Failed => return None,
            },
        };
        let errno = errno(lines.at(line.text)).is_some();
        lines.all.push(Line { place: place as u32, length: length as u32, errno, ..line });
    }
    Some(lines)
}

fn line_of(record: Record, made: &mut Made, kinds: &mut Kinds) -> Line {
    Line {
        client: made.add(&record.client),
        text: made.add(&record.rest),
        kind: record.kind.map(|(module, level)| kinds.named(&module, &level)),
        dated: record.time.is_some(),
        damaged: record.damaged,
        time: record.time.unwrap_or(NO_TIME * MICRO),
        pid: record.pid,
        tid: record.tid,
        ..Line::default()
    }
}

/// What a wrapper says of a line.
#[derive(Clone, Copy, Default)]
struct Outer {
    time: Option<i64>,
    pid: u64,
}

/// Reads lines that are spelled as they nearly always are; None: a line is not.
struct Plain<'a, 'z> {
    heads: &'a mut HeadReader,
    zone: &'a mut Zone<'z>,
    kinds: &'a mut Kinds,
    made: &'a mut Made,
}

impl Plain<'_, '_> {
    fn unwrapped(&mut self, wrapper: Wrapper, line: &[u8], place: u32) -> Option<Line> {
        match wrapper {
            Wrapper::Docker => self.docker(line, place),
            Wrapper::Cri => {
                let rest = &line[iso(line)?.length..];
                if !(rest.starts_with(b" stderr F ") || rest.starts_with(b" stdout F ")) {
                    return None;
                }
                let text = &rest[b" stderr F ".len()..];
                self.record(text, place + (line.len() - text.len()) as u32, Outer::default())
            }
            Wrapper::Syslog(year, month, day) => self.syslog(line, place, (year, month, day)),
        }
    }

    /// `{"log":"…\n","stream":"stderr","time":"…"}`
    fn docker(&mut self, line: &[u8], place: u32) -> Option<Line> {
        const BEGIN: &[u8] = b"{\"log\":\"";
        let inner = line.strip_prefix(BEGIN)?;
        let mut end = 0;
        let mut escaped = false;
        loop {
            end += memchr::memchr2(b'"', b'\\', &inner[end..])?;
            if inner[end] == b'"' {
                break;
            }
            escaped |= inner.get(end + 1) != Some(&b'n');
            end += 2;
            if end > inner.len() {
                return None;
            }
        }
        let (text, tail) = (&inner[..end], &inner[end..]);
        let tail = tail
            .strip_prefix(b"\",\"stream\":\"stderr\",\"time\":\"")
            .or_else(|| tail.strip_prefix(b"\",\"stream\":\"stdout\",\"time\":\""))?;
        if &tail[iso(tail)?.length..] != b"\"}" {
            return None;
        }
        let text = text.strip_suffix(b"\\n").unwrap_or(text);
        if !escaped {
            if text.contains(&b'\\') {
                return None;
            }
            return self.record(text, place + BEGIN.len() as u32, Outer::default());
        }
        let text = unescaped(text)?;
        let base = self.made.add(&text).from;
        self.record(&text, base, Outer::default())
    }

    /// `Mar  3 14:02:11 web01 apache2[11]: …`, and with a time as ISO 8601 has it.
    fn syslog(&mut self, line: &[u8], place: u32, newest: (i64, i64, i64)) -> Option<Line> {
        let (time, stamp) = match bsd(line, newest) {
            Some(time) => (time, 15),
            None => {
                let iso = iso(line)?;
                (self.zone.local(iso.time, iso.offset), iso.length)
            }
        };
        let mut outer = Outer { time: Some(time), pid: 0 };
        let rest = line[stamp..].strip_prefix(b" ")?;
        let host = rest.iter().take_while(|byte| is_word(byte) || b".-:".contains(byte)).count();
        let rest = rest[host..].strip_prefix(b" ").filter(|_| host > 0)?;
        if !(rest.starts_with(b"httpd") || rest.starts_with(b"apache")) {
            return None;
        }
        let tag = rest.iter().take_while(|byte| is_word(byte) || b".-".contains(byte)).count();
        let mut rest = rest[tag..].strip_prefix(b"[").filter(|_| tag <= LONGEST_TAG).unwrap_or(&rest[tag..]);
        if rest.first()?.is_ascii_digit() {
            let length = digits(rest);
            outer.pid = number(&rest[..length]).filter(|_| length <= 10)? as u64;
            rest = rest[length..].strip_prefix(b"]")?;
        }
        let text = rest.strip_prefix(b": ").filter(|_| tag <= LONGEST_TAG)?;
        if memchr::memchr_iter(b'#', text).any(|at| matches!(text.get(at + 1), Some(b'0' | b'1'))) {
            return None;
        }
        self.record(text, place + (line.len() - text.len()) as u32, outer)
    }

    /// What httpd wrote, which is at a place; `outer`: what the wrapper says, for a line that does not.
    fn record(&mut self, text: &[u8], base: u32, outer: Outer) -> Option<Line> {
        let closes =
            |close: &usize| text.starts_with(b"[") && text.get(*close..).is_some_and(|rest| rest.starts_with(b"] "));
        let own = CLOSES.into_iter().find(closes).and_then(|close| Some((self.heads.time(text, close)?, close + 2)));
        let (time, at) = own.or(outer.time.map(|time| (time, 0)))?;
        if at == 0 && text.split(|&byte| byte == b' ').take(5).any(is_date) {
            return None;
        }
        let end = at + memchr(b']', text[at..].strip_prefix(b"[").map(|_| &text[at..])?)?;
        let kind = self.kinds.number(&text[at..=end]);
        let rest = text[end + 1..].strip_prefix(b" ").filter(|_| kind != NO_KIND)?;
        let mut line = Line { kind: Some(kind), dated: true, time, pid: outer.pid, ..Line::default() };
        let Some(rest) = rest.strip_prefix(b"[pid ") else {
            self.rest(text, end + 2, base, &mut line)?;
            return Some(line);
        };
        let length = digits(rest);
        line.pid = number(&rest[..length]).filter(|_| length <= 10)? as u64;
        let rest = &rest[length..];
        let (tid, rest) = match rest.strip_prefix(b":tid ") {
            None => (0, rest),
            Some(rest) => {
                let length = digits(rest);
                (number(&rest[..length]).filter(|_| length <= 18)? as u64, &rest[length..])
            }
        };
        let rest = rest.strip_prefix(b"] ")?;
        line.tid = tid;
        self.rest(text, text.len() - rest.len(), base, &mut line)?;
        Some(line)
    }

    /// What follows the pid: a client and an errno, in either order, and the message.
    fn rest(&mut self, text: &[u8], mut at: usize, base: u32, line: &mut Line) -> Option<()> {
        let span = |from: usize, to: usize| Span { from: base + from as u32, to: base + to as u32 };
        let mut errno: Option<(usize, usize)> = None;
        loop {
            let rest = &text[at..];
            if rest.first() == Some(&b'[') && line.client.is_empty() {
                let length = plain_client(rest)?;
                line.client = span(at, at + length);
                at += length + 1;
            } else if rest.first() == Some(&b'(') && errno.is_none() {
                let length = plain_errno(rest)?;
                errno = Some((at, at + length));
                at += length;
            } else if source(rest).is_some() {
                return None;
            } else {
                break;
            }
        }
        static FINDER: LazyLock<memmem::Finder> = LazyLock::new(|| memmem::Finder::new(REFERER));
        if let Some(referer) = FINDER.find(&text[at..]) {
            let tail = &text[at + referer + REFERER.len()..];
            if !tail.starts_with(b": ") || tail.len() == 2 {
                return None;
            }
        }
        line.text = match errno {
            None => span(at, text.len()),
            Some((from, to)) if to == at => span(from, text.len()),
            Some((from, to)) => self.made.add(&[&text[from..to], &text[at..]].concat()),
        };
        Some(())
    }
}

/// The length of `[client 192.0.2.7:40112]` before a space, also without the port.
fn plain_client(text: &[u8]) -> Option<usize> {
    let value = text.strip_prefix(b"[client ")?;
    let host = value.iter().take_while(|&&byte| byte.is_ascii_digit() || byte == b'.').count();
    if host > 0 && value[host..].starts_with(b"] ") {
        return Some(b"[client ".len() + host + 1);
    }
    let port = value[host..].strip_prefix(b":").filter(|_| host > 0)?;
    let length = digits(port);
    let is_plain = (1..=5).contains(&length) && (length == 1 || port[0] != b'0') && port[length..].starts_with(b"] ");
    is_plain.then_some(b"[client ".len() + host + 1 + length + 1)
}

/// The length of `(111)Connection refused: `.
fn plain_errno(text: &[u8]) -> Option<usize> {
    let rest = &text[1..];
    let length = digits(rest);
    if !(1..=10).contains(&length) || (length > 1 && rest[0] == b'0') || rest.get(length) != Some(&b')') {
        return None;
    }
    let colon = rest.iter().position(|byte| b":[".contains(byte))?;
    rest[colon..].starts_with(b": ").then_some(1 + colon + 2)
}

/// Whether a word begins as an access log's time does.
fn is_date(word: &[u8]) -> bool {
    word.len() > 3 && word[0] == b'[' && word[3] == b'/' && word[1..3].iter().all(u8::is_ascii_digit)
}

fn is_word(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || *byte == b'_'
}

/// What a text in JSON says, if it escapes no more than what is printed.
fn unescaped(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr(b'\\', rest) {
        out.extend_from_slice(&rest[..at]);
        let (byte, length) = match rest.get(at + 1)? {
            byte @ (b'"' | b'\\' | b'/') => (*byte, 2),
            b'u' => {
                let digits = std::str::from_utf8(rest.get(at + 2..at + 6)?).ok()?;
                if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                    return None;
                }
                let code = u8::try_from(u32::from_str_radix(digits, 16).ok()?).ok()?;
                (code, 6)
            }
            _ => return None,
        };
        if !(b' '..=b'~').contains(&byte) {
            return None;
        }
        out.push(byte);
        rest = &rest[at + length..];
    }
    out.extend_from_slice(rest);
    Some(out)
}

/// The seconds of a day that a clock shows.
fn of_day(clock: &[u8]) -> Option<i64> {
    if clock.len() != 8 || clock[2] != b':' || clock[5] != b':' {
        return None;
    }
    let (hour, minute, second) = (number(&clock[..2])?, number(&clock[3..5])?, number(&clock[6..])?);
    (hour <= 23 && minute <= 59 && second <= 60).then_some((hour * 60 + minute) * 60 + second)
}

/// A time in ISO 8601.
struct Iso {
    /// Bytes.
    length: usize,
    /// Microseconds since 1970, as written.
    time: i64,
    /// Seconds east of UTC.
    offset: i64,
}

/// The time that a text starts with, such as `2020-03-03T14:02:11.120001Z`.
fn iso(text: &[u8]) -> Option<Iso> {
    let date = text.get(..20)?;
    if date[4] != b'-' || date[7] != b'-' || !b"T ".contains(&date[10]) {
        return None;
    }
    let year = number(&date[..4]).filter(|year| YEARS.contains(year))?;
    let days = unix_days(year, number(&date[5..7])?, number(&date[8..10])?)?;
    let mut time = (days * 86400 + of_day(&date[11..19])?) * MICRO;
    let mut length = 19;
    if text[19] == b'.' {
        let fraction = digits(&text[20..]);
        length = (1..=9).contains(&fraction).then_some(20 + fraction)?;
        let micro = &text[20..20 + fraction.min(6)];
        time += number(micro)? * 10_i64.pow(6 - micro.len() as u32);
    }
    match text.get(length)? {
        b'Z' => Some(Iso { length: length + 1, time, offset: 0 }),
        sign @ (b'+' | b'-') => {
            let zone = text.get(length + 1..length + 6)?;
            let (hours, minutes) = (number(&zone[..2])?, number(&zone[3..])?);
            let east = (hours * 60 + minutes) * 60;
            let offset = if *sign == b'-' { -east } else { east };
            (zone[2] == b':' && hours < 15 && minutes < 60).then_some(Iso { length: length + 6, time, offset })
        }
        _ => None,
    }
}

/// The time in `Mar  3 14:02:11`, in the last year that the day of the log's last change allows.
fn bsd(text: &[u8], (year, month, day): (i64, i64, i64)) -> Option<i64> {
    let stamp = text.get(..15)?;
    if stamp[3] != b' ' || stamp[6] != b' ' {
        return None;
    }
    let named = MONTHS.iter().position(|name| name[..] == stamp[..3])? as i64 + 1;
    let date = number(if stamp[4] == b' ' { &stamp[5..6] } else { &stamp[4..6] })?;
    let year = if (named, date - 1) <= (month, day) { year } else { year - 1 };
    let days = unix_days(year, named, date).filter(|_| YEARS.contains(&year))?;
    Some((days * 86400 + of_day(&stamp[7..])?) * MICRO)
}
