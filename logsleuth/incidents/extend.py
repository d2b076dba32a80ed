"""What belongs to an incident, though it would be no signal by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.incidents.group import are_linked
from logsleuth.library.meaning import GRAVE
from logsleuth.signals.back import back_at, until_back
from logsleuth.signals.chance import tail
from logsleuth.signals.edges import more_than_usual, patience
from logsleuth.signals.model import Signal, Why
from logsleuth.signals.tuning import BY_CHANCE, JOIN_US, LEAST_EXPECTED, LEAST_MOMENTS, MANY, MOST, SOON_US, TOGETHER_US
from logsleuth.timeline.model import between
from logsleuth.units import SECOND
from logsleuth.values import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from logsleuth.lives.requests import Requests
    from logsleuth.signals.scene import Scene
    from logsleuth.timeline.model import Moment, Series


class Taken:
    """The lines that are part of a signal; and the failures of a scene, with and without such lines."""

    def __init__(self, signals: Iterable[Signal], failures: Iterable[Series]) -> None:
        self._places: dict[str, set[tuple[int, int, int]]] = {}
        for signal in signals:
            self._places.setdefault(signal.name, set()).update(moment.sighting.place for moment in signal.moments)
        self._free: dict[str, list[Moment]] = {}
        every = [(series.name, series) for series in failures]
        self.with_signals = [(name, series) for name, series in every if name in self]
        self.without = [(name, series) for name, series in every if name not in self]

    def __contains__(self, name: str) -> bool:
        return name in self._places

    def free(self, series: Series) -> list[Moment]:
        """The lines of a series that are part of none; found out once for all groups."""
        if series.name not in self._free:
            places = self._places[series.name]
            self._free[series.name] = [moment for moment in series.moments if moment.sighting.place not in places]
        return self._free[series.name]


def companions(scene: Scene, group: Sequence[Signal], taken: Taken) -> list[Signal]:
    """Failures too rare to be a signal that are seen nowhere but here, and known causes of it that are near.

    And what it brings about where that is a signal too, but of another outage.
    """
    mechanisms, timeline = scene.mechanisms, scene.lives.timeline
    begin, end = _span(group)
    categories = {signal.category for signal in group} - {None}
    causes = scene.causes_of({signal.name for signal in group}, begin, end)
    near = [
        Signal(series, moments, Why.COMPANION, until=back_at(timeline, series, moments[-1]))
        for series, moments in causes
        if series.name not in taken
    ]
    found = [signal for signal in near if not _goes_on_unnoticed(signal, end, scene.lives.requests)]
    known = {signal.name for signal in found}
    for name, series in taken.without:
        if name in known or not begin - JOIN_US <= series.moments[0].time <= end + SOON_US:
            continue
        if _may_be_chatter(series) and not _is_said_with(series, group):
            fails_with = not categories and _fails_with(series, begin, end, timeline.span)
            if fails_with or _lasts_as_long(series, begin, end, timeline.span):
                found.append(Signal(series, series.moments, Why.COMPANION))
            continue
        signal = Signal(series, series.moments, Why.COMPANION)
        linked = any(are_linked(signal, other, mechanisms) for other in group)
        follows = (linked or series.meaning.category in categories) and _follows_on(series.moments, begin, end)
        is_here = begin - JOIN_US <= series.moments[0].time and series.moments[-1].time <= end + JOIN_US
        if follows or (is_here and (linked or not _goes_on_beside(series.moments, begin, end))):
            found.append(signal)
    return [*found, *_consequences(scene, group, taken)]


def _goes_on_unnoticed(signal: Signal, end: int, requests: Requests) -> bool:
    """Whether a state lasted on after the outage (UTC microseconds), while as many as usual were served.

    What they had waited for was something else, though the state may have set that off.
    """
    if signal.until <= end + JOIN_US:
        return False
    seen = requests.seen(end + SECOND, signal.until)
    return seen is not None and seen.seen >= max(seen.expected or 0, LEAST_EXPECTED) and seen.share < MANY


def _consequences(scene: Scene, group: Sequence[Signal], taken: Taken) -> Iterator[Signal]:
    """What follows on a group that brings it about, of series that have signals in other groups only.

    A database that is killed fails three requests in the morning and a hundred at noon. Only what other lines of the
    series, in no signal, would hardly be there by chance.
    """
    begin, end = _span(group)
    own = {signal.name for signal in group}
    reached = {name for signal in group for name in scene.mechanisms.get(signal.name, ())}
    for name, series in taken.with_signals:
        if name in own or name not in reached:
            continue
        free = taken.free(series)
        near = _one_after_the_other(between(free, begin, max(scene.lives.timeline.end, end)), end)
        if not near:
            continue
        window = (near[-1].last - begin + JOIN_US) / scene.lives.timeline.span
        if tail(len(near), (len(free) - len(near)) * window) <= BY_CHANCE:
            yield Signal(series, near, Why.COMPANION, in_others=len(series.moments) - len(free))


def _one_after_the_other(moments: Sequence[Moment], end: int) -> tuple[Moment, ...]:
    """The first of some moments, as long as one follows closely on the other, or on the end of what they follow on."""
    last, near = end, []
    for moment in moments:
        if moment.time > last + JOIN_US:
            break
        near.append(moment)
        last = max(last, moment.last)
    return tuple(near)


def with_earlier(scene: Scene, signals: Iterable[Signal]) -> list[Signal]:
    """Signals with what their series said shortly before: an incident often begins with one quiet line.

    Only where the series is so rare outside that such a line is hardly there by chance.
    """
    group = list(signals)
    begin, _ = _span(group)
    return [_earlier(scene, signal, begin) for signal in group]


def _earlier(scene: Scene, signal: Signal, begin: int) -> Signal:
    if signal.why is Why.LIMIT:  # each parent says it once: what the one before said meanwhile is of the same outage
        return replace(signal, moments=(*between(signal.series.moments, begin, signal.begin - 1), *signal.moments))
    early = tuple(between(signal.series.moments, begin - JOIN_US, signal.begin - 1))
    if not early or signal.why is Why.NOT_UP:
        return signal
    expected = (signal.outside - len(early)) * JOIN_US / scene.lives.timeline.span
    if expected > BY_CHANCE or scene.clients.are_few(signal.series, early):
        return signal
    return replace(signal, moments=(*early, *signal.moments))


def with_later(scene: Scene, signals: Iterable[Signal]) -> list[Signal]:
    """Signals with what their series says after a pause: the same within the time that it had lasted was not cured.

    Ten minutes at most, and only more than its usual rate would bring by chance. After a restart it is a new outage.
    """
    found = []
    for signal in signals:
        longer = signal
        while later := _later(scene, longer):
            longer = until_back(replace(longer, moments=(*longer.moments, *later)), scene.lives.timeline)
        found.append(longer)
    return found


def _later(scene: Scene, signal: Signal) -> Sequence[Moment]:
    if signal.why in {Why.LIMIT, Why.NOT_UP}:
        return ()
    end = signal.end
    pause = patience(end - signal.begin)
    up = scene.lives.server.up_after(end)
    later = between(signal.series.moments, end + 1, end + pause if up is None else min(end + pause, up))
    usual = max(signal.outside - len(later), 0) * SECOND / scene.lives.timeline.span
    later = later[: more_than_usual([moment.last - end for moment in later], usual)]
    return () if not later or scene.clients.are_few(signal.series, later) else later


def _goes_on_beside(moments: Sequence[Moment], begin: int, end: int) -> bool:
    """Whether it is said again and again just before or after: in a short log everything is near."""
    before = sum(moment.time < begin for moment in moments)
    after = sum(moment.time > end for moment in moments)
    return max(before, after) >= LEAST_MOMENTS


def _may_be_chatter(series: Series) -> bool:
    """Whether it is an application's own words, which nothing knows: that they are said here proves nothing."""
    return series.meaning.known_by == "level" and series.meaning.about != "server"


