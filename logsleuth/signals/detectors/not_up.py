"""The server was not up: it refused to start, gave up, or ended without logging it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from logsleuth.signals.model import Signal, Why
from logsleuth.signals.tuning import SOON_US
from logsleuth.signals.waiting import answers_are_missing
from logsleuth.timeline.model import Moment
from logsleuth.timeline.text import client_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.lives.live import Lives
    from logsleuth.lives.server.model import Absence, Event
    from logsleuth.signals.scene import Scene
    from logsleuth.timeline.model import Series


def not_up(scene: Scene) -> Iterable[Signal]:
    """Each absence that nobody ordered, until the start that ended it."""
    absences = scene.lives.server.absences
    failed = [failed_its_users(absence, scene.lives) for absence in absences]
    for absence in with_kills_beside(absences, failed):
        yield from _signals(absence, scene.lives)


def with_kills_beside(absences: Sequence[Absence], failed: Sequence[bool]) -> list[Absence]:
    """Those that failed their users, and the kills before and after them in the same loop.

    A server that is killed again within ten minutes was so each time, though by chance nobody asked for anything in
    the seconds that it was gone. `failed`: of each absence, in order of time, whether requests are missing.
    """
    told = list(failed)
    places = range(len(absences))
    for order in (places, places[::-1]):
        for one, other in pairwise(order):
            gap = abs(absences[other].begin - absences[one].begin)
            told[other] |= told[one] and absences[one].why == absences[other].why == "killed" and gap <= SOON_US
    return [absence for absence, is_told in zip(absences, told, strict=True) if is_told]


def failed_its_users(absence: Absence, lives: Lives) -> bool:
    """Whether an absence is an outage. A stop on request is not; a left-over pid file alone does not prove one.

    If only the pid file shows that the previous server ended, requests must be missing.
    """
    if absence.why == "stopped":
        return False
    if absence.why == "killed":
        return answers_are_missing(lives.requests, absence.not_before, absence.begin)
    return True


def _signals(absence: Absence, lives: Lives) -> Iterable[Signal]:
    """What was said of it, one signal a series; it lasts until the server is up, or to the end of the log.

    What the server ended with says more than that its pid file was left over.
    """
    until = absence.until(lives.timeline.end)
    by_series: dict[str, tuple[Series, list[Event]]] = {}
    words = [event for event in absence.lines if event.kind == "word"]
    for event in words or absence.lines:
        if event.kind != "stop" and not (event.kind == "unclean" and not shows_the_end(absence, lives)):
            by_series.setdefault(event.series.name, (event.series, []))[1].append(event)
    for series, events in by_series.values():
        moments = tuple(_moment(event, absence) for event in events)
        yield Signal(series, moments, Why.NOT_UP, until=until)


def shows_the_end(absence: Absence, lives: Lives) -> bool:
    """Whether a pid file that was left over says more than the starts that failed: that the server went before them."""
    return absence.why != "refused" or answers_are_missing(lives.requests, absence.not_before, absence.begin)


def _moment(event: Event, absence: Absence) -> Moment:
    """The line's moment; of a parent that ended without a word, the moment of its last sign of life."""
    time = absence.not_before if event.kind == "unclean" else event.time
    return Moment(time, time, 1, event.sighting, client_of(event.sighting.words))
