"""Moments at a steady interval: a timer or a hook makes them, and nobody means to cure anything by them.

A renewal of certificates that is tried each minute, a panel that rebuilds its configuration, a cron job: each of them
makes httpd replace its workers, while those that are still serving keep their slots.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.units import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LEAST: Final = 4
"""Intervals in a row that are equal: somebody who restarts by hand does not hit the same second of each minute."""
NEAR_US: Final = 2 * SECOND
"""Microseconds by which equal intervals may differ: the parent looks for signals once a second."""


def steady_since(times: Sequence[int]) -> list[int | None]:
    """For each of some times in order the first of the steady series that it is one of; None: it is of none."""
    return [run[0] if len(run) > LEAST else None for run in _runs(times) for _ in run]


def _runs(times: Sequence[int]) -> Iterable[list[int]]:
    """The times, in runs of one interval each; what ends a run that is no steady series may begin the next."""
    run: list[int] = []
    for time in times:
        if len(run) > 1 and abs((time - run[-1]) - (run[1] - run[0])) > NEAR_US:
            kept = len(run) if len(run) > LEAST else len(run) - 1
            yield run[:kept]
            run = run[kept:]
        run.append(time)
    yield run


def interval(times: Sequence[int]) -> float:
    """Seconds from one to the next, on average."""
    return (times[-1] - times[0]) / (len(times) - 1) / SECOND
