//! Times whose zone the line names, turned into the local time that the other logs are written in;
//! `logsleuth/scan/clock.py` is the definition.

use crate::head::MICRO;
use crate::Map;

/// Seconds from UTC; no zone is farther.
pub const FARTHEST_ZONE: i64 = 15 * 3600;
/// Microseconds; zones change their offset at whole quarters of an hour.
const QUARTER: i64 = 900 * MICRO;

/// By which a local zone is east of UTC from a quarter of an hour on, both in microseconds.
pub type Shift<'a> = &'a dyn Fn(i64) -> i64;

/// The clock of one zone, with what it needs to remember.
pub struct Zone<'a> {
    shift: Shift<'a>,
    shifts: Map<i64, i64>,
}

impl<'a> Zone<'a> {
    pub fn new(shift: Shift<'a>) -> Self {
        Zone { shift, shifts: Map::default() }
    }

    /// The local time of one that was written `offset` seconds east of UTC.
    pub fn local(&mut self, time: i64, offset: i64) -> i64 {
        let utc = time - offset * MICRO;
        let quarter = utc.div_euclid(QUARTER);
        let shift = self.shift;
        utc + *self.shifts.entry(quarter).or_insert_with(|| shift(quarter * QUARTER))
    }
}
