"""The timeline as JSON Lines with the field names of the Elastic Common Schema (ECS 8), for Filebeat or the bulk API.

What ECS has no field for stands under `logsleuth.`, as ECS asks of custom fields.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from logsleuth.report.escape import visible
from logsleuth.report.rows import dated
from logsleuth.timeline.clock import iso

if TYPE_CHECKING:
    from logsleuth.report.formats import Look
    from logsleuth.report.model import Report
    from logsleuth.report.rows import Row

ECS = "8.17.0"
SEVERITY = {"info": 1, "minor": 2, "major": 3, "critical": 4}
"""As numbers, for sorting: `event.severity` is the source's own scale."""
FAILURES = frozenset({"onset", "cause", "symptom", "worker", "evidence", "fault"})
"""Kinds of rows that are about something that failed."""


def render(report: Report, look: Look) -> str:
    """One line a key moment or line of evidence, of incidents and of faults. Lines without a time are left out."""
    return "".join(json.dumps(_document(time, row, report)) + "\n" for time, row in dated(report))


def _document(time: int, row: Row, report: Report) -> dict[str, Any]:
    subject = row.subject
    document: dict[str, Any] = {
        "@timestamp": iso(time, fraction=True),
        "message": visible(row.message),
        "tags": ["logsleuth", row.kind],
        "ecs": {"version": ECS},
        "event": _event(row, report),
        "logsleuth": {
            "version": report.version,
            "phase": row.phase or None,
            "inferred": row.inferred,
            "evidence": [evidence.id for evidence in row.evidence],
            subject.kind: {
                "id": subject.id,
                "title": visible(subject.title),
                "category": subject.category,
                "severity": subject.severity,
                "confidence": subject.confidence,
                "count": subject.count,
            },
        },
    }
    if row.host:
        document["host"] = {"name": visible(row.host)}
    if row.evidence:
        _add_line(document, row)
    return document


def _event(row: Row, report: Report) -> dict[str, Any]:
    """`start` and `end` are those of the incident or fault; `end` is missing while an incident goes on."""
    subject = row.subject
    event = {
        "kind": "event",
        "category": ["web"],
        "type": ["error" if row.kind in FAILURES else "info"],
        "module": "logsleuth",
        "dataset": f"logsleuth.{'timeline' if subject.kind == 'incident' else 'faults'}",
        "action": row.kind,
        "code": row.code,
        "reason": visible(row.text),
        "severity": SEVERITY.get(subject.severity, 0),
        "start": iso(subject.first, fraction=True) if subject.first is not None else None,
        "end": iso(subject.last, fraction=True) if subject.last is not None else None,
        "timezone": report.zone if report.zone_known != "unknown" else None,
    }
    return {name: value for name, value in event.items() if value is not None}


def _add_line(document: dict[str, Any], row: Row) -> None:
    """The line itself: raw in `event.original`, its place under `log` (as Filebeat writes it) and `logsleuth.line`."""
    evidence = row.evidence[0]
    document["event"]["original"] = visible(evidence.text)
    document["logsleuth"]["line"] = evidence.line
    document["service"] = {"type": "apache"}
    document["log"] = {"file": {"path": visible(evidence.path)}, "offset": evidence.offset}
    if evidence.level:
        document["log"]["level"] = evidence.level
    if evidence.pid:
        document["process"] = {"pid": evidence.pid}
    if evidence.pattern:
        name = {"name": visible(row.rule)} if row.rule else {}
        document["rule"] = {"id": evidence.pattern, **name, "ruleset": "logsleuth"}
