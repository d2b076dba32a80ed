"""What two logs, or two stretches of one, say differently: new, gone, more, less, and on which hosts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

from logsleuth.units import HOUR, SECOND
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.scan.sighting import Sighting
    from logsleuth.timeline.model import Moment, Series, Timeline

Kind = Literal["new", "gone", "more", "less", "same"]

BINS = 24
"""Equal parts of the first stretch whose counts tell how much a message varies by itself."""
UNLIKELY = 0.01
"""Probability by chance, all messages taken together, below which a change is called one."""
FACTOR = 1.5
"""A rate that changed by less is told as the same, however sure the change is."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """One of the two sides."""

    name: str
    begin: int
    """UTC microseconds."""
    end: int
    lines: int
    hosts: tuple[str, ...] = ()
    """The hosts whose logs these are, by name; empty: they are one host's."""
    of_all: int | None = None
    """Microseconds of the logs of all hosts together; None: of one host, from begin to end."""

    @property
    def hours(self) -> float:
        """How long it is, the hours of all hosts together; never 0."""
        return max(self.end - self.begin if self.of_all is None else self.of_all, SECOND) / HOUR


@dataclass(frozen=True, slots=True)
class Change:
    """One kind of message, on both sides."""

    kind: Kind
    name: str
    """A pattern's id, a card's name, or the message with what varies masked."""
    title: str
    """What it says; empty: neither a pattern nor a card knows the message."""
    level: str
    before: int
    after: int
    before_rate: float
    """Matches an hour, of many hosts on each of them."""
    after_rate: float
    chance: float
    """Probability of so big a difference of rates if nothing changed, given how the message varies by itself."""
    sure: bool
    """Whether chance can be ruled out, all messages taken together."""
    sighting: Sighting
    """The first such line of the side that has more."""
    hosts_before: tuple[str, ...] = ()
    """The hosts on which it was, of many."""
    hosts_after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both sides and what differs, the surest first."""

    before: Stretch
    after: Stretch
    changes: tuple[Change, ...]


def compare(before: Sequence[Timeline], after: Sequence[Timeline], one: Stretch, other: Stretch) -> Comparison:
    """Compare by pattern, and by template where no pattern knows the message.

    A timeline for each host of a stretch, in their order; a stretch without hosts has one.
    """
    left, right = _series(before, one), _series(after, other)
    names = sorted(left.keys() | right.keys())
    changes = [_change(left.get(name, []), right.get(name, []), one, other, len(names)) for name in names]
    changes.sort(key=lambda change: (change.kind == "same", not change.sure, change.chance, change.name))
    return Comparison(one, other, tuple(changes))


def _series(timelines: Sequence[Timeline], stretch: Stretch) -> dict[str, list[tuple[str, Series]]]:
    """By name, the series of each host that has one."""
    found: dict[str, list[tuple[str, Series]]] = {}
    for host, timeline in zip(stretch.hosts or ("",), timelines, strict=True):
        for name, series in timeline.series.items():
            if series.moments:
                found.setdefault(name, []).append((host, series))
    return found


def _change(
    left: Sequence[tuple[str, Series]], right: Sequence[tuple[str, Series]], one: Stretch, other: Stretch, kinds: int
) -> Change:
    before, after = (sum(series.count for _, series in side) for side in (left, right))
    before_rate, after_rate = before / one.hours, after / other.hours
    clumping = _clumping([series for _, series in left], one)
    chance = chance_of(before, after, one.hours, other.hours, clumping)
    _, shown = (right if right and (not left or after_rate >= before_rate) else left)[0]
    sure = chance * kinds < UNLIKELY
    kind: Kind = "same"
    if not before or not after:
        kind = "gone" if before else "new"
    elif sure and max(before_rate, after_rate) >= FACTOR * min(before_rate, after_rate):
        kind = "more" if after_rate > before_rate else "less"
    title = shown.title if shown.meaning.known_by != "level" else ""
    return Change(
        kind, shown.name, title, shown.first_sighting.level, before, after,
        before_rate, after_rate, chance, sure, shown.moments[0].sighting,
        tuple(host for host, _ in left if host), tuple(host for host, _ in right if host),
    )  # fmt: skip


def chance_of(before: int, after: int, hours_before: float, hours_after: float, clumping: float = 1.0) -> float:
    """Probability of so different counts at one rate: likelihood ratio of two Poisson rates, chi-square of one degree.

    `clumping`: variance over mean; what comes in clumps differs more by chance.
    """
    rate = (before + after) / (hours_before + hours_after)
    ratio = sum(
        2 * count * math.log(count / (rate * hours))
        for count, hours in ((before, hours_before), (after, hours_after))
        if count
    )
    return math.erfc(math.sqrt(max(ratio, 0.0) / clumping / 2))


def _clumping(series: Sequence[Series], stretch: Stretch) -> float:
    """Variance over mean of the counts of all hosts in equal parts of a stretch: 1 if matches come one by one."""
    counts = [0] * BINS
    length = max(stretch.end - stretch.begin, 1)
    for one in series:
        for moment in one.moments:
            counts[_bin(moment, stretch.begin, length)] += moment.count
    mean = sum(counts) / BINS
    if not mean:
        return 1.0
    return max(1.0, sum((count - mean) ** 2 for count in counts) / (BINS - 1) / mean)


def _bin(moment: Moment, begin: int, length: int) -> int:
    return min(max(BINS * (moment.time - begin) // length, 0), BINS - 1)
