"""What is behind httpd is away until a message says that it is back, and somebody is hurt meanwhile.

The kernel says so once for each process that waits: a few lines may be all that there is of an hour.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.signals.back import back_at
from logsleuth.signals.model import Signal, Why
from logsleuth.signals.tuning import JOIN_US
from logsleuth.signals.waiting import dropped_until
from logsleuth.timeline.model import is_any_between

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.signals.scene import Scene
    from logsleuth.timeline.model import Moment, Series


def states(scene: Scene) -> Iterable[Signal]:
    """Each such state in which workers went that it takes along, or in which far fewer requests were answered."""
    for series in scene.failures:
        if series.meaning.lasts != "until-back":
            continue
        for until, moments in _each(scene, series):
            over = until or scene.lives.timeline.end
            if _took_workers(scene, series, moments[0].time, over) or _kept_waiting(scene, moments[0].time):
                yield Signal(series, moments, Why.STATE)


def _each(scene: Scene, series: Series) -> Iterable[tuple[int, tuple[Moment, ...]]]:
    """(until, moments) of each state: UTC microseconds at which it was over, 0 where no message says so."""
    found: dict[int, list[Moment]] = {}
    for moment in series.moments:
        found.setdefault(back_at(scene.lives.timeline, series, moment), []).append(moment)
    return ((until, tuple(moments)) for until, moments in found.items())


def _took_workers(scene: Scene, series: Series, begin: int, over: int) -> bool:
    """Whether workers were lost meanwhile in a way that follows from it."""
    reach = scene.mechanisms.get(series.name, frozenset())
    lost = (one for one in scene.failures if one.name in reach and one.meaning.about == "worker")
    return any(is_any_between(one.moments, begin, over + JOIN_US) for one in lost)


def _kept_waiting(scene: Scene, begin: int) -> bool:
    """Whether far fewer requests were answered from then on than before."""
    return dropped_until(scene.lives.requests, begin) is not None
