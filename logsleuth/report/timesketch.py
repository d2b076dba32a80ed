"""The timeline as JSON Lines for Timesketch: `message`, `datetime` and `timestamp_desc`, and fields of our own.

The three fields are those that Timesketch's importer asks for (its guide "Import JSON or CSV"); `timestamp` is
microseconds since 1970. Log text is escaped by JSON and, as Timesketch shows it in a browser, made visible.
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


def render(report: Report, look: Look) -> str:
    """One line a key moment or line of evidence, of incidents and of faults. Lines without a time are left out."""
    return "".join(json.dumps(_event(time, row)) + "\n" for time, row in dated(report))


def _event(time: int, row: Row) -> dict[str, Any]:
    subject = row.subject
    event: dict[str, Any] = {
        "message": visible(row.text),
        "datetime": iso(time, fraction=True).replace("Z", "+00:00"),
        "timestamp": time,
        "timestamp_desc": f"logsleuth {row.kind}",
        "data_type": f"logsleuth:{subject.kind}:event",
        subject.kind: subject.id,
        f"{subject.kind}_title": visible(subject.title),
        "category": subject.category or "unknown",
        "severity": subject.severity,
        "kind": row.kind,
        "phase": row.phase,
        "inferred": row.inferred,
        "tag": ["logsleuth", row.kind],
    }
    if row.host:
        event["host"] = visible(row.host)
    if row.evidence:
        first = row.evidence[0]
        event |= {
            "evidence": [evidence.id for evidence in row.evidence],
            "log_path": visible(first.path),
            "log_line": first.line,
            "log_offset": first.offset,
            "log_text": visible(first.text),
            "pattern": first.pattern,
            "code": row.code,
            "pid": first.pid or None,
            "level": first.level or None,
        }
    return event
