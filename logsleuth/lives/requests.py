"""The requests: how many were answered, failed or refused, and when.

Where an access log is given, it counts requests. Without one, only the lines that name a client leave a trace of
them, and nothing here is called a number of requests.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from logsleuth.bounded import number
from logsleuth.regexes import regex
from logsleuth.timeline.model import Counts
from logsleuth.units import MINUTE, SECOND
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from logsleuth.timeline.model import Asked, AskedBy, Moment, Timeline, Traffic

ANSWERED = "access.failed"
"""The pattern of failed requests in an access log: what clients saw, never a cause."""
LONGEST_WAIT = MINUTE
"""A request may fail so long after its beginning: httpd's Timeout is a minute by default (core directive Timeout)."""
REDIRECTED = "access.redirected"
"""The pattern of requests in an access log that were answered with a redirect: routine, unless everybody is."""
REFUSED = frozenset({"access.denied", "access.gone", "access.turned-away"})
"""The patterns of requests in an access log that were answered with a client error: routine, unless users are."""
TOOK = "took"
SIZE: Final = regex(r'" \d{3} (?P<size>\d{5,15})(?!\S)', needs=('" ',))
"""The bytes of an answer, behind the request and its status, in httpd's usual formats (%b, %B, %O)."""
SLOW_LINE: Final = 100_000
"""Bytes a second: the line of a visitor may be no faster."""
"""The capture of that pattern: seconds from the beginning of a request, by which its line is dated, to its answer."""
OFTENEST_CHECK, SELDOMEST_CHECK = 5 * SECOND, 5 * MINUTE
"""Intervals at which monitors ask: a balancer each few seconds, a service that is paid for each five minutes."""
CHECKED = frozenset({"/server-status", "/server-info", "/healthz", "/health", "/healthcheck", "/ping", "/status"})
"""Pages that no user asks for: mod_status, mod_info, and what is called so for a balancer or monitor."""
LEAST_CHECKS = 12
"""In a log of an hour even a visitor asks as often as a monitor does."""
VISIT = MINUTE // 2
"""What a visitor's page asks for comes within a few seconds, and the next page often within half a minute."""
UNCOVERED = 0.05
"""Share of the error logs' time at either end that an access log may leave out: logs are not rotated at one moment."""


@dataclass(frozen=True, slots=True)
class Peaks:
    """Requests of which some were answered as usual, the others far later, and hardly any in between."""

    slow: float
    """Share of them that took as long as the late ones, or longer."""
    late: int
    """Microseconds that the late ones took: the median."""


@dataclass(frozen=True, slots=True)
class Late:
    """How long requests took: within what time this share of them was answered."""

    share: float
    usual: int
    """Microseconds, in the hour before."""
    now: int
    """Microseconds, in the outage."""
    kinds: tuple[int, ...] = ()
    """Microseconds that requests of either kind took, where they are of two kinds; none: they are not."""
    peaks: Peaks | None = None
    """None: the requests of the outage did not part in two."""


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
    stretches: tuple[tuple[int, int], ...] = ((0, 0),)
    """(begin, end) in UTC microseconds: one, or those of an outage that paused."""
    usual: int = 0
    """Of the failed ones, as many as fail in a time of this length anyway: a health check's, a forgotten monitor's."""
    usual_refused: int = 0
    """Of the refused ones, as many as are refused in a time of this length anyway: scanners'."""
    redirected: int = 0
    """Answered with a redirect."""
    usual_redirected: int = 0
    """Of those, as many as are redirected in a time of this length anyway."""
    sent_away: bool = False
    """The outage is that nearly all requests are answered with a redirect."""
    turned_away: bool = False
    """The outage is of a kind that refuses users, and more were refused beyond the usual than failed."""
    blocks_a_part: bool = False
    """Nearly all requests to a virtual host, or below a first segment of the path, failed that is served otherwise."""
    expected: int | None = None
    """Requests that at least are to be expected in a time of this length; None: it is not known."""
    error_size: int = 0
    """Bytes of the page with status 200 that those got which failed; 0: they got a server error."""
    late: Late | None = None
    """How much longer the requests took than in the hour before; None: no longer, or the log does not say."""

    @property
    def begin(self) -> int:
        """UTC microseconds at which the first stretch begins."""
        return self.stretches[0][0]

    @property
    def share(self) -> float:
        """Of all requests, those that failed beyond the usual; or were refused or redirected, if that is the outage."""
        harmed = max(self.failed - self.usual, 0)
        if self.turned_away:
            harmed += max(self.refused - self.usual_refused, 0)
        if self.sent_away:
            harmed += max(self.redirected - self.usual_redirected, 0)
        return harmed / self.seen if self.seen else 0.0


