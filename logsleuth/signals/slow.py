"""Who was answered late: a stretch in which requests took several times as long as in the hour before.

A full pool of slow pages goes on answering. No request fails and none is missing, and everybody waits: only how long
requests took (%D, %T) shows it. A request that hangs is dated by when it began, long before any line says that it does.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from logsleuth.lives.requests import Late, Peaks
from logsleuth.signals.chance import surprise
from logsleuth.signals.humps import usual_lengths
from logsleuth.signals.tuning import (
    ALMOST_ALL,
    AROUND_US,
    BY_CHANCE,
    EVEN,
    JOIN_US,
    LASTING_US,
    LEAST_EXPECTED,
    LEAST_MOMENTS,
    LEAST_WAIT_US,
    MOST,
    SOON_US,
    TIMES_AS_MANY,
)
from logsleuth.timeline.model import Spread, together
from logsleuth.values import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.timeline.model import Durations


NOTHING = Spread({})


@dataclass(frozen=True, slots=True)
class Usual:
    """How long requests took before."""

    longest: int
    """Microseconds, several times as long as nearly all of them took: those that take longer are slow."""
    share: float
    """Of them that were slow."""


def slowed(took: Durations, time: int) -> tuple[int, int] | None:
    """UTC microseconds from when on, and up to when, requests were slow around a moment; None: they were not.

    `took`: how long they took; where the log does not say it, there is no telling.
    """
    usual = _usual(took.between(time - AROUND_US, time - took.width))
    if usual is None:
        return None
    step = max(JOIN_US, took.width)
    ends = range(time + step, min(time + AROUND_US, took.begins[-1] + step) + 1, step)
    end = _likeliest(took, usual, [(time, end) for end in ends]) or (time, time)
    begins = range(time, time - AROUND_US, -step)
    return _likeliest(took, usual, [(begin, end[1]) for begin in begins if begin < end[1]])


def slow_stretches(took: Durations) -> list[tuple[int, int]]:
    """The stretches (UTC microseconds) in which requests took many times as long as in the hour before.

    Too long for anybody to wait: several times what counts as slow, and several times the wait that shows a full pool.
    What lasts for hours is how it is by day, or since a new version.
    """
    steps = _Steps(took)
    found, place = [], 0
    while place < len(steps.counts):
        end = steps.slow_until(place)
        if end is None:
            place += 1
            continue
        if end - place >= LEAST_MOMENTS and (end - place) * steps.width < LASTING_US:
            found.append((steps.start + place * steps.width, steps.start + end * steps.width))
        place = end
    return found


class _Steps:
    """How long requests took in equal steps of time, and in the hour before each."""

    def __init__(self, took: Durations) -> None:
        self.width = max(JOIN_US, took.width)
        self.start = took.begins[0] // self.width * self.width if took else 0
        length = (took.begins[-1] - self.start) // self.width + 1 if took else 0
        self.counts: list[Spread] = [NOTHING] * length
        for begin, counts in took.items():
            place = (begin - self.start) // self.width
            self.counts[place] = together((self.counts[place], Spread(counts)))
        self.slow = [spread.longer_than(LEAST_WAIT_US) for spread in self.counts]
        """Requests of each step that somebody waited for."""

    def slow_until(self, first: int) -> int | None:
        """The step after the last that is slow, where it begins to be so with this one; None: it does not."""
        if not self.slow[first]:
            return None
        usual = self._between(first - AROUND_US // self.width, first)
        if usual.count < LEAST_EXPECTED or not self._are_slow(first, usual):
            return None
        last = first
        for place in range(first + 1, len(self.counts)):
            if (place - last) * self.width > SOON_US:
                break
            if self.slow[place] and self._are_slow(place, usual):
                last = place
        return last + 1

    def _are_slow(self, first: int, usual: Spread) -> bool:
        """Whether the requests from a step on, as many as it takes to know it, took many times as long as usual."""
        longest = first + SOON_US // self.width
        until = first + 1
        found = self.counts[first]
        while found.count < LEAST_EXPECTED and until < min(longest, len(self.counts)):
            found = together((found, self.counts[until]))
            until += 1
        return found.count >= LEAST_EXPECTED and any(
            found.quantile(share) >= TIMES_AS_MANY * _too_long(usual.quantile(share)) for share in (MOST, ALMOST_ALL)
        )

    def _between(self, first: int, last: int) -> Spread:
        """Those of the steps from one to before another."""
        return together(self.counts[max(first, 0) : last])


def lateness(took: Durations, stretches: Sequence[tuple[int, int]]) -> Late | None:
    """How much longer than in the hour before the requests took that began in these stretches of time.

    By the median, or where half of all requests are as quick as ever (those for files), by the slowest of five. None:
    no longer, or the log does not say.
    """
    begin = stretches[0][0]
    before = took.between(begin - AROUND_US, begin - took.width)
    within = together(took.between(*stretch) for stretch in stretches)
    if min(before.count, within.count) < LEAST_EXPECTED:
        return None
    for share in (MOST, ALMOST_ALL):
        usual, now = before.quantile(share), within.quantile(share)
        if now >= _too_long(usual):
            return Late(share, usual, now, peaks=_peaks(within, round(_too_long(usual))))
    return None


def _too_long(usual: int) -> float:
    """Microseconds from which on a request takes much longer than usual, and longer than anybody likes to wait."""
    return max(TIMES_AS_MANY * usual, LEAST_WAIT_US)


def _peaks(took: Spread, limit: int) -> Peaks | None:
    """The two parts of requests on either side of a duration (microseconds), where a wide gap is between them.

    A median of the two together is the time of hardly any request.
    """
    quick, slow = took.parted(limit)
    part = slow.count / took.count
    if not 1 - ALMOST_ALL <= part <= ALMOST_ALL:
        return None
    if slow.quantile(1 - ALMOST_ALL) < TIMES_AS_MANY * quick.quantile(ALMOST_ALL):
        return None
    late = slow.quantile(MOST)
    return Peaks(took.longer_than(round((1 - 2 * EVEN) * late)) / took.count, late)  # in classes of up to an eighth


def exactly(late: Late, took: Sequence[int]) -> Late:
    """The same by how long each request of the outage took (microseconds)."""
    ordered = sorted(took)
    if len(ordered) < LEAST_EXPECTED:
        return late
    now = ordered[int(late.share * len(ordered))]
    if late.peaks is None:
        usual = usual_lengths(ordered) if late.share == MOST else ()
        return replace(late, now=now, kinds=usual if len(usual) > 1 else ())
    limit = _too_long(late.usual)
    slow = [one for one in ordered if one > limit]
    if not 0 < len(slow) < len(ordered):
        return replace(late, now=now, peaks=None)
    middle = slow[len(slow) // 2]
    as_long = sum(one >= (1 - EVEN) * middle for one in slow)
    return replace(late, now=now, peaks=Peaks(as_long / len(ordered), middle))


@dataclass(frozen=True, slots=True)
class TimedOut:
    """Failed requests that failed after the same time: a timeout ended them."""

    after: int
    """Microseconds: the median, or that of the shorter of two."""
    count: int
    """Those that took as long, to within a tenth."""
    or_after: int | None = None
    """Microseconds: the longer of two timeouts, of which either ended some of them."""

    @property
    def each(self) -> tuple[int, ...]:
        """Microseconds: the one timeout, or both."""
        return (self.after,) if self.or_after is None else (self.after, self.or_after)


def timed_out(took: Sequence[int]) -> TimedOut | None:
    """Those of some failed requests that a timeout ended; None: they took different times, or failed at once.

    What fails by itself takes as long as it takes; only a timeout is always the same. `took`: microseconds each.
    """
    if len(took) < LEAST_EXPECTED:
        return None
    first, *second = usual_lengths(took)
    alike = sum(any(abs(one - usual) <= EVEN * usual for usual in (first, *second)) for one in took)
    if first < LEAST_WAIT_US or alike < ALMOST_ALL * len(took):
        return None
    return TimedOut(first, alike, second[0] if second else None)


def _usual(before: Spread) -> Usual | None:
    """None: there were too few to know it."""
    if before.count < LEAST_EXPECTED:
        return None
    longest = max(round(TIMES_AS_MANY * before.quantile(ALMOST_ALL)), LEAST_WAIT_US)
    return Usual(longest, (before.longer_than(longest) + 1) / (before.count + 2))


def _likeliest(took: Durations, usual: Usual, stretches: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """The stretch with the most surprising share of slow requests; None: no share is, or not one in five was slow."""

    def worth(stretch: tuple[int, int]) -> float:
        found = took.between(stretch[0], stretch[1] - took.width)
        slow = found.longer_than(usual.longest)
        return surprise(slow, found.count, usual.share, 1.0) if slow > (1 - ALMOST_ALL) * found.count else 0.0

    best = max(stretches, key=worth, default=None)
    if best is None or worth(best) < math.log10(len(stretches) / BY_CHANCE):
        return None
    return best
