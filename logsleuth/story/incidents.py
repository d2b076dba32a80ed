"""Finding the incidents in a timeline: what stands out against the log's own normal rate.

What is always there is not the incident. Each rule by which evidence belongs is a function here, named,
with its reason.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from logsleuth.story.bursts import find_bursts
from logsleuth.story.clients import many_clients, no_clients_doing, one_clients_doing, one_visitors
from logsleuth.story.exhaustion import exhaustion_strands, just_started
from logsleuth.story.incident import SECOND, Incident, Recovery, Strand
from logsleuth.story.own_words import FATAL, GRAVE, is_of_failure, is_own_word
from logsleuth.story.relapse import comes_back, one_a_track, period
from logsleuth.story.rhythm import without_rhythm
from logsleuth.story.together import died_together
from logsleuth.story.unclean import unclean_strands

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.story.restarts import Restart
    from logsleuth.story.timeline import Moment, Timeline, Track

EVIDENCE_ROLES = frozenset({"cause", "death", "capacity", "symptom"})
SHORT_LOG = 1800.0
"""Seconds. Within less than this nobody can tell what is always there: a grave fault is told as it stands."""
LEAST_PERSISTENT = {"critical": 3, "major": 5}
"""Matches of a fault of that severity, in at least LEAST_TIMES moments, that make an incident of a short log."""
LEAST_TIMES = 3
LEAST_UNDATED = 5
FEW_CROWDS = 3
"""More crowds than this are the way of this log."""
BESIDE = 2 * SECOND
JOIN = 30 * SECOND
"""Strands at most this far apart are one incident…"""
JOIN_SHARE = 0.5
"""…or this share of the longer one's duration…"""
JOIN_MOST = 600 * SECOND
"""…but never farther than this."""
POISONED = ("poisoned", "critical")
"""State of the worker, and severity, of faults of which each single one is an incident."""
SELDOM = 6 * 3600.0
"""Seconds of log for each time that workers are poisoned: more often is chronic."""
LEAD = 60 * SECOND
LEAD_SHARE = 0.25
"""How long before its flood an incident may have begun with rarer lines: LEAD, or this share of its duration."""
FEW_OUTSIDE = 0.1
"""A track belongs to an incident as a whole if at most this share of it lies outside."""
AT_STOP = "at-stop"
"""Tag of what the parent says of its children while it stops or restarts."""
LEAST_NEW, MOST_NEW = 3, 3
"""Moments of a message to be told as new, and how many such messages."""
LONGEST_SILENCE = 3600 * SECOND
"""How long after the last line a restart may still be the end of what goes on in silence."""
QUIET_TAIL = 3
"""It is over when it has been silent for so many of its usual gaps: by chance that happens once in twenty."""
LEAST_TAIL = 4 * SECOND
RELAPSE = 1.5
"""After restarts that did not help, one has helped if it is quiet for so many times as long as after those."""


def find_incidents(timeline: Timeline) -> list[Incident]:
    """All incidents, in order of time."""
    strands = [*bursts(timeline), *alone(timeline), *undated(timeline)]
    strands += unclean_strands(timeline, strands)
    strands += persistent(timeline, strands)
    strands += died_together(timeline, strands)
    strands += poisoned(timeline, strands)
    strands += exhaustion_strands(timeline, strands)
    incidents = []
    wholes = []
    for group in comes_back(_groups(strands)):
        whole = [*group, *_only_here(timeline, group)]
        wholes.append([*whole, *never_said_before(timeline, whole)])
    for whole in wholes:
        others = [other for other in wholes if other is not whole]
        if any(_can_open(strand) for strand in whole) and not _told_in(whole, others):
            told = _incident(timeline, one_a_track(_with_earlier(timeline, whole)))
            own = [strand for strand in whole if strand.why != "only-here"]
            incidents.append(replace(told, period=period(own), returns=_returns(own)))
    return incidents


def _returns(strands: Sequence[Strand]) -> tuple[int, ...]:
    """When it came back: the begins, but for the first, of the stretches that are told as one fault (`comes_back`)."""
    return tuple(sorted(min(strand.begin for strand in group) for group in _groups(strands))[1:])


