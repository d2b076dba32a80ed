"""The timeline, the lost workers and the faults as CSV (RFC 4180), for spreadsheets.

A spreadsheet runs a cell that begins like a formula, no matter who wrote it (CWE-1236): such a cell gets an apostrophe
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
    from logsleuth.report.rows import Row

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
HEADS = ("incident", "title", "severity", "category", "row", "time", "kind", "phase", "inferred", "what",
         "pid", "lost_how", "failures", "first_seen", "last_seen", "pattern", "evidence", "path",
         "line", "offset", "text", "fault", "code", "count", "meaning")  # fmt: skip
"""`row` is 'timeline', 'worker' or 'fault'. Times are UTC, ISO 8601."""
HOST = "host"
"""The last column, only where the logs are of several hosts."""

Value = str | int | bool | None


def render(report: Report, look: Look) -> str:
    """One table: the timelines of the incidents, then their lost workers, then the faults."""
    out = io.StringIO()
    heads = (*HEADS, HOST) if report.hosts else HEADS
    table = csv.DictWriter(out, heads, restval="", extrasaction="ignore", lineterminator="\r\n")
    table.writeheader()
    for row in (*_timeline(report), *_workers(report), *_faults(report)):
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
        if row.subject.kind == "incident":
            yield {
                "incident": row.subject.id,
                "row": "timeline",
                "kind": row.kind,
                "phase": row.phase,
                **_any(row, report),
            }


def _faults(report: Report) -> Iterator[dict[str, Value]]:
    """A row for each line of a fault."""
    for row in rows(report):
        subject = row.subject
        if subject.kind == "fault":
            yield {
                "fault": subject.id, "row": "fault", "count": subject.count, "meaning": subject.meaning,
                "first_seen": _time(subject.first, report), "last_seen": _time(subject.last, report),
                **_any(row, report),
            }  # fmt: skip


def _any(row: Row, report: Report) -> dict[str, Value]:
    """The cells that all rows with lines have."""
    first = row.evidence[0] if row.evidence else None
    return {
        "title": row.subject.title, "severity": row.subject.severity, "category": row.subject.category,
        "time": _time(row.time, report), "inferred": row.inferred, "what": row.text,
        "pid": (first.pid or None) if first else None, "pattern": first.pattern if first else None,
        "evidence": " ".join(evidence.id for evidence in row.evidence), "path": first.path if first else None,
        "line": first.line if first else None, "offset": first.offset if first else None,
        "text": first.text if first else None, "code": row.code, HOST: row.host,
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
                "evidence": " ".join(worker.evidence), HOST: incident.host,
            }  # fmt: skip


def _time(utc: int | None, report: Report) -> str | None:
    """In UTC; as the server's clock had it where its zone is not known."""
    if utc is None:
        return None
    text = iso(utc, fraction=True)
    return text if report.zone_known != "unknown" else text.removesuffix("Z")
