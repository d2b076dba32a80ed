"""A severe fault that recurs in a log of a few minutes, which was probably cut out because of it.

Or one that fills a log of up to some hours, together with what it is known to bring about: nothing else was wrong that
day, or the log was rotated before it. Within an outage no stretch stands out.

Severe is what ends processes, what httpd says of itself, what names an outage, and what fails many clients.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.lives.requests import ANSWERED
from logsleuth.signals.clients import like_clockwork
from logsleuth.signals.detectors.limit import hurt_nobody
from logsleuth.signals.model import Signal, Why
from logsleuth.signals.tuning import ALMOST_ALL, CROWD, JOIN_US, LASTING_US, LEAST_MOMENTS, MANY, SHORT_LOG_US

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.signals.scene import Scene
    from logsleuth.timeline.model import Moment, Series, Timeline


def repeated(scene: Scene) -> Iterable[Signal]:
    """A log this short, or this full of one fault, does not show what is usual: severe faults in it are reported.

    An access log is never full of failed requests alone: it shows what is usual by those that were served.
    """
    timeline = scene.lives.timeline
    if not timeline.dated:
        return
    is_short = timeline.span <= SHORT_LOG_US
    found = [
        series
        for series in scene.failures
        if _is_grave(scene, series)
        and (is_short or (series.name != ANSWERED and _fills_the_log(_reported_by(scene, series), timeline)))
        and not (_is_one_clients(scene, series) or hurt_nobody(scene, series, series.moments))
    ]
    if not all(series.meaning.about in {"request", "client"} and like_clockwork(series.moments) for series in found):
        yield from (Signal(series, series.moments, Why.SHORT_LOG) for series in found)


def _reported_by(scene: Scene, series: Series) -> list[Series]:
    """The failures that report a fault: its own lines, and those of what it is known to bring about."""
    effects = scene.mechanisms.get(series.name, frozenset())
    return [series, *(other for other in scene.failures if other.name in effects)]


def _fills_the_log(reports: Sequence[Series], timeline: Timeline) -> bool:
    """Whether nearly all lines of a log of some hours at most report one fault, one close to the other to its end.

    A backend that is not asked again for a minute refuses one request itself, and httpd the next ten.
    """
    moments = sum(len(series.moments) for series in reports)
    if timeline.span >= LASTING_US or moments < LEAST_MOMENTS:
        return False
    lines = sum(series.count for series in reports)
    return timeline.span <= JOIN_US * (moments - 1) and lines >= ALMOST_ALL * sum(timeline.levels.values())


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
