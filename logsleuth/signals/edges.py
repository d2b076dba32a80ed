"""Where a stretch begins and ends beside what is always there: with the first and last moment that is more than that.

A message that is said now and then all day is also said, by chance, shortly before an outage and after it. So the
fullest part of a stretch is found first, and then grows on each side by what is more than the usual rate would bring.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from logsleuth.signals.chance import tail
from logsleuth.signals.tuning import BY_CHANCE, JOIN_US, LEAST_EXPECTED, SOON_US
from logsleuth.units import SECOND

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.timeline.model import Moment

EITHER_EDGE: Final = BY_CHANCE / 2
"""Chance may bring what is beside a stretch before it, or after it."""
LOOKAHEAD: Final = LEAST_EXPECTED
"""Moments looked at together: if none of them makes more than usual, the stretch ends before them."""


def patience(lasted: int) -> int:
    """Microseconds within which what follows may still belong to something: as long as it lasted, within limits."""
    return min(max(JOIN_US, lasted), SOON_US)


def trimmed(moments: Sequence[Moment], run: tuple[int, int], usual: float) -> tuple[int, int]:
    """A run of moments without what the usual rate (moments a second) explains at its edges."""
    first, last = fullest(moments, run, usual)
    times = [moment.time for moment in moments[run[0] : first + 1]]
    ends = [moment.last for moment in moments[last - 1 : run[1]]]
    before = more_than_usual([times[-1] - time for time in reversed(times[:-1])], usual)
    after = more_than_usual([end - ends[0] for end in ends[1:]], usual)
    return first - before, last + after


def fullest(moments: Sequence[Moment], run: tuple[int, int], usual: float) -> tuple[int, int]:
    """The part of a run that is most likely of its own rate, the rest being of the usual one (moments a second).

    Each moment speaks for the higher rate, and each time without one against it (the likelihood ratio of two Poisson
    processes); the part of the greatest sum is the likeliest. Its rate is the higher for what is left out.
    """
    first, last = run
    while last - first > 1 and usual > 0:
        length = max(moments[last - 1].last - moments[first].time, SECOND) / SECOND
        rate = (last - first - 1) / length
        if rate <= usual:
            break
        part = _greatest(moments, (first, last), math.log(rate / usual), rate - usual)
        if part == (first, last):
            break
        first, last = part
    return first, last


def _greatest(moments: Sequence[Moment], run: tuple[int, int], gain: float, loss: float) -> tuple[int, int]:
    """The part of a run whose moments gain most (`gain` each), less the `loss` for each second between them."""
    best, found, worth, begin = gain, (run[0], run[0] + 1), gain, run[0]
    for nth in range(run[0] + 1, run[1]):
        worth -= loss * (moments[nth].time - moments[nth - 1].last) / SECOND
        if worth < 0:
            worth, begin = 0.0, nth
        worth += gain
        if worth > best:
            best, found = worth, (begin, nth + 1)
    return found


def more_than_usual(distances: Sequence[int], usual: float) -> int:
    """How many of the moments beside a stretch are of it, since the usual rate (moments a second) would bring fewer.

    `distances`: microseconds from its edge, the nearest first.
    """
    taken, edge = 0, 0
    while taken < len(distances):
        near = distances[taken : taken + LOOKAHEAD]
        chances = (tail(nth, (far - edge) / SECOND * usual) for nth, far in enumerate(near, 1))
        more = next((nth for nth, chance in enumerate(chances, 1) if chance <= EITHER_EDGE), None)
        if more is None:
            break
        taken += more
        edge = distances[taken - 1]
    return taken
