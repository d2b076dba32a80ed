"""The gist as an event for PagerDuty: JSON for its Events API v2 (`POST /v2/enqueue`).

Limits are those of PagerDuty's page “Send an alert event”: 1,024 characters of a summary, 255 of a `dedup_key`. The
key depends on the server alone, not on what was found: a later run updates the same alert, and resolves it once the
log shows that it is over.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from logsleuth.report.escape import visible
from logsleuth.report.gist import gist, proof_words
from logsleuth.report.words import cut
from logsleuth.timeline.clock import iso

if TYPE_CHECKING:
    from logsleuth.report.formats import Look
    from logsleuth.report.gist import Gist, Urgency
    from logsleuth.report.model import Report

PLACEHOLDER: Final = "YOUR-INTEGRATION-KEY"
SUMMARY: Final = 1024
DETAIL: Final = 2000
"""Characters of one of the details: an event may have 512 KB."""
SEVERITY: dict[Urgency, str] = {"critical": "critical", "major": "error", "minor": "warning", "info": "info"}


def render(report: Report, look: Look) -> str:
    """One event: trigger while it goes on, resolve when it is over or nothing was found."""
    told = gist(report)
    source = look.to.source or ", ".join(log.path for log in report.logs) or "logsleuth"
    event: dict[str, Any] = {
        "routing_key": look.to.pagerduty_key or PLACEHOLDER,
        "event_action": "trigger" if told.is_open else "resolve",
        "dedup_key": f"logsleuth-{hashlib.sha256(source.encode(errors='surrogatepass')).hexdigest()[:32]}",
        "client": f"logsleuth {report.version}",
        "payload": _payload(told, source, report),
    }
    if look.to.link:
        event |= {"client_url": look.to.link, "links": [{"href": look.to.link, "text": "The full report"}]}
    return json.dumps(event, indent=2) + "\n"


def _payload(told: Gist, source: str, report: Report) -> dict[str, Any]:
    details = {point.label.rstrip("?").lower(): cut(visible(point.text), DETAIL) for point in told.points}
    if told.proof is not None:
        details["evidence"] = cut(visible(proof_words(told.proof)), DETAIL)
    payload: dict[str, Any] = {
        "summary": cut(visible(f"{told.title} ({source})"), SUMMARY),
        "source": cut(visible(source), SUMMARY),
        "severity": SEVERITY[told.severity],
        "component": "httpd",
        "custom_details": details,
    }
    if told.category:
        payload["class"] = told.category
    if told.since is not None and report.zone_known != "unknown":
        payload["timestamp"] = iso(told.since, fraction=True)
    return payload
