//! One block of bytes into a Tally; `logsleuth/scan/reference.py` is the definition.

use std::sync::Arc;

use crate::access::{self, Layout};
use crate::entries::{self, Entry};
use crate::head::{HeadReader, Kinds, NO_KIND};
use crate::library::{Hit, Library, Matcher, Scratch};
use crate::lines::{self, Line, Lines};
use crate::records::{self, Ask, Known};
use crate::scopes::{InScope, Scopes};
use crate::tally::{
    self, Answers, Caps, Fields, Kept, LogTally, PatternTally, PidTally, Series, Sighting, Sign, Tally, Traffic,
};
use crate::templates::{Key, Stem};
use crate::text::{client_of, message_of, names_client, own_message};
use crate::zone::Shift;
use crate::Map;

/// Bytes of one text that patterns are matched on.
const LONGEST_MATCHED: usize = 64 * 1024;
/// Bytes of a line that are kept: in valid UTF-8 more than evidence shows, and else no less.
const LONGEST_RAW: usize = 2 * tally::LONGEST_TEXT;
/// Seconds; processes and threads of one host are out of order by less.
const LEAST_STEP: i64 = 60;
/// httpd's buffer is 8192 bytes: a line this long has lost its tail.
const LONG_LINE: u32 = 8180;

/// How a log is read.
#[derive(Clone, Copy)]
pub struct How<'a> {
    /// The program whose log it is.
    pub source: &'a str,
    pub format: Format<'a>,
    /// The stretch of local seconds that is looked at; `until` is exclusive.
    pub since: Option<i64>,
    pub until: Option<i64>,
    /// The most bytes that an entry may cover.
    pub span: u32,
}

/// What its lines look like.
#[derive(Clone, Copy)]
pub enum Format<'a> {
    /// httpd's default formats for errors; `vhost`: with a server name in brackets after the pid.
    Errors { vhost: bool },
    /// LogFormats of an access log, the first that fits; times that name a zone become local by `shift`.
    Access { layouts: &'a [Layout], shift: Shift<'a> },
    /// Any other, read by Python's reader of the log but for what is known.
    Records { known: Known<'a>, ask: Ask<'a> },
}

impl How<'_> {
    fn looks_at(&self, line: &Line) -> bool {
        let second = line.second();
        self.since.is_none_or(|since| second >= since) && self.until.is_none_or(|until| second < until)
    }
}

/// A stretch of one log; `data` begins at byte `base` of the log.
pub struct Block<'a> {
    pub log: u64,
    pub base: u64,
    pub data: &'a [u8],
    pub own_begin: u64,
    pub own_end: u64,
}

/// The tally of one thread, and what it needs to add to it.
pub struct Session {
    pub tally: Tally,
    kinds: Kinds,
    stems: Vec<Stem>,
    scopes: Scopes,
    scratch: Scratch,
    lines: Vec<Line>,
    places: Vec<u32>,
}

impl Session {
    pub fn new(caps: Caps) -> Self {
        Session {
            tally: Tally::new(caps),
            kinds: Kinds::new(),
            stems: Vec::new(),
            scopes: Scopes::default(),
            scratch: Scratch::default(),
            lines: Vec::new(),
            places: Vec::new(),
        }
    }

    /// A matcher with what this thread remembers of the regexes.
    pub fn matcher<'l>(&'l mut self, library: &'l Library) -> Matcher<'l> {
        Matcher::new(library, &mut self.scratch)
    }

    /// Take what was tallied so far, and start again from nothing.
    pub fn take(&mut self) -> Tally {
        let caps = self.tally.caps;
        std::mem::replace(&mut self.tally, Tally::new(caps))
    }

