"""Other logs' clocks, and how far each is ahead of the error log's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.units import SECOND

if TYPE_CHECKING:
    from logsleuth.library.pattern import Pattern
    from logsleuth.scan.tally import Tally

LEAST_PIDS = 3
DMESG = "["
"""With which a line of `dmesg -T` begins; one of syslog or the journal begins with its time, or with what wraps it."""
LEAST_OFFSET = 10 * SECOND
"""Less cannot be told from the time between a worker's last line and its death."""


def clock_offsets(tally: Tally, patterns: dict[str, Pattern]) -> dict[int, int]:
    """How many microseconds each neighbour's log is ahead of the error log.

    The kernel names workers that it killed or that crashed; the same workers' last lines in the error log must
    stand before. `dmesg -T` reckons from the boot and drifts; syslog and the journal write the host's own clock. Where
    all deaths stand late by at least the same time, that time is the offset (an upper bound of it: a worker may have
    been silent before it died).
    """
    deaths = [
        (pid, told.first)
        for name, found in tally.patterns.items()
        if (pattern := patterns.get(name)) and pattern.worker is not None and "syslog" in pattern.scope.sources
        for pid, told in found.by_pid.items()
        if told.first.text.startswith(DMESG)
    ]
    if not deaths:  # as in nearly all logs, which may have tens of thousands of workers
        return {}
    lasts: dict[int, int] = {}
    for (pid, _), sign in tally.signs.items.items():
        lasts[pid] = max(lasts.get(pid, sign.last), sign.last)
    late: dict[int, list[int]] = {}
    for pid, first in deaths:
        if pid in lasts:
            late.setdefault(first.log, []).append(first.time - lasts[pid])
    return {log: min(gaps) for log, gaps in late.items() if len(gaps) >= LEAST_PIDS and min(gaps) >= LEAST_OFFSET}
