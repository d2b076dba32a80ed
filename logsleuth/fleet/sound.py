"""Checks that a tally from elsewhere is valid: its references, limits and numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.bounded import LAST_SECOND
from logsleuth.scan import tally as bounds
from logsleuth.scan.series import MOST_CLASSES, class_of
from logsleuth.scan.sighting import LONGEST_TEXT, UNDATED

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from logsleuth.scan.series import Counts, Durations, Series
    from logsleuth.scan.sighting import Sighting
    from logsleuth.scan.tally import Tally

MOST_PATTERNS = 100_000
WIDEST = 1 << 40
"""Seconds per bucket."""
LAST = LAST_SECOND * 1_000_000
LONGEST_KEY = 1000
LONGEST_CLASS = class_of(LAST)
"""Of durations: as long as there are times."""


def check_tally(tally: Tally, logs: int) -> None:
    """Raise ValueError if this cannot be a tally of that number of logs."""
    if tally.hosts or tally.beyond.total:
        raise ValueError("hosts within a host")
    known = tally.logs.keys()
    _expect(all(0 <= number < logs for number in (*known, *tally.traffic)), "a log that is not there")
    _expect(len(tally.patterns) <= MOST_PATTERNS and len(tally.templates) <= bounds.TEMPLATES, "too many kinds")
    for sighting in _sightings(tally):
        _check_sighting(sighting, known)
    for series in _series(tally):
        _check_series(series)
    for counts in _counts(tally):
        _check_counts(counts)
    for traffic in tally.traffic.values():
        _check_durations(traffic.took)
    _expect(_is_width(tally.signs.width) and len(tally.signs.items) <= bounds.SIGNS, "signs")
    _expect(all(_is_time(sign.first) and _is_time(sign.last) for sign in tally.signs.items.values()), "a time")


def _expect(sound: bool, what: str) -> None:
    if not sound:
        raise ValueError(what)


def _is_time(micros: int) -> bool:
    return micros == UNDATED or 0 <= micros < LAST


def _is_width(width: int) -> bool:
    return 1 <= width <= WIDEST


def _check_sighting(sighting: Sighting, logs: Collection[int]) -> None:
    _expect(sighting.log in logs, "a line of a log that is not there")
    _expect(UNDATED <= sighting.time < LAST, "a time")
    _expect(len(sighting.text) <= LONGEST_TEXT and len(sighting.inner) <= LONGEST_TEXT, "a line that is too long")
    _expect(min(sighting.offset, sighting.block, sighting.nth) >= 0, "a place")


def _check_series(series: Series) -> None:
    _expect(_is_width(series.width) and 0 < len(series.buckets) <= series.cap <= bounds.MOMENTS_A_PATTERN, "a series")
    _expect(all(one.count >= 0 and UNDATED <= one.last < LAST for one in series.buckets.values()), "a moment")


def _check_counts(counts: Counts) -> None:
    _expect(_is_width(counts.width) and len(counts.buckets) <= counts.cap <= bounds.SECONDS_OF_TRAFFIC, "counts")
    _expect(all(abs(number) * counts.width <= LAST_SECOND for number in counts.buckets), "a time")


def _check_durations(took: Durations) -> None:
    _expect(_is_width(took.width) and len(took.buckets) <= took.cap <= bounds.DURATIONS, "durations")
    _expect(all(abs(key // MOST_CLASSES) * took.width <= LAST_SECOND for key in took.buckets), "a time")
    _expect(all(key % MOST_CLASSES <= LONGEST_CLASS for key in took.buckets), "a duration")


def _series(tally: Tally) -> Iterator[Series]:
    yield from (pattern.series for pattern in tally.patterns.values())
    yield from (template.series for template in tally.templates.values())


def _counts(tally: Tally) -> Iterator[Counts]:
    yield tally.served
    for traffic in tally.traffic.values():
        yield from (traffic.all, traffic.failed, traffic.refused, traffic.redirected)


def _sightings(tally: Tally) -> Iterator[Sighting]:
    """All lines that a tally keeps."""
    for series in _series(tally):
        yield from (moment.first for moment in series.buckets.values())
    for pattern in tally.patterns.values():
        yield from () if pattern.last is None else (pattern.last,)
        yield from (line for of in pattern.by_pid.values() for line in (of.first, of.last))
    for log in tally.logs.values():
        yield from log.samples
        yield from (line for line in (log.first, log.last) if line is not None)
        yield from (line for _, line in log.steps)
