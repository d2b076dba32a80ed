//! The mergeable summary of any stretch of log; `logsleuth/scan/tally.py` and `series.py` are the definition.

use std::borrow::Cow;

use crate::bykey::{KeyCounts, Sum, SumsByKey};
use crate::head::{Kind, MICRO};
use crate::templates::Key;
use crate::text::{cut, decode};
use crate::Map;

/// How much is kept, as `logsleuth/scan/tally.py` has it.
#[derive(Clone, Copy)]
pub struct Caps {
    pub moments_a_pattern: usize,
    pub moments_of_noise: usize,
    pub pids_a_pattern: usize,
    pub clients_a_pattern: usize,
    pub seconds_served: usize,
    pub moments_a_template: usize,
    pub templates: usize,
    pub signs: usize,
    pub sign_width: i64,
    pub widest_sign: i64,
    pub samples: usize,
    pub steps: usize,
    pub seconds_of_traffic: usize,
    pub keys_of_traffic: usize,
    pub durations: usize,
}

/// Characters of a line that evidence keeps.
pub const LONGEST_TEXT: usize = 2000;

/// One match that is kept whole.
pub struct Sighting {
    pub time: i64,
    pub log: u64,
    pub offset: u64,
    pub block: u64,
    pub nth: u64,
    pub kind: Kind,
    pub reporter: u64,
    pub tid: u64,
    pub subject: u64,
    /// The line, or as much of it as a text of the greatest length may need.
    pub raw: Box<[u8]>,
    /// Of a line in another format than httpd's own for errors: its client and text, as httpd writes them by default.
    pub inner: Option<Box<[u8]>>,
    pub fields: Fields,
    pub dated: bool,
}

/// What a pattern's regex captured.
pub enum Fields {
    Found(Vec<(String, String)>),
    /// To be taken from the message that starts at a byte of the raw line: few of the lines are kept to the end.
    Later {
        pattern: u32,
        way: u32,
        from: usize,
    },
}

impl Fields {
    pub fn none() -> Self {
        Fields::Found(Vec::new())
    }
}

impl Sighting {
    /// The line as evidence shows it.
    pub fn text(&self) -> Cow<'_, str> {
        cut(decode(&self.raw), LONGEST_TEXT)
    }

    /// What it says as httpd writes it by default, where that is another text.
    pub fn words(&self) -> Cow<'_, str> {
        self.inner.as_deref().map_or(Cow::Borrowed(""), |inner| cut(decode(inner), LONGEST_TEXT))
    }

    pub fn place(&self) -> (i64, u64, u64) {
        (self.time, self.log, self.offset)
    }
}

/// Shared, since a line can be the first of a moment, of a pid and of a pattern.
pub type Kept = std::sync::Arc<Sighting>;

pub fn earlier(one: Option<Kept>, other: Option<Kept>) -> Option<Kept> {
    match (one, other) {
        (Some(a), Some(b)) => Some(if a.place() <= b.place() { a } else { b }),
        (a, b) => a.or(b),
    }
}

pub fn later(one: Option<Kept>, other: Option<Kept>) -> Option<Kept> {
    match (one, other) {
        (Some(a), Some(b)) => Some(if a.place() >= b.place() { a } else { b }),
        (a, b) => a.or(b),
    }
}

/// Plain counts by bucket.
pub struct Counts {
    cap: usize,
    pub width: i64,
    pub buckets: Map<i64, u64>,
}

impl Counts {
    pub fn new(cap: usize) -> Self {
        Counts { cap, width: 1, buckets: Map::default() }
    }

    pub fn add(&mut self, second: i64, count: u64) {
        *self.buckets.entry(second.div_euclid(self.width)).or_insert(0) += count;
        while self.buckets.len() > self.cap {
            self.widen(self.width * 2);
        }
    }

    pub fn merge(&mut self, other: &Counts) {
        self.widen(other.width);
        for (number, count) in &other.buckets {
            self.add(number * other.width, *count);
        }
    }