@dataclass(frozen=True, slots=True)
class Served:
    """The requests that were served, and how much a number of them proves."""

    counts: Counts
    reach: float = 1.0
    """Share of all requests that is for a virtual host, or a first segment of the path, of which any failed: those of
    the others are served whatever happens."""
    clump: float = 1.0
    """How many requests come together: what one visitor asks for at once, as variance over mean; at least 1."""

    checks: float = 0.0
    """Of them, those a microsecond of monitors, which ask for a page that is well whatever happens to users."""

    def between(self, begin: int, end: int) -> int:
        """Those of the whole seconds after one moment and before another (UTC microseconds), without monitors'."""
        found = self.counts.between(begin + self.counts.width, end - self.counts.width)
        return max(found - math.ceil(self.checks * max(end - begin, 0)), 0)

    def visits(self, begin: int, end: int) -> float:
        """As how many independent requests those between two moments count."""
        return self.between(begin, end) / self.clump


@dataclass(frozen=True, slots=True)
class Requests:
    """The traces of all requests."""

    trace: Counts
    """Lines of the error logs that name a client and report no failure: what is left of requests that were answered."""
    logs: dict[int, Traffic]
    """By number of the access log; the first is the server's own, whose counts are told."""
    exposure: Counts
    """How busy the server was: the requests that did not fail, as the server's own access log counts them where it
    covers the error logs' time; else the trace."""

    @property
    def counted(self) -> int | None:
        """The access log that counts the requests; None: there is none, and only lines can be counted."""
        return next(iter(self.logs), None)

    @property
    def own(self) -> Traffic | None:
        """What that access log counts; None: there is none."""
        return next(iter(self.logs.values()), None)

    def served(self) -> Served:
        """The requests that were served: of the server's own access log those that neither failed nor were refused.

        Whatever part of the time it covers; without one, the trace.
        """
        own = self.own
        if own is None:
            return Served(self.trace, clump=_clump(self.trace))
        counts = _without(_without(own.all, own.failed), own.refused)
        reach = min(_reach(own.by_vhost), _reach(own.by_path))
        return Served(counts, reach, _clump(own.all), _checks(own))

    @property
    def last(self) -> int | None:
        """UTC microseconds of the last request that an access log counts; None: none does."""
        return max((traffic.all.begins[-1] for traffic in self.logs.values() if traffic.all), default=None)

    @property
    def traces(self) -> tuple[Counts, ...]:
        """What requests leave in each log: first the lines that name a client, then the access logs."""
        return (self.trace, *(traffic.all for traffic in self.logs.values()))

    def seen(self, begin: int, end: int) -> Seen | None:
        """The requests of a stretch of time (UTC microseconds) by the first log that covers it; None: none does."""
        return next(self.seen_by_each(begin, end), None)

    def seen_by_each(self, begin: int, end: int) -> Iterator[Seen]:
        """The requests of a stretch of time (UTC microseconds), as each access log counts them that covers it."""
        return (found for number in self.logs if (found := self.seen_by(number, begin, end)) is not None)

    def parts_of(self, log: int) -> frozenset[int]:
        """The numbers of the files that an access log is in: its own, or those of all its parts if it was rotated."""
        return self.logs[log].parts or frozenset({log})

    def traffic_of(self, number: int) -> Traffic | None:
        """The requests of the access log that a file is a part of; None: it is no access log."""
        return next((traffic for log, traffic in self.logs.items() if number in self.parts_of(log)), None)

    def seen_by(self, log: int, begin: int, end: int) -> Seen | None:
        """The requests of a stretch of time (UTC microseconds) in one access log; None: it does not cover it."""
        traffic = self.logs[log]
        if not (traffic.all and traffic.all.begins[0] <= end and begin <= traffic.all.begins[-1] + traffic.all.width):
            return None
        return Seen(
            log,
            traffic.failed.between(begin, end),
            traffic.refused.between(begin, end),
            traffic.all.between(begin, end),
            _peak(traffic, begin, end),
            ((begin, end),),
            redirected=traffic.redirected.between(begin, end),
        )


def follow(timeline: Timeline, order: Iterable[int]) -> Requests:
    """The requests of a timeline. `order`: the access logs' numbers, the server's own first."""
    logs = {number: timeline.traffic[number] for number in order if number in timeline.traffic}
    trace = _answered(timeline)
    return Requests(trace, logs, _exposure(timeline, logs, trace))


def _exposure(timeline: Timeline, logs: dict[int, Traffic], trace: Counts) -> Counts:
    """What shows best how busy the server was.

    What a request leaves in the error log depends on what it asked for: a scanner's leave a line each, and those of a
    busy hour none. An access log counts them all. One of a part of the time only would make that part look busy.
    """
    own = next(iter(logs.values()), None)
    if own is None or not own.all or not _covers(own.all, timeline):
        return trace
    return _without(own.all, own.failed)


def _covers(counts: Counts, timeline: Timeline) -> bool:
    """Whether the counts go on from the first to the last line of the error logs, as far as it matters."""
    margin = timeline.span * UNCOVERED
    return counts.begins[0] - timeline.start <= margin and timeline.end - counts.begins[-1] <= margin


def _without(counts: Counts, others: Counts) -> Counts:
    """The counts, but for as many as others have in the same stretch of time."""
    left = ((begin, count - others.between(begin, begin + counts.width - 1)) for begin, count in counts.items())
    return Counts(counts.width, ((begin, count) for begin, count in left if count > 0))


