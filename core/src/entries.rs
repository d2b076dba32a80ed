//! Joining the lines of a traceback to one entry; `logsleuth/scan/entries.py` is the definition.

use std::borrow::Cow;

use memchr::memmem;

use crate::lines::{Line, Lines};
use crate::text::{message_of, own_message};
use crate::Map;

/// Seconds between two lines of one traceback: they are written in one go.
const MOST_SECONDS: i64 = 2;
/// Lines before a traceback that may introduce it.
const HEADERS: usize = 8;
/// Seconds at most between such a line and the traceback.
const HEADER_SECONDS: i64 = 1;
pub const LENDING: u32 = 2;
pub const OPENING: &[u8] = b"Traceback (most recent call last)";
const CHAINED: [&[u8]; 2] = [b"During handling of the above exception", b"The above exception was the direct cause"];
/// How the lines of a traceback's frames begin, once a web page or a mailer has taken the indentation off.
const FRAME: &[u8] = b"File \"";

/// Lines of a block that belong together, in order, by number.
pub struct Entry {
    pub lines: Vec<u32>,
    /// Which of them names the (last) exception.
    pub exception: usize,
    /// Which of them names the first exception of a chain.
    pub root: usize,
}

type Stream<'a> = (Option<u32>, u64, u64, &'a [u8], bool);

/// The entries among a block's lines. `span`: the most bytes that an entry may cover.
pub fn join(lines: &Lines, span: u32) -> Vec<Entry> {
    let quoting = quoting(lines);
    if quoting.is_empty() {
        return Vec::new();
    }
    let mut places: Map<Stream, usize> = Map::default();
    for &line in &quoting {
        let next = places.len();
        places.entry(stream(lines, &lines.all[line as usize])).or_insert(next);
    }
    let mut streams: Vec<Vec<u32>> = vec![Vec::new(); places.len()];
    let mut before: Option<(Stream, Option<usize>)> = None;
    for (nth, line) in lines.all.iter().enumerate() {
        let key = stream(lines, line);
        let place = match before {
            Some((last, place)) if last == key => place,
            _ => places.get(&key).copied(),
        };
        if let Some(place) = place {
            streams[place].push(nth as u32);
        }
        before = Some((key, place));
    }
    let mut entries = Vec::new();
    for members in &streams {
        Walk { lines, members, span }.entries(&quoting, &mut entries);
    }
    entries.sort_by_key(|entry: &Entry| entry.lines[0]);
    entries
}

/// The lines whose text holds a traceback's first words, in order.
fn quoting(lines: &Lines) -> Vec<u32> {
    if lines.is_made {
        let opening = memmem::Finder::new(OPENING);
        let quotes = |line: &Line| opening.find(lines.rest(line)).is_some();
        return (0..).zip(&lines.all).filter(|(_, line)| quotes(line)).map(|(nth, _)| nth).collect();
    }
    let mut found: Vec<u32> = Vec::new();
    for at in memmem::find_iter(lines.data, OPENING) {
        let after = lines.all.partition_point(|line| line.place as usize <= at);
        if after == 0 {
            continue;
        }
        let line = &lines.all[after - 1];
        let nth = after as u32 - 1;
        if at >= line.text.from as usize && at + OPENING.len() <= line.text.to as usize && found.last() != Some(&nth) {
            found.push(nth);
        }
    }
    found
}

/// What lines of one stream have in common.
fn stream<'a>(lines: &'a Lines, line: &Line) -> Stream<'a> {
    (line.kind, line.pid, line.tid, lines.client(line), line.errno)
}

/// The lines of one stream, walked.
struct Walk<'a> {
    lines: &'a Lines<'a>,
    members: &'a [u32],
    span: u32,
}

impl<'a> Walk<'a> {
    fn line(&self, at: usize) -> &Line {
        &self.lines.all[self.members[at] as usize]
    }

