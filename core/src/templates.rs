//! What a log says that no pattern knows, by shape; `logsleuth/scan/templates.py` is the definition.

use crate::head::digits;
use crate::text::{decode, errno};

/// Bytes of a message that tell one shape from another.
const WIDTH: usize = 32;
/// Characters of a masked text.
const LONGEST: usize = 160;
const BASIS: u64 = 0xCBF2_9CE4_8422_2325;

/// Rank of the level, and a hash of module, level and shape.
pub type Key = (u8, u64);

/// A hash that is the same in every process (FNV-1a), of what was hashed before and more.
fn hashed(mut total: u64, bytes: &[u8]) -> u64 {
    for &byte in bytes {
        total = (total ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3);
    }
    total
}

/// What the keys of a module and level have in common.
#[derive(Clone, Copy)]
pub struct Stem {
    rank: u8,
    hash: u64,
}

impl Stem {
    pub fn new(module: &str, level: &str) -> Self {
        let rank = match level {
            "emerg" | "alert" | "crit" => 0,
            "error" | "" => 1,
            "warn" => 2,
            "notice" | "info" => 3,
            _ => 4,
        };
        Stem { rank, hash: hashed(BASIS, format!("{module}:{level}\0").as_bytes()) }
    }

    /// The key of a line that no pattern knows: by its code, if it has one, and how its message starts.
    pub fn shape_key(&self, message: &[u8]) -> Key {
        let code = code(&message[errno(message).unwrap_or(0)..]);
        let mut total = hashed(hashed(self.hash, code), b"\0");
        for &byte in &message[..message.len().min(WIDTH)] {
            total = hashed(total, &[if byte.is_ascii_digit() { b'0' } else { byte }]);
        }
        (self.rank, total)
    }

    /// The key of a traceback that no pattern knows: by the line that names the exception.
    pub fn exception_key(&self, message: &[u8]) -> Key {
        (self.rank, hashed(self.hash, mask(&decode(message)).as_bytes()))
    }
}

/// The code that a text starts with, such as `AH00051: `.
fn code(text: &[u8]) -> &[u8] {
    let (name, counts) = if text.starts_with(b"AH") {
        (2, 5..=6)
    } else if text.starts_with(b"WSGI") {
        (4, 4..=4)
    } else {
        return b"";
    };
    let length = digits(&text[name..]);
    if counts.contains(&length) && text[name + length..].starts_with(b": ") {
        &text[..name + length + 2]
    } else {
        b""
    }
}

/// A text with what varies taken out: quoted words, numbers and paths as `*`; codes stay.
pub fn mask(text: &str) -> String {
    let text: Vec<char> = text.chars().take(2 * LONGEST).collect();
    let masked = variables(&quoted(&text));
    masked.into_iter().take(LONGEST).collect()
}

/// Quoted texts as `'*'`; the apostrophe of a word such as *can't* opens none.
fn quoted(text: &[char]) -> Vec<char> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let quote = text[at];
        let is_within_a_word = at > 0 && text[at - 1].is_ascii_alphabetic();
        if (quote == '\'' || quote == '"') && !is_within_a_word {
            let inner = text[at + 1..].iter().take(201).take_while(|&&c| c != quote).count();
            if (1..=200).contains(&inner) && text.get(at + 1 + inner) == Some(&quote) {
                out.extend(['\'', '*', '\'']);
                at += inner + 2;
                continue;
            }
        }
        out.push(quote);
        at += 1;
    }
    out
}

/// Numbers and paths as `*`.
fn variables(text: &[char]) -> Vec<char> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        if let Some(length) = code_length(&text[at..]) {
            out.extend(&text[at..at + length]);
            at += length;
        } else if let Some(length) = number_length(text, at).or_else(|| path_length(&text[at..])) {
            out.push('*');
            at += length;
        } else {
            out.push(text[at]);
            at += 1;
        }
    }
    out
}

fn code_length(text: &[char]) -> Option<usize> {
    let name = if text.starts_with(&['A', 'H']) {
        2
    } else if text.starts_with(&['W', 'S', 'G', 'I']) {
        4
    } else {
        return None;
    };
    let count = text[name..].iter().take(6).take_while(|c| c.is_ascii_digit()).count();
    (count >= 4).then_some(name + count)
}

/// `(?<![A-Za-z])(?:0x)?[0-9a-f]*\d[0-9a-f]*`
fn number_length(text: &[char], at: usize) -> Option<usize> {
    if at > 0 && text[at - 1].is_ascii_alphabetic() {
        return None;
    }
    let is_hex = |c: &char| c.is_ascii_digit() || ('a'..='f').contains(c);
    let rest = &text[at..];
    if rest.starts_with(&['0', 'x']) {
        let run = rest[2..].iter().take_while(|c| is_hex(c)).count();
        if rest[2..2 + run].iter().any(char::is_ascii_digit) {
            return Some(2 + run);
        }
    }
    let run = rest.iter().take_while(|c| is_hex(c)).count();
    rest[..run].iter().any(char::is_ascii_digit).then_some(run)
}

/// `/[\w.\-/%]+`
fn path_length(text: &[char]) -> Option<usize> {
    if text.first() != Some(&'/') {
        return None;
    }
    let run = text[1..].iter().take_while(|c| c.is_ascii_alphanumeric() || "_.-/%".contains(**c)).count();
    (run > 0).then_some(1 + run)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_varies_is_masked_and_codes_stay() {
        assert_eq!(mask("AH00052: child pid 11 exit signal"), "AH00052: child pid * exit signal");
        assert_eq!(mask("KeyError: 'user 7' in /srv/app.py at 0xdead1"), "KeyError: '*' in * at *");
        assert_eq!(mask("file2 abc 2abc"), "file2 abc *");
        assert_eq!(mask("Can't open 'a.txt', won't try 'b'"), "Can't open '*', won't try '*'");
    }

    #[test]
    fn digits_do_not_tell_shapes_apart_but_codes_do() {
        let stem = Stem::new("core", "error");
        assert_eq!(stem.shape_key(b"slot 1 is full"), stem.shape_key(b"slot 3 is full"));
        assert_ne!(stem.shape_key(b"AH00051: x"), stem.shape_key(b"AH00052: x"));
        assert_ne!(stem.shape_key(b"(13)a: AH00051: x"), stem.shape_key(b"(13)a: AH00052: x"));
        assert_ne!(stem.shape_key(b"x"), Stem::new("ssl", "error").shape_key(b"x"));
    }
}