def _fails_with(series: Series, begin: int, end: int, span: int) -> bool:
    """Whether a program reports failures again and again while requests fail, and never else, by no chance.

    For an outage that nothing known explains: its own words are all that there is.
    """
    moments, length = series.moments, end - begin + 2 * TOGETHER_US
    if series.first_sighting.level not in GRAVE or len(moments) < LEAST_MOMENTS:
        return False
    is_here = begin - TOGETHER_US <= moments[0].time and moments[-1].time <= end + JOIN_US
    return is_here and moments[0].time <= begin + JOIN_US and (length / span) ** len(moments) <= BY_CHANCE


def _lasts_as_long(series: Series, begin: int, end: int, span: int) -> bool:
    """Whether a program reports failures for most of an outage, and never else, by no chance: it is what it met of it.

    A monitor's or an application's own log says in other words that the server, or what is behind it, did not answer.
    """
    moments, length = series.moments, end - begin + 2 * TOGETHER_US
    if series.first_sighting.level not in GRAVE or len(moments) < LEAST_EXPECTED:
        return False
    is_here = begin - TOGETHER_US <= moments[0].time and moments[-1].time <= end + JOIN_US
    lasts = moments[-1].time - moments[0].time >= MOST * (end - begin)
    return is_here and lasts and (length / span) ** len(moments) <= BY_CHANCE


def _is_said_with(series: Series, group: Sequence[Signal]) -> bool:
    """Whether each of its lines is a process's next words after a line of the group: they say what that leaves open.

    A traceback that ends in an exception which nothing knows, below the line that the application could not be loaded.
    """
    return all(any(_is_next_word(moment, signal) for signal in group) for moment in series.moments)


def _is_next_word(moment: Moment, signal: Signal) -> bool:
    """Whether the process of a line wrote one of a signal just before it."""
    before = between(signal.moments, moment.time - TOGETHER_US, moment.time)
    writer = moment.sighting.reporter
    return writer != 0 and any(other.sighting.reporter == writer for other in before)


def _follows_on(moments: Sequence[Moment], begin: int, end: int) -> bool:
    """Whether all that was ever said of it follows on the incident, one line after the other."""
    if moments[0].time < begin:
        return False
    last = end
    for moment in moments:
        if moment.time > last + SOON_US:
            return False
        last = max(last, moment.last)
    return True


def _span(group: Sequence[Signal]) -> tuple[int, int]:
    return min(signal.begin for signal in group), max(signal.end for signal in group)
