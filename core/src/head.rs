//! The head of a line in httpd's default formats; `logsleuth/scan/head.py` is the definition.

use std::sync::Arc;

use memchr::memchr;

use crate::Map;

/// The second of a line without any time.
pub const NO_TIME: i64 = -(1 << 40);
pub const MICRO: i64 = 1_000_000;
/// No head that is understood: neither module nor level.
pub const NO_KIND: u32 = 0;

pub const MONTHS: [&[u8; 3]; 12] =
    [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];

/// A module and a level.
pub type Kind = Arc<(String, String)>;

/// Modules and levels by number; number 0 is that of heads which are not understood.
pub struct Kinds {
    pub names: Vec<Kind>,
    numbers: Map<Kind, u32>,
    fields: Map<Box<[u8]>, u32>,
    /// Fields and their numbers, by a hash of how they start: a log has few of them.
    recent: Vec<(Vec<u8>, u32)>,
}

/// Fields that are remembered: a log may have any number of them.
const KEPT: usize = 50_000;
/// Bits of a hash by which recent fields are found, and bytes of a field that it is of.
const RECENT_BITS: u32 = 6;
const RECENT_BYTES: usize = 8;

impl Kinds {
    pub fn new() -> Self {
        let nothing = Kind::default();
        let recent = vec![(Vec::new(), NO_KIND); 1 << RECENT_BITS];
        Kinds { names: vec![nothing], numbers: Map::default(), fields: Map::default(), recent }
    }

    /// The number of a level's field, such as `[core:error]`.
    pub fn number(&mut self, field: &[u8]) -> u32 {
        self.fields.get(field).copied().unwrap_or_else(|| self.read(field))
    }

    /// The number of the level's field that a text starts with, and its length; None: its bracket does not close.
    fn starting(&mut self, text: &[u8]) -> Option<(u32, usize)> {
        let start = text.first_chunk::<RECENT_BYTES>().map_or(0, |start| u64::from_le_bytes(*start));
        let slot = (start.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (u64::BITS - RECENT_BITS)) as usize;
        let (field, number) = &self.recent[slot];
        // a field has no bracket but its last byte
        if !field.is_empty() && text.starts_with(field) {
            return Some((*number, field.len()));
        }
        let field = &text[..=find(text, b']', 1)?];
        let number = self.number(field);
        if number != NO_KIND {
            self.recent[slot] = (field.to_vec(), number);
        }
        Some((number, field.len()))
    }

    /// The number of a module and level.
    pub fn named(&mut self, module: &str, level: &str) -> u32 {
        self.numbered((module.to_string(), level.to_string()).into())
    }

    fn numbered(&mut self, name: Kind) -> u32 {
        let next = self.names.len() as u32;
        let number = *self.numbers.entry(name.clone()).or_insert(next);
        if number == next {
            self.names.push(name);
        }
        number
    }

    fn read(&mut self, field: &[u8]) -> u32 {
        let Some(name) = kind(field) else { return NO_KIND };
        let number = self.numbered(name.into());
        if self.fields.len() > KEPT {
            self.fields.clear();
        }
        self.fields.insert(field.into(), number);
        number
    }
}

impl Default for Kinds {
    fn default() -> Self {
        Kinds::new()
    }
}

fn kind(field: &[u8]) -> Option<(String, String)> {
    let inner = field.strip_prefix(b"[")?.strip_suffix(b"]")?;
    let (module, level) = match inner.iter().rposition(|&byte| byte == b':') {
        Some(at) => (&inner[..at], &inner[at + 1..]),
        None => (&inner[..0], inner),
    };
    if !module.iter().all(|&byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte)) {
        return None;
    }
    let level = std::str::from_utf8(level).ok()?;
    let level = match level {
        "warn" | "warning" => "warn",
        "emerg" | "alert" | "crit" | "error" | "notice" | "info" | "debug" | "trace1" | "trace2" | "trace3"
        | "trace4" | "trace5" | "trace6" | "trace7" | "trace8" => level,
        _ => return None,
    };
    let module = std::str::from_utf8(module).ok()?;
    Some((if module == "-" { "" } else { module }.to_string(), level.to_string()))
}

