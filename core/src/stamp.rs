//! What `%t` of an `ErrorLogFormat` prints, if that is as wide whatever the time; `logsleuth/logs/httpd/layout/times.py`
//! is the definition.

use crate::head::{number, unix_days, MICRO, MONTHS, YEARS};
use crate::zone::FARTHEST_ZONE;

/// What a time looks like, a letter for each byte; these bytes; and its parts by name, with begin and end.
pub type GivenStamp = (Vec<u8>, Vec<u8>, Vec<(String, usize, usize)>);

/// Begin and end.
type Part = (usize, usize);

const NAMES: [&str; 9] = ["year", "short", "month", "day", "hour", "minute", "second", "fraction", "zone"];

/// A time of fixed width.
pub struct Stamp {
    /// `d`: a digit; `b`: one, or a blank; `A`, `a`: a letter; `s`: a sign; else the byte in `text` itself.
    shape: Vec<u8>,
    text: Vec<u8>,
    year: Part,
    /// The year has two digits.
    is_short: bool,
    month: Part,
    day: Part,
    hour: Part,
    minute: Option<Part>,
    second: Option<Part>,
    fraction: Option<Part>,
    zone: Option<Part>,
}

/// Microseconds of the clock that wrote it, and how many seconds that is east of UTC, if it says so.
pub type Moment = (i64, Option<i64>);

impl Stamp {
    /// None: it does not name a day and an hour, or something else that is not understood.
    pub fn new((shape, text, parts): GivenStamp) -> Option<Self> {
        let part = |name: &str| parts.iter().find(|part| part.0 == name).map(|part| (part.1, part.2));
        let is_understood = shape.len() == text.len()
            && parts.iter().all(|(name, from, to)| NAMES.contains(&name.as_str()) && from < to && *to <= text.len());
        let year = part("year").or_else(|| part("short")).filter(|_| is_understood)?;
        Some(Stamp {
            year,
            is_short: part("year").is_none(),
            month: part("month")?,
            day: part("day")?,
            hour: part("hour")?,
            minute: part("minute"),
            second: part("second"),
            fraction: part("fraction"),
            zone: part("zone"),
            shape,
            text,
        })
    }

    /// The length of a time that a text starts with.
    pub fn length(&self, text: &[u8]) -> Option<usize> {
        let is_one = text.len() >= self.shape.len()
            && self.shape.iter().zip(&self.text).zip(text).all(|((shape, known), byte)| match shape {
                b'd' => byte.is_ascii_digit(),
                b'b' => byte.is_ascii_digit() || *byte == b' ',
                b'A' => byte.is_ascii_uppercase(),
                b'a' => byte.is_ascii_lowercase(),
                b's' => b"+-".contains(byte),
                _ => known == byte,
            });
        is_one.then_some(self.shape.len())
    }

    /// The moment that such a text names; None: no log can be of it.
    pub fn moment(&self, text: &[u8]) -> Option<Moment> {
        let part = |(from, to): Part| text.get(from..to);
        let field = |at: Part| part(at).and_then(|digits| number(digits.strip_prefix(b" ").unwrap_or(digits)));
        let optional = |at: Option<Part>| at.map_or(Some(0), field);
        let year = match field(self.year)? {
            short if self.is_short => short + if short > 68 { 1900 } else { 2000 },
            year => year,
        };
        let (hour, minute, second) = (field(self.hour)?, optional(self.minute)?, optional(self.second)?);
        if !YEARS.contains(&year) || hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        let micro = match self.fraction {
            None => 0,
            Some(at) => field(at).filter(|_| at.1 - at.0 == 6)?,
        };
        let offset = match self.zone {
            None => None,
            Some(at) => Some(east_of_utc(part(at)?)?),
        };
        let seconds = unix_days(year, month(part(self.month)?)?, field(self.day)?)? * 86400;
        Some(((seconds + (hour * 60 + minute) * 60 + second) * MICRO + micro, offset))
    }
}

fn month(name: &[u8]) -> Option<i64> {
    match MONTHS.iter().position(|month| &month[..] == name) {
        Some(nth) => Some(nth as i64 + 1),
        None => number(name),
    }
}

/// Seconds; None: there is no such zone.
fn east_of_utc(zone: &[u8]) -> Option<i64> {
    let (sign, clock) = zone.split_first()?;
    let seconds = number(clock.get(..2)?)? * 3600 + number(clock.get(2..4)?)? * 60;
    Some(if *sign == b'-' { -seconds } else { seconds }).filter(|_| seconds <= FARTHEST_ZONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn iso() -> Stamp {
        let parts = [("year", 0, 4), ("month", 5, 7), ("day", 8, 10), ("hour", 11, 13), ("zone", 13, 18)];
        let parts = parts.map(|(name, from, to)| (name.to_string(), from, to)).to_vec();
        Stamp::new((b"dddd=dd=dd=ddsdddd".to_vec(), b"    -  -  T       ".to_vec(), parts)).unwrap()
    }

    #[test]
    fn a_time_is_read_where_a_log_can_be_of_it() {
        let stamp = iso();
        let read = |text: &[u8]| stamp.length(text).map(|length| stamp.moment(&text[..length]));
        assert_eq!(read(b"2009-09-04T14+0200]"), Some(Some((1_252_072_800_000_000, Some(7200)))));
        assert_eq!(read(b"2009-09-31T14+0200"), Some(None));
        assert_eq!(read(b"1909-09-04T14+0200"), Some(None));
        assert_eq!(read(b"2009-09-04T14+9900"), Some(None));
        assert_eq!(read(b"2009-09-04 14+0200"), None);
    }

    #[test]
    fn a_time_without_a_day_is_not_for_this_reader() {
        let parts = vec![("hour".to_string(), 0, 2), ("year".to_string(), 2, 6)];
        assert!(Stamp::new((b"dddddd".to_vec(), b"      ".to_vec(), parts)).is_none());
    }
}