    /// Add what the block owns; nothing if Python is interrupted.
    pub fn update(&mut self, library: &Library, how: &How, block: &Block) {
        let Some(mut lines) = self.read(how, block) else { return };
        lines::lend_times(&mut lines.all, how.span);
        let scopes = self.scopes.learn(library, how.source, &self.kinds.names);
        self.stems.extend(self.kinds.names[self.stems.len()..].iter().map(|kind| Stem::new(&kind.0, &kind.1)));
        let own = Own::new(block, &lines, how, &self.kinds);
        let entries = entries::join(&lines, how.span);
        let mut joined = vec![0u8; if entries.is_empty() { 0 } else { lines.all.len() }];
        for entry in &entries {
            for &line in &entry.lines {
                joined[line as usize] = CONTINUED;
            }
            joined[entry.lines[0] as usize] = BEGUN;
        }
        self.places.resize(library.patterns.len(), NONE);
        let mut found = Found {
            own: &own,
            entries: &entries,
            matcher: Matcher::new(library, &mut self.scratch),
            library,
            tally: &mut self.tally,
            scopes,
            stems: &self.stems,
            places: &mut self.places,
            runs: Vec::new(),
            hits: Vec::new(),
            text: Vec::new(),
        };
        for (nth, entry) in entries.iter().enumerate() {
            if own.holds(entry.lines[0]) {
                found.match_entry(nth);
            }
        }
        for nth in own.first..own.end {
            if joined.get(nth as usize).is_none_or(|&mark| mark == 0) && own.looked_at(nth) {
                found.match_line(nth);
            }
        }
        found.finish();
        count_lines(&mut self.tally, &own, &joined);
        count_steps(&mut self.tally, &own);
        if let Format::Access { .. } = how.format {
            count_traffic(&mut self.tally, &own);
        }
        self.tally.bound();
        self.lines = lines.all;
    }

    fn read<'a>(&mut self, how: &How, block: &Block<'a>) -> Option<Lines<'a>> {
        let (data, at_start, kept) = (block.data, block.base == 0, std::mem::take(&mut self.lines));
        match how.format {
            Format::Errors { vhost } => {
                Some(lines::read(data, at_start, &mut HeadReader::new(vhost), &mut self.kinds, kept))
            }
            Format::Access { layouts, shift } => {
                let lines = Lines::new(data, kept, true);
                Some(access::read(layouts, shift, lines, at_start, how.span as usize, &mut self.kinds))
            }
            Format::Records { known, ask } => {
                let lines = Lines::new(data, kept, true);
                records::read(known, ask, lines, at_start, how.span as usize, &mut self.kinds)
            }
        }
    }
}

const CONTINUED: u8 = 1;
const BEGUN: u8 = 2;

/// A block's own lines, and what it takes to keep one of them whole.
struct Own<'a> {
    block: &'a Block<'a>,
    lines: &'a Lines<'a>,
    how: &'a How<'a>,
    kinds: &'a Kinds,
    first: u32,
    end: u32,
    bounded: bool,
}

impl<'a> Own<'a> {
    fn new(block: &'a Block, lines: &'a Lines<'a>, how: &'a How<'a>, kinds: &'a Kinds) -> Self {
        let at = |offset: u64| {
            let place = offset.saturating_sub(block.base);
            lines.all.partition_point(|line| u64::from(line.place) < place) as u32
        };
        let (first, end) = (at(block.own_begin), at(block.own_end));
        Own { block, lines, how, kinds, first, end, bounded: how.since.is_some() || how.until.is_some() }
    }

