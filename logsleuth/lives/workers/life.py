"""The values of worker lives: what is known of a pid at one time, and the worker that follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.values import NamedTuple, dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.scan.sighting import Sighting

LOSSES = ("crashed", "killed", "exited")
ENDS = (*LOSSES, "recycled", "stopped")
"""What a line can say of a life's end; where several are said, the first of these counts."""
ROUTINE = ("recycled", "stopped", "replaced")
"""Ends that are no loss: another worker takes the place, or the server stops."""


class Mark(NamedTuple):
    """One thing that is known of a pid at one time. A tuple, because a hundred thousand of them are made in a run."""

    time: int
    """UTC microseconds."""
    kind: str
    """'sign' (it wrote a line), 'spawned' or one of ENDS."""
    sighting: Sighting | None = None
    """The line that says so; a mere sign has none."""
    again: bool = False
    """The same was said of this pid before."""


@dataclass(frozen=True, slots=True)
class Life:
    """One worker, from its first sign to its last."""

    pid: int
    pool: str
    """'' for the server's own children; else such as 'mod_wsgi group shop' or 'FPM pool www'."""
    first: int
    """UTC microseconds of the first line by or about it."""
    last: int
    """UTC microseconds of the last one."""
    said_born: bool = False
    """A line tells of its birth, at `first`; else it was born at any time before."""
    died: int | None = None
    """UTC microseconds of its end; None: none is known, it may have lived on when the log ended."""
    how: str = ""
    """One of ENDS, or 'replaced' (with its generation, or by a later bearer of its pid); empty: no end is known."""
    rule: str = ""
    """The rule (a function of rules.py) by which the end is known."""
    evidence: Sighting | None = None
    """The line that tells of the end."""


def at_once(lives: Iterable[Life]) -> int:
    """How many of these lived at the same time, by their first and last signs alone: the least that there were."""
    steps = [step for life in lives for step in ((life.first, 1), (min(life.last, life.died or life.last), -1))]
    most = alive = 0
    for _, step in sorted(steps, key=lambda step: (step[0], -step[1])):
        alive += step
        most = max(most, alive)
    return most