/// Who wrote a line and when, and where its text starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Local microseconds since 1970; None: the line does not start with a time.
    pub time: Option<i64>,
    /// Number of the module and level; None: no field for the level follows the time.
    pub kind: Option<u32>,
    pub pid: u64,
    pub tid: u64,
    /// Where in the line the client field is; empty: it has none.
    pub client: (usize, usize),
    pub text: usize,
}

const NONE: Head = Head { time: None, kind: None, pid: 0, tid: 0, client: (0, 0), text: 0 };

/// Bytes of a time before its fraction or year.
const CLOCK: usize = 20;

/// Reads heads; remembers the last second, since most lines share it with the one before.
#[derive(Default)]
pub struct HeadReader {
    pub vhost: bool,
    /// The last time without its fraction: its first bytes, and the others, up to its bracket.
    clock: [u8; CLOCK],
    tail: Vec<u8>,
    /// Where the others were.
    place: usize,
    second: Option<i64>,
}

impl HeadReader {
    pub fn new(vhost: bool) -> Self {
        HeadReader { vhost, ..HeadReader::default() }
    }

    pub fn read(&mut self, line: &[u8], kinds: &mut Kinds) -> Head {
        let Some((time, close)) = self.again(line).or_else(|| self.parsed(line)) else { return NONE };
        let mut head = Head { time: Some(time), ..NONE };
        let rest = &line[close + 1..];
        if !rest.starts_with(b" [") {
            return head;
        }
        let Some((kind, length)) = kinds.starting(&rest[1..]) else { return head };
        head.kind = Some(kind);
        let mut at = close + 2 + length;
        if let Some(length) = proc(line, at + 1, &mut head) {
            at += 1 + length;
        }
        self.rest(line, head, at)
    }

    /// The time of a line that starts with the same second as the last one, and where its bracket closes.
    fn again(&self, line: &[u8]) -> Option<(i64, usize)> {
        let second = self.second?;
        let is_same = line.first_chunk() == Some(&self.clock) && line.get(self.place..)?.starts_with(&self.tail);
        let micro = if is_same { micro(line, self.place)? } else { return None };
        Some((second * MICRO + micro, self.place + self.tail.len() - 1))
    }

    fn parsed(&mut self, line: &[u8]) -> Option<(i64, usize)> {
        let close = closing(line)?;
        Some((self.time(line, close)?, close))
    }

    /// What follows level and pid: a server's name perhaps, and a client perhaps.
    fn rest(&self, line: &[u8], mut head: Head, mut at: usize) -> Head {
        if line[at - 1] == b']' && line.get(at) == Some(&b' ') {
            at += 1;
        }
        head.text = at;
        if line.get(at) != Some(&b'[') {
            return head;
        }
        let mut client = is_client(line, at);
        if !client {
            if let Some(end) = find(line, b']', at) {
                if self.vhost || is_client(line, end + 2) {
                    at = end + 2;
                    client = is_client(line, at);
                    head.text = at.min(line.len());
                }
            }
        }
        if !client {
            return head;
        }
        let Some(end) = find(line, b']', at) else { return head };
        head.client = (at, end + 1);
        head.text = if line.get(end + 1) == Some(&b' ') { end + 2 } else { end + 1 };
        head
    }

    /// The time in a bracket that closes at a place where one of a time can.
    pub fn time(&mut self, line: &[u8], close: usize) -> Option<i64> {
        let place = if matches!(close, 32 | 27 | 38 | 33) { CLOCK + FRACTION } else { CLOCK };
        let micro = micro(line, place)?;
        let clock = line.first_chunk()?;
        let known = self.clock == *clock && self.place == place && self.tail == line[place..=close];
        if !known {
            self.clock = *clock;
            self.place = place;
            self.tail.clear();
            self.tail.extend_from_slice(&line[place..=close]);
            self.second = second(&[clock, &line[place..=close]].concat());
        }
        self.second.map(|second| second * MICRO + micro)
    }
}