    fn line(&self, nth: u32) -> &'a Line {
        &self.lines.all[nth as usize]
    }

    /// Other programs' pids, levels and chatter say nothing of the server's workers.
    fn is_httpd(&self) -> bool {
        self.how.source == "httpd"
    }

    fn looked_at(&self, nth: u32) -> bool {
        !self.line(nth).passed && (!self.bounded || self.how.looks_at(self.line(nth)))
    }

    /// Whether a line is the block's own, and looked at.
    fn holds(&self, nth: u32) -> bool {
        (self.first..self.end).contains(&nth) && self.looked_at(nth)
    }

    /// What decides between equal times.
    fn place(&self, nth: u32) -> (u64, u64) {
        (self.block.log, self.block.base + u64::from(self.line(nth).place))
    }

    /// What decides which of two matches of a pattern is the earlier one.
    fn order(&self, found: &Match) -> (i64, u32) {
        (self.line(found.first).time, found.cited)
    }

    /// How a match's fields can be taken from the line alone, when it is known that the line is kept.
    fn later(&self, found: &Match) -> Option<Fields> {
        let line = self.line(found.first);
        if found.entry.is_some() || self.lines.is_made || line.length as usize > LONGEST_RAW {
            return None;
        }
        let (pattern, way) = found.hit.way_without_fields()?;
        Some(Fields::Later { pattern, way, from: (line.text.from - line.place) as usize })
    }

    /// Client and text of a line in another format than httpd's own for errors, as httpd writes them by default.
    fn inner(&self, line: &Line) -> Option<Box<[u8]>> {
        let (client, text) = (self.lines.client(line), self.lines.rest(line));
        let mut inner = if client.is_empty() { text.to_vec() } else { [client, b" ", text].concat() };
        inner.truncate(LONGEST_RAW);
        self.lines.is_made.then(|| inner.into())
    }

    /// A line made whole; `subject`: the pid that it is about; 0: the one that wrote it.
    fn sighting(&self, nth: u32, time: i64, subject: u64, fields: Fields) -> Kept {
        let line = self.line(nth);
        let (log, offset) = self.place(nth);
        let raw = self.lines.raw(line);
        Arc::new(Sighting {
            time,
            log,
            offset,
            block: self.block.own_begin,
            nth: u64::from(nth - self.first.min(nth)),
            kind: self.kinds.names[line.kind.unwrap_or(NO_KIND) as usize].clone(),
            reporter: line.pid,
            tid: line.tid,
            subject: if subject > 0 { subject } else { line.pid },
            raw: raw[..raw.len().min(LONGEST_RAW)].into(),
            inner: self.inner(line),
            fields,
            dated: line.dated,
        })
    }
}

/// A pattern's match in the block at hand.
#[derive(Clone)]
struct Match {
    /// The line, or the first line of the entry: it says when and by whom.
    first: u32,
    /// The line to show as evidence.
    cited: u32,
    /// The entry that it is on, if it is on one.
    entry: Option<u32>,
    subject: u64,
    hit: Hit,
}

/// One pattern's matches in the block at hand.
struct Run {
    pattern: u32,
    known: PatternTally,
    /// Matches of one second that were not yet added: how many, the time of the last, and the first of them.
    second: i64,
    count: u64,
    last: i64,
    first: Match,
    /// The last match in the block so far.
    latest: Match,
    /// By pid: how many matches, the first and the last.
    by_pid: Map<u64, (u64, Match, Match)>,
}

/// Matches entries and lines of one block, and adds what they are known by.
struct Found<'a> {
    own: &'a Own<'a>,
    entries: &'a [Entry],
    matcher: Matcher<'a>,
    library: &'a Library,
    tally: &'a mut Tally,
    scopes: InScope<'a>,
    stems: &'a [Stem],
    /// By pattern: which of the runs is its; NONE: it has none.
    places: &'a mut Vec<u32>,
    runs: Vec<Run>,
    hits: Vec<Hit>,
    text: Vec<u8>,
}

const NONE: u32 = u32::MAX;