def _told_in(group: Sequence[Strand], others: Sequence[Sequence[Strand]]) -> bool:
    """Whether another incident of more evidence tells all of this one's: what is only here belongs to it."""
    mine = {(strand.track.name, moment.time) for strand in group for moment in strand.moments}
    return any(
        mine < {(strand.track.name, moment.time) for strand in other for moment in strand.moments} for other in others
    )


def bursts(timeline: Timeline) -> Iterable[Strand]:
    """A failure that comes far more often than it usually does: the log's own rate is the measure."""
    for track in _evidence_tracks(timeline):
        found = find_bursts(track.moments, timeline.start, timeline.end)
        for burst in without_rhythm(found, track, timeline):
            if one_clients_doing(track, burst.moments, timeline):
                continue
            if track.pattern is not None or many_clients(burst.moments) or no_clients_doing(burst.moments):
                yield Strand(track, burst.moments, "burst", burst.usual)


def alone(timeline: Timeline) -> Iterable[Strand]:
    """A line after which the server is gone, or cannot start, is an incident by itself."""
    for track in _evidence_tracks(timeline):
        if track.pattern is None or not track.pattern.alone:
            continue
        for run in _runs(track.moments):
            yield Strand(track, run, "alone")


def undated(timeline: Timeline) -> Iterable[Strand]:
    """Lines without a time of their own borrow their neighbours': many of them in one place are a burst.

    Not beside a stop or restart, where each of many virtual hosts may have its line of farewell.
    """
    restarts = [time for restart in timeline.restarts for time in (restart.down, restart.up) if time is not None]
    for track in _evidence_tracks(timeline):
        if track.pattern is None or track.pattern.category is None:
            continue
        bare = (moment for moment in track.moments if not moment.sighting.dated)
        lone = (moment for moment in bare if all(abs(moment.time - time) > BESIDE for time in restarts))
        crowds = [run for run in _runs(lone, JOIN) if sum(moment.count for moment in run) >= LEAST_UNDATED]
        if len(crowds) <= FEW_CROWDS:
            yield from (Strand(track, run, "undated") for run in crowds if not _always_there(run, timeline))


def persistent(timeline: Timeline, others: Sequence[Strand]) -> list[Strand]:
    """In a log of minutes a grave fault that is there again and again needs no quiet time to stand out from."""
    if timeline.span > SHORT_LOG:
        return []
    taken = {strand.track.name for strand in others}
    return [
        Strand(track, track.moments, "persistent")
        for track in _evidence_tracks(timeline)
        if track.name not in taken and len(track.moments) >= LEAST_TIMES and track.count >= _least_persistent(track)
    ]


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
    for track in _evidence_tracks(timeline):
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


def _evidence_tracks(timeline: Timeline) -> Iterable[Track]:
    for track in timeline.tracks.values():
        pattern = track.pattern
        if pattern is None or not (pattern.role in EVIDENCE_ROLES or pattern.alone):
            continue
        if pattern.role == "capacity":  # at a start the limit is reached without meaning anything
            moments = tuple(moment for moment in track.moments if not just_started(timeline, moment))
            if moments:
                yield replace(track, moments=moments)
        elif track.moments:
            yield track
    for track in timeline.unknown:
        if track.level in GRAVE or not track.level or is_of_failure(track):
            yield track


def _can_open(strand: Strand) -> bool:
    """Whether a strand is evidence enough for an incident: it names an outage, or is an unknown error."""
    pattern = strand.pattern
    if pattern is None:
        return strand.why != "only-here"
    if strand.why == "only-here":
        return False
    return pattern.category is not None or pattern.alone or pattern.severity in {"critical", "major"}


@dataclass(slots=True)
class _Group:
    strands: list[Strand]
    begin: int
    end: int


