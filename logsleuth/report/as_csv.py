"""The timeline and the lost workers as CSV (RFC 4180), for spreadsheets.

A spreadsheet runs a cell that begins like a formula, whoever wrote it (CWE-1236): such a cell gets an apostrophe
before it, by which all spreadsheets show it as text. Numbers are written by us and need none.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from logsleuth.report.escape import visible
from logsleuth.report.rows import rows
from logsleuth.timeline.clock import iso

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logsleuth.report.formats import Look
    from logsleuth.report.model import Report

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
HEADS = ("incident", "title", "severity", "category", "row", "time", "kind", "phase", "inferred", "what",
         "pid", "lost_how", "failures", "first_seen", "last_seen", "pattern", "evidence", "path",
         "line", "offset", "text")  # fmt: skip
"""`row` is 'timeline' or 'worker'. Times are UTC, ISO 8601."""

Value = str | int | bool | None


def render(report: Report, look: Look) -> str:
    """One table: of each incident its timeline, then its lost workers."""
    out = io.StringIO()
    table = csv.DictWriter(out, HEADS, restval="", lineterminator="\r\n")
    table.writeheader()
    for row in (*_timeline(report), *_workers(report)):
        table.writerow({name: _cell(value) for name, value in row.items()})
    return out.getvalue()


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = visible(str(value))
    return f"'{text}" if isinstance(value, str) and text.lstrip(" \"'").startswith(FORMULA) else text


def _timeline(report: Report) -> Iterator[dict[str, Value]]:
    for row in rows(report):
        first = row.evidence[0] if row.evidence else None
        incident = row.incident
        yield {
            "incident": incident.id, "title": incident.title, "severity": incident.severity,
            "category": incident.category, "row": "timeline", "time": _time(row.time, report), "kind": row.kind,
            "phase": row.phase, "inferred": row.inferred, "what": row.text,
            "pid": (first.pid or None) if first else None, "pattern": first.pattern if first else None,
            "evidence": " ".join(evidence.id for evidence in row.evidence), "path": first.path if first else None,
            "line": first.line if first else None, "offset": first.offset if first else None,
            "text": first.text if first else None,
        }  # fmt: skip


def _workers(report: Report) -> Iterator[dict[str, Value]]:
    for incident in report.incidents:
        for worker in incident.lost:
            yield {
                "incident": incident.id, "title": incident.title, "severity": incident.severity,
                "category": incident.category, "row": "worker", "time": _time(worker.time, report),
                "inferred": worker.inferred, "pid": worker.pid, "lost_how": worker.how, "failures": worker.failures,
                "first_seen": _time(worker.first_seen, report),
                "last_seen": _time(worker.last_seen, report),
                "evidence": " ".join(worker.evidence),
            }  # fmt: skip


def _time(utc: int | None, report: Report) -> str | None:
    """In UTC; as the server's clock had it where its zone is not known."""
    if utc is None:
        return None
    text = iso(utc, fraction=True)
    return text if report.zone_known != "unknown" else text.removesuffix("Z")
