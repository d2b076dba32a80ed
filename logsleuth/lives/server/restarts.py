"""How each generation of workers was ended, and whether another began."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.lives.server.events import WINDOWS_MPM
from logsleuth.lives.server.model import Restart
from logsleuth.lives.steady import steady_since
from logsleuth.values import replace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.lives.server.model import Event


def find_restarts(events: Iterable[Event]) -> tuple[Restart, ...]:
    """What ended each generation of workers, paired with the start of the next, in order of time."""
    restarts = _paired(events)
    since = steady_since([restart.time for restart in restarts])
    return tuple(replace(one, steady_since=first) for one, first in zip(restarts, since, strict=True))


def _paired(events: Iterable[Event]) -> list[Restart]:
    restarts: list[Restart] = []
    pending: Restart | None = None
    parent = 0
    for event in events:
        if event.kind == "up":
            if pending is not None or not _is_of_a_child(event, parent):
                restarts.append(_completed(pending, event))
            pending, parent = None, event.sighting.reporter
        elif event.kind in {"stop", "reload", "hup"}:
            if pending is not None and (event.kind != "stop" or pending.kind == "stop"):
                if event.kind == "stop":  # an order given twice
                    continue
                restarts.append(pending)
            pending = Restart(event.kind, event.time, None, event.parent, (event.sighting,))
        elif event.kind in {"refused", "died"} and pending is not None:
            pending = replace(pending, refusals=(*pending.refusals, event))
    return [*restarts, *([pending] if pending is not None else ())]


def _is_of_a_child(up: Event, parent: int) -> bool:
    """Whether a Windows parent, which nobody told to restart, says so of the child in place of one that ended."""
    return up.sighting.module == WINDOWS_MPM and up.sighting.reporter == parent != 0


def _completed(pending: Restart | None, up: Event) -> Restart:
    if pending is None:
        return Restart("start", None, up.time, 0, (up.sighting,))
    return replace(pending, up=up.time, sightings=(*pending.sightings, up.sighting))
