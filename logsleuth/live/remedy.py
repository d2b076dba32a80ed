"""Which outages a restart mends, or at least interrupts."""

from __future__ import annotations

MENDED = frozenset({
    # what is in the workers' memory, and new workers don't inherit
    "stale-egg", "wsgi-load-failure", "wsgi-daemon-timeout", "wsgi-daemon-crash", "segfault", "abort",
    # what they hold, and a restart gives back
    "worker-exhaustion", "scoreboard-full", "fd-exhaustion", "thread-exhaustion", "process-limit", "memory-exhausted",
    "oom-kill", "lock-failure", "log-pipe-failure",
    # there is no parent any more that would start workers
    "parent-killed",
})  # fmt: skip
"""Categories (see the design's list). Of the others the reason lies outside of the server, where a restart leaves it as
it is, or in what the server reads at its start, where a restart would make it worse."""


def restart_helps(category: str, workers_stay_lost: bool) -> bool:
    """Whether to restart: also on an unknown cause, where workers are lost and don't come back by themselves."""
    return category in MENDED or (category == "unknown" and workers_stay_lost)
