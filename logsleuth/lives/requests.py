"""The requests: how many were answered, failed or refused, when nothing was answered, and when all who waited were.

Where an access log is given, it counts requests. Without one, only the lines that name a client leave a trace of
them, and nothing here is called a number of requests.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from logsleuth.units import HOUR, MINUTE, SECOND
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logsleuth.timeline.model import Counts, Timeline, Traffic

SURPRISING_RELEASE = 1e-6
"""Probability, at the log's usual rate, below which that many answers in one moment are a release."""
LEAST_RELEASED = 8
"""Answers in one moment; fewer are one visitor's page."""
CROWD_APART = MINUTE
"""A release is one crowded moment by itself; a scanner, or an outage, makes many in a row."""
AS_CROWDED = 0.75
"""Moments with this share of a release's answers are as crowded."""
NEXT_FAILURE = 10 * SECOND
"""Failed requests that follow one another within this time belong together..."""
LONGEST_WAIT = MINUTE
"""...but not more than this before or after an outage: httpd's Timeout is a minute by default."""
AROUND = HOUR
"""The hour before and the hour after say how many answers to expect: a night's traffic is not a day's."""
QUIET_MISSING = 4.0
"""Answers that were to be expected in a silence; that none comes by chance happens once in fifty (e^-4)."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one access log shows of a stretch of time."""

    log: int
    failed: int
    """Answered with a status of 500 or more."""
    refused: int
    """Answered with a status from 400 to 499."""
    seen: int
    peak: tuple[int, int, int] | None = None
    """(UTC microseconds, failed, seen) of the minute with most failures; None: nothing failed."""
    begin: int = 0
    """UTC microseconds at which the stretch begins."""
    usual: int = 0
    """Of the failed ones, as many as fail in a time of this length anyway: a health check's, a forgotten monitor's."""
    expected: int | None = None
    """Requests that at least are to be expected in a time of this length; None: it is not known."""

    @property
    def share(self) -> float:
        """Of all requests, those that failed beyond the usual: 0 to 1."""
        return max(self.failed - self.usual, 0) / self.seen if self.seen else 0.0


@dataclass(frozen=True, slots=True)
class Requests:
    """The traces of all requests."""

    trace: Counts
    """Lines of the error logs that name a client."""
    logs: dict[int, Traffic]
    """By number of the access log; the first is the server's own, whose counts are told."""
    span: int
    """Microseconds of the log."""
    releases: tuple[int, ...]
    """UTC microseconds of the moments in which all who had waited were answered."""

    @property
    def counted(self) -> int | None:
        """The access log that counts the requests; None: there is none, and only lines can be counted."""
        return next(iter(self.logs), None)

    @property
    def last(self) -> int | None:
        """UTC microseconds of the last request that an access log counts; None: none does."""
        return max((traffic.all.begins[-1] for traffic in self.logs.values() if traffic.all), default=None)

    def seen(self, begin: int, end: int) -> Seen | None:
        """The requests of a stretch of time (UTC microseconds); None: no access log covers it."""
        for number, traffic in self.logs.items():
            if traffic.all and traffic.all.begins[0] <= end and begin <= traffic.all.begins[-1] + traffic.all.width:
                return Seen(
                    number,
                    traffic.failed.between(begin, end),
                    traffic.refused.between(begin, end),
                    traffic.all.between(begin, end),
                    _peak(traffic, begin, end),
                    begin,
                )
        return None

    def of_outage(self, onset: int, over: int) -> Seen | None:
        """The requests of an outage: also those that failed just before its first line, or after its last.

        An access log dates a request by its beginning (%t): what waited for a timeout is dated before the line that
        reports it. Times are UTC microseconds; None: no access log covers it.
        """
        seen = self.seen(onset, over)
        if seen is None:
            return None
        failed = self.logs[seen.log].failed.begins
        begin, end = onset, over
        place = bisect_left(failed, onset)
        while place and begin - failed[place - 1] <= NEXT_FAILURE and onset - failed[place - 1] <= LONGEST_WAIT:
            place -= 1
            begin = failed[place]
        place = bisect_right(failed, over)
        while place < len(failed) and failed[place] - end <= NEXT_FAILURE and failed[place] - over <= LONGEST_WAIT:
            end = failed[place]
            place += 1
        found = self.seen(begin, end)
        if found is None:
            return None
        traffic = self.logs[found.log]
        expected = expected_requests(traffic, onset, over)
        return replace(found, usual=usual_failures(traffic, begin, end), expected=expected)

    def release_after(self, time: int, within: int) -> int | None:
        """UTC microseconds of the first release after a moment, at most `within` microseconds later."""
        place = bisect_right(self.releases, time)
        found = self.releases[place] if place < len(self.releases) else None
        return found if found is not None and found - time <= within else None

    def silence_is_notable(self, begin: int, end: int) -> bool:
        """Whether answers are missing between two moments, where they show best."""
        return _is_notable(self.logs[self.counted].all if self.counted is not None else self.trace, begin, end)

    def silence_beside(self, time: int, apart: int) -> tuple[int, int] | None:
        """The longest notable silence that begins at most `apart` microseconds before or after a moment.

        It is looked for in the lines that name a client, then in the access log.
        """
        return next(self.silences_beside(time, apart), None)

    def silences_beside(self, time: int, apart: int) -> Iterator[tuple[int, int]]:
        """The same of each log: first of the lines that name a client, then of the access logs."""
        for counts in (self.trace, *(traffic.all for traffic in self.logs.values())):
            gap = _longest_beside(counts, time, apart)
            if gap is not None and _is_notable(counts, *gap):
                yield gap


