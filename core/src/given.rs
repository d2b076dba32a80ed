//! The patterns as Python hands them over; `logsleuth/library/scan_bytes.py` writes them.

use crate::library::{Confirm, Pattern, Way};
use crate::regex::Lazy;

/// All patterns.
pub fn patterns(bytes: &[u8]) -> Result<Vec<Pattern>, String> {
    let mut given = Given { left: bytes };
    let read = given.list(Given::pattern).filter(|_| given.left.is_empty());
    read.ok_or_else(|| "these are not the patterns of this version".to_string())
}

/// What is not read yet. Each method takes one thing from its beginning; None: it is not there.
struct Given<'b> {
    left: &'b [u8],
}

impl<'b> Given<'b> {
    fn number(&mut self) -> Option<u32> {
        let (number, left) = self.left.split_first_chunk()?;
        self.left = left;
        Some(u32::from_le_bytes(*number))
    }

    fn flag(&mut self) -> Option<bool> {
        Some(self.number()? != 0)
    }

    fn text(&mut self) -> Option<String> {
        let length = self.number()? as usize;
        let (text, left) = self.left.split_at_checked(length)?;
        self.left = left;
        String::from_utf8(text.to_vec()).ok()
    }

    fn list<T>(&mut self, item: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let number = self.number()?;
        (0..number).map(|_| item(self)).collect()
    }

    /// A list of one text or none.
    fn optional(&mut self) -> Option<Option<String>> {
        Some(self.list(Self::text)?.pop())
    }

    fn pattern(&mut self) -> Option<Pattern> {
        let [sources, modules, levels] = [self.list(Self::text)?, self.list(Self::text)?, self.list(Self::text)?];
        let [fallback, reason, noise, worker] = [self.flag()?, self.flag()?, self.flag()?, self.flag()?];
        let subject = self.optional()?;
        let ways = self.list(|given| given.way(subject.as_deref()))?;
        Some(Pattern { sources, modules, levels, fallback, reason, noise, worker, subject, ways })
    }

    fn way(&mut self, subject: Option<&str>) -> Option<Way> {
        let literal = self.text()?;
        let [regex, unless] = [self.optional()?, self.optional()?];
        let ask = self.flag()?;
        let confirm = match regex {
            _ if ask => Confirm::Ask,
            None => Confirm::Literal,
            Some(source) => Confirm::Regex(Box::new(Lazy::about(source, subject.map(str::to_string)))),
        };
        let unless = unless.filter(|_| !ask).map(|source| Box::new(Lazy::new(source)));
        Some(Way { literal, confirm, unless })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Vec<u8> {
        [&(text.len() as u32).to_le_bytes(), text.as_bytes()].concat()
    }

    /// One pattern with one way, of the module `wsgi`, about the pid that its regex names.
    fn given() -> Vec<u8> {
        let numbers = |all: &[u32]| all.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<u8>>();
        [
            numbers(&[1, 0, 1]),
            text("wsgi"),
            numbers(&[0, 0, 1, 0, 1, 1]),
            text("pid"),
            numbers(&[1]),
            text("jammed by"),
            numbers(&[1]),
            text(r"jammed by (?P<pid>\d+)"),
            numbers(&[0, 0]),
        ]
        .concat()
    }

    #[test]
    fn what_python_writes_is_read() {
        let read = patterns(&given()).unwrap();
        let [pattern] = &read[..] else { panic!("one pattern") };
        assert_eq!((pattern.modules.as_slice(), pattern.subject.as_deref()), (&["wsgi".to_string()][..], Some("pid")));
        assert!(pattern.worker && pattern.reason && !pattern.noise && !pattern.fallback);
        assert_eq!(pattern.ways[0].literal, "jammed by");
        assert!(matches!(pattern.ways[0].confirm, Confirm::Regex(_)) && pattern.ways[0].unless.is_none());
    }

    #[test]
    fn anything_else_is_refused() {
        let whole = given();
        for length in 0..whole.len() {
            assert!(patterns(&whole[..length]).is_err(), "{length} bytes");
        }
        assert!(patterns(&[whole.as_slice(), b"x"].concat()).is_err());
        assert!(patterns(&u32::MAX.to_le_bytes()).is_err());
    }
}
