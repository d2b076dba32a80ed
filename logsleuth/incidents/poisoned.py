"""Workers that fail every request while others serve: whatever it is that they hold, it is broken.

A database connection that died, a package that was half upgraded, a cache file that was read when it was broken. If
the fault lay outside of the workers, all would fail alike: those that do not fail must be as many as those that do, or
those that took the place of others that failed, and have ended.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from logsleuth.incidents.model import LostWorker
from logsleuth.library.category import ELSEWHERE
from logsleuth.library.meaning import FAILURES
from logsleuth.lives.workers.rules import fails_while_others_serve
from logsleuth.signals.tuning import FALSE_ALARMS_PER_DAY, JOIN_US, LEAST_MOMENTS, NEAR_GAPS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from logsleuth.lives.live import Lives
    from logsleuth.signals.model import Signal
    from logsleuth.timeline.model import Moment

REQUESTS = frozenset({"client", "request"})
"""Whose trouble it is, where a line shows that a request was met."""
DAEMONS = frozenset({"wsgi"})
"""Modules whose applications run in processes of their own: httpd's children, which pass requests on, are no others."""


def poisoned_workers(signals: Sequence[Signal], lives: Lives) -> Iterable[LostWorker]:
    """The workers of which this is known, each with its first failure among the signals of an incident."""
    known = set(lives.server.parents)
    for failing in _known_to_be_poisoned(signals, lives):
        for pid, moments in sorted(failing.items()):
            if pid not in known and len(moments) >= LEAST_MOMENTS:
                known.add(pid)
                first, rule = moments[0], fails_while_others_serve.__name__
                yield LostWorker(pid, first.time, "poisoned", True, first.sighting, len(moments), rule)


def may_live_on(signals: Sequence[Signal], lives: Lives, until: int) -> bool:
    """Whether a worker that fails every request may have lived until a moment, and merely had no such request.

    It has been silent for hardly longer than between its own failures.
    """
    return any(
        until - moments[-1].last <= NEAR_GAPS * (moments[-1].time - moments[0].time) / (len(moments) - 1)
        for failing in _known_to_be_poisoned(signals, lives)
        for moments in failing.values()
        if len(moments) >= LEAST_MOMENTS
    )


def _known_to_be_poisoned(signals: Sequence[Signal], lives: Lives) -> Iterable[Mapping[int, Sequence[Moment]]]:
    """By pid, the failures of each signal of which it is known that they are those workers' own."""
    failed, died = _reporters(signals), _died(signals)
    for signal in signals:
        failing = _failing(signal)
        if not failing or _is_reported_by_its_own_program(signal, signals):
            continue
        others = _others(signal, failing, failed, lives)
        if len(failing) <= len(set(others)) or were_replaced(_without(failing, died)):
            failures, served = _counted(signals, signal, failing, lives)
            if others_serve(failures, served, len(others)):
                yield failing


def _died(signals: Sequence[Signal]) -> frozenset[int]:
    """The processes that a line reports dead: whatever ended them, it was not their turn to be recycled."""
    return frozenset(pid for one in signals if one.meaning.role == "death" for pid in one.series.by_pid)


def _without(failing: Mapping[int, Sequence[Moment]], died: frozenset[int]) -> Mapping[int, Sequence[Moment]]:
    return {pid: moments for pid, moments in failing.items() if pid not in died}


def _is_reported_by_its_own_program(signal: Signal, signals: Sequence[Signal]) -> bool:
    """Whether a line that is no request's says that what the workers lack has ended: systemd's, or its own."""
    return signal.category is not None and any(
        other.meaning.about == "backend"
        and other.category == signal.category
        and not any(moment.client for moment in other.moments)
        for other in signals
        if other is not signal
    )


