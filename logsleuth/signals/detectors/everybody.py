"""Everybody is turned away: what is noise for one client is an outage for all.

Scanners are denied, ask for what is not there, and send too much, all day long. A `Require all denied` that was
deployed by mistake, or a rewrite to nowhere, turns away everybody who comes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from logsleuth.library.pattern import Explain
from logsleuth.signals.baseline import budget, find_stretches
from logsleuth.signals.clients import effective
from logsleuth.signals.model import Signal, Why
from logsleuth.signals.tuning import ALMOST_ALL, CROWD
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
    refusals = [series for series in timeline.known() if _is_a_refusal(series)]
    least = budget(timeline.span, len(refusals))
    for series in refusals:
        for stretch in find_stretches(series.moments, timeline.start, timeline.end, NO_TRACE, least):
            moments = series.moments[stretch.first : stretch.last]
            if _is_everybody(scene, series, moments):
                yield Signal(_as_a_fault(series), moments, Why.SURPRISE, stretch.surprise, stretch.usual)


def _as_a_fault(series: Series) -> Series:
    """The same lines, with what they mean when everybody meets them."""
    meaning = replace(
        series.meaning,
        role="cause",
        severity="major",
        fallback=False,
        title=f"All clients turned away: {series.title[:1].lower()}{series.title[1:]}",
        explain=Explain(
            summary="Nearly all clients were turned away with the same message, which is routine for single ones.",
            cause="A rule that was meant for some applies to all, mostly since the last change of the configuration.",
            fix="Find the rule that refuses them (Require, Deny, RewriteRule) in what was changed last, and undo it.",
            prevent="After each reload, ask for a page that everybody may see, and alert on its status.",
        ),
    )
    return replace(series, meaning=meaning)


def _is_a_refusal(series: Series) -> bool:
    meaning = series.meaning
    return meaning.role == "noise" and meaning.about == "client" and meaning.category is not None


def _is_everybody(scene: Scene, series: Series, moments: Sequence[Moment]) -> bool:
    """Whether many clients meet it, and hardly one of those that are seen meanwhile does not.

    An error log shows only those who fail; so an access log must agree, or a reload have brought it about.
    """
    named = [name for moment in moments if (name := client_of(moment.sighting.words))]
    counts = {name: named.count(name) for name in set(named)}
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