/// Bytes of a time's fraction, with its point.
const FRACTION: usize = 7;

/// The microseconds of a line whose time goes on at a place behind them, if it has any.
fn micro(line: &[u8], place: usize) -> Option<i64> {
    if place == CLOCK {
        return Some(0);
    }
    let fraction = line.get(CLOCK..CLOCK + FRACTION)?.strip_prefix(b".")?;
    number(fraction)
}

/// Where the bracket closes that a time stands in, if it is where one can be.
fn closing(line: &[u8]) -> Option<usize> {
    if line.first() != Some(&b'[') {
        return None;
    }
    let at = 20 + memchr(b']', line.get(20..line.len().min(39))?)?;
    matches!(at, 25 | 32 | 20 | 27 | 31 | 38 | 26 | 33).then_some(at)
}

fn find(line: &[u8], byte: u8, from: usize) -> Option<usize> {
    memchr(byte, line.get(from..)?).map(|at| from + at)
}

fn is_client(line: &[u8], at: usize) -> bool {
    line.get(at..).is_some_and(|rest| rest.starts_with(b"[client ") || rest.starts_with(b"[remote "))
}

/// The number that these digits write.
pub fn number(digits: &[u8]) -> Option<i64> {
    let mut value = 0;
    for &digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        value = value * 10 + i64::from(digit - b'0');
    }
    (!digits.is_empty()).then_some(value)
}

/// Reads the pid's field that starts at a place; its length, if it is one.
fn proc(line: &[u8], at: usize, head: &mut Head) -> Option<usize> {
    let field = line.get(at..)?;
    if !field.starts_with(b"[pid ") {
        return None;
    }
    let (length, pid) = leading(&field[5..], 11);
    if !(1..=10).contains(&length) {
        return None;
    }
    let pid_end = 5 + length;
    let rest = &field[pid_end..];
    if rest.first() == Some(&b']') {
        (head.pid, head.tid) = (pid, 0);
        return Some(pid_end + 1);
    }
    let rest = rest.strip_prefix(b":tid ")?;
    let (length, tid) = leading(rest, 20);
    if (1..=19).contains(&length) && rest.get(length) == Some(&b']') {
        (head.pid, head.tid) = (pid, tid);
        return Some(pid_end + 5 + length + 1);
    }
    // an empty %T can take the closing bracket with it: `[pid 123:tid message`
    (head.pid, head.tid) = (pid, 0);
    Some(pid_end + 5)
}

/// How many digits a text starts with, of this many at most, and the number that they write.
fn leading(text: &[u8], most: usize) -> (usize, u64) {
    let (mut length, mut value) = (0, 0u64);
    for byte in text.iter().take(most) {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
        length += 1;
    }
    (length, value)
}

/// How many digits a text starts with.
pub fn digits(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// Local seconds since 1970 of a time without its fraction; None: there is no such time.
fn second(stamp: &[u8]) -> Option<i64> {
    let (year, month, day, clock, zone) =
        if stamp.len() > 24 && stamp[4] == b' ' { ctime(stamp)? } else { iso(stamp)? };
    if !(zone == b"]"
        || (zone.len() == 7 && zone[0] == b' ' && b"+-".contains(&zone[1]) && number(&zone[2..6]).is_some()))
    {
        return None;
    }
    if clock[2] != b':' || clock[5] != b':' {
        return None;
    }
    let (hour, minute, second) = (number(&clock[..2])?, number(&clock[3..5])?, number(&clock[6..8])?);
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    Some(days(year, month, day)? * 86400 + (hour * 60 + minute) * 60 + second)
}

type Parts<'a> = (i64, i64, i64, &'a [u8], &'a [u8]);

/// `[Fri Sep 04 14:30:04 2009]`
fn ctime(stamp: &[u8]) -> Option<Parts<'_>> {
    let name = |at: usize| {
        stamp[at].is_ascii_uppercase() && stamp[at + 1].is_ascii_lowercase() && stamp[at + 2].is_ascii_lowercase()
    };
    if !(name(1) && name(5) && stamp[8] == b' ' && stamp[11] == b' ' && stamp[20] == b' ') {
        return None;
    }
    let month = MONTHS.iter().position(|month| month[..] == stamp[5..8])? as i64 + 1;
    let day = if stamp[9] == b' ' { number(&stamp[10..11])? } else { number(&stamp[9..11])? };
    Some((number(&stamp[21..25])?, month, day, &stamp[12..20], &stamp[25..]))
}

