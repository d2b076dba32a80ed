"""Which signals come with nearly all lines of another: they say what those lines leave open.

A line that tells that a process broke off does not say of what; the parent's line on the signal that ended it does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.signals.tuning import ALMOST_ALL, TOGETHER_US
from logsleuth.timeline.model import is_any_between

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.signals.model import Signal


def company_of(signal: Signal, others: Sequence[Signal]) -> frozenset[str]:
    """The names of the signals that report something within two seconds of nearly all moments of one."""
    return frozenset(other.name for other in others if other is not signal and _comes_with(signal, other))


def _comes_with(signal: Signal, other: Signal) -> bool:
    near = sum(
        is_any_between(other.moments, moment.time - TOGETHER_US, moment.time + TOGETHER_US) for moment in signal.moments
    )
    return near >= ALMOST_ALL * len(signal.moments)
