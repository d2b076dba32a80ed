"""Who was answered late: a stretch in which requests took several times as long as in the hour before.

A full pool of slow pages goes on answering. No request fails and none is missing, and everybody waits: only how long
requests took (%D, %T) shows it. A request that hangs is dated by when it began, long before any line says that it does.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from logsleuth.lives.requests import Late, took_of
from logsleuth.signals.baseline import surprise
from logsleuth.signals.tuning import (
    ALMOST_ALL,
    AROUND_US,
    BY_CHANCE,
    EVEN,
    JOIN_US,
    LEAST_EXPECTED,
    LEAST_WAIT_US,
    MOST,
    TIMES_AS_MANY,
)
from logsleuth.timeline.model import together
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.timeline.model import Durations, Moment, Spread


@dataclass(frozen=True, slots=True)
class Usual:
    """How long requests took before."""

    longest: int
    """Microseconds, several times as long as nearly all of them took: those that take longer are slow."""
    share: float
    """Of them that were slow."""


def slowed(took: Durations, time: int) -> tuple[int, int] | None:
    """UTC microseconds from when on, and up to when, requests were slow around a moment; None: they were not.

    `took`: how long they took; where the log does not say it, there is no telling.
    """
    usual = _usual(took.between(time - AROUND_US, time - took.width))
    if usual is None:
        return None
    step = max(JOIN_US, took.width)
    ends = range(time + step, min(time + AROUND_US, took.begins[-1] + step) + 1, step)
    end = _likeliest(took, usual, [(time, end) for end in ends]) or (time, time)
    begins = range(time, time - AROUND_US, -step)
    return _likeliest(took, usual, [(begin, end[1]) for begin in begins if begin < end[1]])


def lateness(took: Durations, stretches: Sequence[tuple[int, int]]) -> Late | None:
    """How much longer than in the hour before the requests took that began in these stretches of time.

    By the median, or where half of all requests are as quick as ever (those for files), by the slowest of five. None:
    no longer, or the log does not say.
    """
    begin = stretches[0][0]
    before = took.between(begin - AROUND_US, begin - took.width)
    within = together(took.between(*stretch) for stretch in stretches)
    if min(before.count, within.count) < LEAST_EXPECTED:
        return None
    for share in (MOST, ALMOST_ALL):
        usual, now = before.quantile(share), within.quantile(share)
        if now >= max(TIMES_AS_MANY * usual, LEAST_WAIT_US):
            return Late(share, usual, now)
    return None


def timeout_of(moments: Sequence[Moment]) -> int | None:
    """Microseconds after which nearly all of some failed requests failed; None: after different times, or at once.

    What fails by itself takes as long as it takes; only a timeout is always the same.
    """
    took = sorted(one for moment in moments if (one := took_of(moment)) is not None)
    if len(took) < LEAST_EXPECTED:
        return None
    usual = took[len(took) // 2]
    alike = sum(abs(one - usual) <= EVEN * usual for one in took)
    return usual if usual >= LEAST_WAIT_US and alike >= ALMOST_ALL * len(took) else None


def _usual(before: Spread) -> Usual | None:
    """None: there were too few to know it."""
    if before.count < LEAST_EXPECTED:
        return None
    longest = max(round(TIMES_AS_MANY * before.quantile(ALMOST_ALL)), LEAST_WAIT_US)
    return Usual(longest, (before.longer_than(longest) + 1) / (before.count + 2))


def _likeliest(took: Durations, usual: Usual, stretches: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """The stretch with the most surprising share of slow requests; None: no share is, or not one in five was slow."""

    def worth(stretch: tuple[int, int]) -> float:
        found = took.between(stretch[0], stretch[1] - took.width)
        slow = found.longer_than(usual.longest)
        return surprise(slow, found.count, usual.share, 1.0) if slow > (1 - ALMOST_ALL) * found.count else 0.0

    best = max(stretches, key=worth, default=None)
    if best is None or worth(best) < math.log10(len(stretches) / BY_CHANCE):
        return None
    return best