def usual_failures(traffic: Traffic, begin: int, end: int) -> int:
    """Requests that fail in a time of this length when there is no outage (UTC microseconds).

    By the hour before and the hour after, as far as the log covers them for as long as the outage: the smaller rate of
    the two, since another outage may lie in one of them.
    """
    length = end - begin
    first, last = traffic.all.begins[0], traffic.all.begins[-1] + traffic.all.width
    windows = [(max(begin - AROUND, first), begin), (end, min(end + AROUND, last))]
    rates = [
        traffic.failed.between(since + traffic.failed.width, until - traffic.failed.width) / (until - since)
        for since, until in windows
        if until - since >= max(min(length, AROUND), SECOND)
    ]
    return int(min(rates, default=0.0) * length)


def expected_requests(traffic: Traffic, begin: int, end: int) -> int | None:
    """Requests that at least are to be expected in a stretch of time (UTC microseconds); None: it is not known.

    Those of a time as long just before it, of which the log covers half; or just after, if the log goes on for so long
    and they are fewer, since traffic may have ceased for the night. In more than an hour it changes by itself.
    """
    length = max(end - begin, SECOND)
    first, last = traffic.all.begins[0], traffic.all.begins[-1]
    if length > AROUND or begin - length // 2 < first:
        return None
    before = traffic.all.between(begin - length, begin - SECOND)
    return min(before, traffic.all.between(end + SECOND, end + length)) if end + length <= last else before


def _longest_beside(counts: Counts, time: int, apart: int) -> tuple[int, int] | None:
    """The longest gap between two counts that begins at most `apart` microseconds before or after a moment."""
    begins = counts.begins
    first = max(bisect_left(begins, time - apart) - 1, 0)
    last = min(bisect_right(begins, time + apart), len(begins) - 1)
    gaps = ((begins[nth], begins[nth + 1]) for nth in range(first, last))
    return max(gaps, key=lambda gap: gap[1] - gap[0], default=None)


def _is_notable(counts: Counts, begin: int, end: int) -> bool:
    """Whether nothing came between two moments, though the hours before and after let expect several."""
    begins = counts.begins
    first, last = bisect_right(begins, begin), bisect_left(begins, end)
    if not begins or end <= begin or last > first:
        return False
    before = first - bisect_left(begins, begin - AROUND)
    after = bisect_right(begins, end + AROUND) - last
    seen = max(min(begin - begins[0], AROUND) + min(begins[-1] - end, AROUND), SECOND)
    return (before + after) / seen * (end - begin) >= QUIET_MISSING


def follow(timeline: Timeline, order: Iterable[int], failures: Counts) -> Requests:
    """The requests of a timeline.

    `order`: the access logs' numbers, the server's own first; `failures`: lines of failures over time, which a
    crowded moment is not made of.
    """
    logs = {number: timeline.traffic[number] for number in order if number in timeline.traffic}
    return Requests(
        timeline.served, logs, timeline.span, tuple(find_releases(timeline.served, timeline.span, failures))
    )


def find_releases(served: Counts, span: int, failures: Counts) -> Iterable[int]:
    """The lone moments with far more answers than the log ever has by chance, in order of time."""
    if not served:
        return
    usual = served.total / span * served.width
    crowded = [
        (begin, count)
        for begin, count in served.items()
        if count >= LEAST_RELEASED
        and _tail(count - failures.between(begin, begin + served.width - 1), usual) < SURPRISING_RELEASE
    ]
    for nth, (begin, count) in enumerate(crowded):
        if not _has_company(crowded, nth, count, 2 * served.width):
            yield begin


def _has_company(crowded: list[tuple[int, int]], nth: int, count: int, touching: int) -> bool:
    """Whether other moments near, but not touching, are as crowded."""
    begin = crowded[nth][0]
    for step in (-1, 1):
        place = nth + step
        while 0 <= place < len(crowded) and abs(crowded[place][0] - begin) <= CROWD_APART:
            if abs(crowded[place][0] - begin) > touching and crowded[place][1] >= AS_CROWDED * count:
                return True
            place += step
    return False


def longest_gap(counts: Counts, begin: int, end: int) -> tuple[int, int] | None:
    """The longest stretch without a count that touches a stretch of time: UTC microseconds; None: there are too few."""
    first = max(bisect_right(counts.begins, begin) - 1, 0)
    times = counts.begins[first : bisect_left(counts.begins, end) + 1]
    return max(pairwise(times), key=lambda pair: pair[1] - pair[0], default=None)


def _peak(traffic: Traffic, begin: int, end: int) -> tuple[int, int, int] | None:
    """The minute with most failures."""
    by_minute: dict[int, int] = {}
    for time, count in traffic.failed.items():
        if begin - traffic.failed.width < time <= end:
            by_minute[time // MINUTE] = by_minute.get(time // MINUTE, 0) + count
    if not by_minute:
        return None
    minute, failed = max(by_minute.items(), key=lambda item: (item[1], -item[0]))
    first = minute * MINUTE
    return first, failed, traffic.all.between(max(first, begin), min(first + MINUTE - 1, end))


def _tail(count: int, mean: float) -> float:
    """Probability of at least `count` where `mean` are expected (Chernoff's bound of the Poisson tail)."""
    if count <= mean:
        return 1.0
    return math.exp(count - mean - count * math.log(count / max(mean, 1e-12)))
