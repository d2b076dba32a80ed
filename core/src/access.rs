//! Access logs: lines in a LogFormat, read to who asked for what and how it was answered.
//!
//! `logsleuth/logs/others/access/` is the definition. A format's regex is walked there by Python; here its pieces are, one
//! after the other: each shows where it ends, but for a user's name.

use std::borrow::Cow;

use memchr::memchr;

use crate::head::{digits, number, unix_days, Kinds, LAST_SECOND, MICRO, MONTHS, NO_TIME};
use crate::lines::{split, Line, Lines, Made, Span};
use crate::text::{cut, decode, errno, is_space, LONGEST_KEY};
use crate::zone::{Shift, Zone, FARTHEST_ZONE};

/// Bytes of a line that are looked at.
const LONGEST: usize = 32 << 10;
/// Characters of a request line that are kept.
const LONGEST_REQUEST: usize = 200;
/// Digits of what says how long a request took.
const MOST_DIGITS: usize = 15;
/// The status of a connection that speaks another protocol from then on: what it took is how long it was open.
const SWITCHED: &[u8] = b"101";
/// Microseconds, a year: what says more than that is no duration.
const LONGEST_TOOK: i64 = 1 << 45;
/// Microseconds: a request that takes as long is kept, however it was answered.
const SLOW: i64 = 2 * MICRO;
const LONGEST_PID: usize = 10;
/// `[10/Oct/2000:13:55:36 -0700]`
const CLOCK_LENGTH: usize = 28;

/// A part of a LogFormat.
enum Piece {
    Text(Vec<u8>),
    /// Up to a byte, which the text behind it starts with.
    Until(u8, Group),
    /// What may hold a quote behind a backslash.
    Quoted(Group),
    /// Any number of digits.
    Digits,
    /// Three digits or `-`.
    Status(Group),
    /// A user's name: anything, as little as possible.
    Name,
    Clock,
    /// All that is left.
    Rest(Group),
}

/// Where in the line a part is that is asked for.
type Group = Option<usize>;

const REQUEST: usize = 0;
const STATUS: usize = 1;
const CLIENT: usize = 2;
const VHOST: usize = 3;
const PID: usize = 4;
const TOOK: usize = 5;
const CLOCK: usize = 6;
const NAMES: [&str; 6] = ["request", "status", "client", "vhost", "pid", "took"];

/// What was found, by number of the group; None: the format has no such part.
type Found<'t> = [Option<&'t [u8]>; 7];

/// A LogFormat.
pub struct Layout {
    pieces: Vec<Piece>,
    /// Microseconds that one unit of the time has that a request took.
    took_unit: i64,
}

impl Layout {
    /// From its pieces: what each is, the text that goes with it, and its group. Errors: it is not for this reader.
    pub fn new(given: &[(String, Vec<u8>, String)], took_unit: i64) -> Result<Self, String> {
        let mut pieces: Vec<Piece> = Vec::new();
        for (kind, text, group) in given {
            let group = NAMES.iter().position(|name| name == group);
            let piece = match kind.as_str() {
                "text" => match pieces.last_mut() {
                    Some(Piece::Text(before)) => {
                        before.extend_from_slice(text);
                        continue;
                    }
                    _ => Piece::Text(text.clone()),
                },
                "until" if text.len() == 1 => Piece::Until(text[0], group),
                "quoted" => Piece::Quoted(group),
                "digits" => Piece::Digits,
                "status" => Piece::Status(group),
                "name" => Piece::Name,
                "clock" => Piece::Clock,
                "rest" => Piece::Rest(group),
                other => return Err(format!("{other} is read by Python")),
            };
            pieces.push(piece);
        }
        let layout = Layout { pieces, took_unit };
        if layout.is_plain() {
            Ok(layout)
        } else {
            Err("some part does not show where it ends, or there is not one time".to_string())
        }
    }

    /// Whether each part shows where it ends, and there are one time and one name at most.
    fn is_plain(&self) -> bool {
        let shows_end = |(nth, piece): (usize, &Piece)| {
            let next = match self.pieces.get(nth + 1) {
                Some(Piece::Text(text)) => text.first(),
                _ => None,
            };
            match piece {
                Piece::Until(stop, _) => next == Some(stop),
                Piece::Digits => next.is_some_and(|byte| !byte.is_ascii_digit()),
                Piece::Rest(_) => nth + 1 == self.pieces.len(),
                _ => true,
            }
        };
        let count = |is_it: fn(&Piece) -> bool| self.pieces.iter().filter(|piece| is_it(piece)).count();
        self.pieces.iter().enumerate().all(shows_end)
            && count(|piece| matches!(piece, Piece::Clock)) == 1
            && count(|piece| matches!(piece, Piece::Name)) <= 1
    }

