"""What stands out in a timeline so much that it is evidence of an incident.

What is always there is not the incident: the measure is the log's own normal rate. Each rule by which something
is evidence is a function here, or in a neighbour of this file, named, with its reason.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from logsleuth.story.bursts import find_bursts
from logsleuth.story.clients import client_of, few_clients_doing, many_clients, no_clients_doing, one_clients_doing
from logsleuth.story.exhaustion import SHORT_LOG, exhaustion_strands, just_started
from logsleuth.story.grouping import JOIN, JOIN_MOST
from logsleuth.story.incident import SECOND, Strand
from logsleuth.story.own_words import (
    FATAL,
    GRAVE,
    SERVER,
    is_chatter,
    is_of_failure,
    is_own_word,
    names_a_failure,
    tells_of_failure,
)
from logsleuth.story.recovery import LONGEST_SILENCE, UNTIL_RESTART
from logsleuth.story.rhythm import without_rhythm
from logsleuth.story.spacing import even_gap
from logsleuth.story.together import died_together
from logsleuth.story.unclean import unclean_strands

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.story.timeline import Moment, Timeline, Track

EVIDENCE_ROLES = frozenset({"cause", "death", "capacity", "symptom"})
LEAST_PERSISTENT = {"critical": 3, "major": 5}
"""Matches of a fault of that severity, in at least LEAST_TIMES moments, that make an incident of a short log."""
LEAST_TIMES = 3
LEAST_GAPS = 4
LEAST_GAP = 4 * SECOND
EVEN = 0.05
"""Gaps that differ by no more than this share are a machine's."""
LEAST_UNDATED = 5
FEW_CROWDS = 3
"""More crowds than this are the way of this log."""
BESIDE = 2 * SECOND
POISONED = ("poisoned", "critical")
"""State of the worker, and severity, of faults of which each single one is an incident."""
SELDOM = 6 * 3600.0
"""Seconds of log for each time that workers are poisoned: more often is chronic."""


def find_evidence(timeline: Timeline) -> list[Strand]:
    """All that stands out, by whatever rule; later rules know what earlier ones have found."""
    strands = [*bursts(timeline), *alone(timeline), *undated(timeline)]
    strands += unclean_strands(timeline, strands)
    strands += persistent(timeline, strands)
    strands += died_together(timeline, strands)
    strands += poisoned(timeline, strands)
    strands += exhaustion_strands(timeline, strands)
    return strands


def bursts(timeline: Timeline) -> Iterable[Strand]:
    """A failure that comes far more often than it usually does: the log's own rate is the measure."""
    for track in evidence_tracks(timeline):
        found = find_bursts(track.moments, timeline.start, timeline.end)
        for burst in without_rhythm(found, track, timeline):
            if one_clients_doing(track, burst.moments, timeline) or few_clients_doing(track, burst.moments):
                continue
            if track.pattern is not None or _is_no_chatter(track, burst.moments, timeline):
                yield Strand(track, burst.moments, "burst", burst.usual)


def _is_no_chatter(track: Track, moments: Sequence[Moment], timeline: Timeline) -> bool:
    """Whether what no pattern knows is more than what applications say, and clients bring about, all the time."""
    return many_clients(moments) or no_clients_doing(moments) or _since_a_restart(track, moments, timeline)


def _since_a_restart(track: Track, moments: Sequence[Moment], timeline: Timeline) -> bool:
    """Whether it speaks of failures, and began right after a restart, which took up new code or settings."""
    if moments[0] is not track.moments[0] or not tells_of_failure(track):
        return False
    ups = (restart.up for restart in timeline.restarts if restart.up is not None)
    return any(0 <= moments[0].time - up <= JOIN for up in ups)


def alone(timeline: Timeline) -> Iterable[Strand]:
    """A line after which the server is gone, or cannot start, is an incident by itself."""
    for track in evidence_tracks(timeline):
        if track.pattern is None or not track.pattern.alone:
            continue
        for run in _runs(track.moments):
            yield Strand(track, run, "alone", until=_until_restart(track, run, timeline))


def _until_restart(track: Track, run: Sequence[Moment], timeline: Timeline) -> int:
    """UTC microseconds of the stop that ends what httpd does not try again; 0: none, or it is not of that kind."""
    if track.pattern is None or UNTIL_RESTART not in track.pattern.tags:
        return 0
    downs = (restart.down or restart.up or 0 for restart in timeline.restarts)
    return next((down for down in downs if 0 < down - run[-1].time <= LONGEST_SILENCE), 0)


def undated(timeline: Timeline) -> Iterable[Strand]:
    """Lines without a time of their own borrow their neighbours': many of them in one place are a burst.

    Not beside a stop or restart, where each of many virtual hosts may have its line of farewell.
    """
    for track in evidence_tracks(timeline):
        if track.pattern is None or track.pattern.category is None:
            continue
        lone = [moment for moment in _not_at_restarts(track, timeline) if not moment.sighting.dated]
        crowds = [run for run in _runs(lone, JOIN) if sum(moment.count for moment in run) >= LEAST_UNDATED]
        if len(crowds) <= FEW_CROWDS:
            yield from (Strand(track, run, "undated") for run in crowds if not _always_there(run, timeline))


