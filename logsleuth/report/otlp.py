"""The timeline as OpenTelemetry logs: one OTLP/JSON request on a line, for a collector's /v1/logs or its file receiver.

Names are those of OpenTelemetry's data model and semantic conventions (log.file.path, log.record.original, host.name);
what they have no name for starts with `logsleuth.`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from logsleuth.report.escape import visible
from logsleuth.report.rows import dated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from logsleuth.report.formats import Look
    from logsleuth.report.model import Report
    from logsleuth.report.rows import Row

SEVERITY: Final = {"info": (9, "INFO"), "minor": (13, "WARN"), "major": (17, "ERROR"), "critical": (21, "FATAL")}
"""SeverityNumber and text (OpenTelemetry's log data model): the first of each range."""
UNKNOWN: Final = (0, "")


def render(report: Report, look: Look) -> str:
    """One request with a record for each key moment or line of evidence. Lines without a time are left out."""
    scope = {"name": "logsleuth", "version": report.version}
    records = [_record(time, row) for time, row in dated(report)]
    resource = {"attributes": _attributes({"service.name": "apache"})}
    request = {"resourceLogs": [{"resource": resource, "scopeLogs": [{"scope": scope, "logRecords": records}]}]}
    return json.dumps(request) + "\n"


def _record(time: int, row: Row) -> dict[str, Any]:
    number, text = SEVERITY.get(row.subject.severity, UNKNOWN)
    return {
        "timeUnixNano": str(time * 1000),
        "severityNumber": number,
        "severityText": text,
        "eventName": f"logsleuth.{row.kind}",
        "body": {"stringValue": visible(row.message)},
        "attributes": _attributes({**_about(row), **_line(row)}),
    }


def _about(row: Row) -> dict[str, str | int | bool | None]:
    """Which incident or fault, and what of it."""
    subject = row.subject
    return {
        f"logsleuth.{subject.kind}.id": subject.id,
        f"logsleuth.{subject.kind}.title": visible(subject.title),
        "logsleuth.category": subject.category,
        "logsleuth.severity": subject.severity,
        "logsleuth.confidence": subject.confidence,
        "logsleuth.phase": row.phase or None,
        "logsleuth.inferred": row.inferred,
        "logsleuth.reason": visible(row.text),
        "logsleuth.code": row.code,
        "logsleuth.rule": row.rule or None,
    }


def _line(row: Row) -> dict[str, str | int | bool | None]:
    """The line that proves it, and where it is."""
    if not row.evidence:
        return {}
    evidence = row.evidence[0]
    return {
        "log.file.path": visible(evidence.path),
        "log.record.original": visible(evidence.text),
        "logsleuth.line": evidence.line,
        "process.pid": evidence.pid or None,
    }


def _attributes(values: Mapping[str, str | int | bool | None]) -> list[dict[str, Any]]:
    """Attributes as OTLP/JSON has them: 64-bit integers are strings."""
    return [{"key": key, "value": _value(value)} for key, value in values.items() if value is not None]


def _value(value: str | int | bool) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"boolValue": value}
    return {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value}