    /// What a line says, by name of the group, as far as it is in this format.
    pub fn groups<'t>(&self, line: &'t [u8]) -> Option<Vec<(&'static str, &'t [u8])>> {
        let found = self.read(line)?;
        Some(NAMES.iter().zip(found).filter_map(|(name, part)| Some((*name, part?))).collect())
    }

    fn read<'t>(&self, line: &'t [u8]) -> Option<Found<'t>> {
        let mut found = Found::default();
        matches(&self.pieces, line, 0, &mut found).then_some(found)
    }
}

/// Whether a line goes on with these pieces from a place; what they print is noted.
fn matches<'t>(pieces: &[Piece], line: &'t [u8], mut at: usize, found: &mut Found<'t>) -> bool {
    for (nth, piece) in pieces.iter().enumerate() {
        let rest = &line[at..];
        let (length, group) = match piece {
            Piece::Text(text) if rest.starts_with(text) => (text.len(), None),
            Piece::Text(_) => return false,
            Piece::Until(stop, group) => match memchr(*stop, rest) {
                Some(length) => (length, *group),
                None => return false,
            },
            Piece::Quoted(group) => (quoted(rest), *group),
            Piece::Digits => (digits(rest), None),
            Piece::Status(group) if digits(&rest[..rest.len().min(3)]) == 3 => (3, *group),
            Piece::Status(group) if rest.first() == Some(&b'-') => (1, *group),
            Piece::Status(_) => return false,
            Piece::Clock if is_clock(rest) => (CLOCK_LENGTH, Some(CLOCK)),
            Piece::Clock => return false,
            Piece::Rest(group) => (rest.len(), *group),
            Piece::Name => return (at..=line.len()).any(|end| matches(&pieces[nth + 1..], line, end, found)),
        };
        if let Some(group) = group {
            found[group] = Some(&rest[..length]);
        }
        at += length;
    }
    true
}

/// The length of what is quoted, up to a quote that no backslash is before.
fn quoted(text: &[u8]) -> usize {
    let mut at = 0;
    while let Some(next) = memchr::memchr2(b'"', b'\\', &text[at..]) {
        at += next;
        if text[at] == b'"' || at + 1 == text.len() {
            return at;
        }
        at += 2;
    }
    text.len()
}

/// Whether a text starts like a time as `%t` writes it.
fn is_clock(text: &[u8]) -> bool {
    const SHAPE: &[u8; CLOCK_LENGTH] = b"[00/Aaa/0000:00:00:00 +0000]";
    text.len() >= CLOCK_LENGTH
        && SHAPE.iter().zip(text).all(|(shape, byte)| match shape {
            b'0' => byte.is_ascii_digit(),
            b'A' => byte.is_ascii_uppercase(),
            b'a' => byte.is_ascii_lowercase(),
            b'+' => b"+-".contains(byte),
            other => other == byte,
        })
}

/// A moment as it is written.
#[derive(Clone, Copy)]
struct Moment {
    /// Microseconds since 1970; None: no log can be of it.
    time: Option<i64>,
    /// Seconds east of UTC; None: there is no such zone.
    offset: Option<i64>,
}

/// The moment that a clock shows; None: there is no such day or time.
fn moment(clock: &[u8]) -> Option<Moment> {
    let field = |at: usize, length: usize| number(&clock[at..at + length]);
    let month = MONTHS.iter().position(|month| month[..] == clock[4..7])? as i64 + 1;
    let (hour, minute, second) = (field(13, 2)?, field(16, 2)?, field(19, 2)?);
    let (hours, minutes) = (field(23, 2)?, field(25, 2)?);
    if hour > 23 || minute > 59 || second > 59 || hours > 23 || minutes > 59 {
        return None;
    }
    let seconds = unix_days(field(8, 4)?, month, field(1, 2)?)? * 86400 + (hour * 60 + minute) * 60 + second;
    let east = (hours * 60 + minutes) * 60 * if clock[22] == b'-' { -1 } else { 1 };
    Some(Moment {
        time: (0..LAST_SECOND).contains(&seconds).then_some(seconds * MICRO),
        offset: (east.abs() <= FARTHEST_ZONE).then_some(east),
    })
}