def _answered(timeline: Timeline) -> Counts:
    """The lines that name a client, but for as many as report a failure in the same moment.

    Of a message that comes very often, a moment is many lines within some seconds: they are taken evenly from those.
    """
    begins, left, width = timeline.served.begins, list(timeline.served.counts), timeline.served.width
    for moment in _failures(timeline):
        first = bisect_right(begins, moment.time - width)
        within = range(first, bisect_right(begins, moment.last, first))
        places, lines = _evenly([place for place in within if left[place]], moment.count), moment.count
        for nth, place in enumerate(places):
            taken = min(-(-lines // (len(places) - nth)), left[place])
            left[place] -= taken
            lines -= taken
    return Counts(width, ((begin, count) for begin, count in zip(begins, left, strict=True) if count))


def _evenly(places: Sequence[int], count: int) -> Sequence[int]:
    """A number of places at equal distances; all of them where there are no more."""
    if count >= len(places):
        return places
    return [places[(2 * nth + 1) * len(places) // (2 * count)] for nth in range(count)]


def _failures(timeline: Timeline) -> Iterator[Moment]:
    """Lines that say that something failed."""
    for series in timeline.series.values():
        if series.meaning.role in {"cause", "death", "symptom"}:
            yield from series.moments


def _reach(asked: AskedBy) -> float:
    """The share of requests that is for what had a failure; 1: none had one, or the log does not tell."""
    mine = sum(one.requests for one in asked.kept if one.failed)
    return mine / sum(one.requests for one in asked.kept) if mine else 1.0


def _checks(traffic: Traffic) -> float:
    """Requests a microsecond of monitors: theirs never fail, and they ask as often as those do.

    By client, and where there are too many to keep all, by the pages that are made for them. When each of them asked
    is not known; users who ask for so much come and go, and are few.
    """
    if not traffic.all:
        return 0.0
    span = traffic.all.begins[-1] - traffic.all.begins[0] + traffic.all.width
    if span < LEAST_CHECKS * SELDOMEST_CHECK:
        return 0.0

    def asked_by(monitors: Iterable[Asked]) -> int:
        """The requests of those that ask as often as monitors do, and never in vain."""
        return sum(
            one.requests
            for one in monitors
            if not one.failed + one.refused + one.redirected
            and OFTENEST_CHECK <= span / one.requests <= SELDOMEST_CHECK
        )

    pages = (one for one in traffic.by_path.kept if one.key in CHECKED)
    return max(asked_by(traffic.by_client.kept), asked_by(pages)) / span


def _clump(counts: Counts) -> float:
    """Variance over mean of the requests of half a minute, by the steps from one to the next.

    So the swing of the day, which is slow, counts for nothing.
    """
    width = max(VISIT, counts.width)
    steps: dict[int, int] = {}
    for begin, count in counts.items():
        steps[begin // width] = steps.get(begin // width, 0) + count
    rises = ((count - steps.get(step - 1, 0)) ** 2 for step, count in steps.items())
    falls = (count**2 for step, count in steps.items() if step + 1 not in steps)
    return max((sum(rises) + sum(falls)) / max(2 * sum(steps.values()), 1), 1.0)


def answered_by(moment: Moment) -> int:
    """UTC microseconds by when the failed request of an access log's line had been answered, at the latest.

    The line is dated by when it began; whatever made it fail may be logged no sooner than when it ended.
    """
    took = took_of(moment)
    return moment.time + SECOND + (LONGEST_WAIT if took is None else took)


def is_by_arrival(moment: Moment) -> bool:
    """Whether a line is an access log's of a request that took seconds: it was written that much later than dated."""
    took = took_of(moment)
    return took is not None and took >= SECOND


def took_of(moment: Moment) -> int | None:
    """Microseconds that the failed request of an access log's line took; None: it does not say."""
    whole, _, millis = dict(moment.sighting.fields).get(TOOK, "").partition(".")
    seconds = number(whole)
    return None if seconds is None else seconds * SECOND + (number(millis) or 0) * 1000


def is_download(moment: Moment) -> bool:
    """Whether an answer is so large that it took no longer than a visitor's line may need for it."""
    took, size = took_of(moment), SIZE.search(moment.sighting.text)
    return took is not None and size is not None and int(size["size"]) * SECOND >= SLOW_LINE * took


def gaps(counts: Counts, begin: int, end: int) -> list[tuple[int, int]]:
    """The stretches without a count that touch a stretch of time, as UTC microseconds of the counts around them."""
    first = max(bisect_right(counts.begins, begin) - 1, 0)
    times = counts.begins[first : bisect_left(counts.begins, end) + 1]
    return list(pairwise(times))


def _peak(traffic: Traffic, begin: int, end: int) -> tuple[int, int, int] | None:
    """The minute with most failures."""
    by_minute: dict[int, int] = {}
    for time, count in traffic.failed.items_between(begin, end):
        by_minute[time // MINUTE] = by_minute.get(time // MINUTE, 0) + count
    if not by_minute:
        return None
    minute, failed = max(by_minute.items(), key=lambda item: (item[1], -item[0]))
    first = minute * MINUTE
    return first, failed, traffic.all.between(max(first, begin), min(first + MINUTE - 1, end))