/// `[2009-09-04 14:30:04]`
fn iso(stamp: &[u8]) -> Option<Parts<'_>> {
    if stamp[5] != b'-' || stamp[8] != b'-' || !b" T".contains(&stamp[11]) {
        return None;
    }
    Some((number(&stamp[1..5])?, number(&stamp[6..8])?, number(&stamp[9..11])?, &stamp[12..20], &stamp[20..]))
}

/// Years that a log can be of, as `logsleuth/bounded.py` has them.
pub const YEARS: std::ops::Range<i64> = 1970..2200;
/// The first second after them, since 1970.
pub const LAST_SECOND: i64 = 7_258_118_400;

/// Days from 1970 to a date, if there is such a one that a log can be of.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    YEARS.contains(&year).then(|| unix_days(year, month, day))?
}

/// Days from 1970 to a date of the Gregorian calendar, if there is such a one.
pub fn unix_days(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if year < 1 || !(1..=length).contains(&day) {
        return None;
    }
    // Howard Hinnant's days_from_civil: years from March, eras of 400 years
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let year_of_era = shifted - era * 400;
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * 146_097 + day_of_era - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> (Head, String) {
        let mut kinds = Kinds::new();
        let head = HeadReader::new(false).read(line.as_bytes(), &mut kinds);
        let (module, level) = &*kinds.names[head.kind.unwrap_or(NO_KIND) as usize];
        (head, format!("{module}:{level}"))
    }

    #[test]
    fn the_heads_of_both_eras_are_read() {
        let line = "[Fri Sep 04 14:30:04.123456 2009] [wsgi:error] [pid 11:tid 901] [remote 192.0.2.1:40001] boom";
        let (head, kind) = read(line);
        assert_eq!(head.time, Some(1_252_074_604_123_456));
        assert_eq!((kind.as_str(), head.pid, head.tid), ("wsgi:error", 11, 901));
        assert_eq!((&line[head.client.0..head.client.1], &line[head.text..]), ("[remote 192.0.2.1:40001]", "boom"));
        let line = "[2009-09-04 14:30:04 +0200] [warning] old";
        let (head, kind) = read(line);
        assert_eq!((head.time, kind.as_str(), &line[head.text..]), (Some(1_252_074_604_000_000), ":warn", "old"));
    }

    #[test]
    fn a_bracket_that_a_thread_took_with_it_is_no_loss() {
        let line = "[2009-09-04 14:30:04] [core:error] [pid 123:tid 404 of them";
        let (head, _) = read(line);
        assert_eq!((head.pid, head.tid, &line[head.text..]), (123, 0, "404 of them"));
    }

    #[test]
    fn what_is_no_time_is_no_head() {
        for line in [
            "",
            "[",
            "[Fri Sep 04 14:30:61 2009] [error] x",
            "[Wed Feb 29 14:30:04 2009] [error] x",
            "[Fri Sep 04 14:30:04.12x456 2009] [error] x",
            "[2009/09/04 14:30:04] [core:error] x",
        ] {
            assert_eq!(read(line).0, NONE, "{line}");
        }
    }

    #[test]
    fn the_calendar_is_gregorian() {
        assert_eq!(days(1970, 1, 1), Some(0));
        assert_eq!(days(2000, 2, 29), Some(11_016));
        assert_eq!(days(2100, 2, 29), None);
        assert_eq!(days(9999, 12, 31), None);
        assert_eq!(days(2026, 13, 1), None);
    }
}
