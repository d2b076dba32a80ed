//! The text that patterns see, and the client, taken from what follows a head; `logsleuth/scan/text.py` is the
//! definition.

use std::borrow::Cow;
use std::net::Ipv6Addr;
use std::sync::LazyLock;

use memchr::memmem;

use crate::head::digits;

/// Characters of a client that requests are counted by: clients choose their length.
pub const LONGEST_KEY: usize = 100;

/// The length of an errno that a text starts with, such as `(13)Permission denied: `.
#[inline]
pub fn errno(text: &[u8]) -> Option<usize> {
    // nearly no text starts with one
    if text.first() == Some(&b'(') {
        opened_errno(text)
    } else {
        None
    }
}

fn opened_errno(text: &[u8]) -> Option<usize> {
    let mut rest = &text[1..];
    for space in [b"EAI ".as_slice(), b"OS ", b"os "] {
        if let Some(inner) = rest.strip_prefix(space) {
            rest = inner;
            break;
        }
    }
    let after = hex(rest).or_else(|| decimal(rest))?;
    let rest = after.strip_prefix(b")")?;
    let colon = memchr::memchr2(b':', b'[', rest)?;
    rest[colon..].starts_with(b": ").then_some(text.len() - rest.len() + colon + 2)
}

fn hex(text: &[u8]) -> Option<&[u8]> {
    let rest = text.strip_prefix(b"0x")?;
    let length = rest.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
    ((1..=16).contains(&length) && rest.get(length) == Some(&b')')).then(|| &rest[length..])
}

fn decimal(text: &[u8]) -> Option<&[u8]> {
    let rest = text.strip_prefix(b"-").unwrap_or(text);
    let length = digits(rest);
    (1..=10).contains(&length).then(|| &rest[length..])
}

/// The length of a client field that a text starts with, and of its value.
fn client_field(text: &[u8]) -> Option<(usize, &[u8])> {
    let value = text.strip_prefix(b"[client ").or_else(|| text.strip_prefix(b"[remote "))?;
    let end = memchr::memchr(b']', value)?;
    let length = 8 + end + 1;
    Some((length + usize::from(text.get(length) == Some(&b' ')), &value[..end]))
}

/// The length of a source file that a text starts with, such as `core.c(12): `.
pub fn source(text: &[u8]) -> Option<usize> {
    let name = text.iter().position(|&byte| !IS_OF_SOURCE[byte as usize]).unwrap_or(text.len());
    if text.get(name) != Some(&b'(') {
        return None;
    }
    let stem = &text[..name];
    const SUFFIXES: [&[u8]; 4] = [b".c", b".cc", b".cpp", b".h"];
    let suffix = SUFFIXES.iter().find(|suffix| stem.ends_with(suffix))?;
    if name == suffix.len() {
        return None;
    }
    let rest = text[name..].strip_prefix(b"(")?;
    let length = digits(rest);
    (length > 0 && rest[length..].starts_with(b"): ")).then_some(name + 1 + length + 3)
}

/// By byte: whether the name of a source file may have it.
const IS_OF_SOURCE: [bool; 256] = {
    let (mut is_of, mut byte) = ([false; 256], 0);
    while byte < 256 {
        is_of[byte] = (byte as u8).is_ascii_alphanumeric() || matches!(byte as u8, b'_' | b'.' | b'/' | b'+' | b'-');
        byte += 1;
    }
    is_of
};

/// What follows head and client, without a source file, without a client behind that or an errno, and no referer.
pub fn message_of(rest: &[u8]) -> Cow<'_, [u8]> {
    let (kept, cut) = match errno(rest) {
        Some(length) => (&rest[..length], fields_cut(&rest[length..], false).1),
        None if source(rest).is_some() => fields_cut(rest, true),
        None => (&rest[..0], rest),
    };
    if kept.is_empty() {
        return Cow::Borrowed(without_referer(cut));
    }
    if kept.len() + cut.len() == rest.len() {
        return Cow::Borrowed(without_referer(rest));
    }
    let mut message = [kept, cut].concat();
    message.truncate(without_referer(&message).len());
    Cow::Owned(message)
}