    fn widen(&mut self, width: i64) {
        if self.width >= width {
            return;
        }
        let factor = width / self.width;
        let mut wider = Map::default();
        for (number, count) in self.buckets.drain() {
            *wider.entry(number.div_euclid(factor)).or_insert(0) += count;
        }
        (self.buckets, self.width) = (wider, width);
    }
}

/// How many took how long, by when they began: `Durations` of `logsleuth/scan/series.py`.
pub struct Durations {
    cap: usize,
    pub width: i64,
    /// Number of the bucket times MOST_CLASSES, plus the class of the duration, to count.
    pub buckets: Map<i64, u64>,
}

const KEPT_BITS: u32 = 2;
const MOST_CLASSES: i64 = 1 << 8;

/// The class of a duration in microseconds.
fn class_of(micros: i64) -> i64 {
    let shift = (i64::BITS - micros.leading_zeros()).saturating_sub(KEPT_BITS);
    (i64::from(shift) << (KEPT_BITS - 1)) + (micros >> shift)
}

impl Durations {
    fn new(cap: usize) -> Self {
        Durations { cap, width: 1, buckets: Map::default() }
    }

    /// Count one request by how many microseconds it took.
    fn add(&mut self, second: i64, micros: i64) {
        self.take(second, class_of(micros), 1);
    }

    fn take(&mut self, second: i64, class: i64, count: u64) {
        *self.buckets.entry(second.div_euclid(self.width) * MOST_CLASSES + class).or_insert(0) += count;
        while self.buckets.len() > self.cap {
            self.widen(self.width * 2);
        }
    }

    fn merge(&mut self, other: &Durations) {
        self.widen(other.width);
        for (key, count) in &other.buckets {
            self.take(key.div_euclid(MOST_CLASSES) * other.width, key.rem_euclid(MOST_CLASSES), *count);
        }
    }

    fn widen(&mut self, width: i64) {
        if self.width >= width {
            return;
        }
        let factor = width / self.width;
        let mut wider = Map::default();
        for (key, count) in self.buckets.drain() {
            let number = key.div_euclid(MOST_CLASSES).div_euclid(factor);
            *wider.entry(number * MOST_CLASSES + key.rem_euclid(MOST_CLASSES)).or_insert(0) += count;
        }
        (self.buckets, self.width) = (wider, width);
    }
}

/// What happened within one bucket.
pub struct Moment {
    pub count: u64,
    pub first: Kept,
    pub last: i64,
}

/// Moments by bucket.
pub struct Series {
    cap: usize,
    pub width: i64,
    pub buckets: Map<i64, Moment>,
}

impl Series {
    pub fn new(cap: usize) -> Self {
        Series { cap, width: 1, buckets: Map::default() }
    }

    /// Add one event; `make` makes it whole if it is kept.
    pub fn add(&mut self, time: i64, place: (u64, u64), make: impl FnOnce() -> Kept) {
        self.add_all((1, time), time, place, make);
    }

    /// Add events of one second: how many, the time of the last, and that and the place of the first.
    pub fn add_all(&mut self, all: (u64, i64), time: i64, place: (u64, u64), make: impl FnOnce() -> Kept) {
        let (count, last) = all;
        let number = time.div_euclid(MICRO).div_euclid(self.width);
        if let Some(known) = self.buckets.get_mut(&number) {
            known.count += count;
            known.last = known.last.max(last);
            if (time, place.0, place.1) < known.first.place() {
                known.first = make();
            }
            return;
        }
        self.buckets.insert(number, Moment { count, first: make(), last });
        self.fit();
    }

    pub fn merge(&mut self, other: Series) {
        self.widen(other.width);
        let factor = self.width / other.width;
        for (number, moment) in other.buckets {
            join(&mut self.buckets, number.div_euclid(factor), moment);
        }
        self.fit();
    }

    fn fit(&mut self) {
        while self.buckets.len() > self.cap {
            self.widen(self.width * 2);
        }
    }

    fn widen(&mut self, width: i64) {
        if self.width >= width {
            return;
        }
        let factor = width / self.width;
        let mut wider = Map::default();
        for (number, moment) in self.buckets.drain() {
            join(&mut wider, number.div_euclid(factor), moment);
        }
        (self.buckets, self.width) = (wider, width);
    }
}

