"""What became of the workers: who was lost in an incident, when, how, and how we know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.story.incident import SECOND, Incident, LostWorker, Strand, Workers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.story.clock import Clock
    from logsleuth.story.timeline import Timeline, Track

LOST_STATES = frozenset({"poisoned", "hung", "crashed", "killed", "exited"})
GRAVITY = ("crashed", "killed", "exited", "poisoned", "hung")
"""Where several things are said of one worker, the one that ended it counts."""
LATE = 2 * SECOND
"""The parent notices a death up to a second late (it reaps children once a second)."""


def find_workers(incident: Incident, timeline: Timeline, clock: Clock) -> Workers:
    """The workers lost in an incident, and the size of the pool."""
    lost: dict[int, LostWorker] = {}
    for strand in _strands_with_workers(incident, timeline):
        for worker in _said_lost(strand, incident, clock, timeline.offsets):
            known = lost.get(worker.pid)
            if known is None or _rank(worker) < _rank(known):
                lost[worker.pid] = worker
    for worker in _parent_gone(incident, timeline):
        lost.setdefault(worker.pid, worker)
    pool, source = pool_size(incident, timeline, clock)
    ordered = tuple(sorted(lost.values(), key=lambda worker: (worker.time, worker.pid)))
    return Workers(ordered, pool if pool is None or pool >= 1 else None, source)


def _rank(worker: LostWorker) -> tuple[int, int]:
    return (GRAVITY.index(worker.how), worker.time)


def _strands_with_workers(incident: Incident, timeline: Timeline) -> Iterable[Track]:
    """Tracks of the incident that say something of a worker, and those that speak within it though no burst."""
    named = {strand.track.name for strand in incident.strands}
    for track in timeline.tracks.values():
        worker = track.pattern.worker if track.pattern else None
        if worker is None or worker.state not in LOST_STATES:
            continue
        if track.name in named or worker.state == "poisoned":
            yield track


def _said_lost(track: Track, incident: Incident, clock: Clock, offsets: dict[int, int]) -> Iterable[LostWorker]:
    """A pid of which a line says so: its first such line within the incident."""
    pattern = track.pattern
    assert pattern is not None
    assert pattern.worker is not None
    over = (incident.recovery.time if incident.recovery else incident.end) + LATE
    for pid, told in sorted(track.by_pid.items()):
        for sighting in (told.first, told.last):
            time = clock.utc(sighting.time - offsets.get(sighting.log, 0))
            if incident.onset <= time <= over:
                yield LostWorker(pid, time, pattern.worker.state, False, sighting, _failures(pid, incident, told.count))
                break


def _failures(pid: int, incident: Incident, least: int) -> int:
    """How often the worker failed: what the incident's patterns say of it, the one that counts most."""
    told = (strand.track.by_pid.get(pid) for strand in incident.strands)
    return max(least, *(found.count for found in told if found is not None), 0)


def last_sign(pid: int, incident: Incident, timeline: Timeline, clock: Clock) -> int | None:
    """UTC microseconds of the last line by or about a worker; None: there is none."""
    told = [clock.utc(found.last.time) for strand in incident.strands if (found := strand.track.by_pid.get(pid))]
    return max([*told, *(clock.utc(sign.last) for sign in timeline.signs.get(pid, ()))], default=None)


def _parent_gone(incident: Incident, timeline: Timeline) -> Iterable[LostWorker]:
    """The parent ended without a word after a line that says why: the next start finds its pid file.

    A start that no stop precedes within the incident means that the parent before it is gone.
    """
    fatal = next((strand for strand in incident.strands if strand.why == "alone"), None)
    if fatal is None or fatal.pattern is None:
        return
    for restart in timeline.restarts:
        inside = incident.onset - SECOND <= (restart.down or restart.up or 0) <= incident.end + SECOND
        replaced = restart.up is None or len({s.reporter for s in restart.sightings}) > 1
        if inside and restart.parent and restart.kind in {"reload", "hup"} and replaced:
            yield LostWorker(restart.parent, fatal.begin, "exited", True, fatal.moments[0].sighting, 1)


def pool_size(incident: Incident, timeline: Timeline, clock: Clock) -> tuple[int | None, str]:
    """How many workers there are to serve.

    Best known from httpd's own count (`server seems busy … N total children`), then from its configuration; else
    the pids that wrote within the incident or just before it are a lower bound; without pids nothing is known.
    """
    for track in timeline.tracks.values():
        for moment in track.moments:
            fields = dict(moment.sighting.fields)
            if fields.get("total", "").isdigit() and moment.time >= incident.onset - 3600 * SECOND:
                return int(fields["total"]), "httpd counted its children"
    if timeline.pool is not None:
        return timeline.pool
    begin = incident.onset - max(60 * SECOND, incident.end - incident.onset)
    over = incident.recovery.time if incident.recovery else incident.end
    alive = [
        pid
        for pid, signs in timeline.signs.items()
        if pid not in timeline.parents
        and any(clock.utc(sign.last) >= begin and clock.utc(sign.first) <= over for sign in signs)
    ]
    return (len(alive), "pids that wrote in the log around it") if alive else (None, "the log names no pids")


def spread(workers: Workers, begin: int, step: int, steps: int) -> tuple[int, ...]:
    """How many workers were lost by the end of each of equal steps (UTC microseconds)."""
    times = [worker.time for worker in workers.lost]
    return tuple(sum(time < begin + step * (n + 1) for time in times) for n in range(steps))


def strand_pids(strand: Strand) -> set[int]:
    """The pids that a strand's track is about."""
    return set(strand.track.by_pid)