impl Found<'_> {
    /// Match a line that belongs to no entry; one that no pattern knows is counted by its shape.
    fn match_line(&mut self, nth: u32) {
        let own = self.own;
        let line = own.line(nth);
        let rest = own.lines.rest(line);
        let message = message_of(&rest[..rest.len().min(LONGEST_MATCHED)]);
        let kind = line.kind.unwrap_or(NO_KIND) as usize;
        let mut hits = std::mem::take(&mut self.hits);
        let (number, scope) = self.scopes.of(kind);
        self.matcher.line_hits(&message, number, scope, &mut hits);
        let known = !hits.is_empty();
        for hit in hits.drain(..) {
            self.add(Match { first: nth, cited: nth, entry: None, subject: subject(&hit, line), hit });
        }
        self.hits = hits;
        // what starts blank continues something
        if !known && own.is_httpd() && !matches!(rest.first(), None | Some(b' ' | b'\t')) {
            self.add_unknown(self.stems[kind].shape_key(&message), nth);
        }
    }

    /// Match an entry as a whole; one of which no pattern knows the reason is counted by its exception.
    fn match_entry(&mut self, nth: usize) {
        let own = self.own;
        let entry = &self.entries[nth];
        let first = own.line(entry.lines[0]);
        let kind = first.kind.unwrap_or(NO_KIND) as usize;
        let mut text = std::mem::take(&mut self.text);
        entries::text(own.lines, entry, LONGEST_MATCHED, &mut text);
        let mut hits = std::mem::take(&mut self.hits);
        self.matcher.entry_hits(&text, self.scopes.of(kind).1, &mut hits);
        self.text = text;
        let reason = unexplained(self.library, entry, &hits);
        for hit in hits.drain(..) {
            let cited = entry.lines[(hit.line as usize).min(entry.lines.len() - 1)];
            let subject = subject(&hit, first);
            self.add(Match { first: entry.lines[0], cited, entry: Some(nth as u32), subject, hit });
        }
        self.hits = hits;
        if let Some(at) = reason.filter(|_| own.is_httpd()) {
            let line = entry.lines[at];
            let message = message_of(own.lines.rest(own.line(line)));
            self.add_unknown(self.stems[kind].exception_key(own_message(&message)), line);
        }
    }

    fn add_unknown(&mut self, key: Key, nth: u32) {
        let own = self.own;
        let cap = self.tally.caps.moments_a_template;
        let series = self.tally.templates.entry(key).or_insert_with(|| Series::new(cap));
        let time = own.line(nth).time;
        series.add(time, own.place(nth), || own.sighting(nth, time, 0, Fields::none()));
    }

    /// Add one match.
    fn add(&mut self, found: Match) {
        let own = self.own;
        let first = own.line(found.first);
        let (time, second) = (first.time, first.second());
        let place = self.places[found.hit.pattern as usize];
        if place == NONE {
            self.begin(found);
            return;
        }
        if self.runs[place as usize].second != second {
            self.add_second(place as usize);
        }
        let run = &mut self.runs[place as usize];
        run.add_to_clients(own, first);
        run.add_to_pids(self.library, own, &found);
        if run.count == 0 || own.order(&found) < own.order(&run.first) {
            run.first = found.clone();
        }
        (run.second, run.last) = (second, if run.count == 0 { time } else { run.last.max(time) });
        run.count += 1;
        if own.order(&found) >= own.order(&run.latest) {
            run.latest = found;
        }
    }

    /// Begin a run with a pattern's first match in the block.
    fn begin(&mut self, found: Match) {
        let own = self.own;
        let pattern = found.hit.pattern;
        let caps = &self.tally.caps;
        let moments =
            if self.library.patterns[pattern as usize].noise { caps.moments_of_noise } else { caps.moments_a_pattern };
        let known = self.tally.patterns.remove(&pattern).unwrap_or_else(|| PatternTally::new(moments, caps));
        let first = own.line(found.first);
        let (second, last) = (first.second(), first.time);
        let (by_pid, latest) = (Map::default(), found.clone());
        let mut run = Run { pattern, known, second, count: 1, last, first: found, latest, by_pid };
        run.add_to_clients(own, first);
        let found = run.latest.clone();
        run.add_to_pids(self.library, own, &found);
        self.places[pattern as usize] = self.runs.len() as u32;
        self.runs.push(run);
    }

    /// Add a run's matches of one second to what is known.
    fn add_second(&mut self, nth: usize) {
        let (own, Run { known, first, count, last, .. }) = (self.own, &mut self.runs[nth]);
        if *count > 0 {
            let (matcher, text, time) = (&mut self.matcher, &mut self.text, own.line(first.first).time);
            known.series.add_all((*count, *last), time, own.place(first.cited), || {
                kept(own, self.entries, matcher, text, first)
            });
            *count = 0;
        }
    }

    /// Add what only the end of the block decides: the last match of each pattern, and each pid's first and last.
    fn finish(&mut self) {
        for nth in 0..self.runs.len() {
            self.add_second(nth);
        }
        for mut run in std::mem::take(&mut self.runs) {
            let mut whole = |found: &Match| kept(self.own, self.entries, &mut self.matcher, &mut self.text, found);
            let known = &mut run.known;
            known.last = tally::later(known.last.take(), Some(whole(&run.latest)));
            for (pid, (count, least, most)) in run.by_pid {
                let first = whole(&least);
                let last = if count == 1 { first.clone() } else { whole(&most) };
                known.add_pid(pid, PidTally { count, first, last });
            }
            known.bound();
            self.places[run.pattern as usize] = NONE;
            self.tally.patterns.insert(run.pattern, run.known);
        }
    }
}

