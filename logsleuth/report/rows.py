"""The timeline as rows, for formats that are read by other programs: key moments and evidence, in order of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logsleuth.report.model import Evidence, IncidentReport, Report


@dataclass(frozen=True, slots=True)
class Row:
    """One event of an incident."""

    time: int
    """UTC microseconds."""
    incident: IncidentReport
    kind: str
    """A key moment's kind, or 'evidence' for a line that no key moment shows."""
    phase: str
    text: str
    inferred: bool
    evidence: tuple[Evidence, ...]
    """The lines that prove it."""


def rows(report: Report) -> list[Row]:
    """All events of all incidents: gravest incident first, then in order of time."""
    return [row for incident in report.incidents for row in sorted(_of(incident), key=lambda row: row.time)]


def _of(incident: IncidentReport) -> Iterator[Row]:
    by_id = {evidence.id: evidence for evidence in incident.evidence}
    shown: set[str] = set()
    for moment in incident.timeline:
        proof = tuple(by_id[ref] for ref in moment.evidence)
        shown.update(moment.evidence)
        yield Row(moment.time, incident, moment.kind, moment.phase, moment.text, moment.inferred, proof)
    titles = {signal.pattern: signal.title for signal in incident.signals}
    for evidence in incident.evidence:
        if evidence.id not in shown and evidence.time is not None:
            title = titles.get(evidence.pattern) or "Evidence"
            yield Row(evidence.time, incident, "evidence", "", title, False, (evidence,))
