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
    from collections.abc import Callable

    from numpy.typing import NDArray

MICRO = 1_000_000


def by_time(times: NDArray[np.int64], places: NDArray[np.int64]) -> NDArray[np.int64]:
    """The order by time, then place. Logs are nearly always in order already, which is cheap to see."""
    if len(times) < 2 or (times[1:] > times[:-1]).all():
        return np.arange(len(times))
    return np.lexsort((places, times))


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
        for number, count in zip((seconds[begins] // self.width).tolist(), counts.tolist(), strict=True):
            self.buckets[number] = self.buckets.get(number, 0) + count
        self._fit()

    def merge(self, other: Counts) -> None:
        """Add another's counts to these."""
        self._widen(other.width)
        factor = self.width // other.width
        for number, count in other.buckets.items():
            self.buckets[number // factor] = self.buckets.get(number // factor, 0) + count
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

    def add(self, times: NDArray[np.int64], places: NDArray[np.int64], sight: Callable[[int], Sighting]) -> None:
        """Add matches at these local microseconds.

        `places` are their byte offsets (they decide between equal times); `sight(i)` makes the i-th whole
        and is called only for those that are kept.
        """
        order = by_time(times, places)
        seconds = times[order] // MICRO
        begins = _begins(seconds, self.width)
        while len(begins) > self.cap:
            self._widen(self.width * 2)  # before anything is made whole only to be merged away
            begins = _begins(seconds, self.width)
        counts = np.diff(np.append(begins, len(seconds)))
        numbers = seconds[begins] // self.width
        for number, begin, count in zip(numbers.tolist(), begins.tolist(), counts.tolist(), strict=True):
            last = int(times[order[begin + count - 1]])
            known = self.buckets.get(number)
            at = int(order[begin])
            if known is None:
                self.buckets[number] = Moment(count, sight(at), last)
                continue
            first = known.first
            if int(times[at]) <= first.time:
                candidate = sight(at)
                first = candidate if candidate.place < first.place else first
            self.buckets[number] = Moment(known.count + count, first, max(known.last, last))
        self._fit()

    def merge(self, other: Series) -> None:
        """Add another's moments to these."""
        self._widen(other.width)
        factor = self.width // other.width
        for number, moment in other.buckets.items():
            known = self.buckets.get(number // factor)
            self.buckets[number // factor] = moment if known is None else known.merged(moment)
        self._fit()

    def _fit(self) -> None:
        while len(self.buckets) > self.cap:
            self._widen(self.width * 2)

    def _widen(self, width: int) -> None:
        while self.width < width:
            wider: dict[int, Moment] = {}
            for number, moment in self.buckets.items():
                known = wider.get(number // 2)
                wider[number // 2] = moment if known is None else known.merged(moment)
            self.buckets, self.width = wider, self.width * 2