impl Run {
    fn add_to_clients(&mut self, own: &Own, first: &Line) {
        let client = client_of(own.lines.client(first), own.lines.rest(first), first.pid > 0);
        self.known.clients.add(&client, 1);
    }

    /// Count a match for the pid that it is about, if the pattern says something of workers.
    fn add_to_pids(&mut self, library: &Library, own: &Own, found: &Match) {
        if !library.patterns[self.pattern as usize].worker || found.subject == 0 || !self.known.takes(found.subject) {
            return;
        }
        match self.by_pid.get_mut(&found.subject) {
            None => {
                self.by_pid.insert(found.subject, (1, found.clone(), found.clone()));
            }
            Some((count, least, most)) => {
                *count += 1;
                if own.order(found) < own.order(least) {
                    *least = found.clone();
                }
                if own.order(found) >= own.order(most) {
                    *most = found.clone();
                }
            }
        }
    }
}

/// A match's line, made whole.
fn kept(own: &Own, entries: &[Entry], matcher: &mut Matcher, text: &mut Vec<u8>, found: &Match) -> Kept {
    let first = own.line(found.first);
    let fields = own.later(found).unwrap_or_else(|| {
        Fields::Found(match found.entry {
            None => {
                let rest = own.lines.rest(first);
                matcher.fields(&found.hit, &message_of(&rest[..rest.len().min(LONGEST_MATCHED)]))
            }
            Some(nth) => {
                entries::text(own.lines, &entries[nth as usize], LONGEST_MATCHED, text);
                matcher.fields(&found.hit, text)
            }
        })
    });
    own.sighting(found.cited, first.time, found.subject, fields)
}

/// The pid that a match is about; 0 unknown.
fn subject(hit: &Hit, first: &Line) -> u64 {
    if hit.subject >= 0 {
        hit.subject as u64
    } else {
        first.pid
    }
}

/// The line of an entry that names a reason which no pattern knows, if there is one.
///
/// A consequence is no reason: what its line introduces, or what comes before it in a chain of exceptions, is.
fn unexplained(library: &Library, entry: &Entry, hits: &[Hit]) -> Option<usize> {
    let pattern = |hit: &Hit| &library.patterns[hit.pattern as usize];
    if hits.iter().any(|hit| !pattern(hit).fallback && pattern(hit).reason) {
        return None;
    }
    let consequence = hits.iter().any(|hit| !pattern(hit).fallback && hit.line as usize == entry.exception);
    if !consequence {
        return Some(entry.exception);
    }
    (entry.root != entry.exception).then_some(entry.root)
}

