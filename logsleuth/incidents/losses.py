"""What became of the workers: who was lost in an incident, when, how, and how that is known."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING

from logsleuth.incidents.kernel_ring import killed_unseen
from logsleuth.incidents.model import PARENT, Incident, LostWorker, Pool, RoutineEnd, Workers
from logsleuth.incidents.poisoned import poisoned_workers
from logsleuth.incidents.pools import find_pools
from logsleuth.library.meaning import FAILURES
from logsleuth.lives.server.events import ONE_RELOAD
from logsleuth.lives.workers.life import ROUTINE
from logsleuth.lives.workers.rules import RULES, parent_never_came_back, rule_of_loss
from logsleuth.signals.tuning import TOGETHER_US
from logsleuth.timeline.model import TIME
from logsleuth.units import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.library.pattern import WorkerState
    from logsleuth.lives.live import Lives
    from logsleuth.lives.server.model import Restart
    from logsleuth.signals.model import Signal
    from logsleuth.timeline.model import Moment, OfPid, Series

LOST_STATES = frozenset({"poisoned", "hung", "crashed", "killed", "exited"})
GRAVITY = ("crashed", "killed", "exited", "poisoned", "hung")
"""Where several things are said of one worker, the one that ended it counts."""


def find_workers(incident: Incident, lives: Lives) -> Workers:
    """The workers lost in an incident, those that ended in routine, and the sizes of their pools."""
    lost: dict[tuple[int, int], LostWorker] = {}
    reports = Reports(incident)
    for series in _series_of_losses(incident, lives):
        for worker, born in _reported_lost(series, incident, lives, reports):
            if worker.pid not in lives.server.parents:
                _add(lost, worker, born)
    reported = {pid for pid, _ in lost}
    for worker in (
        *_parent_gone(incident),
        *killed_unseen(incident, lives),
        *poisoned_workers(incident.signals, lives),
    ):
        if worker.pid not in reported:  # a line is proof
            _add(lost, worker, 0)
    ordered = tuple(sorted(lost.values(), key=lambda worker: (worker.time, worker.pid)))
    routine = tuple(routine_ends(incident, lives, ordered))
    pools = find_pools(incident, lives, ordered)
    used = Counter(worker.rule for worker in ordered)
    for end in routine:
        used[end.rule] += end.count
    rules = tuple((rule.__name__, used[rule.__name__]) for rule in RULES if used[rule.__name__])
    return Workers(ordered, *_size_of_all(pools), pools, routine, rules)


def _size_of_all(pools: Sequence[Pool]) -> tuple[int | None, str]:
    """The size of the pools that lost workers, taken together, and how it is known."""
    concerned = [pool for pool in pools if pool.lost] or [pool for pool in pools if not pool.name] or list(pools)
    sizes = [pool.size for pool in concerned if pool.size is not None]
    if not concerned or len(sizes) != len(concerned):
        return None, ""
    return sum(sizes), "; ".join(dict.fromkeys(pool.source for pool in concerned))


def _add(lost: dict[tuple[int, int], LostWorker], worker: LostWorker, born: int) -> None:
    """Add what is said of a worker, unless something graver is known of the same life."""
    known = lost.get((worker.pid, born))
    if known is None or _rank(worker) < _rank(known):
        lost[worker.pid, born] = worker


def _rank(worker: LostWorker) -> tuple[int, int]:
    return (GRAVITY.index(worker.how), worker.time)


def _series_of_losses(incident: Incident, lives: Lives) -> Iterable[Series]:
    """Series of the incident that report losses; of poisoned workers also those that are no signal themselves."""
    named = {signal.name for signal in incident.signals}
    for series in lives.timeline.known():
        worker = series.meaning.worker
        if worker is None or worker.state not in LOST_STATES or series.name in lives.numbered_elsewhere:
            continue
        if series.name in named or worker.state == "poisoned":
            yield series


class Reports:
    """The failures that each process reports itself within an incident."""

    def __init__(self, incident: Incident) -> None:
        self._signals = incident.signals

    @cached_property
    def _by_pid(self) -> dict[int, list[Moment]]:
        found: dict[int, list[Moment]] = {}
        for signal in self._signals:
            if signal.meaning.role in FAILURES:
                for moment in signal.moments:
                    found.setdefault(moment.sighting.reporter, []).append(moment)
        return found

    def before(self, pid: int, begin: int, end: int) -> list[Moment]:
        """Those of one process from a moment on and before another (UTC microseconds), one a second, in order.

        A worker that fails all requests may say so in other words for the first: an import that fails is an
        exception, and the next request is told that it is half done.
        """
        near = sorted((one for one in self._by_pid.get(pid, ()) if begin <= one.time < end), key=TIME)
        return [next(same) for _, same in groupby(near, key=lambda one: one.time // SECOND)]


def _reported_lost(
    series: Series, incident: Incident, lives: Lives, reports: Reports
) -> Iterable[tuple[LostWorker, int]]:
    """Workers of which a line says so, each with its first such line within the incident and when its life began.

    One that is poisoned is lost with its first failure, which may be told in other words.
    """
    worker = series.meaning.worker
    assert worker is not None
    over = over_at(incident)
    for pid, found in _said_within(series, incident.onset, over):
        seen: set[int] = set()
        for moment in series.moments_of(pid):
            if not incident.onset <= moment.time <= over:
                continue
            life = next((life for life in lives.workers.of_pid(pid) if moment.time <= life.last), None)
            begin = life.first if life else 0
            if begin not in seen:
                seen.add(begin)
                rule = rule_of_loss(worker.state, moment.sighting.reporter == pid, life, moment.time)
                before = reports.before(pid, begin, moment.time) if worker.state == "poisoned" else []
                first = before[0] if before else moment
                failures = _failures(pid, incident, found.count) + len(before)
                born = life.first if life and life.said_born else None
                pool = life.pool if life else ""
                yield (
                    LostWorker(pid, first.time, worker.state, False, first.sighting, failures, rule, pool, born),
                    begin,
                )


def _said_within(series: Series, begin: int, end: int) -> list[tuple[int, OfPid]]:
    """The pids of which the first or last line falls between two moments, in order: of thousands, a few."""
    near = [
        (pid, found)
        for pid, found in series.by_pid.items()
        if begin <= found.first.time <= end or begin <= found.last.time <= end
    ]
    return sorted(near, key=lambda item: item[0])


def over_at(incident: Incident) -> int:
    """UTC microseconds up to which an end of a worker belongs to an incident: the parent notices it a second late."""
    return incident.over + TOGETHER_US


def _failures(pid: int, incident: Incident, least: int) -> int:
    """How often the worker failed: what the incident's series say of it, the one that counts most."""
    found = (signal.series.by_pid.get(pid) for signal in incident.signals)
    return max(least, *(one.count for one in found if one is not None), 0)


