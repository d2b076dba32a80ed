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
    target = target_of(moment)
    if series.meaning.about != "backend" or not target:
        return 0
    times = (
        other.time
        for one in timeline.known()
        if one.meaning.about == "backend" and one.meaning.role == "recovery"
        for other in one.moments
        if other.time > moment.time and target_of(other) == target
    )
    return min(times, default=0)
