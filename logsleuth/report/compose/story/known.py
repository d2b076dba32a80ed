"""What the logs show beside the lines of a message, as far as its reason and the advice on it differ by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.causes.triggers import STOPPING, STOPS
from logsleuth.report.compose.log.read_before import logs_read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logsleuth.causes.model import Diagnosis
    from logsleuth.library.pattern import Known
    from logsleuth.report.compose.story.exhibits import Exhibits
    from logsleuth.scan.sighting import Sighting
    from logsleuth.timeline.model import Timeline

PACKAGES: Final = ("packages.", "changes.package")
"""How the ids of patterns begin that report changes of packages."""
OF_SERVICES: Final = frozenset({"fpm", "service"})
"""Whose logs those of services behind httpd are."""


def known_of(diagnosis: Diagnosis, timeline: Timeline, exhibits: Exhibits) -> frozenset[Known]:
    """What the logs show of an incident."""
    return frozenset({*_set_off(diagnosis), *_found(diagnosis, exhibits), *logs_read(timeline, exhibits.logs)})


def _set_off(diagnosis: Diagnosis) -> Iterator[Known]:
    """What set it off."""
    for trigger in diagnosis.triggers:
        if trigger.kind == "change":
            yield "change"
        if (trigger.pattern or "").startswith(PACKAGES):
            yield "packages"
        if trigger.kind == "surge":
            yield "surge"
        is_a_stop = trigger.pattern == STOPS and STOPPING.search(trigger.text) is not None
        if is_a_stop or (trigger.kind == "restart" and trigger.pattern is not None):
            yield "told-to-stop"


def _found(diagnosis: Diagnosis, exhibits: Exhibits) -> Iterator[Known]:
    """What else is known of it."""
    if diagnosis.alike:
        yield "alike"
    if any(exhibits.logs[line.log].format.source in OF_SERVICES for line in _told(diagnosis)):
        yield "own-log"


def _told(diagnosis: Diagnosis) -> Iterable[Sighting]:
    """The lines by which its course is told."""
    for signal in diagnosis.incident.signals:
        yield signal.moments[0].sighting
    for trigger in diagnosis.triggers:
        yield from trigger.sightings
    if diagnosis.ended_by is not None:
        yield from diagnosis.ended_by.sightings
