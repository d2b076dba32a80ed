"""Pools: groups of workers that serve one thing, each with a size of its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logsleuth.bounded import number
from logsleuth.story.incident import SECOND, Pool
from logsleuth.story.life import at_once

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logsleuth.scan.sighting import Sighting
    from logsleuth.story.incident import Incident, LostWorker
    from logsleuth.story.life import Life
    from logsleuth.story.timeline import Timeline, Track

WSGI = "mod_wsgi group"
FPM = "FPM pool"
_DAEMON = re.compile(r"\] mod_wsgi \(pid=(\d{1,10}), process='([^'\n]{1,200})'")
"""mod_wsgi names the process group in each line about a request that it has begun (wsgi_logger.c)."""


def pool_names(timeline: Timeline) -> dict[int, str]:
    """Pid to its pool, of those pids of which a line says it; all others are the server's own children."""
    names: dict[int, str] = {}
    for track in timeline.tracks.values():
        for pid, told in track.by_pid.items():
            if pid not in names and (name := _pool_of(track, pid, told.first)):
                names[pid] = name
    return names


def _pool_of(track: Track, pid: int, sighting: Sighting) -> str:
    """What a line says of the pool of a pid; empty: nothing."""
    fields = dict(sighting.fields)
    if track.name.startswith("wsgi.daemon.") and track.pattern and track.pattern.worker and fields.get("process"):
        return f"{WSGI} {fields['process']}"
    if fields.get("pool_name"):
        return f"{FPM} {fields['pool_name']}"
    if track.name.startswith("kernel.") and fields.get("process", "").startswith("php-fpm"):
        return f"{FPM}s"
    named = _DAEMON.search(sighting.words)
    return f"{WSGI} {named[2]}" if named and int(named[1]) == pid else ""


def find_pools(
    incident: Incident, timeline: Timeline, lives: Sequence[Life], lost: Sequence[LostWorker]
) -> tuple[Pool, ...]:
    """The pools that had workers around an incident, or lost some, each with its size and how that is known."""
    over = incident.recovery.time if incident.recovery else incident.end
    begin = incident.onset - max(60 * SECOND, incident.end - incident.onset)
    around = [life for life in lives if life.first <= over and (life.died or life.last) >= begin]
    told = dict(_said_sizes(timeline, incident.onset - 3600 * SECOND))
    names = {life.pool for life in around} | {worker.pool for worker in lost} | ({""} & told.keys())
    return tuple(
        Pool(name, *_size(name, around, told), sum(worker.pool == name for worker in lost)) for name in sorted(names)
    )


def _size(name: str, around: Sequence[Life], told: dict[str, tuple[int, str]]) -> tuple[int | None, str]:
    """A pool's size: what a line or the configuration says; else as many as were heard at the same time, at least."""
    if name in told:
        return told[name]
    heard = at_once(life for life in around if life.pool == name)
    return (heard, "heard at the same time, at least") if heard else (None, "the log names no pids")


def _said_sizes(timeline: Timeline, since: int) -> Iterator[tuple[str, tuple[int, str]]]:
    """(pool, (size, how it is known)) where something says it; the best last.

    httpd counts its children when it starts many at once (“server seems busy … N total children”); FPM names the
    limit that it has reached; the configuration bounds them.
    """
    if timeline.pool is not None:
        yield "", timeline.pool
    capacity = [track for track in timeline.tracks.values() if track.pattern and track.pattern.role == "capacity"]
    for track in capacity:
        for moment in reversed(track.moments):
            fields = dict(moment.sighting.fields)
            total, limit = number(fields.get("total", "")), number(fields.get("limit", ""))
            if total and moment.time >= since:
                yield "", (total, "httpd counted its children")
                break
            if limit and fields.get("pool_name"):
                yield f"{FPM} {fields['pool_name']}", (limit, "pm.max_children, by FPM's own words")
                break
