//! Whether a regex may match a text of one line, told from how the text begins and from the regex as it is written.
//!
//! Parsing all regexes of the library takes longer than reading many a log. To rule one out, its first characters are
//! mostly enough: so this reads no more of a regex than the beginning of the text reaches. What it does not know the
//! meaning of may match.

use crate::beginnings::Begin;

/// How a client's field begins; what follows up to its bracket says nothing of the message.
const CLIENT: &[u8] = b"[client ";
/// Symbols of a beginning that are looked at; one more bit is for its end.
const MOST: usize = u64::BITS as usize - 1;

/// Whether it can match only at the start of a line, and is written in a way that is understood: it has no outermost
/// alternatives, no flags, and no classes within classes.
pub fn is_bound(source: &str) -> bool {
    let Some(rest) = source.strip_prefix('^') else { return false };
    // `^?` need not be at the start
    !rest.starts_with(['?', '*', '+', '{']) && skipped_sequence(rest.as_bytes(), 0) == Some(rest.len())
}

/// Whether a regex that is bound may match, at its start, a text of one line that begins so.
///
/// What a word boundary or an end of the line would rule out is not ruled out.
pub fn may_match(source: &str, begin: &Begin) -> bool {
    let mut walk = Walk::along(source.as_bytes(), begin);
    let start = walk.on(1);
    walk.sequence(0, start).0 != 0 || walk.open
}

/// A walk through a regex along the beginning of a text. Places in the text are bits, the first the lowest.
struct Walk<'r, 't> {
    source: &'r [u8],
    /// The client's field is before the text, and anything may be in it.
    client: bool,
    text: &'t [u8],
    /// Some path came to the end of the beginning, and may go on in what follows; or what follows is not understood.
    open: bool,
}

enum Symbol {
    Byte(u8),
    /// Any client: bytes without a bracket.
    Client,
}

impl<'r, 't> Walk<'r, 't> {
    fn along(source: &'r [u8], begin: &Begin<'t>) -> Self {
        Walk { source, client: begin.client, text: begin.text, open: false }
    }

    fn symbol(&self, at: usize) -> Option<Symbol> {
        let at = match at {
            _ if at >= MOST => return None,
            _ if !self.client => at,
            _ if at < CLIENT.len() => return Some(Symbol::Byte(CLIENT[at])),
            _ if at == CLIENT.len() => return Some(Symbol::Client),
            _ => at - CLIENT.len() - 1,
        };
        self.text.get(at).map(|&byte| Symbol::Byte(byte))
    }

    /// These places, and those behind a client that is left out.
    fn on(&self, places: u64) -> u64 {
        if self.client && places.trailing_zeros() as usize == CLIENT.len() {
            places | 1 << (CLIENT.len() + 1)
        } else {
            places
        }
    }

    /// The places at which what is written from `at` to the next bar, bracket or end may end that starts at one of
    /// these; and how far that was read.
    fn sequence(&mut self, mut at: usize, mut places: u64) -> (u64, usize) {
        while places != 0 && !self.open && !matches!(self.source.get(at), None | Some(b'|' | b')')) {
            let (part, repeated) = match part(self.source, at) {
                Some((part, end)) => (part, repeated(self.source, end)),
                None => (Part::Condition, None),
            };
            let Some((least, most, next)) = repeated else {
                self.open = true;
                break;
            };
            places = if (least, most) == (1, 1) {
                self.one(&part, places)
            } else {
                self.rounds(&part, (least, most), places)
            };
            at = next;
        }
        (if self.open { 0 } else { places }, at)
    }

    fn rounds(&mut self, part: &Part, (least, most): (u32, u32), places: u64) -> u64 {
        // each round takes a byte or changes nothing, so that more rounds than bytes make no difference
        let needed = least.min(MOST as u32 + 1);
        let mut now = places;
        for _ in 0..needed {
            now = self.one(part, now);
        }
        let (mut all, mut left) = (now, most - least);
        while now != 0 && left > 0 {
            now = self.one(part, now) & !all;
            all |= now;
            left -= 1;
        }
        all
    }

    /// The places at which a part may end that starts at one of these.
    fn one(&mut self, part: &Part, places: u64) -> u64 {
        if places == 0 || self.open {
            return 0;
        }
        match part {
            Part::Start => places & 1,
            Part::Condition => places,
            Part::Byte(known) => self.step(places, |byte| byte == *known),
            Part::Set(set) => self.step(places, |byte| set.holds(byte)),
            Part::Group(begin) => self.group(*begin, places),
        }
    }

