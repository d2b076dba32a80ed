"""Restarts: what ends a generation of workers, paired with the line that begins the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.library.pattern import Pattern
    from logsleuth.scan.sighting import Sighting

SECOND = 1_000_000
START_WAIT = 3600 * SECOND
"""A start this long after a stop still belongs to it: the server was down in between."""
LEAST_DOWN = 10 * SECOND
"""An ordered restart takes a second or two; who stops the server for longer keeps its users waiting."""


@dataclass(frozen=True, slots=True)
class Restart:
    """The server stopped, or was told to restart, and (perhaps) serves again."""

    kind: str
    """'stop' (and start), 'reload' (graceful), 'hup', or 'start' (nothing was said of an end)."""
    down: int | None
    """UTC microseconds of the stop or the order to restart; None: no line tells."""
    up: int | None
    """UTC microseconds of 'resuming normal operations'; None: it never did, in this log."""
    parent: int
    """pid of the parent that went; 0 unknown."""
    sightings: tuple[Sighting, ...]


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """One line of the server's own life."""

    time: int
    """UTC microseconds."""
    kind: str
    """'up', 'reload', 'hup' or 'stop'."""
    sighting: Sighting


def life_event(time: int, pattern: Pattern, sighting: Sighting) -> LifeEvent | None:
    """What a match says of the server's life; None: nothing, or it is of another program's."""
    if pattern.role not in {"recovery", "restart", "shutdown"} or "httpd" not in (pattern.scope.sources or ("httpd",)):
        return None
    return LifeEvent(time, _kind(pattern), sighting)


def pair_restarts(events: Iterable[LifeEvent]) -> tuple[Restart, ...]:
    """The restarts that these events make, in order of time."""
    restarts: list[Restart] = []
    pending: LifeEvent | None = None
    for event in sorted(events, key=lambda e: (e.time, e.sighting.log, e.sighting.offset)):
        if event.kind != "up":
            if pending is not None and event.kind in {"reload", "hup"}:
                restarts.append(_unfinished(pending))
                pending = event
            pending = pending or event
            continue
        if pending is not None and event.time - pending.time <= START_WAIT:
            sightings = (pending.sighting, event.sighting)
            restarts.append(Restart(pending.kind, pending.time, event.time, pending.sighting.reporter, sightings))
        else:
            restarts += [_unfinished(pending)] if pending is not None else []
            restarts.append(Restart("start", None, event.time, 0, (event.sighting,)))
        pending = None
    restarts += [_unfinished(pending)] if pending is not None else []
    return tuple(restarts)


def downtimes(restarts: Iterable[Restart]) -> list[tuple[int, int]]:
    """When the server was down because it was told to stop, longest first: UTC microseconds of stop and start."""
    spans = [(r.down, r.up) for r in restarts if r.kind == "stop" and r.down is not None and r.up is not None]
    return sorted(((d, u) for d, u in spans if u - d >= LEAST_DOWN), key=lambda span: (span[0] - span[1], span))


def _unfinished(event: LifeEvent) -> Restart:
    """An end that no start follows."""
    return Restart(event.kind, event.time, None, event.sighting.reporter, (event.sighting,))


def _kind(pattern: Pattern) -> str:
    """What a life-cycle pattern says: 'up', 'reload', 'hup' or 'stop'."""
    if pattern.role == "recovery":
        return "up"
    if pattern.role == "shutdown":
        return "stop"
    return "hup" if "hup" in (*pattern.tags, *pattern.id.split(".")) else "reload"
