"""Incidents and faults as SARIF 2.1.0 (OASIS), the format of code scanners: for their viewers and dashboards.

A result for each incident and each fault, at its first line of evidence, with the others as related locations; a rule
for each pattern, card or category that they name.
"""

from __future__ import annotations

import json
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from logsleuth.report.escape import visible
from logsleuth.timeline.clock import iso
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logsleuth.report.formats import Look
    from logsleuth.report.model import Evidence, IncidentReport, Report, ReportFault

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
LEVEL: Final = {"critical": "error", "major": "error", "minor": "warning", "info": "note"}
MOST_RELATED: Final = 50
"""Further lines of one finding: viewers list them all."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One result, whether it is an incident or a fault."""

    kind: str
    """'incident' or 'fault'."""
    rule: str
    title: str
    severity: str
    category: str | None
    text: str
    """What is reported of this one. Log text may be in it."""
    help: str
    """What to do about all of its kind."""
    first: int | None
    """UTC microseconds; None: its lines have no time."""
    count: int
    evidence: tuple[Evidence, ...]
    hosts: tuple[str, ...] = ()
    """Those that have it, in a fleet."""


def render(report: Report, look: Look) -> str:
    """The whole report as one run."""
    findings = [finding for finding in _findings(report) if finding.evidence]
    rules = list({finding.rule: finding for finding in reversed(findings)}.values())[::-1]
    places = {finding.rule: place for place, finding in enumerate(rules)}
    driver = {"name": "logsleuth", "version": report.version, "rules": [_rule(one) for one in rules]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, places[one.rule]) for one in findings],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _findings(report: Report) -> Iterator[Finding]:
    yield from map(_of_incident, report.incidents)
    yield from map(_of_fault, report.faults)


def _of_incident(incident: IncidentReport) -> Finding:
    cause = incident.causes[0] if incident.causes else None
    return Finding(
        kind="incident",
        rule=(cause and cause.pattern) or incident.category or "unknown",
        title=incident.title,
        severity=incident.severity,
        category=incident.category,
        text=" ".join(filter(None, incident.summary)),
        help=" ".join(incident.actions.prevent),
        first=incident.onset,
        count=sum(signal.count for signal in incident.signals) or 1,
        evidence=incident.evidence,
        hosts=tuple(hit.host for hit in incident.fleet.hosts) if incident.fleet else (),
    )


def _of_fault(fault: ReportFault) -> Finding:
    return Finding(
        kind="fault",
        rule=fault.pattern or fault.category or "unknown",
        title=fault.title,
        severity=fault.severity,
        category=fault.category,
        text=fault.meaning,
        help=" ".join(filter(None, (fault.fix, fault.prevent))),
        first=fault.first,
        count=fault.count,
        evidence=fault.evidence,
        hosts=fault.hosts,
    )


def _rule(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.rule,
        "shortDescription": _text(finding.title),
        "defaultConfiguration": {"level": LEVEL[finding.severity]},
        **({"help": _text(finding.help)} if finding.help else {}),
        "properties": {"tags": ["apache", *filter(None, [finding.category])]},
    }


def _result(finding: Finding, rule: int) -> dict[str, Any]:
    first, *others = finding.evidence
    return {
        "ruleId": finding.rule,
        "ruleIndex": rule,
        "level": LEVEL[finding.severity],
        "message": _text(f"{finding.title}: {finding.text}" if finding.text else finding.title),
        "locations": [_location(first)],
        "relatedLocations": [{"id": number, **_location(one)} for number, one in enumerate(others[:MOST_RELATED], 1)],
        "occurrenceCount": finding.count,
        "properties": {
            "kind": finding.kind,
            "severity": finding.severity,
            "category": finding.category,
            "first": None if finding.first is None else iso(finding.first, fraction=True),
            **({"hosts": list(finding.hosts)} if finding.hosts else {}),
        },
    }


def _location(evidence: Evidence) -> dict[str, Any]:
    """A line of a log: by its number, or by its place in bytes where its number is not known."""
    if evidence.line is not None:
        place = {"startLine": evidence.line}
    else:
        place = {"byteOffset": evidence.offset, "byteLength": len(evidence.text.encode("utf-8", "surrogateescape"))}
    region = {**place, "snippet": {"text": visible(evidence.text)}}
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(evidence.path)}, "region": region}}


def _uri(path: str) -> str:
    """The address of a log, as it was named: relative, or of this machine."""
    shown = visible(path)
    if PurePath(path).is_absolute():
        return Path(shown).as_uri()
    return quote(PurePath(shown).as_posix(), safe="/!")


def _text(words: str) -> dict[str, str]:
    """A message in plain text: `[text](address)` would be a link in it, and log text makes none."""
    return {"text": visible(words).replace("[", "\\[").replace("]", "\\]") if "](" in words else visible(words)}