def _groups(strands: Sequence[Strand]) -> list[list[Strand]]:
    """Strands that overlap or nearly touch are one incident."""
    groups: list[_Group] = []
    for strand in sorted(strands, key=lambda s: (s.begin, s.track.name)):
        mine = _Group([strand], strand.begin, strand.end)
        while groups and mine.begin - groups[-1].end <= _reach(groups[-1], mine):
            before = groups.pop()
            mine = _Group([*before.strands, *mine.strands], before.begin, max(before.end, mine.end))
        groups.append(mine)
    return [group.strands for group in groups]


def _reach(a: _Group, b: _Group) -> float:
    longest = max(a.end - a.begin, b.end - b.begin)
    return min(max(JOIN, JOIN_SHARE * longest), JOIN_MOST)


def _only_here(timeline: Timeline, group: Sequence[Strand]) -> list[Strand]:
    """A failure too rare for a burst that is seen (nearly) nowhere but here belongs here."""
    begin, end = min(s.begin for s in group), max(s.end for s in group)
    lead = max(LEAD, LEAD_SHARE * (end - begin))
    named = {strand.track.name for strand in group}
    found = []
    for track in _evidence_tracks(timeline):
        if track.name in named or (track.pattern is None and track.level != ""):
            continue
        inside = tuple(m for m in track.moments if begin - lead <= m.time <= end + LEAD)
        if inside and len(track.moments) - len(inside) <= FEW_OUTSIDE * len(inside):
            found.append(Strand(track, inside, "only-here"))
    return found


def never_said_before(timeline: Timeline, group: Sequence[Strand]) -> list[Strand]:
    """Where nothing names a cause, a message of any level that the log said only here may be it."""
    if any(strand.category is not None or strand.pattern is None for strand in group):
        return []
    begin, end = min(s.begin for s in group), max(s.end for s in group)
    found = []
    for track in timeline.unknown:
        inside = tuple(m for m in track.moments if begin - LEAD <= m.time <= end + LEAD)
        if track.level in {"warn", "notice"} and len(inside) >= LEAST_NEW and len(inside) == len(track.moments):
            found.append(Strand(track, inside, "only-here"))
    return sorted(found, key=lambda s: -s.count)[:MOST_NEW]


def unheard_errors(timeline: Timeline, incident: Incident) -> Iterable[Strand]:
    """Errors that no pattern knows and that the log said several times, all within this incident."""
    begin, end = incident.onset - LEAD, incident.end + LEAD
    for track in timeline.unknown:
        within = len(track.moments) >= LEAST_NEW and begin <= track.moments[0].time <= track.moments[-1].time <= end
        if within and track.level in GRAVE:
            yield Strand(track, track.moments, "only-here")


def _with_earlier(timeline: Timeline, strands: Sequence[Strand]) -> list[Strand]:
    """Draw in what the strands' tracks said shortly before: an incident often begins with one quiet line.

    Only where the track is so rare outside that such a line would hardly stand there by chance, and is no visitor's
    doing.
    """
    begin, end = min(s.begin for s in strands), max(s.end for s in strands)
    lead = max(LEAD, LEAD_SHARE * (end - begin))
    widened = []
    for strand in strands:
        early = tuple(m for m in strand.track.moments if begin - lead <= m.time < strand.begin)
        rest = len(strand.track.moments) - len(strand.moments) - len(early)
        expected = rest / max(timeline.span - (end - begin + lead) / SECOND, 1.0) * lead / SECOND
        if early and strand.why != "exhaustion" and expected < 0.02 and not one_visitors(strand.track, early):
            widened.append(replace(strand, moments=(*early, *strand.moments)))
        else:
            widened.append(strand)
    return widened


def _incident(timeline: Timeline, strands: Sequence[Strand]) -> Incident:
    strands = sorted(_without_aftermath(timeline, strands), key=lambda s: (s.begin, s.track.name))
    grave = [strand for strand in strands if not _harmless(strand)] or strands
    onset = grave[0].begin
    telling = [strand for strand in grave if not _at_stop(strand)] or grave
    end = max(strand.end for strand in telling)
    inside = [r for r in timeline.restarts if onset <= (r.up or r.down or 0)]
    recovery = _by_restart(timeline, telling, inside, onset, end) or _faded(timeline, telling, end)
    over = recovery.time if recovery else timeline.end
    seen = tuple(r for r in inside if (r.down or r.up or 0) <= over)
    return Incident(tuple(strands), onset, end, recovery, seen)


