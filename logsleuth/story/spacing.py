"""Whether something comes at equal distances, as only machines and what they set off do."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def even_gap(times: Sequence[int], share: float) -> float | None:
    """The mean gap of times, in their unit, if no gap differs from it by more than this share; else None."""
    gaps = [after - before for before, after in pairwise(times)]
    if not gaps:
        return None
    mean = sum(gaps) / len(gaps)
    return mean if all(abs(gap - mean) <= share * mean for gap in gaps) else None
