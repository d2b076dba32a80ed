"""Everybody is turned away: what is noise for one client is an outage for all.

Scanners are denied, ask for what is not there, and send too much, all day long. A `Require all denied` that was
deployed by mistake, or a rewrite to nowhere, turns away everybody who comes. The table `if_everybody` of a pattern
says what its message means then.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from logsleuth.signals.baseline import budget, find_stretches
from logsleuth.signals.clients import effective
from logsleuth.signals.model import Signal, Why
from logsleuth.signals.tuning import ALMOST_ALL, CROWD, JOIN_US
from logsleuth.timeline.model import Counts, between
from logsleuth.timeline.text import client_of
from logsleuth.units import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.signals.scene import Scene
    from logsleuth.timeline.model import Moment, Series

NO_TRACE = Counts(SECOND, [])
"""What requests leave says nothing of how busy the server was: each request that is refused leaves several lines."""


def turned_away(scene: Scene) -> Iterable[Signal]:
    """Stretches in which nearly all clients are refused, each for the same reason."""
    timeline = scene.lives.timeline
    refusals = [
        (series, meaning) for series in timeline.known() if (meaning := series.meaning.if_everybody) is not None
    ]
    least = budget(timeline.span, len(refusals))
    for series, meaning in refusals:
        for stretch in find_stretches(series.moments, timeline.start, timeline.end, NO_TRACE, least):
            moments = _from_a_start_on(scene, series.moments[stretch.first : stretch.last])
            if _is_everybody(scene, series, moments):
                whole = replace(series, meaning=meaning)
                yield Signal(whole, moments, Why.SURPRISE, stretch.surprise, stretch.usual)


def _from_a_start_on(scene: Scene, moments: tuple[Moment, ...]) -> tuple[Moment, ...]:
    """Without a scanner's refusal or two just before the start, or the reload, that turned everybody away."""
    up = scene.lives.server.up_after(moments[0].time)
    if up is None or up - moments[0].time > JOIN_US:
        return moments
    return tuple(moment for moment in moments if moment.time >= up) or moments


def _is_everybody(scene: Scene, series: Series, moments: Sequence[Moment]) -> bool:
    """Whether many clients meet it, and hardly one of those that are seen meanwhile does not.

    An error log shows only those who fail; so an access log must agree, or a reload have brought it about.
    """
    counts = Counter(name for moment in moments if (name := client_of(moment.sighting.words)))
    if effective(counts.values()) < CROWD:
        return False
    begin, end = moments[0].time, moments[-1].last
    others = {
        name
        for other in scene.lives.timeline.series.values()
        if other.name != series.name
        for moment in between(other.moments, begin, end)
        if (name := client_of(moment.sighting.words))
    }
    if len(counts) < ALMOST_ALL * len(others | counts.keys()):
        return False
    seen = scene.lives.requests.seen(begin, end)
    return scene.is_after_a_start(begin) if seen is None else seen.refused >= ALMOST_ALL * seen.seen
