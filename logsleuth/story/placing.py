"""Putting lines where they belong in time: other hosts' clocks, and lines that carry no time at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.library.pattern import Pattern
    from logsleuth.scan.tally import PatternTally, Tally
    from logsleuth.story.restarts import Restart

SECOND = 1_000_000
LEAST_PIDS = 3
LEAST_OFFSET = 10 * SECOND
"""Less cannot be told from the time between a worker's last line and its death."""
LEAST_GAP = 2 * SECOND
"""A stop and start that takes longer than this was no plain restart."""


def clock_offsets(tally: Tally, patterns: dict[str, Pattern]) -> dict[int, int]:
    """How many microseconds each neighbour's log is ahead of the error log.

    The kernel names workers that it killed or that crashed; the same workers' last lines in the error log must
    stand before. `dmesg -T` reckons from the boot and drifts. Where all deaths stand late by at least the same
    time, that time is the offset (an upper bound of it: a worker may have been silent before it died).
    """
    lasts: dict[int, int] = {}
    for (pid, _), sign in tally.signs.items.items():
        lasts[pid] = max(lasts.get(pid, sign.last), sign.last)
    late: dict[int, list[int]] = {}
    for name, found in tally.patterns.items():
        pattern = patterns.get(name)
        if pattern is None or pattern.worker is None or "syslog" not in pattern.scope.sources:
            continue
        for pid, told in found.by_pid.items():
            if pid in lasts:
                late.setdefault(told.first.log, []).append(told.first.time - lasts[pid])
    return {log: min(gaps) for log, gaps in late.items() if len(gaps) >= LEAST_PIDS and min(gaps) >= LEAST_OFFSET}


def failed_start(found: PatternTally, pattern: Pattern, restarts: Iterable[Restart]) -> int | None:
    """UTC microseconds for a start that failed without a time: httpd wrote to the terminal where the port was taken.

    It can only lie where the server was down: at the longest gap between a stop and the next start. None if the
    log has no such gap, or the pattern is not about starting.
    """
    if not pattern.alone or pattern.role != "cause":
        return None
    gaps = [(r.up - r.down, r.down) for r in restarts if r.kind == "stop" and r.up and r.down]
    longest, down = max(gaps, default=(0, 0))
    return down if longest >= LEAST_GAP else None