def were_replaced(failing: Mapping[int, Sequence[Moment]]) -> bool:
    """Whether workers that fail end one by one, and those in their place do not fail.

    Had all failed alike, no other pids would have ceased to fail while the rest went on, without new ones that do.
    """
    times = {pid: [moment.time for moment in moments] for pid, moments in failing.items()}
    lasts = {pid: found[-1] for pid, found in times.items()}
    if any(found[0] > min(lasts.values()) for found in times.values()):
        return False
    missing = 0.0
    for pid, found in times.items():
        rest = [time for other, those in times.items() if lasts[other] > lasts[pid] for time in those]
        meanwhile = sum(found[0] <= time <= found[-1] for time in rest)
        later = sum(time > found[-1] for time in rest)
        missing += max(len(found) * later / meanwhile - 1, 0.0) if meanwhile else 0.0
    return math.exp(-missing) <= FALSE_ALARMS_PER_DAY


def others_serve(failures: int, served: int, signs: int) -> bool:
    """Whether the workers without a failure are spared by more than chance.

    `failures` of the failing workers; `served`: what is known of other requests, of whatever worker; `signs`: how
    often the others wrote meanwhile. If all failed alike, each of these signs would be a failure with the share that
    failures have of everything seen.
    """
    if not failures or not signs:
        return False
    share = failures / (failures + served)
    return bool((1 - share) ** signs <= FALSE_ALARMS_PER_DAY)


def _failing(signal: Signal) -> Mapping[int, Sequence[Moment]]:
    """By pid, the failures of a signal in which workers report their own requests; else nothing."""
    meaning = signal.meaning
    if meaning.role not in {"cause", "symptom"} or meaning.about == "client" or meaning.worker is not None:
        return {}
    if meaning.category in ELSEWHERE:
        return {}  # who writes the line is well
    found: dict[int, list[Moment]] = {}
    for moment in signal.moments:
        if moment.sighting.reporter and moment.client:
            found.setdefault(moment.sighting.reporter, []).append(moment)
    return found


def _reporters(signals: Sequence[Signal]) -> frozenset[int]:
    """The processes that report any failure of an incident: one failure may be told in other words by each."""
    return frozenset(
        moment.sighting.reporter for signal in signals if signal.meaning.role in FAILURES for moment in signal.moments
    )


def _counted(
    signals: Sequence[Signal], signal: Signal, failing: Mapping[int, Sequence[Moment]], lives: Lives
) -> tuple[int, int]:
    """(failures, what is known of other requests meanwhile) of a signal."""
    failures = sum(len(moments) for moments in failing.values())
    mine = {one.name for one in signals}
    served = sum(
        moment.count
        for stretch in _stretches(signal)
        for series, moment in lives.lines.between(*stretch)
        if series.meaning.about in REQUESTS and series.meaning.known_by != "level" and series.name not in mine
    )
    return failures, served


def _stretches(signal: Signal) -> Iterable[tuple[int, int]]:
    """(begin, end) in UTC microseconds of the times of a signal without a long pause, in which all may have served."""
    moments = signal.moments
    pause = max(JOIN_US, NEAR_GAPS * (signal.end - signal.begin) / len(moments))
    begin = end = moments[0].time
    for moment in moments:
        if moment.time - end > pause:
            yield begin, end
            begin = moment.time
        end = moment.last
    yield begin, end


def _others(
    signal: Signal, failing: Mapping[int, Sequence[Moment]], failed: frozenset[int], lives: Lives
) -> Sequence[int]:
    """The workers that report no failure, once for each sign of life while others fail."""
    peers = _peers(failing, lives)
    return [
        pid
        for stretch in _stretches(signal)
        for pid in lives.timeline.signs.within(*stretch)
        if pid not in failed and pid not in lives.server.parents and (peers is None or pid in peers)
    ]


def _peers(failing: Mapping[int, Sequence[Moment]], lives: Lives) -> frozenset[int] | None:
    """The processes that do the work of the failing ones; None: any worker does.

    That httpd's children write shows only that they pass requests on, or serve files: a missing library or a full
    disk stops every daemon alike.
    """
    modules = {moment.sighting.module for moments in failing.values() for moment in moments}
    if not modules <= DAEMONS:
        return None
    return lives.workers.writers(modules, without=ELSEWHERE)
