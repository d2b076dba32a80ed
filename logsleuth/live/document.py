"""`check --format json`: a judgement as one JSON object, for programs that would otherwise parse the line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from logsleuth.redaction.pseudonyms import Pseudonyms
from logsleuth.report.escape import visible

if TYPE_CHECKING:
    from logsleuth.live.faults import OngoingFault
    from logsleuth.live.finding import Finding
    from logsleuth.live.verdict import Judgement
    from logsleuth.timeline.clock import Clock

SHOWN = 20
"""Faults that are listed; `faults_total` counts them all."""


def document(judgement: Judgement, line: str, clock: Clock) -> str:
    """One line of JSON in ASCII; `line`: what the plugin's line says. Times are ISO 8601 with the offset from UTC."""
    finding, advice = judgement.finding, judgement.advice
    summary, _, perfdata = line.partition(" | ")
    made = {
        "status": judgement.status.name,
        "exit_code": int(judgement.status),
        "summary": summary,
        "perfdata": perfdata,
        "outage": None if finding is None else _outage(finding, clock),
        "recovering": judgement.well_since is not None,
        "restart": "no" if advice is None else "advised" if advice.restart else "withheld",
        "faults": [_fault(fault, clock) for fault in judgement.faults[:SHOWN]],
        "faults_total": len(judgement.faults),
    }
    return json.dumps(made)


def _outage(finding: Finding, clock: Clock) -> dict[str, Any]:
    return {
        "category": finding.category,
        "cause": _shared(finding.title),
        "confidence": finding.confidence,
        "critical": finding.critical,
        "onset": _time(finding.onset, clock),
        "last": _time(finding.last, clock),
        "workers_lost": finding.workers_lost,
        "workers_known": finding.workers_known,
        "log": visible(finding.log),
        "line": _shared(finding.line),
    }


def _fault(fault: OngoingFault, clock: Clock) -> dict[str, Any]:
    return {
        "category": fault.category,
        "pattern": fault.name,
        "severity": fault.severity,
        "title": _shared(fault.title),
        "count": fault.count,
        "first": _time(fault.first, clock),
        "last": _time(fault.last, clock),
        "log": visible(fault.log),
        "line": _shared(fault.line),
    }


def _shared(text: str) -> str:
    """Text of a log, redacted as what is shared, without control characters."""
    return visible(Pseudonyms().text(text))


def _time(micros: int, clock: Clock) -> str:
    return clock.local(micros).isoformat(timespec="seconds")
