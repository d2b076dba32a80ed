"""A failure that is far more frequent than in the rest of the same log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.library.category import category_of
from logsleuth.signals.baseline import find_stretches
from logsleuth.signals.chance import budget
from logsleuth.signals.clients import are_regulars, like_clockwork
from logsleuth.signals.detectors.limit import hurt_nobody
from logsleuth.signals.model import Signal, Why
from logsleuth.signals.scene import is_standing
from logsleuth.signals.tuning import ALMOST_ALL, JOIN_US, MANY
from logsleuth.timeline.model import Counts
from logsleuth.units import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.library.meaning import Meaning
    from logsleuth.lives.requests import Requests
    from logsleuth.signals.scene import Scene
    from logsleuth.timeline.model import Moment, Series

NO_TRACE = Counts(SECOND, [])
"""No request that was served has left a line."""


def surprising(scene: Scene) -> Iterable[Signal]:
    """Stretches with more failures than chance explains, not caused by a client or two."""
    timeline = scene.lives.timeline
    least = budget(timeline.span, len(scene.failures))
    requests = scene.lives.requests
    for series in scene.failures:
        exposure = _exposure(requests, series)
        for stretch in find_stretches(
            series.moments,
            timeline.start,
            timeline.end,
            exposure,
            least,
            in_waves=True,
            by_day=requests.exposure is requests.trace,
        ):
            moments = series.moments[stretch.first : stretch.last]
            if _counts(scene, series, moments):
                yield Signal(series, moments, Why.SURPRISE, stretch.surprise, stretch.usual)


def _exposure(requests: Requests, series: Series) -> Counts:
    """How busy the server was.

    Nothing shows it where the only lines of clients that report no failure are what the failing requests write besides.
    """
    if requests.exposure is not requests.trace or not requests.trace:
        return requests.exposure
    beside = sum(requests.trace.between(moment.time, moment.last) for moment in series.moments)
    return NO_TRACE if beside >= ALMOST_ALL * requests.trace.total else requests.exposure


def _counts(scene: Scene, series: Series, moments: Sequence[Moment]) -> bool:
    """Whether these are the users' failures: what the server, its workers and backends say is nobody's own doing."""
    meaning = series.meaning
    if (
        hurt_nobody(scene, series, moments)
        or is_standing(moments, scene.lives.timeline)
        or _are_few_refusals(scene, meaning, moments)
    ):
        return False
    if meaning.known_by == "level":
        return _is_news(scene, series, moments)
    if meaning.about in {"server", "worker"} and not moments[0].client:
        return len(moments) > 1 or not scene.is_at_a_restart(moments[0].time)
    if like_clockwork(moments) or (meaning.about == "client" and are_regulars(series, moments)):
        return False
    if meaning.proof == "many-clients":
        return scene.clients.are_many(moments)
    return not scene.clients.are_few(series, moments) or _fills_the_server(scene, moments)


def _are_few_refusals(scene: Scene, meaning: Meaning, moments: Sequence[Moment]) -> bool:
    """Whether an access log shows that hardly anybody was refused: a few broken links are asked for all day."""
    if not category_of(meaning.category).turns_away:
        return False
    seen = scene.lives.requests.seen(moments[0].time, moments[-1].last)
    lines = sum(moment.count for moment in moments)
    return seen is not None and seen.failed < lines < MANY * seen.seen


def _fills_the_server(scene: Scene, moments: Sequence[Moment]) -> bool:
    """Whether a limit on workers was reached for most of the stretch: then one client's doing hurts everybody."""
    begin, middle = moments[0].time - JOIN_US, moments[len(moments) // 2].time
    return any(
        series.meaning.role == "capacity" and any(begin <= moment.time <= middle for moment in series.moments)
        for series in scene.failures
    )


def _is_news(scene: Scene, series: Series, moments: Sequence[Moment]) -> bool:
    """Whether what nothing knows is more than what applications say all the time.

    It is if httpd says it of itself or of its backends, if many clients meet it, or if it began with a start.
    """
    if series.meaning.about in {"server", "backend"} or scene.clients.are_many(moments):
        return True
    begins_here = moments[0] is series.moments[0]
    return begins_here and not series.meaning.fallback and scene.is_after_a_start(moments[0].time)
