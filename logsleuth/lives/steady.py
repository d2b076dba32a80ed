"""Restarts at a steady interval: a timer or a hook orders them, and nobody means to cure anything with them.

A renewal of certificates that is tried each minute, a panel that rebuilds its configuration, a cron job: each of them
makes httpd replace its workers, while those that are still serving keep their slots.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from logsleuth.units import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.lives.server import Restart

LEAST: Final = 4
"""Intervals in a row that are equal: whoever restarts by hand does not hit the same second of each minute."""
NEAR_US: Final = 2 * SECOND
"""Microseconds by which equal intervals may differ: the parent looks for signals once a second."""


def with_steady(restarts: Sequence[Restart]) -> tuple[Restart, ...]:
    """The restarts, each of a steady series with the time of the first of them."""
    found: list[Restart] = []
    for run in _runs(restarts):
        steady = len(run) > LEAST
        found += [replace(restart, steady_since=_ordered(run[0])) for restart in run] if steady else run
    return tuple(found)


def _runs(restarts: Sequence[Restart]) -> Iterable[list[Restart]]:
    """The restarts, in runs of one interval each; what ends a run that is no steady series may begin the next."""
    run: list[Restart] = []
    for restart in restarts:
        if len(run) > 1 and abs(_since(run[-1], restart) - _since(run[0], run[1])) > NEAR_US:
            kept = len(run) if len(run) > LEAST else len(run) - 1
            yield run[:kept]
            run = run[kept:]
        run.append(restart)
    yield run


def interval(steady: Sequence[Restart]) -> float:
    """Seconds from one to the next, on average."""
    steps = [_since(one, later) for one, later in pairwise(steady)]
    return sum(steps) / len(steps) / SECOND


def _since(one: Restart, later: Restart) -> int:
    return _ordered(later) - _ordered(one)


def _ordered(restart: Restart) -> int:
    """When it was ordered; of one without an order, when the server was up."""
    return restart.down if restart.down is not None else restart.up or 0