/// Where in the block it says who asked whom for what; empty: it does not say.
#[derive(Clone, Copy, Default)]
pub struct Request {
    pub client: Span,
    pub vhost: Span,
    pub line: Span,
    /// Microseconds that it took.
    pub took: Option<i64>,
    /// Nothing was asked for until the connection timed out (408): it is no request.
    pub asks_nothing: bool,
}

/// What is remembered from one line to the next: most share the second and the level.
struct Clock<'a> {
    last: Vec<u8>,
    moment: Option<Moment>,
    zone: Zone<'a>,
}

impl Clock<'_> {
    fn moment(&mut self, clock: &[u8]) -> Option<Moment> {
        if self.last != clock {
            self.last.clear();
            self.last.extend_from_slice(clock);
            self.moment = moment(clock);
        }
        self.moment
    }

    /// The local time of a moment.
    fn local(&mut self, moment: Moment) -> Option<i64> {
        let Some(offset) = moment.offset else { return moment.time };
        Some(self.zone.local(moment.time?, offset))
    }
}

/// The lines of a block of an access log, and the requests of each; those without a time are lent none yet.
pub fn read<'a>(
    layouts: &[Layout],
    shift: Shift,
    mut lines: Lines<'a>,
    at_start: bool,
    reach: usize,
    kinds: &mut Kinds,
) -> Lines<'a> {
    let levels = ["info", "notice", "warn", "error"].map(|level| kinds.named("", level));
    let mut clock = Clock { last: Vec::new(), moment: None, zone: Zone::new(shift) };
    for (place, length) in split(lines.data, at_start) {
        let raw = &lines.data[place..place + length];
        let seen = &raw[..length.min(reach)];
        let mut line = Line { place: place as u32, length: length as u32, ..Line::default() };
        line.time = NO_TIME * MICRO;
        let mut request = Request::default();
        let found = layouts.iter().find_map(|layout| {
            let found = layout.read(&seen[..seen.len().min(LONGEST)])?;
            Some((layout, found, clock.moment(found[CLOCK]?)?))
        });
        match found {
            Some((layout, found, moment)) => {
                let span = |group: usize| found[group].map_or(Span::default(), |part| lines.span_of(part));
                let took = found[TOOK].and_then(|text| took_of(text, layout.took_unit));
                let answered_in = took.filter(|_| found[STATUS] != Some(SWITCHED));
                let asks_nothing = matches!(found[REQUEST], Some(b"-" | b"")) && found[STATUS] == Some(b"408");
                request = Request {
                    client: span(CLIENT),
                    vhost: span(VHOST),
                    line: span(REQUEST),
                    took: answered_in,
                    asks_nothing,
                };
                let level = level(found[STATUS].unwrap_or_default());
                line.kind = Some(levels[level]);
                if let Some(time) = clock.local(moment) {
                    (line.time, line.dated) = (time, true);
                }
                let is_told = level != INFO || took.is_some_and(|took| took >= SLOW);
                if is_told && (level == ERROR || !asks_nothing) {
                    explain(&mut line, &mut lines.made, &found, took);
                }
            }
            None => {
                line.damaged = !seen.iter().all(|&byte| is_space(byte));
                line.text = lines.made.add(one_line(decode(seen)).as_bytes());
            }
        }
        line.errno = errno(lines.at(line.text)).is_some();
        lines.all.push(line);
        lines.requests.push(request);
    }
    lines
}

/// The level of a request, by its status: the server failed it, or refused it, or sent it elsewhere, or answered it.
fn level(status: &[u8]) -> usize {
    match status {
        [b'5', ..] => ERROR,
        [b'4', ..] => WARN,
        b"301" | b"302" | b"303" | b"307" | b"308" => NOTICE,
        _ => INFO,
    }
}

const INFO: usize = 0;
const NOTICE: usize = 1;
const WARN: usize = 2;
const ERROR: usize = 3;

