"""When what is behind the server is back: the first message after a failure of it that says so of the same one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.signals.targets import target_of

if TYPE_CHECKING:
    from logsleuth.timeline.model import Moment, Series, Timeline


def back_at(timeline: Timeline, series: Series, moment: Moment) -> int:
    """UTC microseconds at which it answers again after a moment of the series; 0: no message says so.

    An NFS server that is silent is so until the kernel says that it responds, however seldom it repeats itself.
    """
    if series.meaning.about != "backend":
        return 0
    times = (
        other.time
        for one in timeline.known()
        if one.meaning.about == "backend" and one.meaning.role == "recovery"
        for other in one.moments
        if other.time > moment.time and _are_of_the_same(moment, other)
    )
    return min(times, default=0)


def _are_of_the_same(one: Moment, other: Moment) -> bool:
    """Whether two lines are about the same backend: they name it, or are what a program's own log says of itself."""
    target = target_of(one)
    return target == target_of(other) and bool(target or one.sighting.log == other.sighting.log)