fn join(buckets: &mut Map<i64, Moment>, number: i64, more: Moment) {
    match buckets.get_mut(&number) {
        None => {
            buckets.insert(number, more);
        }
        Some(known) => {
            known.count += more.count;
            known.last = known.last.max(more.last);
            if more.first.place() < known.first.place() {
                known.first = more.first;
            }
        }
    }
}

/// One pattern's matches about one pid.
pub struct PidTally {
    pub count: u64,
    pub first: Kept,
    pub last: Kept,
}

/// One pattern's matches.
pub struct PatternTally {
    pub series: Series,
    pub last: Option<Kept>,
    pub by_pid: Map<u64, PidTally>,
    pub clients: KeyCounts,
    pids: usize,
    /// The highest hash of a pid that is kept, once there was no room for more.
    limit: u64,
}

impl PatternTally {
    pub fn new(moments: usize, caps: &Caps) -> Self {
        PatternTally {
            series: Series::new(moments),
            last: None,
            by_pid: Map::default(),
            clients: KeyCounts::new(caps.clients_a_pattern),
            pids: caps.pids_a_pattern,
            limit: u64::MAX,
        }
    }

    /// Whether a pid may be among those that are kept.
    pub fn takes(&self, pid: u64) -> bool {
        spread(pid) <= self.limit
    }

    pub fn add_pid(&mut self, pid: u64, more: PidTally) {
        match self.by_pid.get_mut(&pid) {
            None => {
                self.by_pid.insert(pid, more);
            }
            Some(known) => {
                known.count += more.count;
                if more.first.place() < known.first.place() {
                    known.first = more.first;
                }
                if more.last.place() >= known.last.place() {
                    known.last = more.last;
                }
            }
        }
    }

    /// Drop pids beyond the cap.
    pub fn bound(&mut self) {
        if self.by_pid.len() > self.pids {
            let mut hashes: Vec<(u64, u64)> = self.by_pid.keys().map(|&pid| (spread(pid), pid)).collect();
            let (kept, beyond, others) = hashes.select_nth_unstable(self.pids);
            self.limit = kept.iter().max().map_or(0, |(hash, _)| *hash);
            for (_, pid) in others.iter().chain([&*beyond]) {
                self.by_pid.remove(pid);
            }
        }
    }

    fn merge(&mut self, other: PatternTally) {
        self.series.merge(other.series);
        self.last = later(self.last.take(), other.last);
        for (pid, theirs) in other.by_pid {
            if self.takes(pid) {
                self.add_pid(pid, theirs);
            }
        }
        self.clients.merge(&other.clients);
        self.bound();
    }
}

/// When one pid wrote within one stretch of time.
#[derive(Clone, Copy)]
pub struct Sign {
    pub first: i64,
    pub last: i64,
    pub count: u64,
}

/// Workers' signs of life.
pub struct Signs {
    pub width: i64,
    pub items: Map<(u64, i64), Sign>,
    cap: usize,
    widest: i64,
    /// The highest hash of a pid that is kept, once there was no room for more.
    limit: u64,
    /// The last stretch that was added to, and its first and last microsecond.
    stretch: (i64, i64, i64),
}

impl Signs {
    fn new(caps: &Caps) -> Self {
        Signs {
            width: caps.sign_width,
            items: Map::default(),
            cap: caps.signs,
            widest: caps.widest_sign,
            limit: u64::MAX,
            stretch: (0, 0, -1),
        }
    }

    pub fn add(&mut self, pid: u64, sign: Sign) {
        if self.limit < u64::MAX && spread(pid) > self.limit {
            return;
        }
        let key = (pid, self.stretch_of(sign.first));
        let known = self.items.entry(key).or_insert(Sign { first: i64::MAX, last: i64::MIN, count: 0 });
        known.first = known.first.min(sign.first);
        known.last = known.last.max(sign.last);
        known.count += sign.count;
    }

