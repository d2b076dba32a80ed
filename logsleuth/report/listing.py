"""Several incidents at a glance: the one that is still open first, then the gravest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from logsleuth.report.answers import last_moment
from logsleuth.report.words import day_clock, duration

if TYPE_CHECKING:
    from datetime import tzinfo

    from logsleuth.report.model import IncidentReport, Report


@dataclass(frozen=True, slots=True)
class Listed:
    """One incident in the list."""

    incident: IncidentReport
    when: str
    """Date and time of its onset, in the log's zone."""
    length: str
    over: str
    """'open', or 'over'."""


def in_order(report: Report) -> tuple[IncidentReport, ...]:
    """The incidents in the order in which they are shown."""
    return tuple(sorted(report.incidents, key=lambda incident: incident.recovery_time is not None))


def listed(report: Report, tz: tzinfo) -> tuple[Listed, ...]:
    """The rows of the list, in the order in which the incidents are shown."""
    return tuple(
        Listed(
            incident,
            day_clock(incident.onset, tz),
            duration((last_moment(incident) - incident.onset) / 1_000_000),
            "open" if incident.recovery_time is None else "over",
        )
        for incident in in_order(report)
    )
