"""What became of the workers, in sentences: of which pools, which ends were routine, and how all that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.report.words import plural

if TYPE_CHECKING:
    from logsleuth.report.model import IncidentReport, ReportPool

ROUTINE = {
    "recycled": "recycled after their share of requests or time",
    "stopped": "stopped as ordered",
    "replaced": "replaced by a restart or stop",
}
OWN = "the server's own children"
PARENT = "the parent process"
"""The name under which a lost parent is listed: it is no worker."""


def lost_words(incident: IncidentReport) -> tuple[str, ...]:
    """How many workers were lost; a parent that ended is listed with them, and is none."""
    workers = incident.lost_count - sum(worker.pool == PARENT for worker in incident.lost)
    return (f"{plural(workers, 'worker')} lost.",) if workers else ()


def pool_words(incident: IncidentReport) -> tuple[str, ...]:
    """Each pool with its size and how it is known; log text may stand in it."""
    if any(pool.name for pool in incident.pools):
        told = tuple(_pool(pool) for pool in incident.pools if pool.lost)
    else:
        told = (f"Pool size: {incident.pool:,} ({incident.pool_source}).",) if incident.pool else ()
    more = any(pool.size and pool.lost > pool.size for pool in incident.pools)
    return (*told, "Some of their replacements were lost too.") if more else told


def _pool(pool: ReportPool) -> str:
    if pool.name == PARENT:
        return "The parent process itself ended."
    size = f" (pool of {pool.size:,}, {pool.source})" if pool.size else ""
    return f"{pool.lost:,} lost in {pool.name or OWN}{size}."


def routine_words(incident: IncidentReport) -> tuple[str, ...]:
    """The ends that are no loss; log text may stand in it."""
    return tuple(
        f"Routine, not counted as lost: {plural(end.count, 'worker')}{f' of {end.pool}' if end.pool else ''} "
        f"{ROUTINE[end.how]}."
        for end in incident.routine
    )


def how_known_words(incident: IncidentReport) -> tuple[str, ...]:
    """The rules by which the ends are known, each with its reason."""
    return tuple(f"{plural(known.count, 'worker')}: {known.reason} ({known.rule})" for known in incident.how_known)