    fn message(&self, at: usize) -> Cow<'a, [u8]> {
        message_of(self.lines.rest(self.line(at)))
    }

    fn entries(&self, quoting: &[u32], entries: &mut Vec<Entry>) {
        let mut free = 0;
        for at in 0..self.members.len() {
            // a referer, a URL or a file name may quote a traceback: a real one starts its line
            if at >= free
                && quoting.binary_search(&self.members[at]).is_ok()
                && own_message(&self.message(at)).starts_with(OPENING)
            {
                let (entry, end) = self.follow(at, free);
                entries.push(entry);
                free = end;
            }
        }
    }

    /// The entry whose traceback opens at a line, and where in the stream it ends; lines before `free` are taken.
    fn follow(&self, opener: usize, free: usize) -> (Entry, usize) {
        let begin = self.first_header(opener, free);
        let limit = self.limit(begin);
        let (mut root, mut exception, mut is_open, mut chained) = (None, None, true, false);
        let mut is_source = false;
        let mut end = opener + 1;
        while end < self.members.len() && self.goes_on(end) && self.line(end).stop() < limit {
            let rest = self.lines.rest(self.line(end));
            if !matches!(rest.first(), None | Some(b' ' | b'\t')) {
                let message = message_of(rest);
                let text = own_message(&message);
                if !(text.is_empty() || text[0] == b' ' || text[0] == b'\t' || text.starts_with(b"\\t")) {
                    if CHAINED.iter().any(|words| text.starts_with(words)) {
                        chained = true;
                    } else if text.starts_with(OPENING) {
                        if !(is_open || chained) {
                            break;
                        }
                        (is_open, chained) = (true, false);
                    } else if is_open && (text.starts_with(FRAME) || is_between(text)) {
                        is_source = text.starts_with(FRAME);
                    } else if is_open && is_source && !names_exception(text) {
                        is_source = false;
                    } else if is_open {
                        root = root.or(Some(end));
                        (exception, is_open) = (Some(end), false);
                    } else {
                        break;
                    }
                }
            }
            end += 1;
        }
        let exception = exception.unwrap_or(end - 1);
        let root = root.unwrap_or(exception);
        while end > exception + 1 && self.message(end - 1).is_empty() {
            end -= 1;
        }
        let lines = self.members[begin..end].to_vec();
        (Entry { lines, exception: exception - begin, root: root - begin }, end)
    }

    /// Whether a line can belong to what the one before it in the stream belongs to.
    fn goes_on(&self, at: usize) -> bool {
        (0..=MOST_SECONDS).contains(&(self.line(at).second() - self.line(at - 1).second()))
    }

    /// The byte before which an entry must end that starts with this line.
    fn limit(&self, at: usize) -> u32 {
        let first = self.line(at);
        first.place.saturating_add(if first.dated { self.span } else { self.span / LENDING })
    }

    /// The first of the lines that introduce a traceback.
    fn first_header(&self, opener: usize, free: usize) -> usize {
        let line = self.line(opener);
        let mut at = opener;
        while at > free
            && opener - at < HEADERS
            && line.second() - self.line(at - 1).second() <= HEADER_SECONDS
            && line.stop() < self.limit(at - 1)
            && introduces(&self.message(at - 1))
        {
            at -= 1;
        }
        at
    }
}

/// What Python writes between frames, without its indentation.
fn is_between(text: &[u8]) -> bool {
    text.iter().all(|byte| b"^~ ".contains(byte)) || text.starts_with(b"[Previous line repeated ")
}

/// Whether a line begins as the one that names an exception: a dotted name alone, or with a colon behind it.
fn names_exception(text: &[u8]) -> bool {
    let name = text.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"_.".contains(byte)).count();
    name > 0 && text.get(name).is_none_or(|&byte| byte == b':')
}

/// mod_wsgi's, mod_python's and Django's own words before a traceback.
fn introduces(message: &[u8]) -> bool {
    if names_its_pid(message) || describes_a_request(message) {
        return true;
    }
    let digits = |text: &[u8]| text.iter().all(u8::is_ascii_digit);
    if message.starts_with(b"WSGI") && message.len() >= 10 && digits(&message[4..8]) && &message[8..10] == b": " {
        return true;
    }
    const WORDS: [&[u8]; 6] =
        [b"Internal Server Error: ", b"ERROR", b"Exception in", b"Exception on", b"Exception occurred", b"Unhandled"];
    WORDS.iter().any(|words| memmem::find(message, words).is_some_and(|at| at <= 80))
}

/// Whether a module begins its message with its name and its process: `mod_wsgi (pid=4711`.
fn names_its_pid(message: &[u8]) -> bool {
    message.starts_with(b"mod_wsgi (pid=") || message.starts_with(b"mod_python (pid=")
}

/// Whether a line is one of those with which mod_python describes the request that failed.
fn describes_a_request(message: &[u8]) -> bool {
    const NAMES: [&[u8]; 7] =
        [b"ServerName", b"DocumentRoot", b"URI", b"Location", b"Directory", b"Filename", b"PathInfo"];
    let value = NAMES.iter().find_map(|name| message.strip_prefix(*name)?.strip_prefix(b": "));
    value.is_some_and(|value| value.starts_with(b"'") || value == b"None")
}

/// The text of an entry: its lines' messages, joined by newlines.
pub fn text(lines: &Lines, entry: &Entry, most: usize, out: &mut Vec<u8>) {
    out.clear();
    for (nth, &line) in entry.lines.iter().enumerate() {
        if nth > 0 {
            out.push(b'\n');
        }
        out.extend_from_slice(&message_of(lines.rest(&lines.all[line as usize])));
    }
    out.truncate(most);
}
