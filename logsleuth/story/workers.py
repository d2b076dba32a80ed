"""What became of the workers: who was lost in an incident, when, how, and how we know."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from logsleuth.story.incident import SECOND, Incident, LostWorker, Pool, RoutineEnd, Strand, Workers
from logsleuth.story.kernel_ring import killed_unseen
from logsleuth.story.life import ROUTINE
from logsleuth.story.pools import find_pools
from logsleuth.story.rules import RULES, parent_never_came_back, rule_of_loss

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.story.clock import Clock
    from logsleuth.story.life import Life
    from logsleuth.story.timeline import Timeline, Track

LOST_STATES = frozenset({"poisoned", "hung", "crashed", "killed", "exited"})
GRAVITY = ("crashed", "killed", "exited", "poisoned", "hung")
"""Where several things are said of one worker, the one that ended it counts."""
LATE = 2 * SECOND
"""The parent notices a death up to a second late (it reaps children once a second)."""


def find_workers(incident: Incident, timeline: Timeline, clock: Clock, lives: Sequence[Life] = ()) -> Workers:
    """The workers lost in an incident, those that ended in routine, and the sizes of their pools."""
    by_pid: dict[int, list[Life]] = {}
    for life in lives:
        by_pid.setdefault(life.pid, []).append(life)
    lost: dict[tuple[int, int], LostWorker] = {}
    for strand in _strands_with_workers(incident, timeline):
        for worker, born in _said_lost(strand, incident, clock, timeline.offsets, by_pid):
            known = lost.get((worker.pid, born))
            if known is None or _rank(worker) < _rank(known):
                lost[worker.pid, born] = worker
    known_pids = {pid for pid, _ in lost}
    for worker in (*_parent_gone(incident, timeline), *killed_unseen(incident, timeline, lives, clock)):
        if worker.pid not in known_pids:
            lost[worker.pid, 0] = worker
    ordered = tuple(sorted(lost.values(), key=lambda worker: (worker.time, worker.pid)))
    routine = tuple(routine_ends(incident, lives, ordered))
    pools = find_pools(incident, timeline, lives, ordered)
    used = Counter(worker.rule for worker in ordered)
    for end in routine:
        used[end.rule] += end.count
    rules = tuple((rule.__name__, used[rule.__name__]) for rule in RULES if used[rule.__name__])
    return Workers(ordered, *_size_of_all(pools), pools, routine, rules)


def _size_of_all(pools: Sequence[Pool]) -> tuple[int | None, str]:
    """The size of the pools that lost workers, taken together, and how it is known."""
    concerned = [pool for pool in pools if pool.lost] or [pool for pool in pools if not pool.name] or list(pools)
    if not concerned:
        return None, "the log names no pids"
    sizes = [pool.size for pool in concerned if pool.size is not None]
    size = sum(sizes) if len(sizes) == len(concerned) else None
    return size, "; ".join(dict.fromkeys(pool.source for pool in concerned))


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


def _said_lost(
    track: Track, incident: Incident, clock: Clock, offsets: dict[int, int], lives: dict[int, list[Life]]
) -> Iterable[tuple[LostWorker, int]]:
    """Workers of which a line says so, each with its first such line within the incident and the begin of its life."""
    pattern = track.pattern
    assert pattern is not None
    assert pattern.worker is not None
    over = over_at(incident)
    for pid, told in sorted(track.by_pid.items()):
        seen: set[int] = set()
        for sighting in (told.first, told.last):
            time = clock.utc(sighting.time - offsets.get(sighting.log, 0))
            life = next((life for life in lives.get(pid, ()) if time <= life.last), None)
            begin = life.first if life else 0
            if incident.onset <= time <= over and begin not in seen:
                seen.add(begin)
                rule = rule_of_loss(pattern.worker.state, sighting.reporter == pid, life, time)
                failures = _failures(pid, incident, told.count)
                born = life.first if life and life.said_born else None
                pool = life.pool if life else ""
                yield LostWorker(pid, time, pattern.worker.state, False, sighting, failures, rule, pool, born), begin


def over_at(incident: Incident) -> int:
    """UTC microseconds up to which an end of a worker belongs to an incident."""
    return (incident.recovery.time if incident.recovery else incident.end) + LATE


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
            yield LostWorker(
                restart.parent,
                fatal.begin,
                "exited",
                True,
                fatal.moments[0].sighting,
                1,
                parent_never_came_back.__name__,
            )


def routine_ends(incident: Incident, lives: Sequence[Life], lost: Sequence[LostWorker]) -> Iterable[RoutineEnd]:
    """Workers that ended within the incident in routine, taken together by how; those that were lost are none."""
    gone = {worker.pid for worker in lost}
    over = over_at(incident)
    ended = Counter(
        (life.how, life.pool, life.rule)
        for life in lives
        if life.how in ROUTINE and life.died is not None and incident.onset <= life.died <= over
        if life.pid not in gone
    )
    for (how, pool, rule), count in sorted(ended.items()):
        yield RoutineEnd(how, pool, rule, count)


def spread(workers: Workers, begin: int, step: int, steps: int) -> tuple[int, ...]:
    """How many workers were lost by the end of each of equal steps (UTC microseconds)."""
    times = [worker.time for worker in workers.lost]
    return tuple(sum(time < begin + step * (n + 1) for time in times) for n in range(steps))


def strand_pids(strand: Strand) -> set[int]:
    """The pids that a strand's track is about."""
    return set(strand.track.by_pid)
