"""When what is behind the server is back: the first message after a failure of it that says so of the same one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.signals.targets import target_of
from logsleuth.values import replace

if TYPE_CHECKING:
    from logsleuth.signals.model import Signal
    from logsleuth.timeline.model import Moment, Series, Timeline


def until_back(signal: Signal, timeline: Timeline) -> Signal:
    """A signal up to the message that says that it is over, where it reports a state that ends with one.

    It is over when all that it names are back.
    """
    if not signal.is_a_state:
        return signal
    last = {target_of(moment): moment for moment in signal.moments}
    backs = [back_at(timeline, signal.series, moment) for moment in last.values()]
    return replace(signal, until=max(backs) if all(backs) else 0)


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
