"""The report as rows, for formats that are read by other programs: key moments, evidence and faults."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

from logsleuth.report.answers import last_moment
from logsleuth.report.fleet_view import shown
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logsleuth.report.model import Evidence, IncidentReport, Report, ReportFault

CODE: Final = re.compile(r"\b(?:AH\d{5,6}|WSGI\d{4})(?=:)")
"""The code of a message of httpd's or mod_wsgi's."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The incident or fault that a row is about."""

    kind: Literal["incident", "fault"]
    id: int
    title: str
    category: str | None
    severity: str
    confidence: str | None
    """None: a fault, of which it is no question."""
    first: int | None
    """UTC microseconds; None: its lines have no time."""
    last: int | None
    """UTC microseconds; None: an incident that is still open, or a fault without times."""
    count: int | None
    """How often a fault was seen."""
    meaning: str
    """What a fault means; empty for an incident."""


@dataclass(frozen=True, slots=True)
class Row:
    """One event of an incident, or one line of a fault."""

    time: int | None
    """UTC microseconds; None: a fault's line without a time."""
    subject: Subject
    kind: str
    """A key moment's kind, 'evidence' for a line that no key moment shows, or 'fault'."""
    phase: str
    text: str
    inferred: bool
    evidence: tuple[Evidence, ...]
    """The lines that prove it."""
    rule: str
    """The title of the pattern that knows its first line; empty: none does."""
    host: str = ""
    """The host on which it happened; empty: the logs are one host's, or name none."""

    @property
    def code(self) -> str | None:
        """The code in its first line, such as AH00161; None: it has none."""
        found = CODE.search(self.evidence[0].text) if self.evidence else None
        return found[0] if found else None

    @property
    def message(self) -> str:
        """The line itself, where the row is a line; else what happened. Log text may be in either."""
        return self.evidence[0].text if self.kind in {"evidence", "fault"} else self.text


def rows(report: Report) -> list[Row]:
    """Incidents, the gravest first, each in order of time; then the lines of the faults, the most harmful first."""
    of_incidents = [row for incident in report.incidents for row in sorted(_of(incident), key=_time)]
    return [*of_incidents, *(row for fault in report.faults for row in _of_fault(fault))]


def dated(report: Report) -> list[tuple[int, Row]]:
    """The rows that have a time, with it: for formats that know no event without one."""
    return [(row.time, row) for row in rows(report) if row.time is not None]


def _time(row: Row) -> int:
    return row.time or 0


def _of(incident: IncidentReport) -> Iterator[Row]:
    by_id = {evidence.id: evidence for evidence in incident.evidence}
    titles = {signal.pattern: signal.title for signal in incident.signals}
    subject, host = _incident(incident), incident.host
    cited: set[str] = set()
    for moment in incident.timeline:
        proof = tuple(by_id[ref] for ref in moment.evidence)
        cited.update(moment.evidence)
        rule = titles.get(proof[0].pattern, "") if proof else ""
        yield Row(moment.time, subject, moment.kind, moment.phase, moment.text, moment.inferred, proof, rule, host)
    for evidence in incident.evidence:
        if evidence.id not in cited and evidence.time is not None:
            title = titles.get(evidence.pattern, "")
            yield Row(evidence.time, subject, "evidence", "", title or evidence.text, False, (evidence,), title, host)
    yield from _on_other_hosts(incident, subject)


def _on_other_hosts(incident: IncidentReport, subject: Subject) -> Iterator[Row]:
    """When each further host of a fleet was hit, and when it was over there, on the fleet's clock."""
    for host in incident.fleet.hosts[1:] if incident.fleet else ():
        name = shown(host.host)
        yield Row(host.onset, subject, "onset", "spread", f"{name} was hit", False, (), "", host.host)
        if host.end is not None:
            yield Row(host.end, subject, "end", "recovery", f"Over on {name}", False, (), "", host.host)


def _incident(incident: IncidentReport) -> Subject:
    return Subject(
        kind="incident",
        id=incident.id,
        title=incident.title,
        category=incident.category,
        severity=incident.severity,
        confidence=incident.confidence,
        first=incident.onset,
        last=last_moment(incident) if incident.recovery_time is not None else None,
        count=None,
        meaning="",
    )


def _of_fault(fault: ReportFault) -> Iterator[Row]:
    subject = Subject(
        kind="fault",
        id=fault.id,
        title=fault.title,
        category=fault.category,
        severity=fault.severity,
        confidence=None,
        first=fault.first,
        last=fault.last,
        count=fault.count,
        meaning=fault.meaning,
    )
    host = fault.hosts[0] if fault.hosts else ""
    for evidence in fault.evidence:
        yield Row(evidence.time, subject, "fault", "", fault.title, False, (evidence,), fault.title, host)
