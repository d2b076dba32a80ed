"""Generations: the times between (re)starts of the server, and which of their ends lie where."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.lives.server.model import Restart


def end_of(restart: Restart) -> int:
    """UTC microseconds at which a restart ends the generation before it; 0: unknown."""
    return restart.down if restart.down is not None else restart.up or 0


@dataclass(frozen=True, slots=True)
class Generations:
    """What ended each generation."""

    ends: tuple[Restart, ...]
    """In order of time."""
    times: tuple[int, ...]
    """UTC microseconds of each."""

    def between(self, after: int, until: int) -> tuple[Restart, ...]:
        """Those after one time, up to another."""
        return self.ends[bisect_right(self.times, after) : bisect_right(self.times, until)]

    def next(self, since: int) -> Restart | None:
        """The first at this time or later; None: none is known."""
        place = bisect_left(self.times, since)
        return self.ends[place] if place < len(self.ends) else None


def generations(restarts: Iterable[Restart]) -> Generations:
    """The ends of generations that these restarts are."""
    ends = tuple(sorted((restart for restart in restarts if end_of(restart)), key=end_of))
    return Generations(ends, tuple(end_of(restart) for restart in ends))