/// Microseconds that a request took, from what %D, %T or nginx's $request_time says; None: it does not say.
fn took_of(text: &[u8], unit: i64) -> Option<i64> {
    let length = digits(text);
    let (whole, part) = match text.get(length) {
        None => (text, &b""[..]),
        Some(b'.') => (&text[..length], &text[length + 1..]),
        Some(_) => return None,
    };
    let has_part = length < text.len();
    if text.len() > MOST_DIGITS || length == 0 || (has_part && (part.is_empty() || digits(part) < part.len())) {
        return None;
    }
    let millionths = (0..6).fold(0, |sum, nth| sum * 10 + i64::from(part.get(nth).map_or(0, |byte| byte - b'0')));
    let took = number(whole)?.checked_mul(unit)?.checked_add(millionths * unit / 1_000_000)?;
    (took <= LONGEST_TOOK).then_some(took)
}

/// Say of a request that failed, was refused, redirected or slow what it was; `took`: microseconds.
fn explain(line: &mut Line, made: &mut Made, found: &Found, took: Option<i64>) {
    let text = |group: usize| found[group].map(decode);
    let mut request = text(REQUEST).unwrap_or(Cow::Borrowed("-"));
    if let Some((end, _)) = request.char_indices().nth(LONGEST_REQUEST) {
        request = Cow::Owned(format!("{}…", request[..end].trim_end_matches('\\')));
    }
    let mut message = format!("\"{request}\" {}", text(STATUS).unwrap_or_default());
    if let Some(took) = took {
        message += &format!(" after {:.3} s", took as f64 / 1e6);
    }
    line.text = made.add(one_line(Cow::Owned(message)).as_bytes());
    if let Some(client) = text(CLIENT) {
        line.client = made.add(one_line(Cow::Owned(format!("[client {client}]"))).as_bytes());
    }
    line.pid = found[PID].filter(|pid| pid.len() <= LONGEST_PID).and_then(number).unwrap_or(0) as u64;
}

/// A record is one line: what breaks one is escaped.
fn one_line(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.contains(['\n', '\r']) {
        Cow::Owned(text.replace('\n', "\\n").replace('\r', "\\r"))
    } else {
        text
    }
}

/// A key as it is counted; httpd prints `-` for what is not there.
pub fn key(text: &[u8]) -> Cow<'_, str> {
    if text == b"-" {
        return Cow::Borrowed("");
    }
    cut(decode(text), LONGEST_KEY)
}

/// A virtual host as it is counted: in lower case.
pub fn vhost_key(text: &[u8]) -> Cow<'_, str> {
    let key = key(text);
    if key.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        return key;
    }
    Cow::Owned(key.to_lowercase())
}

/// The first segment of the path in a request line, with its slash: `/shop`; empty: there is none.
pub fn first_segment(request: &[u8]) -> &[u8] {
    let method = request.iter().take_while(|&&byte| byte.is_ascii_alphabetic() || byte == b'-').count();
    if method == 0 || request.get(method) != Some(&b' ') {
        return b"";
    }
    let path = behind_host(&request[method + 1..]);
    if path.first() != Some(&b'/') {
        return b"";
    }
    let length = path[1..].iter().take_while(|byte| !b"/?#; ".contains(byte)).count();
    &path[..1 + length]
}

