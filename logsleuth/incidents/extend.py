"""What belongs to an incident, though it would be no signal by itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from logsleuth.incidents.group import are_linked
from logsleuth.signals.model import Signal, Why
from logsleuth.signals.tuning import AS_OFTEN, BESIDE_SHARE, FEW_OUTSIDE, JOIN_MOST_US, LEAD_US, LEAST_MOMENTS
from logsleuth.timeline.model import between
from logsleuth.units import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.incidents.group import Mechanisms
    from logsleuth.signals.scene import Scene
    from logsleuth.timeline.model import Moment, Series


def companions(scene: Scene, group: Sequence[Signal], mechanisms: Mechanisms) -> list[Signal]:
    """Failures too rare to be a signal that are seen (nearly) nowhere but here."""
    begin, end = _span(group)
    lead = _lead(begin, end)
    named = {signal.name for signal in group}
    categories = {signal.category for signal in group} - {None}
    found = []
    for series in scene.failures:
        if series.name in named or _may_be_chatter(series):
            continue
        inside = tuple(between(series.moments, begin - lead, end + LEAD_US))
        if series.meaning.category in categories and _follows_on(series.moments, begin, end):
            inside = series.moments
        few_outside = len(series.moments) - len(inside) <= FEW_OUTSIDE * len(inside)
        if not inside or not few_outside:
            continue
        signal = Signal(series, inside, Why.COMPANION)
        linked = any(are_linked(signal, other, mechanisms) for other in group)
        if linked or not _goes_on_beside(scene, inside, begin, end):
            found.append(signal)
    return found


def with_earlier(scene: Scene, signals: Iterable[Signal]) -> list[Signal]:
    """Signals with what their series said shortly before: an incident often begins with one quiet line.

    Only where the series is so rare outside that such a line is hardly there by chance.
    """
    group = list(signals)
    begin, end = _span(group)
    lead = _lead(begin, end)
    return [_earlier(scene, signal, begin - lead, lead) for signal in group]


def _earlier(scene: Scene, signal: Signal, since: int, lead: int) -> Signal:
    early = tuple(between(signal.series.moments, since, signal.begin - 1))
    if not early or signal.why in {Why.LIMIT, Why.NOT_UP}:
        return signal
    rest = signal.outside - len(early)
    expected = rest / scene.lives.timeline.span * lead
    if expected > FEW_OUTSIDE / 2 or scene.clients.are_few(signal.series, early):
        return signal
    return replace(signal, moments=(*early, *signal.moments))


def _goes_on_beside(scene: Scene, moments: Sequence[Moment], begin: int, end: int) -> bool:
    """Whether it is said about as often before or after as within: in a short log everything is near."""
    timeline = scene.lives.timeline
    within = len(between(moments, begin, end)) / max(end - begin, SECOND)
    for since, until in ((timeline.start, begin), (end, timeline.end)):
        beside = len(between(moments, since, until)) - len(between(moments, max(since, begin), min(until, end)))
        if beside >= LEAST_MOMENTS and beside / max(until - since, SECOND) >= AS_OFTEN * within:
            return True
    return False


def _may_be_chatter(series: Series) -> bool:
    """Whether it is an application's own words, which nothing knows: that they are said here proves nothing."""
    return series.meaning.known_by == "level" and series.meaning.about != "server"


def _follows_on(moments: Sequence[Moment], begin: int, end: int) -> bool:
    """Whether all that was ever said of the same kind of outage follows on it, one line after the other."""
    if moments[0].time < begin:
        return False
    last = end
    for moment in moments:
        if moment.time > last + JOIN_MOST_US:
            return False
        last = max(last, moment.last)
    return True


def _span(group: Sequence[Signal]) -> tuple[int, int]:
    return min(signal.begin for signal in group), max(signal.end for signal in group)


def _lead(begin: int, end: int) -> int:
    return int(max(LEAD_US, BESIDE_SHARE * (end - begin)))