/// Fields taken off a text's start, each once; an errno stays.
fn fields_cut(mut rest: &[u8], mut with_errno: bool) -> (&[u8], &[u8]) {
    let (mut kept, mut with_client, mut with_source) = (&rest[..0], true, true);
    loop {
        if with_client {
            if let Some((length, _)) = client_field(rest) {
                (rest, with_client) = (&rest[length..], false);
                continue;
            }
        }
        if with_source {
            if let Some(length) = source(rest) {
                (rest, with_source) = (&rest[length..], false);
                continue;
            }
        }
        if with_errno {
            if let Some(length) = errno(rest) {
                (kept, rest, with_errno) = (&rest[..length], &rest[length..], false);
                continue;
            }
        }
        return (kept, rest);
    }
}

fn without_referer(rest: &[u8]) -> &[u8] {
    const REFERER: &str = ", referer";
    static FINDER: LazyLock<memmem::Finder> = LazyLock::new(|| memmem::Finder::new(REFERER));
    let mut from = 0;
    while let Some(at) = FINDER.find(&rest[from..]).map(|at| from + at) {
        let tail = &rest[at + REFERER.len()..];
        let url = tail.starts_with(b" http://") || tail.starts_with(b" https://");
        if tail.starts_with(b": ") || (url && !tail[1..].iter().any(|byte| is_space(*byte))) {
            return &rest[..at];
        }
        from = at + 1;
    }
    rest
}

/// White space as Python's `\s` has it for bytes.
pub fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

/// A message without what mod_cgi puts before a script's stderr.
pub fn own_message(message: &[u8]) -> &[u8] {
    let Some(rest) = message.strip_prefix(b"AH01215: ") else { return message };
    if let Some(from) = rest.strip_prefix(b"stderr from ") {
        if let Some(colon) = memchr::memchr(b':', from) {
            if from.get(colon + 1) == Some(&b' ') {
                return &from[colon + 2..];
            }
        }
    }
    rest
}

/// The address in a line's client field, or in one behind an errno or a source file; '' if none is there.
///
/// `ported`: the line names a pid, and so is of an era that prints the client's port (httpd 2.4).
pub fn client_of<'a>(client: &'a [u8], rest: &'a [u8], ported: bool) -> Cow<'a, [u8]> {
    let value = match client_field(client) {
        Some((_, value)) => Some(value),
        None => client_behind(rest),
    };
    match value {
        None => Cow::Borrowed(b""),
        Some(value) => match ipv4_of(value) {
            Some(address) => Cow::Borrowed(address),
            None => match cut(host_of(decode(value), ported), LONGEST_KEY) {
                Cow::Borrowed(host) => Cow::Borrowed(host.as_bytes()),
                Cow::Owned(host) => Cow::Owned(host.into_bytes()),
            },
        },
    }
}

/// Whether a line has a client field, before its text or behind an errno or a source file.
pub fn names_client(client: &[u8], rest: &[u8]) -> bool {
    !client.is_empty() || client_behind(rest).is_some()
}

/// The value of the client field behind the errno or the source file that a text starts with.
fn client_behind(rest: &[u8]) -> Option<&[u8]> {
    let lead = errno(rest).or_else(|| source(rest))?;
    client_field(&rest[lead..]).map(|(_, value)| value)
}

/// What looks like an IPv4 address in a client field's value, with a port behind it or without: nearly all do.
fn ipv4_of(value: &[u8]) -> Option<&[u8]> {
    let length = value.iter().position(|&byte| !is_of_ipv4(byte)).unwrap_or(value.len());
    let port = &value[length..];
    let is_port = || port[0] == b':' && (2..=6).contains(&port.len()) && port[1..].iter().all(u8::is_ascii_digit);
    if length == 0 || length > LONGEST_KEY || !(port.is_empty() || is_port()) {
        return None;
    }
    Some(&value[..length])
}

fn is_of_ipv4(byte: u8) -> bool {
    byte.wrapping_sub(b'.') <= b'9' - b'.' && byte != b'/'
}

