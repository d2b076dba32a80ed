"""The gist of a report, for a chat or a pager: what, when, whether it is over, why, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from logsleuth.report.answers import answers, last_moment
from logsleuth.report.fault_words import notable, points
from logsleuth.report.headline import headline, is_down
from logsleuth.report.listing import in_order
from logsleuth.report.words import place, plural
from logsleuth.timeline.clock import zone
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from logsleuth.report.fault_words import Name
    from logsleuth.report.model import Evidence, IncidentReport, Report, ReportFault

LABELS: dict[Name, str] = {"seen": "Seen", "means": "Means", "do": "Do"}
"""What is said of a fault; how to check it, and how to prevent it, is in the report."""

Urgency = Literal["critical", "major", "minor", "info"]


@dataclass(frozen=True, slots=True)
class Point:
    """One line of the gist."""

    label: str
    text: str
    """Log text may be in it."""


@dataclass(frozen=True, slots=True)
class Gist:
    """What one would write to a colleague."""

    title: str
    """Log text may be in it."""
    severity: Urgency
    is_open: bool
    """It goes on, or the server is down, when the log ends."""
    points: tuple[Point, ...]
    since: int | None
    """UTC microseconds."""
    until: int | None
    proof: Evidence | None
    category: str | None


def gist(report: Report) -> Gist:
    """The incident that is still open, else the gravest; without any, the most harmful fault, or that all was quiet."""
    if report.incidents:
        return _of_incident(in_order(report)[0], report)
    return _of_quiet(report)


def _of_incident(incident: IncidentReport, report: Report) -> Gist:
    told = {answer.name: answer.text for answer in answers(incident, report, zone(report.zone))}
    lines = {evidence.id: evidence for evidence in incident.evidence}
    cited = incident.causes[0].evidence[:1] if incident.causes else ()
    points = (
        *_down(report),
        Point("What", told["what"]),
        *([Point("Whom", told["whom"])] if "whom" in told else []),
        Point("When", told["when"]),
        *([Point("Since", told["since"])] if incident.triggers else []),
        Point("Over?", told["over"]),
        Point("Why", told["why"]),
        Point("Do", told["now"]),
        *(Point("Again?", step) for step in incident.actions.again[:1]),
        *_rest(report, len(report.incidents) - 1),
    )
    is_open = incident.recovery_time is None
    return Gist(
        title=incident.title,
        severity=_urgency(incident.severity),
        is_open=is_open or is_down(report),
        points=points,
        since=incident.onset,
        until=last_moment(incident) if not is_open else None,
        proof=lines[cited[0]] if cited else None,
        category=incident.category,
    )


def _of_quiet(report: Report) -> Gist:
    worst = next(iter(notable(report)), None)
    logs = ", ".join(dict.fromkeys("standard input" if log.path == "-" else log.path for log in report.logs))
    seen = Point("Read", f"{plural(sum(log.lines for log in report.logs), 'line')} of {logs}")
    title = headline(report) if worst is None or is_down(report) else f"{worst.title} (no outage)"
    return Gist(
        title=title,
        severity="critical" if is_down(report) else _urgency(worst.severity) if worst else "info",
        is_open=is_down(report),
        points=(*_down(report), *(_of_fault(worst, report) if worst else ()), *_rest(report, 0), seen),
        since=report.down.since if report.down and is_down(report) else worst.first if worst else None,
        until=None,
        proof=next(iter(_proof(report, worst)), None),
        category=worst.category if worst else None,
    )


def _of_fault(fault: ReportFault, report: Report) -> tuple[Point, ...]:
    said = (point for point in points(fault, zone(report.zone)) if point.name in LABELS)
    return tuple(Point(LABELS[point.name], point.lines[0]) for point in said)


def _proof(report: Report, worst: ReportFault | None) -> tuple[Evidence, ...]:
    if report.down is not None and (is_down(report) or worst is None):
        return report.down.evidence
    return worst.evidence if worst is not None else ()


def _down(report: Report) -> tuple[Point, ...]:
    return (Point("Now", report.down.text),) if report.down is not None else ()


def _rest(report: Report, incidents: int) -> tuple[Point, ...]:
    """How much more there is in the full report."""
    faults = len(notable(report)) - (0 if report.incidents else 1)
    parts = [plural(count, noun) for count, noun in ((incidents, "more incident"), (faults, "more fault")) if count > 0]
    return (Point("Also", f"{' and '.join(parts)} in the report"),) if parts else ()


def _urgency(severity: str) -> Urgency:
    return severity if severity in {"critical", "major", "minor"} else "info"  # type: ignore[return-value]


def proof_words(proof: Evidence) -> str:
    """A line with its place."""
    return f"{place(proof.path, proof.line, proof.offset)}: {proof.text}"