def _harmless(strand: Strand) -> bool:
    """Whether it may go with an incident, and be there without one: a pool that grows serves more, not less."""
    return strand.pattern is not None and strand.pattern.severity == "info" and strand.category is None


def _at_stop(strand: Strand) -> bool:
    """Whether it tells of children that are slow to go when the server is stopped: the outage is over by then."""
    return strand.pattern is not None and AT_STOP in strand.pattern.tags


def _without_aftermath(timeline: Timeline, strands: Sequence[Strand]) -> list[Strand]:
    """Cut off what chronic faults go on to say after the restart that ended all that is seen only here."""
    own = [strand for strand in strands if strand.outside == 0 and strand.category is not None]
    if not own or len(own) == len(strands):
        return list(strands)
    end = max(strand.end for strand in own)
    patience = max(JOIN, 4 * _usual_gap(own))
    ups = (r.up for r in timeline.restarts if r.up is not None and end - SECOND <= r.up <= end + patience)
    up = next(ups, None)
    if up is None:
        return list(strands)
    kept = []
    for strand in strands:
        early = tuple(moment for moment in strand.moments if moment.time <= up)
        if strand in own:
            kept.append(strand)
        elif early:
            kept.append(replace(strand, moments=early))
    return kept


def _by_restart(
    timeline: Timeline, strands: Sequence[Strand], restarts: Sequence[Restart], onset: int, end: int
) -> Recovery | None:
    """A restart after which the evidence is gone is what ended it."""
    gaps = _usual_gap(strands)
    patience = max(JOIN, 4 * gaps, LEAD_SHARE * (end - onset))
    if _lasts_until_restart(strands):
        patience = max(patience, LONGEST_SILENCE)
    for restart in restarts:
        if restart.up is None or restart.up < end - SECOND:
            continue
        ordered = restart.down if restart.down is not None else restart.up
        if ordered - end <= patience:
            if timeline.end - restart.up < RELAPSE * _longest_relapse(strands, restarts):
                return None
            gone = any(s.why == "alone" and s.end >= ordered - SECOND for s in strands)
            return Recovery(restart.up, "reload" if restart.kind == "reload" and not gone else "restart", restart)
        return None
    return None


def _longest_relapse(strands: Sequence[Strand], restarts: Sequence[Restart]) -> int:
    """Microseconds after which, at the longest, evidence came back after a restart that did not help; 0: none did."""
    times = sorted(moment.time for strand in strands for moment in strand.moments)
    after = [next((t - r.up for t in times if t > r.up), 0) for r in restarts if r.up is not None]
    return max(after, default=0)


def _lasts_until_restart(strands: Sequence[Strand]) -> bool:
    """Whether silence is no sign of recovery: a limit is told once, and a poisoned or hung worker may say no more."""
    if all(strand.why == "exhaustion" and not strand.until for strand in strands):
        return True
    states = {s.pattern.worker.state for s in strands if s.pattern and s.pattern.worker}
    return bool(states & {"poisoned", "hung"})


def _faded(timeline: Timeline, strands: Sequence[Strand], end: int) -> Recovery | None:
    """It is over when it has been silent far longer than it ever was before; else the log ended in it.

    A limit that is told only once is silent by nature.
    """
    if all(strand.why == "exhaustion" and not strand.until for strand in strands):
        return None
    stopped = [r.down for r in timeline.restarts if r.up is None and r.down is not None and r.down >= end]
    until = min([timeline.end, *stopped])
    if until - end < max(LEAST_TAIL, QUIET_TAIL * _usual_gap(strands)):
        return None
    return Recovery(end, "faded")


def _usual_gap(strands: Sequence[Strand]) -> float:
    """Microseconds between the incident's pieces of evidence, all strands together."""
    times = sorted(moment.time for strand in strands for moment in strand.moments)
    return (times[-1] - times[0]) / (len(times) - 1) if len(times) > 1 else 0.0
