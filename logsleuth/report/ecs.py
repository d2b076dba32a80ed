"""The timeline as JSON Lines with the field names of the Elastic Common Schema (ECS 8), for Filebeat or the bulk API.

What ECS has no field for stands under `logsleuth.`, as ECS asks of custom fields.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from logsleuth.report.escape import visible
from logsleuth.report.rows import rows
from logsleuth.timeline.clock import iso

if TYPE_CHECKING:
    from logsleuth.report.formats import Look
    from logsleuth.report.model import Evidence, Report
    from logsleuth.report.rows import Row

ECS = "8.17.0"
SEVERITY = {"info": 1, "minor": 2, "major": 3, "critical": 4}
"""As numbers, for sorting: `event.severity` is the source's own scale."""


def render(report: Report, look: Look) -> str:
    """One line a key moment or line of evidence."""
    return "".join(json.dumps(_document(row, report)) + "\n" for row in rows(report))


def _document(row: Row, report: Report) -> dict[str, Any]:
    incident = row.incident
    document: dict[str, Any] = {
        "@timestamp": iso(row.time, fraction=True),
        "message": visible(row.text),
        "tags": ["logsleuth", row.kind],
        "ecs": {"version": ECS},
        "event": {
            "kind": "event",
            "category": ["web"],
            "type": ["error" if row.kind in {"onset", "symptom", "worker", "peak", "evidence"} else "info"],
            "module": "logsleuth",
            "dataset": "logsleuth.timeline",
            "action": row.kind,
            "severity": SEVERITY.get(incident.severity, 0),
            "timezone": report.zone if report.zone_known != "unknown" else None,
        },
        "logsleuth": {
            "version": report.version,
            "phase": row.phase or None,
            "inferred": row.inferred,
            "evidence": [evidence.id for evidence in row.evidence],
            "incident": {
                "id": incident.id,
                "title": visible(incident.title),
                "category": incident.category,
                "severity": incident.severity,
                "confidence": incident.confidence,
            },
        },
    }
    if row.evidence:
        _add_line(document, row.evidence[0])
    return document


def _add_line(document: dict[str, Any], evidence: Evidence) -> None:
    """The line itself: raw in `event.original`, its place under `log` (as Filebeat writes it) and `logsleuth.line`."""
    document["event"]["original"] = visible(evidence.text)
    document["logsleuth"]["line"] = evidence.line
    document["service"] = {"type": "apache"}
    document["log"] = {"file": {"path": visible(evidence.path)}, "offset": evidence.offset}
    if evidence.level:
        document["log"]["level"] = evidence.level
    if evidence.pid:
        document["process"] = {"pid": evidence.pid}
    if evidence.pattern:
        document["rule"] = {"id": evidence.pattern, "ruleset": "logsleuth"}
