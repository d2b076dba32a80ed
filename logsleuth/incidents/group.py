"""Which signals are one incident: those that overlap, and those that nearly touch and hang together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.signals.model import Why
from logsleuth.signals.tuning import JOIN_US, SOON_US, TOGETHER_US
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.library.mechanisms import Mechanisms
    from logsleuth.signals.model import Signal


@dataclass(slots=True)
class _Group:
    signals: list[Signal]
    begin: int
    end: int


def group(signals: Sequence[Signal], mechanisms: Mechanisms) -> list[list[Signal]]:
    """Signals that are one incident, in order of time."""
    groups: list[_Group] = []
    for signal in sorted(signals, key=lambda one: (one.begin, one.name)):
        mine = _Group([signal], signal.begin, signal.end)
        while groups and _are_one(groups[-1], mine, mechanisms):
            before = groups.pop()
            mine = _Group([*before.signals, *mine.signals], before.begin, max(before.end, mine.end))
        groups.append(mine)
    return [found.signals for found in groups]


def _are_one(before: _Group, after: _Group, mechanisms: Mechanisms) -> bool:
    """Whether two groups are one incident. Those that only nearly touch must hang together, or be the same end."""
    gap = after.begin - before.end
    if gap <= TOGETHER_US:
        return True
    if gap <= SOON_US and _died_again(before, after):
        return True
    longest = max(before.end - before.begin, after.end - after.begin)
    if gap > min(max(JOIN_US, longest), SOON_US):
        return False
    return any(hang_together(one, other, mechanisms) for one in before.signals for other in after.signals)


def _died_again(before: _Group, after: _Group) -> bool:
    """Whether the server was started again and soon ended in the same way: that start was no cure."""
    return not _ends(before).isdisjoint(_ends(after))


def _ends(one: _Group) -> set[str]:
    return {signal.name for signal in one.signals if signal.why is Why.NOT_UP}


def hang_together(one: Signal, other: Signal, mechanisms: Mechanisms) -> bool:
    """Whether one may bring about the other: the same fault, a known mechanism, or words that nothing knows."""
    if one.name == other.name or (one.category is not None and one.category == other.category):
        return True
    if "level" in {one.meaning.known_by, other.meaning.known_by} or Why.LIMIT in {one.why, other.why}:
        return True
    return are_linked(one, other, mechanisms)


def are_linked(one: Signal, other: Signal, mechanisms: Mechanisms) -> bool:
    """Whether a known mechanism leads from one to the other."""
    return other.name in mechanisms.get(one.name, ()) or one.name in mechanisms.get(other.name, ())