/// What is requested, without a scheme and host before it.
fn behind_host(target: &[u8]) -> &[u8] {
    let scheme = target.iter().take_while(|byte| byte.is_ascii_lowercase()).count();
    if scheme == 0 || !target[scheme..].starts_with(b"://") {
        return target;
    }
    let host = &target[scheme + 3..];
    &host[host.iter().take_while(|byte| !b"/ ".contains(byte)).count()..]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A LogFormat by its pieces: `until x`, `text …`, and what each is called.
    fn layout(pieces: &[(&str, &str, &str)]) -> Result<Layout, String> {
        let given: Vec<_> = pieces
            .iter()
            .map(|(kind, text, group)| (kind.to_string(), text.as_bytes().to_vec(), group.to_string()))
            .collect();
        Layout::new(&given, 1)
    }

    const COMMON: [(&str, &str, &str); 15] = [
        ("until", " ", "client"),
        ("text", " ", ""),
        ("until", " ", ""),
        ("text", " ", ""),
        ("name", "", ""),
        ("text", " ", ""),
        ("clock", "", "t0"),
        ("text", " ", ""),
        ("text", "\"", ""),
        ("quoted", "", "request"),
        ("text", "\"", ""),
        ("text", " ", ""),
        ("status", "", "status"),
        ("text", " ", ""),
        ("rest", "", ""),
    ];

    fn read(line: &str) -> Option<Vec<String>> {
        let found = layout(&COMMON).unwrap().read(line.as_bytes())?;
        Some([CLIENT, REQUEST, STATUS].map(|group| decode(found[group].unwrap()).into_owned()).into())
    }

    #[test]
    fn a_line_in_the_common_format_is_read() {
        let line = r#"::1 - - [10/Oct/2000:13:55:36 -0700] "GET /\"a\\ HTTP/1.0" 503 2326 "-" "curl""#;
        assert_eq!(read(line).unwrap(), ["::1", r#"GET /\"a\\ HTTP/1.0"#, "503"]);
        let line = r#"::1 - amy [10/Oct/2000:13:55:36 +0100] " [10/Oct/2000:13:55:36 -0700] "-" - 0"#;
        assert_eq!(read(line).unwrap(), ["::1", "-", "-"], "a user's name may look like anything");
        for line in [
            "",
            "::1 - - [10/Oct/2000:13:55:36 0700] \"-\" 200 1",
            "::1 - - [10/Oct/2000:13:55:36 -0700] \"- 200 1",
            "::1 - - [10/Oct/2000:13:55:36 -0700] \"\\",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }

    #[test]
    fn a_format_whose_parts_do_not_show_where_they_end_is_refused() {
        let refused = |pieces: &[(&str, &str, &str)]| layout(pieces).is_err();
        assert!(!refused(&[("clock", "", "t0"), ("rest", "", "")]));
        assert!(refused(&[("until", " ", "client"), ("clock", "", "t0")]));
        assert!(refused(&[("clock", "", "t0"), ("digits", "", ""), ("text", "1", "")]));
        assert!(refused(&[("rest", "", ""), ("clock", "", "t0")]));
        assert!(refused(&[("clock", "", "t0"), ("clock", "", "t1")]));
        assert!(refused(&[("time", "x", "t0")]));
    }

    #[test]
    fn a_moment_is_one_of_the_calendar() {
        let read = |clock: &str| moment(clock.as_bytes()).map(|moment| (moment.time, moment.offset));
        assert_eq!(read("[10/Oct/2000:13:55:36 -0700]"), Some((Some(971_186_136_000_000), Some(-25_200))));
        assert_eq!(read("[10/Oct/2000:13:55:36 +1600]"), Some((Some(971_186_136_000_000), None)));
        assert_eq!(read("[10/Oct/9999:13:55:36 +0000]"), Some((None, Some(0))));
        assert_eq!(read("[31/Sep/2000:13:55:36 +0000]"), None);
        assert_eq!(read("[10/Okt/2000:13:55:36 +0000]"), None);
        assert_eq!(read("[10/Oct/2000:13:55:60 +0000]"), None);
    }

    #[test]
    fn a_request_took_what_its_item_says() {
        let cases: [(&str, i64, Option<i64>); 11] = [
            ("1500", 1, Some(1500)),
            ("60", 1_000_000, Some(60_000_000)),
            ("0.120", 1_000_000, Some(120_000)),
            ("12.5", 1000, Some(12_500)),
            ("7.0000019", 1_000_000, Some(7_000_001)),
            ("-", 1, None),
            ("", 1, None),
            ("1.", 1, None),
            (".5", 1, None),
            ("1.2.3", 1, None),
            ("999999999999999", 1_000_000, None),
        ];
        for (text, unit, took) in cases {
            assert_eq!(took_of(text.as_bytes(), unit), took, "{text}");
        }
    }

    #[test]
    fn paths_have_a_first_segment() {
        let cases = [
            ("GET /shop/cart?id=1 HTTP/1.1", "/shop"),
            ("GET / HTTP/1.1", "/"),
            ("M-SEARCH https://a.example/x;y HTTP/1.1", "/x"),
            ("GET https://a.example HTTP/1.1", ""),
            ("OPTIONS * HTTP/1.0", ""),
            ("-", ""),
            (" /x", ""),
        ];
        for (request, segment) in cases {
            assert_eq!(decode(first_segment(request.as_bytes())), segment, "{request}");
        }
    }
}