def persistent(timeline: Timeline, others: Sequence[Strand]) -> list[Strand]:
    """In a log of minutes a grave fault that is there again and again needs no quiet time to stand out from.

    Visitors don't come like clockwork: if all there is does, it is what a probe or a job meets, and nobody else.
    """
    if timeline.span > SHORT_LOG:
        return []
    taken = {strand.track.name for strand in others}
    found = [
        Strand(track, track.moments, "persistent")
        for track in evidence_tracks(timeline)
        if track.name not in taken
        and len(track.moments) >= LEAST_TIMES
        and track.count >= _least_persistent(track)
        and not one_clients_doing(track, track.moments, timeline)
    ]
    return [] if all(_like_clockwork(strand.moments) for strand in found) else found


def _like_clockwork(moments: Sequence[Moment]) -> bool:
    """Whether they come at equal distances for one client at most, and not by the server's own clock.

    A flood has some each second, too.
    """
    module = moments[0].sighting.module
    clients = {client_of(moment.sighting.words) for moment in moments} - {""}
    if not module or module.startswith(SERVER) or len(clients) > 1 or len({moment.count for moment in moments}) > 1:
        return False
    gap = even_gap([moment.time for moment in moments], EVEN)
    return len(moments) > LEAST_GAPS and gap is not None and gap >= LEAST_GAP


def _least_persistent(track: Track) -> float:
    """How many matches it takes; of what may be nothing, no number is enough."""
    pattern = track.pattern
    if pattern is None:
        severity = "critical" if track.level in FATAL else "major" if is_own_word(track) else ""
    else:
        severity = pattern.severity if pattern.category is not None or pattern.worker is not None else ""
    return LEAST_PERSISTENT.get(severity, math.inf)


def poisoned(timeline: Timeline, others: Sequence[Strand]) -> list[Strand]:
    """A worker that fails every request until it ends is an outage for its clients, though it be told but once.

    Where that is told every few hours it is a chronic fault, of which only a burst stands out.
    """
    found = []
    for track in evidence_tracks(timeline):
        pattern = track.pattern
        if pattern is None or pattern.worker is None or (pattern.worker.state, pattern.severity) != POISONED:
            continue
        taken = {moment.time for strand in others if strand.track.name == track.name for moment in strand.moments}
        runs = _runs([moment for moment in track.moments if moment.time not in taken])
        if len(runs) <= max(timeline.span / SELDOM, 1.0):
            found += [Strand(track, run, "poisoned") for run in runs if not _always_there(run, timeline)]
    return found


def _always_there(run: Sequence[Moment], timeline: Timeline) -> bool:
    """Whether in a log of many hours it has neither a begin nor an end."""
    whole = run[0].time - timeline.start <= JOIN_MOST and timeline.end - run[-1].time <= JOIN_MOST
    return whole and timeline.span > SELDOM


def _runs(moments: Iterable[Moment], apart: int = JOIN_MOST) -> list[tuple[Moment, ...]]:
    """Moments that follow each other closely, together; `apart`: microseconds between two that do not."""
    runs: list[list[Moment]] = []
    for moment in moments:
        if not runs or moment.time - runs[-1][-1].time > apart:
            runs.append([])
        runs[-1].append(moment)
    return [tuple(run) for run in runs]


def evidence_tracks(timeline: Timeline) -> Iterable[Track]:
    """The tracks of failures, known and unknown; of a limit without what is said at a start and means nothing."""
    for track in timeline.tracks.values():
        pattern = track.pattern
        if pattern is None or not (pattern.role in EVIDENCE_ROLES or pattern.alone):
            continue
        if pattern.role == "capacity":
            moments = tuple(moment for moment in track.moments if not just_started(timeline, moment))
            if moments:
                yield replace(track, moments=moments)
        elif track.moments:
            yield track
    for track in timeline.unknown:
        if is_chatter(track):
            continue
        if not track.level and names_a_failure(track):
            moments = _not_at_restarts(track, timeline)
            if moments:
                yield replace(track, moments=moments)
        elif track.level in GRAVE or is_of_failure(track):
            yield track


def _not_at_restarts(track: Track, timeline: Timeline) -> tuple[Moment, ...]:
    """Without what programs greet and bid farewell with: a line without a head that stands at a start or a stop."""
    ends = [time for restart in timeline.restarts for time in (restart.down, restart.up) if time is not None]
    return tuple(
        moment
        for moment in track.moments
        if moment.sighting.dated or all(abs(moment.time - time) > BESIDE for time in ends)
    )
