"""Several incidents at a glance: the one that is still open first, then the gravest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.report.answers import last_moment
from logsleuth.report.model import Glance
from logsleuth.report.words import day_clock
from logsleuth.units import elapsed
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from datetime import tzinfo

    from logsleuth.report.model import IncidentReport, Report

NAMED: Final = 3
"""Hosts that are named in the list."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One incident in the list."""

    incident: Glance
    when: str
    """Date and time of its onset, in the log's zone."""
    length: str
    over: str
    """'open', or 'over'."""
    hosts: str
    """The hosts that were hit, in order; empty where logs name none."""


def glances(report: Report) -> tuple[Glance, ...]:
    """All incidents at a glance, the gravest first."""
    return tuple(sorted((*map(_glance, report.incidents), *report.untold), key=lambda one: one.id))


def _glance(told: IncidentReport) -> Glance:
    is_open = told.recovery_time is None
    return Glance(told.id, told.severity, told.title, told.onset, last_moment(told), is_open=is_open, fleet=told.fleet)


def in_order(report: Report) -> tuple[IncidentReport, ...]:
    """The incidents that are told in full, in the order in which they are shown."""
    return tuple(sorted(report.incidents, key=lambda incident: incident.recovery_time is not None))


def listed(report: Report, tz: tzinfo) -> tuple[Listed, ...]:
    """The rows of the list, in the order in which the incidents are shown."""
    return tuple(
        Listed(
            incident,
            day_clock(incident.onset, tz),
            elapsed(incident.onset, incident.until),
            "open" if incident.is_open else "over",
            _hosts(incident),
        )
        for incident in sorted(glances(report), key=lambda one: not one.is_open)
    )


def _hosts(incident: Glance) -> str:
    names = [hit.host for hit in incident.fleet.hosts if hit.host] if incident.fleet else []
    more = len(names) - NAMED
    return f"{', '.join(names[:NAMED])} and {more} more" if more > 0 else ", ".join(names)
