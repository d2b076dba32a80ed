"""A fleet as JSON: `hosts[]` of the report, and what its incidents and faults have of hosts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from logsleuth.timeline.clock import Instant, iso
from logsleuth.units import SECOND

if TYPE_CHECKING:
    from logsleuth.report.model import Fleet, IncidentHost, ReportFault, ReportHost


def json_time(micros: int | None) -> str | None:
    """UTC microseconds as ISO 8601, with microseconds where there are any."""
    return None if micros is None else Instant(iso(micros, fraction=bool(micros % SECOND)))


def host_data(host: ReportHost) -> dict[str, Any]:
    """One host."""
    return {
        "host": host.host or None, "known": host.known or None, "logs": list(host.logs), "verdict": host.verdict,
        "first": json_time(host.first), "last": json_time(host.last), "runs": dict(host.traits),
        "incidents": list(host.incidents), "faults": host.faults, "down": host.down or None,
        "clock_ahead": None if host.ahead is None else host.ahead / SECOND,
        **({"configuration": dict(host.configuration)} if host.configuration else {}),
    }  # fmt: skip


def fleet_data(fleet: Fleet | None) -> dict[str, Any]:
    """What an incident of a fleet has besides."""
    if fleet is None:
        return {}
    return {
        "host": fleet.hosts[0].host or None,
        "hosts": [_incident_host(host) for host in fleet.hosts],
        "spared": list(fleet.spared),
        "not_seen": list(fleet.unseen),
        "fleet": list(fleet.text),
        "shares": [{"time": json_time(time), "share": round(share, 4)} for time, share in fleet.shares],
    }


def _incident_host(host: IncidentHost) -> dict[str, Any]:
    requests = None
    if host.requests is not None:
        requests = {"failed": host.requests.failed, "seen": host.requests.seen, "from": host.requests.log}
    return {
        "host": host.host or None, "onset": json_time(host.onset), "end": json_time(host.end),
        "severity": host.severity, "workers_lost": host.lost, "requests": requests, "recovery": host.recovery,
    }  # fmt: skip


def fault_hosts(fault: ReportFault) -> dict[str, Any]:
    """The hosts that have a fault."""
    return {"hosts": list(fault.hosts)} if fault.hosts else {}
