"""How the loss of workers spread: which of the lost are told one by one."""

from __future__ import annotations

LEAST = 4
"""Fewer lost workers have no quarter."""


def milestones(lost: int) -> dict[int, str]:
    """Which of so many lost workers, counted from 1 in order of their loss, are worth telling, and as what."""
    if lost <= 1:
        return {1: "Worker lost"} if lost else {}
    named = {1: "First worker lost", lost: "Last worker lost"}
    if lost >= LEAST:
        named = {-(-lost // 4): "A quarter of the lost", -(-lost // 2): "Half of the lost"} | named
    return dict(sorted(named.items()))
