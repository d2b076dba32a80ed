"""How the loss of workers spread: which of them have a row in the timeline."""

from __future__ import annotations

LEAST = 4
"""Fewer lost workers have no quarter."""


def milestones(lost: int) -> tuple[int, ...]:
    """Which of the lost workers have a row, counted from 1 in order of their loss: first, a quarter, half, last."""
    if not lost:
        return ()
    quarters = {-(-lost // 4), -(-lost // 2)} if lost >= LEAST else set()
    return tuple(sorted({1, lost} | quarters))
