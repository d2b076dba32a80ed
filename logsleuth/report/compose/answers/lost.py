"""How many workers were lost, and how, as a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.report.fates import ONE_CHILD
from logsleuth.report.words import plural
from logsleuth.signals.tuning import TOGETHER_US
from logsleuth.units import SECOND, elapsed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.causes.model import Diagnosis
    from logsleuth.incidents.model import LostWorker

HOWS = {
    "poisoned": "went bad",
    "hung": "hung",
    "crashed": "crashed",
    "killed": "were killed",
    "exited": "exited",
}
"""What became of lost workers, as the rest of a sentence."""
MEANS = {
    "poisoned": ": they kept running but failed their requests",
    "hung": ": they kept running but answered nothing",
}
"""What that means, of workers that did not end."""


def workers(diagnosis: Diagnosis) -> str:
    """How many workers were lost, and how."""
    workers = diagnosis.workers
    lost = workers.lost_workers
    if not lost:
        return ""
    if all(ONE_CHILD.search(worker.sighting.text) for worker in lost):
        how = "crashed" if all(worker.how == "crashed" for worker in lost) else "ended"
        times = f"{len(lost):,} times" if len(lost) > 1 else "once"
        return f"The one child process, which serves all requests, {how} {times}{_within(diagnosis)}."
    if (at_once := killed_together(lost)) is not None:
        kills, each = at_once
        return f"{len(lost):,} processes of httpd were killed, {each} at once, {kills} times{_within(diagnosis)}."
    concerned = [pool.name for pool in workers.pools if pool.lost]
    where = f" of the {concerned[0]}" if len(concerned) == 1 and concerned[0] else ""
    counts = {how: sum(worker.how == how for worker in lost) for how in sorted({worker.how for worker in lost})}
    if len(counts) == 1:
        how = next(iter(counts))
        fate, means = HOWS.get(how, how), MEANS.get(how, "")
        if len(lost) == 1:
            fate, means = fate.replace("were ", "was "), means.replace("they", "it").replace("their", "its")
    else:
        fate, means = f"were lost ({', '.join(f'{count:,} {how}' for how, count in counts.items())})", ""
    return f"{_which(len(lost), workers.pool)}{where} {fate}{_within(diagnosis)}{means}."


def killed_together(lost: Sequence[LostWorker]) -> tuple[int, int] | None:
    """(times, how many each time) where as many were killed at once again and again; None: it is not so.

    Then it is the whole server that was killed, its parent included, as a container's memory limit does it.
    """
    groups: list[list[int]] = []
    for worker in lost:
        if worker.how != "killed":
            return None
        if groups and worker.time - groups[-1][-1] <= TOGETHER_US:
            groups[-1].append(worker.time)
        else:
            groups.append([worker.time])
    sizes = {len(group) for group in groups}
    size = max(sizes, default=0)
    return (len(groups), size) if len(groups) > 1 and len(sizes) == 1 and size > 1 else None


def _which(number: int, pool: int | None) -> str:
    """'13 workers', 'All 4 workers', '3 of 10 workers'."""
    if pool and pool == number > 1:
        return f"All {number:,} workers"
    return f"{number:,} of {pool:,} workers" if pool and pool > number else plural(number, "worker")


def _within(diagnosis: Diagnosis) -> str:
    """In what time they were lost, and how many of the losses are inferred."""
    lost = diagnosis.workers.lost_workers
    inferred = sum(worker.inferred for worker in lost)
    first, last = lost[0].time, lost[-1].time
    span = f" within {elapsed(first, last)}" if last - first >= SECOND else ""
    return f"{span} ({inferred:,} of them inferred)" if 0 < inferred < len(lost) else span
