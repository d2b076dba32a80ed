"""The report as JSON: the contract `logsleuth/report/2`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from logsleuth.report.as_json_fleet import fault_hosts, fleet_data, host_data, json_time
from logsleuth.report.model import SCHEMA
from logsleuth.timeline.clock import Instant

if TYPE_CHECKING:
    from logsleuth.report.formats import Look
    from logsleuth.report.model import (
        Evidence,
        IncidentReport,
        Report,
        ReportCause,
        ReportFault,
        ReportRequests,
        ReportWorker,
        ServerDown,
        WholeLog,
    )


def render(report: Report, look: Look) -> str:
    """The report as a JSON document, keys in a fixed order. Times are UTC, ISO 8601, with microseconds where known."""
    return json.dumps(as_data(report), indent=2, ensure_ascii=True) + "\n"


def as_data(report: Report) -> dict[str, Any]:
    """The report as plain data."""
    data = _data(report)
    return data if report.zone_known != "unknown" else {**_local(data), "zone": None}


def _local(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """The same data with times as the server's clock had them: no zone is known."""
    if isinstance(value, Instant):
        return value.local
    if isinstance(value, dict):
        return {key: _local(one) for key, one in value.items()}
    return [_local(one) for one in value] if isinstance(value, list) else value


def _data(report: Report) -> dict[str, Any]:
    """All of it, with times in UTC."""
    return {
        "schema": SCHEMA,
        "tool": {"name": "logsleuth", "version": report.version},
        "verdict": report.verdict,
        "zone": report.zone,
        "zone_known": report.zone_known,
        "command": report.command,
        "patterns": {"count": report.patterns, "digest": report.patterns_digest},
        "partial": report.partial,
        "logs": [
            {
                "path": log.path, "lines": log.lines, "bytes": log.bytes, "format": log.format,
                "format_reason": log.format_reason, "first": json_time(log.first), "last": json_time(log.last),
                "unparsed": log.unparsed, "bare": log.bare, "joined": log.joined, "truncated": log.long,
                "unescaped": log.odd_bytes,
            }
            | ({"host": log.host or None} if report.hosts else {})
            for log in report.logs
        ],
        "incidents": [_incident(incident) for incident in report.incidents],
        "faults": [_fault(fault) for fault in report.faults],
        "unknown": [
            {
                "template": message.template, "count": message.count, "first": json_time(message.first),
                "level": message.level or None,
                "evidence": {"path": message.path, "line": message.line, "text": message.text},
            }
            for message in report.unknown
        ],
        "usual": [
            {
                "pattern": row.pattern, "title": row.title, "role": row.role, "count": row.count,
                "meaning": row.meaning,
            }
            for row in report.usual
        ],
        "down": _down(report.down),
        "whole": _whole(report.whole),
        "notes": list(report.notes),
        "left_out": list(report.left_out),
    } | ({"hosts": [host_data(host) for host in report.hosts]} if report.hosts else {})  # fmt: skip


