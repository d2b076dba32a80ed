"""Counts over time that stay small: buckets of a second, made twice as wide whenever there are too many.

The width is a function of the set of seconds seen (the smallest power of two that keeps the number of
buckets within the cap), so merging in any order, of any pieces, gives the same series.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from logsleuth.scan.sighting import Sighting, earlier

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from numpy.typing import NDArray

MICRO = 1_000_000


def _begins(seconds: NDArray[np.int64], width: int) -> NDArray[np.int64]:
    """Where each run of seconds of the same bucket begins."""
    numbers = seconds // width
    return np.append(0, np.flatnonzero(numbers[1:] != numbers[:-1]) + 1)


@dataclass(slots=True)
class Counts:
    """Plain counts by bucket."""

    cap: int
    width: int = 1
    """Seconds a bucket."""
    buckets: dict[int, int] = field(default_factory=dict)
    """Bucket number (second // width) to count."""

    def add(self, seconds: NDArray[np.int64]) -> None:
        """Count these seconds."""
        if not len(seconds):
            return
        # runs rather than distinct values: the lines are nearly in order, and equal runs add up in the dict
        begins = _begins(seconds, self.width)
        counts = np.diff(np.append(begins, len(seconds)))
        numbers = (seconds[begins] // self.width).tolist()
        added = dict(zip(numbers, counts.tolist(), strict=True))
        if len(added) < len(numbers):  # clocks step back
            added = dict.fromkeys(numbers, 0)
            for number, count in zip(numbers, counts.tolist(), strict=True):
                added[number] += count
        self._take(added)

    def merge(self, other: Counts) -> None:
        """Add another's counts to these."""
        self._widen(other.width)
        alike = Counts(other.cap, other.width, dict(other.buckets))
        alike._widen(self.width)
        self._take(alike.buckets)

    def _take(self, added: dict[int, int]) -> None:
        """Add counts by buckets of the same width; `added` is written over."""
        for number in self.buckets.keys() & added.keys():  # few: nearly all seconds of a block are new
            added[number] += self.buckets[number]
        self.buckets |= added
        self._fit()

    def _fit(self) -> None:
        while len(self.buckets) > self.cap:
            self._widen(self.width * 2)

    def _widen(self, width: int) -> None:
        while self.width < width:
            wider: dict[int, int] = {}
            for number, count in self.buckets.items():
                wider[number // 2] = wider.get(number // 2, 0) + count
            self.buckets, self.width = wider, self.width * 2


@dataclass(slots=True)
class Moment:
    """What happened within one bucket."""

    count: int
    first: Sighting
    last: int
    """Local microseconds of the last."""

    def merged(self, other: Moment) -> Moment:
        """Both together."""
        first = self.first if self.first.place <= other.first.place else other.first
        return Moment(self.count + other.count, first, max(self.last, other.last))


@dataclass(slots=True)
class Series:
    """Moments by bucket: counts over time, with the first sighting of each bucket kept whole."""

    cap: int
    width: int = 1
    buckets: dict[int, Moment] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """All that was added."""
        return sum(moment.count for moment in self.buckets.values())

    @property
    def first(self) -> Sighting | None:
        """The earliest sighting."""
        best: Sighting | None = None
        for moment in self.buckets.values():
            best = earlier(best, moment.first)
        return best

    def merge(self, other: Series) -> None:
        """Add another's moments to these."""
        self._widen(other.width)
        factor = self.width // other.width
        for number, moment in other.buckets.items():
            known = self.buckets.get(number // factor)
            self.buckets[number // factor] = moment if known is None else known.merged(moment)
        self._fit()

    def _fit(self) -> None:
        self.make_room(())

    def make_room(self, numbers: Collection[int]) -> None:
        """Widen until these buckets, numbered by the present width, fit in beside what is there."""
        if len(self.buckets) + len(numbers) <= self.cap:
            return
        wanted, width = self.buckets.keys() | set(numbers), self.width
        while len(wanted) > self.cap:
            wanted, width = {number // 2 for number in wanted}, width * 2
        self._widen(width)

    def _widen(self, width: int) -> None:
        if width <= self.width:
            return
        factor, wider = width // self.width, dict[int, Moment]()
        for number, moment in self.buckets.items():
            known = wider.get(number // factor)
            wider[number // factor] = moment if known is None else known.merged(moment)
        self.buckets, self.width = wider, width


def add_all(
    series: Sequence[Series],
    which: NDArray[np.int64],
    times: NDArray[np.int64],
    places: NDArray[np.int64],
    sights: Callable[[NDArray[np.int64]], list[Sighting]],
) -> NDArray[np.int64]:
    """Add events to many series at once; returns their order by series, time and place.

    `which`: the series of each event, `times`: its local microseconds, `places`: its byte offset, which decides
    between equal times. `sights` makes the events of these numbers whole, and is asked only for what is kept.
    """
    order = _by_series(which, times, places)
    which, times = which[order], times[order]
    seconds = times // MICRO
    numbers, begins = _runs(series, which, seconds)
    owners = which[begins]
    ends = np.append(np.flatnonzero(owners[1:] != owners[:-1]) + 1, len(owners))
    widths = [one.width for one in series]
    for begin, end in zip(np.append(0, ends[:-1]).tolist(), ends.tolist(), strict=True):
        one = series[owners[begin]]
        if len(one.buckets) + end - begin > one.cap:
            one.make_room(numbers[begins[begin:end]].tolist())
    if widths != [one.width for one in series]:
        numbers, begins = _runs(series, which, seconds)
    runs = [
        (series[owner].buckets, number, count, last, first)
        for owner, number, count, last, first in zip(
            which[begins].tolist(), numbers[begins].tolist(), np.diff(begins, append=len(times)).tolist(),
            times[np.append(begins[1:], len(times)) - 1].tolist(), times[begins].tolist(), strict=True,
        )
    ]  # fmt: skip
    # an earlier line than the first that is known is rare: only then, and for a new bucket, a line is made whole
    wanted = [
        nth
        for nth, (buckets, number, _, _, first) in enumerate(runs)
        if (known := buckets.get(number)) is None or first <= known.first.time
    ]
    firsts = dict(zip(wanted, sights(order[begins[wanted]]), strict=True))
    for nth, (buckets, number, count, last, _) in enumerate(runs):
        known, first = buckets.get(number), firsts.get(nth)
        if known is None:
            assert first is not None
            buckets[number] = Moment(count, first, last)
        else:
            earliest = known.first if first is None or known.first.place <= first.place else first
            buckets[number] = Moment(known.count + count, earliest, max(known.last, last))
    return order


def _by_series(which: NDArray[np.int64], times: NDArray[np.int64], places: NDArray[np.int64]) -> NDArray[np.int64]:
    """The order by series, time and place. Logs are nearly always in order of time already, which is cheap to see."""
    later = times[1:] > times[:-1]
    if later.all() or (later | ((times[1:] == times[:-1]) & (places[1:] > places[:-1]))).all():
        # numpy sorts 16-bit integers by radix
        return np.argsort(which.astype(np.uint16) if which.max(initial=0) < 1 << 16 else which, kind="stable")
    return np.lexsort((places, times, which))


def _runs(
    series: Sequence[Series], which: NDArray[np.int64], seconds: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Each event's bucket, and where the events of one bucket begin."""
    numbers = seconds >> np.array([one.width.bit_length() - 1 for one in series], np.int64)[which]
    change = (numbers[1:] != numbers[:-1]) | (which[1:] != which[:-1])
    return numbers, np.append(0, np.flatnonzero(change) + 1)