def _parent_gone(incident: Incident) -> Iterable[LostWorker]:
    """The parent that ended, by itself or at a reload: no worker, and listed with them (see the server's life)."""
    for absence in incident.absences:
        if absence.parent:
            how: WorkerState = "exited" if absence.why == "died" and absence.lines[0].kind == "died" else "killed"
            first, rule = absence.lines[0].sighting, parent_never_came_back.__name__
            time = absence.not_before if absence.why == "killed" else absence.begin
            yield LostWorker(absence.parent, time, how, True, first, 1, rule, PARENT)
            continue
        failed = absence.refusals
        gone = [parent for restart in incident.restarts if (parent := parent_gone_at(restart))]
        if failed and gone:
            yield LostWorker(
                gone[0],
                failed[0].time,
                "exited",
                True,
                failed[0].sighting,
                1,
                parent_never_came_back.__name__,
                PARENT,
            )


def parent_gone_at(order: Restart) -> int:
    """The pid of the parent that ended at a restart that it was told to do itself; 0: it did not, or none is named."""
    if order.kind not in {"reload", "hup"} or not order.refusals:
        return 0
    at_once = order.refusals[0]
    return order.parent or (at_once.parent if at_once.time - order.time <= ONE_RELOAD else 0)


def routine_ends(incident: Incident, lives: Lives, lost: Sequence[LostWorker]) -> Iterable[RoutineEnd]:
    """Workers that ended within the incident in routine, taken together by how; those that were lost are none."""
    gone = {worker.pid for worker in lost}
    ended = Counter(
        (life.how, life.pool, life.rule)
        for life in lives.workers.ended_between(incident.onset, over_at(incident))
        if life.how in ROUTINE and life.pid not in gone
    )
    for (how, pool, rule), count in sorted(ended.items()):
        yield RoutineEnd(how, pool, rule, count)  # type: ignore[arg-type]


def signal_pids(signal: Signal) -> set[int]:
    """The pids that a signal's series is about."""
    return set(signal.series.by_pid)