    fn group(&mut self, mut begin: usize, places: u64) -> u64 {
        let mut all = 0;
        loop {
            let (ends, read) = self.sequence(begin, places);
            all |= ends;
            match skipped_sequence(self.source, read) {
                Some(end) if !self.open && self.source.get(end) == Some(&b'|') => begin = end + 1,
                _ => return all,
            }
        }
    }

    /// One byte further, from the places where such a byte may be.
    fn step(&mut self, mut places: u64, is_it: impl Fn(u8) -> bool) -> u64 {
        let mut next = 0;
        while places != 0 {
            let at = places.trailing_zeros() as usize;
            places &= places - 1;
            match self.symbol(at) {
                None => self.open = true,
                Some(Symbol::Byte(byte)) if is_it(byte) => next |= self.on(1 << (at + 1)),
                Some(Symbol::Byte(_)) => {}
                // whatever is read of it, it may go on or end
                Some(Symbol::Client) if (0..=u8::MAX).any(|byte| byte != b']' && is_it(byte)) => {
                    next |= self.on(1 << at)
                }
                Some(Symbol::Client) => {}
            }
        }
        next
    }
}

/// Where a group's first alternative begins; None: it is of a kind that is not understood.
fn group_begin(source: &[u8], at: usize) -> Option<usize> {
    let inner = &source[at + 1..];
    if inner.first() != Some(&b'?') {
        return Some(at + 1);
    }
    if inner.starts_with(b"?:") {
        return Some(at + 3);
    }
    let name = inner.strip_prefix(b"?P<").or_else(|| inner.strip_prefix(b"?<"))?;
    let length = name.iter().take_while(|&&byte| WORD.holds(byte)).count();
    // else it looks behind: `(?<=` and `(?<!`
    (name.get(length) == Some(&b'>')).then_some(source.len() - name.len() + length + 1)
}

/// What a sequence is made of.
enum Part {
    /// The start of the line.
    Start,
    /// It takes no byte: a boundary, or an end.
    Condition,
    Byte(u8),
    Set(Set),
    /// Where its first alternative begins.
    Group(usize),
}

/// The part that is written at a place, and where it ends; None: it is not understood.
fn part(source: &[u8], at: usize) -> Option<(Part, usize)> {
    Some(match source[at] {
        b'^' => (Part::Start, at + 1),
        b'$' => (Part::Condition, at + 1),
        b'.' => (Part::Set(NEWLINE.not()), at + 1),
        b'(' => {
            let begin = group_begin(source, at)?;
            let mut end = skipped_sequence(source, begin)?;
            while source.get(end) == Some(&b'|') {
                end = skipped_sequence(source, end + 1)?;
            }
            (Part::Group(begin), end + 1)
        }
        b'[' => {
            let end = skipped_class(source, at)?;
            (Part::Set(class(&source[at + 1..end - 1])?), end)
        }
        b'\\' => (escape(*source.get(at + 1)?)?, at + 2),
        byte if byte.is_ascii() => (Part::Byte(byte), at + 1),
        _ => return None,
    })
}

/// The place of the next bar or bracket that does not belong to a group which opens before it; or the end. None: what
/// is before that is not understood.
fn skipped_sequence(source: &[u8], mut at: usize) -> Option<usize> {
    let mut depth = 0;
    while let Some(&byte) = source.get(at) {
        at = match byte {
            b'|' | b')' if depth == 0 => return Some(at),
            b')' => {
                depth -= 1;
                at + 1
            }
            b'(' => {
                depth += 1;
                group_begin(source, at)?
            }
            b'\\' => at + 2,
            b'[' => skipped_class(source, at)?,
            _ => at + 1,
        }
    }
    (depth == 0 && at == source.len()).then_some(at)
}

fn skipped_class(source: &[u8], mut at: usize) -> Option<usize> {
    at += 1 + usize::from(source.get(at + 1) == Some(&b'^'));
    // a bracket that comes first is one of the characters
    if source.get(at) == Some(&b']') {
        return None;
    }
    loop {
        match source.get(at)? {
            b'\\' => at += 2,
            b']' => return Some(at + 1),
            b'[' => return None,
            _ => at += 1,
        }
    }
}

