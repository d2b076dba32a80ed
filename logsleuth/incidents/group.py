"""Which signals are one incident: those that overlap, and those that nearly touch and hang together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.lives.requests import ANSWERED
from logsleuth.signals.edges import patience
from logsleuth.signals.model import Why
from logsleuth.signals.targets import are_of_one_target
from logsleuth.signals.tuning import BY_CHANCE, JOIN_US, SOON_US, TOGETHER_US
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
    closed: list[_Group] = []
    open_: list[_Group] = []
    for signal in sorted(signals, key=lambda one: (one.begin, one.name)):
        mine = _Group([signal], signal.begin, signal.end)
        closed += [one for one in open_ if mine.begin - one.end > SOON_US]
        open_ = [one for one in open_ if mine.begin - one.end <= SOON_US]
        while (before := next((one for one in reversed(open_) if _are_one(one, mine, mechanisms)), None)) is not None:
            open_.remove(before)
            mine = _Group([*before.signals, *mine.signals], min(before.begin, mine.begin), max(before.end, mine.end))
        open_.append(mine)
    return [found.signals for found in sorted((*closed, *open_), key=lambda one: (one.begin, one.end))]


def _are_one(before: _Group, after: _Group, mechanisms: Mechanisms) -> bool:
    """Whether two groups are one incident. Those that only nearly touch must hang together, or be the same end.

    So must a short one within a long one: a fault of many hours has others in it by chance.
    """
    gap = after.begin - before.end
    if gap <= TOGETHER_US and not _is_within_by_chance(before, after):
        return True
    if gap <= SOON_US and (_died_again(before, after) or _shows_at_last(before, after, mechanisms)):
        return True
    longest = max(before.end - before.begin, after.end - after.begin)
    if gap > patience(longest):
        return False
    pairs = ((one, other) for one in before.signals for other in after.signals)
    if gap <= TOGETHER_US:
        return any(are_bound(one, other, mechanisms) for one, other in pairs)
    return any(hang_together(one, other, mechanisms) for one, other in pairs)


def _is_within_by_chance(one: _Group, other: _Group) -> bool:
    """Whether one is short beside the other, and neither begins nor ends with it; a single moment is a part of it."""
    short, long = sorted((one, other), key=lambda found: found.end - found.begin)
    if not 0 < short.end - short.begin <= BY_CHANCE * (long.end - long.begin):
        return False
    return short.begin - long.begin > JOIN_US and long.end - short.end > JOIN_US


def _shows_at_last(before: _Group, after: _Group, mechanisms: Mechanisms) -> bool:
    """Whether one holds a cause whose known consequences begin with the other: a quiet site is asked minutes later."""
    first, then = ({signal.name for signal in one.signals} for one in (before, after))
    reached = (mechanisms.get(one.name, frozenset()) for one in before.signals if one.meaning.role == "cause")
    return any(reach.isdisjoint(first) and not reach.isdisjoint(then) for reach in reached)


def _died_again(before: _Group, after: _Group) -> bool:
    """Whether the server was started again and soon ended in the same way: that start was no cure."""
    return not _ends(before).isdisjoint(_ends(after))


def _ends(one: _Group) -> set[str]:
    return {signal.name for signal in one.signals if signal.why is Why.NOT_UP}


def hang_together(one: Signal, other: Signal, mechanisms: Mechanisms) -> bool:
    """Whether one may bring about the other: the same fault or backend, a known mechanism, words that nothing knows."""
    if one.name == other.name or (one.category is not None and one.category == other.category):
        return True
    if "level" in {one.meaning.known_by, other.meaning.known_by} or Why.LIMIT in {one.why, other.why}:
        return True
    if one.why is Why.PROOF and other.name == ANSWERED:  # a service was killed, and nothing but requests tells of it
        return True
    return are_linked(one, other, mechanisms) or are_of_one_target(one, other)


def are_bound(one: Signal, other: Signal, mechanisms: Mechanisms) -> bool:
    """Whether a short signal within a long one is of the same fault, or of one that brings it about.

    That requests failed, as an access log counts them, follows from every fault and binds none to another.
    """
    if one.name == other.name:
        return True
    if ANSWERED in {one.name, other.name}:
        return False
    if _is_a_vain_start(one, other) or _is_a_vain_start(other, one):
        return True
    return (one.category is not None and one.category == other.category) or are_linked(one, other, mechanisms)


def _is_a_vain_start(down: Signal, failed: Signal) -> bool:
    """Whether a signal is what ordered httpd to start, and reports that it failed, while httpd was down."""
    return down.why is Why.NOT_UP and failed.meaning.about == "server" and failed.meaning.phase == "start"


def are_linked(one: Signal, other: Signal, mechanisms: Mechanisms) -> bool:
    """Whether a known mechanism leads from one to the other."""
    return other.name in mechanisms.get(one.name, ()) or one.name in mechanisms.get(other.name, ())