pub fn cut(text: Cow<'_, str>, most: usize) -> Cow<'_, str> {
    // a character has a byte at least
    if text.len() <= most {
        return text;
    }
    match text.char_indices().nth(most) {
        None => text,
        Some((at, _)) => Cow::Owned(text[..at].to_string()),
    }
}

/// The host in a client field's value; `split_client` in `logsleuth/logs/httpd/tokenize.py` is the definition.
fn host_of(client: Cow<'_, str>, ported: bool) -> Cow<'_, str> {
    let Some((host, port)) = client.rsplit_once(':') else { return bare(client) };
    let is_port = (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit());
    if !is_port || host.is_empty() || client.contains('\n') {
        return bare(client);
    }
    if host.contains(':') && !host.starts_with('[') {
        let (whole, without) = (is_address(&client), is_address(host));
        let is_whole = if without { whole && !ported } else { whole || !ported };
        if is_whole {
            return client;
        }
        if !whole && !without {
            return Cow::Owned(host.to_string());
        }
    }
    Cow::Owned(host.trim_matches(|c| c == '[' || c == ']').to_string())
}

fn bare(client: Cow<'_, str>) -> Cow<'_, str> {
    if client.starts_with(['[', ']']) || client.ends_with(['[', ']']) {
        return Cow::Owned(client.trim_matches(|c| c == '[' || c == ']').to_string());
    }
    client
}

fn is_address(text: &str) -> bool {
    let (address, scope) = match text.split_once('%') {
        None => (text, None),
        Some((address, scope)) => (address, Some(scope)),
    };
    scope.is_none_or(|scope| !scope.is_empty() && !scope.contains('%')) && address.parse::<Ipv6Addr>().is_ok()
}

/// Bytes as text; those that are no UTF-8 as `\xhh`.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(bytes.len() + 16);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02x}"));
        }
    }
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_before_a_message_are_cut_and_an_errno_stays() {
        let cases: [(&[u8], &[u8]); 8] = [
            (b"boom, referer: http://example.org/a,b", b"boom"),
            (b"(13)Permission denied: [client 192.0.2.7:1] AH1: x", b"(13)Permission denied: AH1: x"),
            (b"core.c(7): [client 192.0.2.7:1] AH00001: boom", b"AH00001: boom"),
            (b"mod_x.c(7): (2)No such file: [client ::1] boom, referer: y", b"(2)No such file: boom"),
            (b"boom, referer http://a is bad", b"boom, referer http://a is bad"),
            (b"boom, referer http://a", b"boom"),
            (b"(os 0x80090308)odd: x", b"(os 0x80090308)odd: x"),
            (b"x: [client 192.0.2.7] y", b"x: [client 192.0.2.7] y"),
        ];
        for (rest, message) in cases {
            assert_eq!(message_of(rest).as_ref(), message);
        }
    }

    #[test]
    fn a_client_is_an_address_without_its_port() {
        let cases: [(&[u8], bool, &str); 10] = [
            (b"[client 192.0.2.7:40112] ", true, "192.0.2.7"),
            (b"[client 192.0.2.7:401123] ", true, "192.0.2.7:401123"),
            (b"[client 192.0.2.7:] ", true, "192.0.2.7:"),
            (b"[client 192.0.2.7:a] ", true, "192.0.2.7:a"),
            (b"[client :80] ", true, ":80"),
            (b"[client 192.0.2.7]", false, "192.0.2.7"),
            (b"[remote 2001:db8::1:80] ", true, "2001:db8::1"),
            (b"[client 2001:db8::1:80] ", false, "2001:db8::1:80"),
            (b"[client ::1] ", true, "::1"),
            (b"", true, ""),
        ];
        for (field, ported, address) in cases {
            assert_eq!(decode(&client_of(field, b"", ported)), address, "{}", decode(field));
        }
        assert_eq!(&*client_of(b"", b"(13)Permission denied: [client 192.0.2.8:2] boom", true), b"192.0.2.8");
    }

    #[test]
    fn bytes_that_are_no_utf8_are_escaped_one_by_one() {
        assert_eq!(decode(b"caf\xe9 \xc3\xa9 \xf0\x9f"), "caf\\xe9 \u{e9} \\xf0\\x9f");
    }
}
