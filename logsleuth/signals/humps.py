"""What is usual among lengths of time, where they are of two kinds: an average of the two is the length of none.

A connection that a client opens to one address times out after 20 s, to two addresses after 40 s.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from logsleuth.signals.tuning import ALMOST_ALL, EVEN, LEAST_EXPECTED
from logsleuth.units import median

if TYPE_CHECKING:
    from collections.abc import Sequence

APART: Final = 1.5
"""How many times as long the shortest of the longer kind is at least as the longest of the other."""


def usual_lengths(lengths: Sequence[int]) -> tuple[int, ...]:
    """The median; or, of two kinds of lengths with hardly any in between, that of each; nothing of no length."""
    if not lengths:
        return ()
    ordered = sorted(lengths)
    least = max(round((1 - ALMOST_ALL) * len(ordered)), 1)
    steps = list(pairwise(ordered))[least - 1 : len(ordered) - least]
    widest = max(range(len(steps)), key=lambda nth: steps[nth][1] / max(steps[nth][0], 1), default=None)
    if widest is not None and len(ordered) >= LEAST_EXPECTED and steps[widest][1] >= APART * steps[widest][0] > 0:
        parts = ordered[: widest + least], ordered[widest + least :]
        if all(map(_are_alike, parts)):
            return tuple(round(median(part)) for part in parts)
    return (round(median(ordered)),)


def _are_alike(ordered: Sequence[int]) -> bool:
    """Whether nearly all lengths are within a tenth of their median."""
    middle = median(ordered)
    return sum(abs(one - middle) <= EVEN * middle for one in ordered) >= ALMOST_ALL * len(ordered)
