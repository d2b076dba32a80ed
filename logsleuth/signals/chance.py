"""How probable chance makes what is seen: surprises, and the means that a count goes with. Functions of numbers."""

from __future__ import annotations

import math
from typing import Final

from logsleuth.signals.tuning import FALSE_ALARMS_PER_DAY
from logsleuth.units import DAY

ONE_IN_TWENTY: Final = 1.645
"""Standard deviations beyond which the normal distribution lies one time in twenty."""
PRECISION: Final = 1e-9
"""Share of a probability that is left out of its sum."""


def budget(span: int, series: int) -> float:
    """The surprise from which a stretch is a signal, for `span` microseconds with that many kinds of failures."""
    return -math.log10(FALSE_ALARMS_PER_DAY * span / DAY / max(series, 1))


def surprise(inside: float, total: float, share: float, dispersion: float) -> float:
    """-log10 of the probability that chance puts `inside` of `total` events into this share of the time (0 to 1).

    Chernoff's bound of the binomial tail; `dispersion`: variance over mean of the events, 1 where they are independent.
    """
    found = inside / total if total else 0.0
    if found <= share:
        return 0.0
    information = found * math.log(found / share)
    if found < 1:
        information += (1 - found) * math.log((1 - found) / (1 - share))
    return total * information / max(dispersion, 1.0) / math.log(10)


def share_of_requests(share: float, busy: float) -> float:
    """The share of all requests that come in this share of the time, in which this many times as many come."""
    return share * busy / (1 - share + share * busy)


def at_least(count: int) -> float:
    """The least mean that this count goes with (Anscombe's root transform of the Poisson distribution)."""
    return max(math.sqrt(count + 3 / 8) - ONE_IN_TWENTY / 2, 0.0) ** 2


def at_most(count: int) -> float:
    """The greatest mean that this count goes with."""
    return (math.sqrt(count + 3 / 8) + ONE_IN_TWENTY / 2) ** 2


def tail(count: int, mean: float) -> float:
    """Probability of at least `count` where `mean` are expected by chance (Poisson); 1 if it is no more than those."""
    if count <= mean:
        return 1.0
    if mean <= 0:
        return 0.0
    found = term = math.exp(count * math.log(mean) - mean - math.lgamma(count + 1))
    while term > found * PRECISION:
        count += 1
        term *= mean / count
        found += term
    return found
