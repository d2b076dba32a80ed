"""Finding the incidents in a timeline: what stands out, what belongs together, and when it was over."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from logsleuth.story.belonging import never_said_before, only_here, with_earlier
from logsleuth.story.evidence import find_evidence
from logsleuth.story.grouping import JOIN, group_strands
from logsleuth.story.incident import SECOND, Incident
from logsleuth.story.own_words import is_own_word, names_a_failure
from logsleuth.story.recovery import find_recovery, usual_gap
from logsleuth.story.relapse import comes_back, one_a_track, period

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.story.incident import Strand
    from logsleuth.story.timeline import Timeline

AT_STOP = "at-stop"
"""Tag of what the parent says of its children while it stops or restarts."""


def find_incidents(timeline: Timeline) -> list[Incident]:
    """All incidents, in order of time."""
    wholes = []
    for group in comes_back(group_strands(find_evidence(timeline))):
        whole = [*group, *only_here(timeline, group)]
        wholes.append([*whole, *never_said_before(timeline, whole)])
    incidents = []
    for whole in wholes:
        others = [other for other in wholes if other is not whole]
        if any(_can_open(strand) for strand in whole) and not _told_in(whole, others):
            told = _incident(timeline, one_a_track(with_earlier(timeline, whole)))
            own = [strand for strand in whole if strand.why != "only-here"]
            incidents.append(replace(told, period=period(own), returns=_returns(own)))
    return incidents


def _returns(strands: Sequence[Strand]) -> tuple[int, ...]:
    """When it came back: the begins, but for the first, of the stretches that are told as one fault (`comes_back`)."""
    return tuple(sorted(min(strand.begin for strand in group) for group in group_strands(strands))[1:])


def _told_in(group: Sequence[Strand], others: Sequence[Sequence[Strand]]) -> bool:
    """Whether another incident of more evidence tells all of this one's: what is only here belongs to it."""
    mine = {(strand.track.name, moment.time) for strand in group for moment in strand.moments}
    return any(
        mine < {(strand.track.name, moment.time) for strand in other for moment in strand.moments} for other in others
    )


def _can_open(strand: Strand) -> bool:
    """Whether a strand is evidence enough for an incident: it names an outage, or is an unknown error."""
    pattern = strand.pattern
    if pattern is None:
        return strand.why != "only-here"
    if strand.why == "only-here":
        return False
    return pattern.category is not None or pattern.alone or pattern.severity in {"critical", "major"}


def _incident(timeline: Timeline, strands: Sequence[Strand]) -> Incident:
    strands = sorted(_without_aftermath(timeline, strands), key=lambda s: (s.begin, s.track.name))
    known = any(strand.category is not None for strand in strands)
    grave = [strand for strand in strands if not (_harmless(strand) or (known and _may_be_chatter(strand)))] or strands
    onset = grave[0].begin
    telling = [strand for strand in grave if not _at_stop(strand) and not _only_near(strand)] or grave
    end = max(strand.end for strand in telling)
    inside = [r for r in timeline.restarts if onset <= (r.up or r.down or 0)]
    recovery = find_recovery(timeline, telling, inside, onset, end)
    over = recovery.time if recovery else timeline.end
    seen = tuple(r for r in inside if (r.down or r.up or 0) <= over)
    return Incident(tuple(strands), onset, end, recovery, seen)


def _harmless(strand: Strand) -> bool:
    """Whether it may go with an incident, and be there without one: a pool that grows serves more, not less."""
    return strand.pattern is not None and strand.pattern.severity == "info" and strand.category is None


def _may_be_chatter(strand: Strand) -> bool:
    """Whether nobody knows it, and it does not speak of a failure: it does not begin what is known otherwise."""
    return strand.pattern is None and not is_own_word(strand.track) and not names_a_failure(strand.track)


def _at_stop(strand: Strand) -> bool:
    """Whether it tells of children that are slow to go when the server is stopped: the outage is over by then."""
    return strand.pattern is not None and AT_STOP in strand.pattern.tags


def _only_near(strand: Strand) -> bool:
    """Whether nobody knows it and it merely stands near: that it goes on when all else has ended is no sign."""
    return strand.pattern is None and strand.why == "only-here"


def _without_aftermath(timeline: Timeline, strands: Sequence[Strand]) -> list[Strand]:
    """Cut off what chronic faults go on to say after the restart that ended all that is seen only here."""
    own = [strand for strand in strands if strand.outside == 0 and strand.category is not None]
    if not own or len(own) == len(strands):
        return list(strands)
    end = max(strand.end for strand in own)
    patience = max(JOIN, 4 * usual_gap(own))
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
