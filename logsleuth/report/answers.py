"""What a reader wants to know first: what failed, when, since when, why, is it over, what now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.report.words import clock, clock_after, day_clock, day_span, within_sentence
from logsleuth.units import SECOND, elapsed
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from datetime import tzinfo

    from logsleuth.report.model import IncidentReport, KeyMoment, Report

MOST_TRIGGERS = 2
"""Triggers named in one sentence: an upgrade, and the restart that it ordered."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One question and its answer, which may quote the log."""

    name: str
    """A plain name for styles and tests: 'what', 'whom', 'when', 'since', 'why', 'over', 'now'."""
    question: str
    text: str
    evidence: tuple[str, ...] = ()


def answers(incident: IncidentReport, report: Report, tz: tzinfo) -> tuple[Answer, ...]:
    """The answers, in the order in which they are asked; who was hit only where the access log shows it."""
    whom = (Answer("whom", "Who was hit", " ".join(incident.whom)),) if incident.whom else ()
    return (
        Answer("what", "What failed", incident.summary[0], incident.summary_evidence[0]),
        *whom,
        Answer("when", "When", span(incident, report, tz)),
        _since(incident, report, tz),
        Answer("why", "Why", incident.summary[1], incident.summary_evidence[1]),
        _over(incident, tz),
        Answer("now", "What now", _now(incident)),
    )


def last_moment(incident: IncidentReport) -> int:
    """UTC microseconds of the recovery, or of the last that is known."""
    if incident.recovery_time is not None:
        return incident.recovery_time
    return max((row.time for row in incident.timeline), default=incident.onset)


def span(incident: IncidentReport, report: Report, tz: tzinfo) -> str:
    """From when to when, in the log's zone, and how long that is."""
    end = last_moment(incident)
    told = day_span(incident.onset, end, tz)
    if incident.recovery_time is None and end - incident.onset < SECOND:
        return f"{day_clock(incident.onset, tz)} {report.zone}, {_where_it_ends(end, report)}"
    if incident.recovery_time is None:
        told = told.replace(" to ", f" to {_where_it_ends(end, report)}, ")
    return f"{told} {report.zone} ({_how_long(incident, end)})"


def _how_long(incident: IncidentReport, end: int) -> str:
    """How long it lasted; of one that paused, how often it came and how long that was in all."""
    if len(incident.spells) < 2:
        return f"{'at least ' if incident.begun_before else ''}{elapsed(incident.onset, end)}"
    failing = sum(last - first for first, last in incident.spells)
    return f"{len(incident.spells):,} spells, {elapsed(0, failing)} in all"


def _where_it_ends(end: int, report: Report) -> str:
    """What the last moment of an incident that is not over is: the end of the log, or only its last sign there."""
    lasts = [log.last for log in report.logs if log.last is not None]
    return "the end of the log" if not lasts or max(lasts) - end < SECOND else "its last sign"


def _since(incident: IncidentReport, report: Report, tz: tzinfo) -> Answer:
    """The first sign, and a change just before it."""
    first = next((row for row in incident.timeline if row.kind == "onset"), None)
    triggers = [row for row in incident.timeline if row.kind == "trigger"][-MOST_TRIGGERS:]
    time = first.time if first is not None else incident.onset
    start = f"{clock(time, tz)}{': ' + within_sentence(first.text.rstrip('.')) if first else ''}."
    if incident.begun_before:
        start += " The logs start in the middle of it, so it may have begun earlier: see the rotated ones."
    cited = first.evidence if first else ()
    if triggers:
        changes = ((_when(row, time), within_sentence(row.text.rstrip("."))) for row in triggers)
        told = "; then, ".join(f"{when}: {what}" for when, what in changes)
        start += f" Possible trigger, {told}."
        cited = (*cited, *(number for row in triggers for number in row.evidence))
    return Answer("since", "Since when", start, cited)


def _when(row: KeyMoment, first: int) -> str:
    """How long before the first sign a row of the timeline lies, or after it, in words: the sign's time is printed."""
    if row.time >= first + SECOND:
        return f"{elapsed(first, row.time)} later"
    return "just before" if row.time >= first - SECOND else f"{elapsed(row.time, first)} before"


def _over(incident: IncidentReport, tz: tzinfo) -> Answer:
    cited = incident.summary_evidence[2]
    if incident.recovery_time is None:
        return Answer("over", "Is it over?", f"No: {within_sentence(incident.summary[2])}", cited)
    time = clock_after(incident.recovery_time, incident.onset, tz)
    return Answer("over", "Is it over?", f"Yes, at {time}: {within_sentence(incident.summary[2])}", cited)


def _now(incident: IncidentReport) -> str:
    if incident.actions.now:
        return incident.actions.now[0]
    if incident.actions.confirm:
        return f"Check it: {incident.actions.confirm[0]}"
    return "No pattern says what to do: go by what the message itself says, quoted below."