    /// The number of the stretch that a moment is in: mostly that of the one before.
    fn stretch_of(&mut self, time: i64) -> i64 {
        let (_, from, to) = self.stretch;
        if !(from..=to).contains(&time) {
            let number = time.div_euclid(MICRO).div_euclid(self.width);
            let from = number * self.width * MICRO;
            self.stretch = (number, from, from + self.width * MICRO - 1);
        }
        self.stretch.0
    }

    /// Keep within the cap: first wider stretches, then fewer pids.
    pub fn fit(&mut self) {
        while self.items.len() > self.cap && self.width < self.widest {
            self.widen(self.width * 2);
        }
        if self.items.len() > self.cap {
            let mut keys: Vec<_> = self.items.keys().map(|&(pid, stretch)| (spread(pid), pid, stretch)).collect();
            let (kept, beyond, others) = keys.select_nth_unstable(self.cap);
            self.limit = kept.iter().max().map_or(0, |(hash, _, _)| *hash);
            for (_, pid, stretch) in others.iter().chain([&*beyond]) {
                self.items.remove(&(*pid, *stretch));
            }
        }
    }

    fn widen(&mut self, width: i64) {
        if self.width < width {
            let items = std::mem::take(&mut self.items);
            (self.width, self.stretch) = (width, (0, 0, -1));
            for ((pid, _), sign) in items {
                self.add(pid, sign);
            }
        }
    }

    fn merge(&mut self, other: Signs) {
        self.widen(other.width);
        for ((pid, _), sign) in other.items {
            self.add(pid, sign);
        }
        self.fit();
    }
}

/// What is counted of one log as a whole.
#[derive(Default)]
pub struct LogTally {
    pub bytes: u64,
    pub lines: u64,
    pub records: u64,
    pub bare: u64,
    pub joined: u64,
    pub unparsed: u64,
    pub long: u64,
    pub odd_bytes: u64,
    pub first: Option<Kept>,
    pub last: Option<Kept>,
    pub samples: Vec<Kept>,
    pub blocks: Map<u64, u64>,
    pub kinds: Map<(String, String), u64>,
    pub stepped: u64,
    pub steps: Vec<(i64, Kept)>,
    /// Another program's log.
    pub foreign: bool,
}

impl LogTally {
    pub fn add_samples(&mut self, samples: Vec<Kept>, most: usize) {
        self.samples.extend(samples);
        self.samples.sort_by_key(|sample| sample.offset);
        self.samples.truncate(most);
    }

    /// Keep the largest, and of equal ones the first.
    pub fn add_steps(&mut self, steps: Vec<(i64, Kept)>, most: usize) {
        self.steps.extend(steps);
        self.steps.sort_by_key(|(size, line)| (-size, line.offset));
        self.steps.truncate(most);
    }

    pub fn merge(&mut self, other: LogTally, caps: &Caps) {
        self.bytes += other.bytes;
        self.lines += other.lines;
        self.records += other.records;
        self.bare += other.bare;
        self.joined += other.joined;
        self.unparsed += other.unparsed;
        self.long += other.long;
        self.odd_bytes += other.odd_bytes;
        self.stepped += other.stepped;
        self.first = earlier(self.first.take(), other.first);
        self.last = later(self.last.take(), other.last);
        self.add_samples(other.samples, caps.samples);
        self.add_steps(other.steps, caps.steps);
        self.blocks.extend(other.blocks);
        self.foreign |= other.foreign;
        for (kind, count) in other.kinds {
            *self.kinds.entry(kind).or_insert(0) += count;
        }
    }
}

/// Requests, and how they were answered.
#[derive(Clone, Copy, Default)]
pub struct Answers {
    pub requests: u64,
    pub refused: u64,
    pub failed: u64,
    pub redirected: u64,
}

impl Answers {
    /// One request, by the level of its line.
    pub fn by_level(level: &str) -> Self {
        Answers {
            requests: 1,
            refused: u64::from(level == "warn"),
            failed: u64::from(level == "error"),
            redirected: u64::from(level == "notice"),
        }
    }
}

impl std::ops::AddAssign for Answers {
    fn add_assign(&mut self, more: Answers) {
        self.requests += more.requests;
        self.refused += more.refused;
        self.failed += more.failed;
        self.redirected += more.redirected;
    }
}

