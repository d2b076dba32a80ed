"""What became of the workers, in sentences: of which pools, which ends were routine, and how all that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from logsleuth.regexes import regex
from logsleuth.report.words import clock, plural
from logsleuth.units import SECOND

if TYPE_CHECKING:
    from datetime import tzinfo

    from logsleuth.report.model import IncidentReport, ReportPool, ReportWorker

Column = Literal["failures", "last sign"]
"""What a worker that was lost and lived on did afterwards."""

ROUTINE = {
    "recycled": "recycled after their share of requests or time",
    "stopped": "stopped as ordered",
}
ONE_CHILD: Final = regex(r"\bParent: child process (?:\d+ )?exited", needs=("Parent: child process",))
"""What the parent says on Windows, where one child process serves all requests (mpm_winnt)."""
OWN = "the server's own children"
PARENT = "the parent process"
"""The name under which a lost parent is listed: it is no worker."""


def telling_columns(incident: IncidentReport) -> tuple[Column, ...]:
    """The columns of the table of lost workers that say something: what is the same for all of them does not."""
    lost = incident.lost
    if len({worker.pid for worker in lost}) < len(lost):  # of two lives with one pid, what each wrote is not known
        return ()
    failures = {worker.failures for worker in lost}
    outlived = any(
        worker.lives_on and worker.last_seen is not None and worker.last_seen - worker.time >= SECOND for worker in lost
    )
    says_more: dict[Column, bool] = {"failures": len(failures) > 1, "last sign": outlived}
    return tuple(column for column, says in says_more.items() if says)


def worker_cell(worker: ReportWorker, column: Column, tz: tzinfo) -> str:
    """What such a column says of a worker."""
    if column == "failures":
        return f"{worker.failures:,}"
    return clock(worker.last_seen, tz) if worker.last_seen is not None else ""


def lost_words(incident: IncidentReport) -> tuple[str, ...]:
    """How many workers were lost; a parent that ended is listed with them, and is none."""
    workers = incident.lost_count - sum(worker.pool == PARENT for worker in incident.lost)
    if workers and is_one_child(incident):
        return (f"The one child process was lost {f'{workers:,} times' if workers > 1 else 'once'}.",)
    return (f"{plural(workers, 'worker')} lost.",) if workers else ()


def is_one_child(incident: IncidentReport) -> bool:
    """Whether what was lost was the one child process of httpd on Windows, again and again."""
    cited = {number for worker in incident.lost[:1] for number in worker.evidence}
    return any(one.id in cited and ONE_CHILD.search(one.text) for one in incident.evidence)


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
    """The ends that are no loss; log text may stand in it. A restart replaces all there are, also those of no line."""
    return tuple(
        f"Routine, not counted as lost: {plural(end.count, 'worker')}{f' of {end.pool}' if end.pool else ''} "
        f"{ROUTINE[end.how]}."
        for end in incident.routine
        if end.how != "replaced"
    )


def how_known_words(incident: IncidentReport) -> tuple[str, ...]:
    """The rules by which the losses are known, each with its reason; that others ended by routine needs none."""
    used = {worker.rule for worker in incident.lost}
    return tuple(
        f"{'The parent process' if known.rule.startswith('parent_') else plural(known.count, 'worker')}: {known.reason}"
        for known in incident.how_known
        if known.rule in used
    )
