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
        numbers, counts = np.unique(seconds // self.width, return_counts=True)
        for number, count in zip(numbers.tolist(), counts.tolist(), strict=True):
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
        order = np.lexsort((places, times))
        seconds = times[order] // MICRO
        while len(uniques := np.unique(seconds // self.width)) > self.cap:
            self._widen(self.width * 2)  # before anything is made whole only to be merged away
        uniques, begins, counts = np.unique(seconds // self.width, return_index=True, return_counts=True)
        for number, begin, count in zip(uniques.tolist(), begins.tolist(), counts.tolist(), strict=True):
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
