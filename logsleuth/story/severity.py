"""How grave an incident was."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from logsleuth.library.pattern import Severity
    from logsleuth.story.incident import Cause, Incident, Workers


def severity_of(incident: Incident, workers: Workers, first: Cause | None) -> Severity:
    """The cause's own severity, raised where the server was down or most of the pool was lost."""
    order: tuple[Severity, ...] = ("critical", "major", "minor", "info")
    own: Severity = first.pattern.severity if first and first.pattern else _unknown_severity(incident)
    if any(strand.why in {"alone", "last-words"} for strand in incident.strands):
        return "critical"
    if workers.pool and len(workers.lost) * 2 >= workers.pool:
        return "critical"
    named = [
        s.pattern.severity for s in incident.strands if s.pattern and s.why in {"burst", "exhaustion"} and s.category
    ]
    return min([own, *named], key=order.index)


def _unknown_severity(incident: Incident) -> Severity:
    """Nobody knows what a line means that stands alone; what came in numbers failed many."""
    return "minor" if all(strand.latched for strand in incident.strands) else "major"