def _incident(incident: IncidentReport) -> dict[str, Any]:
    recovery = None
    if incident.recovery_time is not None:
        recovery = {"time": json_time(incident.recovery_time), "how": incident.recovery_how, "by": incident.ended_by}
    return {
        "id": incident.id,
        "severity": incident.severity,
        "category": incident.category,
        "confidence": incident.confidence,
        "why_confidence": incident.why_confidence,
        "restart": incident.restart,
        "title": incident.title,
        "onset": json_time(incident.onset),
        "end": json_time(incident.end),
        "recovery": recovery,
        "begun_before": incident.begun_before,
        "spells": [{"begin": json_time(begin), "end": json_time(end)} for begin, end in incident.spells],
        "requests": _requests(incident.requests),
        "summary": list(incident.summary),
        "summary_evidence": [list(ids) for ids in incident.summary_evidence],
        "impact": [sentence.text for sentence in incident.impact],
        "impact_evidence": [list(sentence.evidence) for sentence in incident.impact],
        "whom": list(incident.whom),
        "causes": [_cause(cause) for cause in incident.causes],
        "triggers": list(incident.triggers),
        "chain": [
            {
                "role": link.role, "text": link.text, "time": json_time(link.time), "inferred": link.inferred,
                "evidence": list(link.evidence),
            }
            for link in incident.chain
        ],
        "ruled_out": list(incident.ruled_out),
        "workers": {
            "pool": incident.pool,
            "pool_source": incident.pool_source,
            "lost_count": incident.lost_count,
            "lost": [_worker(worker) for worker in incident.lost],
            "curve": list(incident.curve),
            "pools": [
                {"name": pool.name, "size": pool.size, "source": pool.source, "lost": pool.lost}
                for pool in incident.pools
            ],
            "routine": [{"how": end.how, "pool": end.pool, "count": end.count} for end in incident.routine],
            "how_known": [
                {"rule": known.rule, "reason": known.reason, "count": known.count} for known in incident.how_known
            ],
        },
        "timeline": [
            {
                "time": json_time(row.time), "kind": row.kind, "phase": row.phase, "text": row.text,
                "inferred": row.inferred, "evidence": list(row.evidence),
            }
            for row in incident.timeline
        ],
        "actions": {
            "confirm": list(incident.actions.confirm),
            "now": list(incident.actions.now),
            "again": list(incident.actions.again),
            "prevent": list(incident.actions.prevent),
        },
        "detection": {
            "first_evidence": json_time(incident.detection.first_evidence),
            "first_alertable": json_time(incident.detection.first_alertable),
            "saved": incident.detection.saved,
            "probe": incident.detection.probe,
        },
        "errors": {
            "from": json_time(incident.errors_from), "step": incident.errors_step / 1_000_000,
            "counts": list(incident.errors),
        },
        "signals": [
            {
                "pattern": signal.pattern, "title": signal.title, "role": signal.role,
                "severity": signal.severity or None, "count": signal.count, "first": json_time(signal.first),
                "last": json_time(signal.last),
            }
            for signal in incident.signals
        ],
        "evidence": [_evidence(evidence) for evidence in incident.evidence],
    } | fleet_data(incident.fleet)  # fmt: skip


def _down(down: ServerDown | None) -> dict[str, Any] | None:
    if down is None:
        return None
    return {
        "since": json_time(down.since), "why": down.why, "text": down.text,
        "evidence": [_evidence(evidence) for evidence in down.evidence],
    }  # fmt: skip


def _whole(whole: WholeLog | None) -> dict[str, Any] | None:
    if whole is None:
        return None
    return {
        "from": json_time(whole.begin), "step": whole.step / 1_000_000, "failures": list(whole.failures),
        "marks": [{"time": json_time(mark.time), "kind": mark.kind} for mark in whole.marks],
        "starts": whole.starts, "restarts": whole.restarts, "reloads": whole.reloads, "stops": whole.stops,
        "requests": _requests(whole.requests), "refused": whole.refused,
    }  # fmt: skip


def _requests(requests: ReportRequests | None) -> dict[str, Any] | None:
    if requests is None:
        return None
    return {"failed": requests.failed, "seen": requests.seen, "from": requests.log}


def _fault(fault: ReportFault) -> dict[str, Any]:
    return {
        "id": fault.id, "category": fault.category, "pattern": fault.pattern, "title": fault.title,
        "severity": fault.severity, "about": fault.about, "count": fault.count, "first": json_time(fault.first),
        "last": json_time(fault.last), "clients": fault.clients, "trend": fault.trend, "meaning": fault.meaning,
        "confirm": list(fault.confirm), "fix": fault.fix, "prevent": fault.prevent,
        "evidence": [_evidence(evidence) for evidence in fault.evidence],
    } | fault_hosts(fault)  # fmt: skip


def _cause(cause: ReportCause) -> dict[str, Any]:
    return {
        "category": cause.category, "pattern": cause.pattern, "title": cause.title, "kind": cause.kind,
        "confidence": cause.confidence, "explanation": cause.explanation, "count": cause.count,
        "first": json_time(cause.first), "last": json_time(cause.last), "for": list(cause.for_),
        "against": list(cause.against), "evidence": list(cause.evidence),
    }  # fmt: skip


def _worker(worker: ReportWorker) -> dict[str, Any]:
    return {
        "pid": worker.pid, "time": json_time(worker.time), "how": worker.how, "inferred": worker.inferred,
        "failures": worker.failures, "first_seen": json_time(worker.first_seen),
        "last_seen": json_time(worker.last_seen),
        "evidence": list(worker.evidence), "pool": worker.pool, "rule": worker.rule, "born": json_time(worker.born),
    }  # fmt: skip


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "id": evidence.id, "path": evidence.path, "line": evidence.line, "offset": evidence.offset,
        "time": json_time(evidence.time), "text": evidence.text, "pattern": evidence.pattern,
        "level": evidence.level or None, "pid": evidence.pid or None,
    }  # fmt: skip