/// How often what ends here may come at least and at most, and what follows that; None: it is not understood.
fn repeated(source: &[u8], at: usize) -> Option<(u32, u32, usize)> {
    let (least, most, mut next) = match source.get(at) {
        Some(b'?') => (0, 1, at + 1),
        Some(b'*') => (0, u32::MAX, at + 1),
        Some(b'+') => (1, u32::MAX, at + 1),
        Some(b'{') => bounds(source, at)?,
        _ => return Some((1, 1, at)),
    };
    if source.get(next) == Some(&b'?') {
        next += 1;
    }
    let is_once_more = matches!(source.get(next), Some(b'?' | b'*' | b'+' | b'{'));
    (!is_once_more && least <= most).then_some((least, most, next))
}

fn bounds(source: &[u8], at: usize) -> Option<(u32, u32, usize)> {
    let (least, end) = count(source, at + 1)?;
    match source.get(end)? {
        b'}' => Some((least, least, end + 1)),
        b',' if source.get(end + 1) == Some(&b'}') => Some((least, u32::MAX, end + 2)),
        b',' => {
            let (most, end) = count(source, end + 1)?;
            (source.get(end) == Some(&b'}')).then_some((least, most, end + 1))
        }
        _ => None,
    }
}

fn count(source: &[u8], at: usize) -> Option<(u32, usize)> {
    let length = source[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let digits = std::str::from_utf8(&source[at..at + length]).ok()?;
    Some((digits.parse().ok()?, at + length))
}

/// What a backslash and this character mean.
fn escape(name: u8) -> Option<Part> {
    Some(match name {
        b'd' => Part::Set(DIGIT),
        b'D' => Part::Set(DIGIT.not()),
        b'w' => Part::Set(WORD),
        b'W' => Part::Set(WORD.not()),
        b's' => Part::Set(BLANK),
        b'S' => Part::Set(BLANK.not()),
        b'n' => Part::Byte(b'\n'),
        b't' => Part::Byte(b'\t'),
        b'r' => Part::Byte(b'\r'),
        b'b' | b'B' | b'z' => Part::Condition,
        // these stand for word boundaries
        b'<' | b'>' => return None,
        mark if mark.is_ascii_punctuation() => Part::Byte(mark),
        _ => return None,
    })
}

/// A set of bytes: a bit for each.
#[derive(Clone, Copy)]
struct Set([u64; 4]);

const DIGIT: Set = Set([0, 0, 0, 0]).with(b'0', b'9');
const WORD: Set = DIGIT.with(b'A', b'Z').with(b'a', b'z').with(b'_', b'_');
const BLANK: Set = Set([0, 0, 0, 0]).with(b'\t', b'\r').with(b' ', b' ');
const NEWLINE: Set = Set([0, 0, 0, 0]).with(b'\n', b'\n');

impl Set {
    /// These bytes too, from the first to the last.
    const fn with(mut self, first: u8, last: u8) -> Self {
        let mut byte = first as usize;
        while byte <= last as usize {
            self.0[byte >> 6] |= 1 << (byte & 63);
            byte += 1;
        }
        self
    }

    fn and(self, other: Set) -> Self {
        let mut both = self;
        both.0.iter_mut().zip(other.0).for_each(|(bits, more)| *bits |= more);
        both
    }

    fn not(self) -> Self {
        Set(self.0.map(|bits| !bits))
    }

    fn holds(&self, byte: u8) -> bool {
        self.0[usize::from(byte >> 6)] >> (byte & 63) & 1 == 1
    }
}

/// The set that is written between a class's brackets; None: it is not understood.
fn class(inner: &[u8]) -> Option<Set> {
    let (is_not, inner) = match inner.strip_prefix(b"^") {
        Some(inner) => (true, inner),
        None => (false, inner),
    };
    let (mut set, mut at) = (Set([0; 4]), 0);
    while at < inner.len() {
        let (first, next) = member(inner, at)?;
        at = next;
        set = match first {
            Part::Byte(first) if inner.get(next) == Some(&b'-') => {
                let (Part::Byte(last), end) = member(inner, next + 1)? else { return None };
                at = end;
                set.with(first, last)
            }
            Part::Byte(byte) => set.with(byte, byte),
            Part::Set(more) => set.and(more),
            _ => return None,
        };
    }
    Some(if is_not { set.not() } else { set })
}

/// One character of a class, and where it ends; None: it may join classes, or has more than one byte.
fn member(inner: &[u8], at: usize) -> Option<(Part, usize)> {
    match inner.get(at)? {
        b'\\' => Some((escape(*inner.get(at + 1)?)?, at + 2)),
        b'[' | b'&' | b'~' | b'-' => None,
        &byte if byte.is_ascii() => Some((Part::Byte(byte), at + 1)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::regex::compile;

    #[test]
    fn a_regex_that_matches_a_text_may_match_what_it_begins_with() {
        let sources = [
            "^(?:AH\\d{5}: )?File does not exist: (?P<path>[^\\n]{1,300})",
            "^(?:\\(\\d+\\)[^:]{1,80}: )?AH00957: (?:https?|ajp): attempt",
            "^boom\\b(?:s| [a-c]{2,4}){1,3}$",
            "^[^\\n]{0,20}x{3}y",
            "^(?:a|bc)*d",
            "^a?b{0}c{1,}",
            "^[\\w.\\-]+(?:\\d[^\\S\\r]|[a-]){2}?",
            "^(?:(?:a|b(?<c>c)){2}|[(|)]) ",
            "^\\(111\\)[\\w ]+: \\S",
        ];
        let texts: [&[u8]; 9] = [
            b"AH00128: File does not exist: /a",
            b"(111)Connection refused: AH00957: http: attempt to",
            b"boom abc bb",
            b"12345 xxxy",
            b"abcaad",
            b"bcbcd",
            b"bccc",
            b"AH00128: File exists",
            b"| x",
        ];
        for source in sources {
            assert!(is_bound(source), "{source}");
            let Ok(regex) = compile(source) else { continue };
            for text in texts {
                for length in 0..=text.len() {
                    assert!(
                        !regex.is_match(text) || may_match(source, &Begin::of(text).cut(length)),
                        "{source} {length}"
                    );
                }
            }
        }
    }

    #[test]
    fn the_first_bytes_rule_a_regex_out() {
        let rules_out = |source: &str, begin: &[u8]| !may_match(source, &Begin::of(begin));
        assert!(rules_out("^(?:AH\\d{5}: )?File does not exist: ", b"AH00128: Fine"));
        assert!(rules_out("^(?:AH\\d{5}: )?File", b"AH0012: "));
        assert!(rules_out("^[a-c]{2,4}$x", b"abcdd"));
        assert!(rules_out("^(?:(?:x|[)|]) )?(?P<name>a|b)?c", b"x d"));
        assert!(rules_out("^(?:a|b(?:c|d))e", b"bd_"));
        assert!(rules_out("^[\\w\\-]+: [^\\S ]", b"a-b:  "));
        assert!(rules_out("^\\[a\\]\\.", b"[a]_"));
        assert!(!rules_out("^[^\\n]{0,4000}boom", b"anything at all"));
        assert!(!rules_out("^boom", b""));
        assert!(rules_out("^(?:\\[client [^\\]]*\\] )?boom", b"[client 192.0.2.7] bang"));
        assert!(!rules_out("^(?:\\[client [^\\]]*\\] )?boom", b"[client 192.0.2.7] boom"));
        assert!(!rules_out("^\\[client 192.0.2.8\\] boom", b"[client 192.0.2.7] boom"), "another may come");
    }

    #[test]
    fn what_is_not_understood_may_match() {
        for source in ["^\\x61", "^[^a&&b]", "^a{,2}", "^a{2}{3}", "^\u{e9}", "^\\pL", "^[-a]", "^[a-]", "^[\\d-a]"] {
            assert!(may_match(source, &Begin::of(b"zz")), "{source}");
        }
        let unbound = [
            "^(?i:a)",
            "^a[[:alpha:]]",
            "^a[](]b|c",
            "^a[^]]",
            "^a(?x)#(",
            "^a(?<n",
            "^a(",
            "^(?<=a)b>c",
            "^(?<!a)b>c",
            "^(?>a)b",
            "^(?=a)b",
            "^(?#a)b",
            "^?a",
            "^*a",
            "^{0,2}a",
        ];
        for source in unbound {
            assert!(!is_bound(source), "{source}");
        }
    }

    #[test]
    fn a_regex_with_outermost_alternatives_is_not_bound() {
        let cases = [("^a", true), ("a", false), ("^a|^b", false), ("^(?:a|b)[|]\\|", true), ("^a)|b", false)];
        for (source, bound) in cases {
            assert_eq!(is_bound(source), bound, "{source}");
        }
    }
}