impl std::ops::SubAssign for Answers {
    fn sub_assign(&mut self, less: Answers) {
        self.requests -= less.requests;
        self.refused -= less.refused;
        self.failed -= less.failed;
        self.redirected -= less.redirected;
    }
}

impl Sum for Answers {}

/// The requests of one access log.
pub struct Traffic {
    pub all: Counts,
    pub failed: Counts,
    pub refused: Counts,
    pub redirected: Counts,
    pub took: Durations,
    pub by_client: SumsByKey<Answers>,
    pub by_path: SumsByKey<Answers>,
    pub by_vhost: SumsByKey<Answers>,
}

impl Traffic {
    pub fn new(caps: &Caps) -> Self {
        let counts = || Counts::new(caps.seconds_of_traffic);
        let by_key = || SumsByKey::new(caps.keys_of_traffic);
        Traffic {
            all: counts(),
            failed: counts(),
            refused: counts(),
            redirected: counts(),
            took: Durations::new(caps.durations),
            by_client: by_key(),
            by_path: by_key(),
            by_vhost: by_key(),
        }
    }

    /// Count a request of this second; `took`: microseconds.
    pub fn add(&mut self, second: i64, answer: Answers, took: Option<i64>) {
        self.all.add(second, 1);
        if answer.failed > 0 {
            self.failed.add(second, 1);
        }
        if answer.refused > 0 {
            self.refused.add(second, 1);
        }
        if answer.redirected > 0 {
            self.redirected.add(second, 1);
        }
        if let Some(took) = took {
            self.took.add(second, took);
        }
    }

    fn merge(&mut self, other: &Traffic) {
        self.all.merge(&other.all);
        self.failed.merge(&other.failed);
        self.refused.merge(&other.refused);
        self.redirected.merge(&other.redirected);
        self.took.merge(&other.took);
        self.by_client.merge(&other.by_client);
        self.by_path.merge(&other.by_path);
        self.by_vhost.merge(&other.by_vhost);
    }
}

/// All that is known of a stretch of log.
pub struct Tally {
    pub caps: Caps,
    /// By number of the pattern.
    pub patterns: Map<u32, PatternTally>,
    pub templates: Map<Key, Series>,
    pub logs: Map<u64, LogTally>,
    pub signs: Signs,
    pub served: Counts,
    /// By number of the log: of access logs only.
    pub traffic: Map<u64, Traffic>,
}

impl Tally {
    pub fn new(caps: Caps) -> Self {
        Tally {
            caps,
            patterns: Map::default(),
            templates: Map::default(),
            logs: Map::default(),
            signs: Signs::new(&caps),
            served: Counts::new(caps.seconds_served),
            traffic: Map::default(),
        }
    }

    pub fn merge(&mut self, other: Tally) {
        for (number, pattern) in other.patterns {
            match self.patterns.get_mut(&number) {
                None => {
                    self.patterns.insert(number, pattern);
                }
                Some(mine) => mine.merge(pattern),
            }
        }
        for (key, series) in other.templates {
            match self.templates.get_mut(&key) {
                None => {
                    self.templates.insert(key, series);
                }
                Some(mine) => mine.merge(series),
            }
        }
        self.bound();
        let caps = self.caps;
        for (number, log) in other.logs {
            self.logs.entry(number).or_default().merge(log, &caps);
        }
        self.signs.merge(other.signs);
        self.served.merge(&other.served);
        for (number, traffic) in &other.traffic {
            self.traffic.entry(*number).or_insert_with(|| Traffic::new(&caps)).merge(traffic);
        }
    }

    /// Drop templates beyond the cap.
    pub fn bound(&mut self) {
        if self.templates.len() > self.caps.templates {
            let mut keys: Vec<Key> = self.templates.keys().copied().collect();
            keys.sort_unstable();
            for key in &keys[self.caps.templates..] {
                self.templates.remove(key);
            }
        }
    }
}

/// A fixed scattering of small integers, so that a bound keeps an even choice of them.
pub fn spread(number: u64) -> u64 {
    number.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (number >> 7)
}
