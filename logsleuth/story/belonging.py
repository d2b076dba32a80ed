"""What belongs to an incident, though it would not be evidence of one by itself."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from logsleuth.story.clients import one_visitors
from logsleuth.story.evidence import evidence_tracks
from logsleuth.story.grouping import JOIN_MOST
from logsleuth.story.incident import SECOND, Strand
from logsleuth.story.own_words import GRAVE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.story.incident import Incident
    from logsleuth.story.timeline import Moment, Timeline

LEAD = 60 * SECOND
LEAD_SHARE = 0.25
"""How long before its flood an incident may have begun with rarer lines: LEAD, or this share of its duration."""
FEW_OUTSIDE = 0.1
"""A track belongs to an incident as a whole if at most this share of it lies outside."""
AS_OFTEN = 0.5
LEAST_NEW, MOST_NEW = 3, 3
"""Moments of a message to be told as new, and how many such messages."""


def only_here(timeline: Timeline, group: Sequence[Strand]) -> list[Strand]:
    """A failure too rare for a burst that is seen (nearly) nowhere but here belongs here."""
    begin, end = min(s.begin for s in group), max(s.end for s in group)
    lead = max(LEAD, LEAD_SHARE * (end - begin))
    named = {strand.track.name for strand in group}
    categories = {strand.category for strand in group} - {None}
    found = []
    for track in evidence_tracks(timeline):
        if track.name in named or (track.pattern is None and track.level != ""):
            continue
        inside = tuple(m for m in track.moments if begin - lead <= m.time <= end + LEAD)
        if track.pattern is not None and track.pattern.category in categories and _follows(track.moments, begin, end):
            inside = track.moments
        few_outside = inside and len(track.moments) - len(inside) <= FEW_OUTSIDE * len(inside)
        if few_outside and (track.pattern or not _goes_on_beside(inside, begin, end, timeline)):
            found.append(Strand(track, inside, "only-here"))
    return found


def _follows(moments: Sequence[Moment], begin: int, end: int) -> bool:
    """Whether all that was ever said of the same kind of outage follows on it, one after the other."""
    times = [end, *(moment.time for moment in moments if moment.time > end)]
    return moments[0].time >= begin and all(after - before <= JOIN_MOST for before, after in pairwise(times))


def _goes_on_beside(moments: Sequence[Moment], begin: int, end: int, timeline: Timeline) -> bool:
    """Whether it is said about as often before the incident, or after it, as within: in a short log both are near."""
    within = sum(begin <= moment.time <= end for moment in moments) / max(end - begin, SECOND)
    for since, until in ((timeline.start, begin), (end, timeline.end)):
        beside = sum(since <= moment.time <= until and not begin <= moment.time <= end for moment in moments)
        if beside >= LEAST_NEW and beside / max(until - since, SECOND) >= AS_OFTEN * within:
            return True
    return False


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


def with_earlier(timeline: Timeline, strands: Sequence[Strand]) -> list[Strand]:
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
