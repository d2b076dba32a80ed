"""A severe fault that recurs in a log of a few minutes, which was probably cut out because of it.

Or one that fills a log of up to some hours, because nothing else was wrong that day, or the log was rotated before it:
within an outage no stretch stands out.

Severe is what ends processes, what httpd says of itself, what names an outage, and what fails many clients.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.signals.clients import like_clockwork
from logsleuth.signals.model import Signal, Why
from logsleuth.signals.tuning import ALMOST_ALL, CROWD, JOIN_US, LASTING_US, LEAST_MOMENTS, MANY, SHORT_LOG_US

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.signals.scene import Scene
    from logsleuth.timeline.model import Moment, Series, Timeline


def repeated(scene: Scene) -> Iterable[Signal]:
    """A log this short, or this full of one fault, does not show what is usual: severe faults in it are reported."""
    timeline = scene.lives.timeline
    if not timeline.dated:
        return
    is_short = timeline.span <= SHORT_LOG_US
    found = [
        series
        for series in scene.failures
        if (is_short or _fills_the_log(series, timeline))
        and _is_grave(scene, series)
        and not _is_one_clients(scene, series)
    ]
    if not all(series.meaning.about in {"request", "client"} and like_clockwork(series.moments) for series in found):
        yield from (Signal(series, series.moments, Why.SHORT_LOG) for series in found)


def _fills_the_log(series: Series, timeline: Timeline) -> bool:
    """Whether nearly all lines of a log of some hours at most are of one fault, one close to the other to its end."""
    if timeline.span >= LASTING_US or len(series.moments) < LEAST_MOMENTS:
        return False
    mean_gap = timeline.span / (len(series.moments) - 1)
    return mean_gap <= JOIN_US and series.count >= ALMOST_ALL * sum(timeline.levels.values())


def _is_grave(scene: Scene, series: Series) -> bool:
    meaning = series.meaning
    if len(series.moments) < LEAST_MOMENTS or meaning.proof == "many-clients":
        return False
    if meaning.severity not in {"critical", "major"}:
        return False
    is_named = meaning.category is not None or meaning.about == "server" or meaning.role == "death"
    return is_named or _fails_many(scene, series.moments)


def _fails_many(scene: Scene, moments: Sequence[Moment]) -> bool:
    """Whether many requests failed, as an access log counts them, or those of many clients where none does."""
    seen = scene.lives.requests.seen(moments[0].time, moments[-1].last)
    if seen is not None:
        return seen.failed >= MANY * seen.seen
    return scene.clients.are_many(moments, CROWD)


def _is_one_clients(scene: Scene, series: Series) -> bool:
    return scene.clients.are_few(series, series.moments)
