"""Counts over time that stay small: buckets of a second, made twice as wide whenever there are too many.

The width is a function of the set of seconds seen (the smallest power of two that keeps the number of
buckets within the cap), so merging in any order, of any pieces, gives the same series.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from logsleuth.scan.line import MICRO
from logsleuth.scan.sighting import Sighting, earlier
from logsleuth.values import dataclass, field, replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


@dataclass(slots=True)
class Counts:
    """Plain counts by bucket."""

    cap: int
    width: int = 1
    """Seconds a bucket."""
    buckets: dict[int, int] = field(default_factory=dict)
    """Bucket number (second // width) to count."""

    def add(self, seconds: Iterable[int]) -> None:
        """Count these seconds."""
        added: dict[int, int] = {}
        for second, count in Counter(seconds).items():
            number = second // self.width
            added[number] = added.get(number, 0) + count
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


KEPT_BITS = 2
"""Bits of a duration by which it is classed: the longest of a class is half as long again as the shortest."""
MOST_CLASSES = 1 << 8
"""More than there are: numbers of buckets are multiplied by it."""


def class_of(micros: int) -> int:
    """The class of a duration: 0 to 3 microseconds by themselves, and two for each doubling from there on."""
    shift = max(micros.bit_length() - KEPT_BITS, 0)
    return (shift << (KEPT_BITS - 1)) + (micros >> shift)


def shortest_of(number: int) -> int:
    """The shortest duration of a class, in microseconds."""
    half = 1 << (KEPT_BITS - 1)
    shift = max(number // half - 1, 0)
    return (number - shift * half) << shift


@dataclass(slots=True)
class Durations:
    """How many took how long, by when they began: counts by bucket and class of the duration."""

    cap: int
    width: int = 1
    """Seconds a bucket."""
    buckets: dict[int, int] = field(default_factory=dict)
    """Bucket number (second // width) times MOST_CLASSES, plus the class, to count."""

    def add(self, begun: Iterable[tuple[int, int]]) -> None:
        """Count these: (second, microseconds that it took)."""
        for (second, kind), count in Counter((second, class_of(micros)) for second, micros in begun).items():
            self._take(second // self.width * MOST_CLASSES + kind, count)
        self._fit()

    def merge(self, other: Durations) -> None:
        """Add another's counts to these."""
        self._widen(other.width)
        alike = Durations(other.cap, other.width, dict(other.buckets))
        alike._widen(self.width)
        for key, count in alike.buckets.items():
            self._take(key, count)
        self._fit()

    def _take(self, key: int, count: int) -> None:
        self.buckets[key] = self.buckets.get(key, 0) + count

    def _fit(self) -> None:
        while len(self.buckets) > self.cap:
            self._widen(self.width * 2)

    def _widen(self, width: int) -> None:
        if self.width >= width:
            return
        factor, buckets = width // self.width, self.buckets
        self.buckets, self.width = {}, width
        for key, count in buckets.items():
            number, kind = divmod(key, MOST_CLASSES)
            self._take(number // factor * MOST_CLASSES + kind, count)


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

    def add(
        self, time: int, place: tuple[int, int], make: Callable[[], Sighting], count: int = 1, last: int | None = None
    ) -> None:
        """Add an event: its local microseconds, its log and byte offset; `make` makes it whole if it is kept.

        `count`, `last`: how many events of one second this is the first of, and the time of the last.
        """
        last = time if last is None else last
        number = time // MICRO // self.width
        known = self.buckets.get(number)
        if known is None:
            self.buckets[number] = Moment(count, make(), last)
            self._fit()
            return
        known.count += count
        known.last = max(known.last, last)
        if (time, *place) < known.first.place:
            known.first = make()

    def merge(self, other: Series) -> None:
        """Add another's moments to these."""
        self._widen(other.width)
        factor = self.width // other.width
        for number, moment in other.buckets.items():
            known = self.buckets.get(number // factor)
            self.buckets[number // factor] = replace(moment) if known is None else known.merged(moment)
        self._fit()

    def _fit(self) -> None:
        width, wanted = self.width, len(self.buckets)
        while wanted > self.cap:
            width *= 2
            wanted = len({number // (width // self.width) for number in self.buckets})
        self._widen(width)

    def _widen(self, width: int) -> None:
        if width <= self.width:
            return
        factor, wider = width // self.width, dict[int, Moment]()
        for number, moment in self.buckets.items():
            known = wider.get(number // factor)
            wider[number // factor] = moment if known is None else known.merged(moment)
        self.buckets, self.width = wider, width
