//! The lines of a block: split, their heads read, and lent a time where they have none; `logsleuth/scan/lines.py` is
//! the definition.

use crate::entries::LENDING;
use crate::head::{HeadReader, Kinds, MICRO, NO_KIND, NO_TIME};
use crate::text::errno;

/// One line of a block.
pub struct Line {
    /// Byte offset in the block at which it starts.
    pub place: u32,
    /// Bytes, without its newline and a carriage return before that.
    pub length: u32,
    /// Byte offset in the block at which its text starts.
    pub text: u32,
    /// Where in the block its client field is; empty: it has none.
    client: (u32, u32),
    /// Number of its module and level; None: it has no head.
    pub kind: Option<u32>,
    pub dated: bool,
    /// Its text starts with an errno.
    pub errno: bool,
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

    pub fn has_client(&self) -> bool {
        self.client.0 < self.client.1
    }
}

/// All lines of a block.
pub struct Lines<'a> {
    pub data: &'a [u8],
    pub all: Vec<Line>,
}

impl<'a> Lines<'a> {
    pub fn raw(&self, line: &Line) -> &'a [u8] {
        &self.data[line.place as usize..line.stop() as usize]
    }

    pub fn rest(&self, line: &Line) -> &'a [u8] {
        &self.data[line.text as usize..line.stop() as usize]
    }

    pub fn client(&self, line: &Line) -> &'a [u8] {
        &self.data[line.client.0 as usize..line.client.1 as usize]
    }

    /// It starts like a line with a head, and has none that is understood.
    pub fn damaged(&self, line: &Line) -> bool {
        !line.parsed() && self.raw(line).first() == Some(&b'[')
    }
}

/// All lines that start in a block; `all` is reused.
pub fn read<'a>(
    data: &'a [u8],
    at_start: bool,
    heads: &mut HeadReader,
    kinds: &mut Kinds,
    mut all: Vec<Line>,
    reach: u32,
) -> Lines<'a> {
    all.clear();
    let mut place = if at_start { 0 } else { memchr::memchr(b'\n', data).map_or(data.len(), |at| at + 1) };
    let mut push = |place: usize, end: usize| {
        let raw = &data[place..end];
        let raw = raw.strip_suffix(b"\r").unwrap_or(raw);
        let head = heads.read(raw, kinds);
        all.push(Line {
            place: place as u32,
            length: raw.len() as u32,
            text: (place + head.text.min(raw.len())) as u32,
            client: ((place + head.client.0) as u32, (place + head.client.1) as u32),
            kind: head.kind,
            dated: head.time.is_some(),
            errno: errno(raw.get(head.text..).unwrap_or_default()).is_some(),
            time: head.time.unwrap_or(NO_TIME * MICRO),
            pid: head.pid,
            tid: head.tid,
        });
    };
    let start = place;
    for newline in memchr::memchr_iter(b'\n', &data[start..]) {
        push(place, start + newline);
        place = start + newline + 1;
    }
    if place < data.len() {
        push(place, data.len());
    }
    lend_times(&mut all, reach);
    Lines { data, all }
}

/// Give each undated line the second of the last dated line before it, or of the next one after it.
fn lend_times(lines: &mut [Line], reach: u32) {
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