/// Count the log as a whole, workers' signs of life, and the lines that requests left.
fn count_lines(tally: &mut Tally, own: &Own, joined: &[u8]) {
    let caps = tally.caps;
    let bytes = own.block.own_end - own.block.own_begin;
    let mut log = LogTally { bytes, foreign: !own.is_httpd(), ..LogTally::default() };
    log.blocks.insert(own.block.own_begin, u64::from(own.end - own.first));
    let mut kinds = vec![0u64; own.kinds.names.len()];
    let mut least: Option<(i64, u32)> = None;
    let mut most: Option<(i64, u32)> = None;
    let mut damaged = Vec::new();
    let mut served: (i64, u64) = (0, 0);
    let odd = is_odd(own.block.data);
    for nth in own.first..own.end {
        if !own.looked_at(nth) {
            continue;
        }
        let line = own.line(nth);
        log.lines += 1;
        if line.parsed() {
            log.records += 1;
        } else if line.damaged {
            log.unparsed += 1;
            if damaged.len() < caps.samples {
                damaged.push(nth);
            }
        } else {
            log.bare += 1;
        }
        log.long += u64::from(line.length >= LONG_LINE);
        log.odd_bytes += u64::from(odd && is_odd(own.lines.raw(line)));
        let mark = joined.get(nth as usize).copied().unwrap_or(0);
        log.joined += u64::from(mark == CONTINUED);
        if let Some(kind) = line.kind {
            kinds[kind as usize] += 1;
        }
        if !line.dated {
            continue;
        }
        if least.is_none_or(|(time, _)| line.time < time) {
            least = Some((line.time, nth));
        }
        if most.is_none_or(|(time, _)| line.time >= time) {
            most = Some((line.time, nth));
        }
        if !own.is_httpd() {
            continue;
        }
        if line.pid > 0 {
            tally.signs.add(line.pid, Sign { first: line.time, last: line.time, count: 1 });
        }
        if mark != CONTINUED && names_client(own.lines.client(line), own.lines.rest(line)) {
            if line.second() != served.0 {
                if served.1 > 0 {
                    tally.served.add(served.0, served.1);
                }
                served = (line.second(), 0);
            }
            served.1 += 1;
        }
    }
    if served.1 > 0 {
        tally.served.add(served.0, served.1);
    }
    tally.signs.fit();
    for (number, count) in kinds.into_iter().enumerate().filter(|(_, count)| *count > 0) {
        log.kinds.insert((*own.kinds.names[number]).clone(), count);
    }
    let whole = |(time, nth): (i64, u32)| own.sighting(nth, time, 0, Fields::none());
    log.first = least.map(whole);
    log.last = most.map(whole);
    log.samples = damaged.into_iter().map(|nth| whole((own.line(nth).time, nth))).collect();
    tally.logs.entry(own.block.log).or_default().merge(log, &caps);
}

/// Whether bytes are there that httpd would have escaped.
fn is_odd(bytes: &[u8]) -> bool {
    !bytes.is_ascii() || memchr::memchr(0, bytes).is_some()
}

/// Note where the time goes back: clocks that are set, the end of daylight saving time, other zones' writers.
fn count_steps(tally: &mut Tally, own: &Own) {
    let caps = tally.caps;
    let mut before: Option<(u32, i64)> = None;
    let mut steps = Vec::new();
    let mut stepped = 0;
    for (nth, line) in own.lines.all.iter().enumerate() {
        let nth = nth as u32;
        if !line.dated || !own.looked_at(nth) {
            continue;
        }
        if let Some((place, second)) = before {
            let back = second - line.second();
            // the line before must be one that every block shows which owns the line after
            if back >= LEAST_STEP && own.holds(nth) && line.place - place <= own.how.span {
                stepped += 1;
                steps.push((back, nth));
            }
        }
        before = Some((line.place, line.second()));
    }
    if stepped == 0 {
        return;
    }
    steps.sort_by_key(|(back, nth)| (-back, *nth));
    steps.truncate(caps.steps);
    let kept = steps.into_iter().map(|(back, nth)| (back, own.sighting(nth, own.line(nth).time, 0, Fields::none())));
    let log = tally.logs.entry(own.block.log).or_default();
    log.stepped += stepped;
    log.add_steps(kept.collect(), caps.steps);
}

/// Count the requests of an access log, by second and by who asked for what.
fn count_traffic(tally: &mut Tally, own: &Own) {
    let caps = tally.caps;
    let traffic = tally.traffic.entry(own.block.log).or_insert_with(|| Traffic::new(&caps));
    let levels: Vec<&str> = own.kinds.names.iter().map(|kind| kind.1.as_str()).collect();
    for nth in own.first..own.end {
        let line = own.line(nth);
        let Some(kind) = line.kind.filter(|_| line.dated && own.looked_at(nth)) else { continue };
        let answer = Answers::by_level(levels[kind as usize]);
        let request = own.lines.requests[nth as usize];
        if request.asks_nothing {
            continue;
        }
        traffic.add(line.second(), answer, request.took);
        let text = |span| own.lines.at(span);
        traffic.by_client.add(access::key(text(request.client)).as_bytes(), answer);
        traffic.by_vhost.add(access::vhost_key(text(request.vhost)).as_bytes(), answer);
        traffic.by_path.add(access::key(access::first_segment(text(request.line))).as_bytes(), answer);
    }
}
