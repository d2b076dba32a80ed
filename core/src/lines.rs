//! The lines of a block: split, their heads read, and lent a time where they have none; `logsleuth/scan/lines.py` is
//! the definition.

use crate::access::Request;
use crate::entries::LENDING;
use crate::head::{HeadReader, Kinds, MICRO, NO_KIND, NO_TIME};
use crate::text::errno;

/// Where a text is: bytes of the block, or behind them of what was made.
#[derive(Clone, Copy, Default)]
pub struct Span {
    pub from: u32,
    pub to: u32,
}

impl Span {
    pub fn is_empty(&self) -> bool {
        self.from >= self.to
    }
}

/// One line of a block.
#[derive(Default)]
pub struct Line {
    /// Byte offset in the block at which it starts.
    pub place: u32,
    /// Bytes, without its newline and a carriage return before that.
    pub length: u32,
    /// What follows head and client.
    pub text: Span,
    /// Its client field; empty: it has none.
    pub client: Span,
    /// Number of its module and level; None: it has no head.
    pub kind: Option<u32>,
    pub dated: bool,
    /// It starts like a line with a head, and has none that is understood.
    pub damaged: bool,
    /// Its text starts with an errno.
    pub errno: bool,
    /// It is no business of this log's reader.
    pub passed: bool,
    pub time: i64,
    pub pid: u64,
    pub tid: u64,
}

impl Line {
    pub fn stop(&self) -> u32 {
        self.place + self.length
    }

    pub fn second(&self) -> i64 {
        self.time.div_euclid(MICRO)
    }

    /// The head was understood.
    pub fn parsed(&self) -> bool {
        self.kind.is_some_and(|kind| kind != NO_KIND)
    }
}

/// Text that is not in the block as it is shown.
#[derive(Default)]
pub struct Made {
    /// Bytes of the block: places of made text count on from there.
    from: u32,
    text: Vec<u8>,
}

impl Made {
    pub fn add(&mut self, text: &[u8]) -> Span {
        let from = self.from + self.text.len() as u32;
        self.text.extend_from_slice(text);
        Span { from, to: from + text.len() as u32 }
    }
}

/// All lines of a block.
pub struct Lines<'a> {
    pub data: &'a [u8],
    pub all: Vec<Line>,
    /// They are in another format than httpd's own for errors: what they say is made.
    pub is_made: bool,
    pub made: Made,
    /// Of an access log: by line, who asked for what.
    pub requests: Vec<Request>,
}

impl<'a> Lines<'a> {
    /// None yet; `all` is reused.
    pub fn new(data: &'a [u8], mut all: Vec<Line>, is_made: bool) -> Self {
        all.clear();
        let made = Made { from: data.len() as u32, text: Vec::new() };
        Lines { data, all, is_made, made, requests: Vec::new() }
    }

    pub fn raw(&self, line: &Line) -> &'a [u8] {
        &self.data[line.place as usize..line.stop() as usize]
    }

    pub fn at(&self, span: Span) -> &[u8] {
        let (from, to) = (span.from as usize, span.to as usize);
        match from.checked_sub(self.data.len()) {
            _ if span.is_empty() => b"",
            Some(begin) => &self.made.text[begin..to - self.data.len()],
            None => &self.data[from..to],
        }
    }

    pub fn rest(&self, line: &Line) -> &[u8] {
        self.at(line.text)
    }

    pub fn client(&self, line: &Line) -> &[u8] {
        self.at(line.client)
    }

    /// Where a part of the block is.
    pub fn span_of(&self, part: &[u8]) -> Span {
        let from = (part.as_ptr() as usize - self.data.as_ptr() as usize) as u32;
        Span { from, to: from + part.len() as u32 }
    }
}

/// The place and length of each line that starts in a block, without its newline and a carriage return before that.
pub fn split(data: &[u8], at_start: bool) -> impl Iterator<Item = (usize, usize)> + '_ {
    let start = if at_start { 0 } else { memchr::memchr(b'\n', data).map_or(data.len(), |at| at + 1) };
    let ends = memchr::memchr_iter(b'\n', &data[start..]).map(move |at| start + at);
    let last = if data.last() == Some(&b'\n') { None } else { Some(data.len()) };
    ends.chain(last).scan(start, move |place, end| {
        let begin = std::mem::replace(place, end + 1);
        (begin < data.len()).then(|| (begin, end - begin - usize::from(data[begin..end].ends_with(b"\r"))))
    })
}

/// All lines that start in a block, in one of httpd's default formats for errors; `all` is reused.
pub fn read<'a>(
    data: &'a [u8],
    at_start: bool,
    heads: &mut HeadReader,
    kinds: &mut Kinds,
    all: Vec<Line>,
) -> Lines<'a> {
    let mut lines = Lines::new(data, all, false);
    for (place, length) in split(data, at_start) {
        let raw = &data[place..place + length];
        let head = heads.read(raw, kinds);
        let (from, text) = (place as u32, raw.get(head.text..).unwrap_or_default());
        lines.all.push(Line {
            place: from,
            length: length as u32,
            text: Span { from: from + (length - text.len()) as u32, to: from + length as u32 },
            client: Span { from: from + head.client.0 as u32, to: from + head.client.1 as u32 },
            kind: head.kind,
            dated: head.time.is_some(),
            damaged: head.kind.is_none_or(|kind| kind == NO_KIND) && raw.first() == Some(&b'['),
            errno: errno(text).is_some(),
            passed: false,
            time: head.time.unwrap_or(NO_TIME * MICRO),
            pid: head.pid,
            tid: head.tid,
        });
    }
    lines
}

/// Give each undated line the second of the last dated line before it, or of the next one after it.
pub fn lend_times(lines: &mut [Line], reach: u32) {
    let mut before: Option<(u32, i64)> = None;
    let mut waiting: Vec<usize> = Vec::new();
    for nth in 0..lines.len() {
        let (place, stop, second) = (lines[nth].place, lines[nth].stop(), lines[nth].second());
        if lines[nth].dated {
            before = Some((place, second));
            for bare in waiting.drain(..) {
                if stop - lines[bare].place <= reach / LENDING {
                    lines[bare].time = second * MICRO;
                }
            }
            continue;
        }
        match before {
            Some((from, second)) if place - from <= reach => lines[nth].time = second * MICRO,
            _ => waiting.push(nth),
        }
    }
}
