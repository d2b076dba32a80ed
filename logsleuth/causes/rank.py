"""Which candidate comes first: mechanisms, then role, then time. Nothing is added up here.

1. What another candidate explains, or names better, comes after it.
2. What began later and tells of a small part only comes after what began before it.
3. A cause before a death, a death before a limit, a limit before a symptom.
4. The earlier one first.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from logsleuth.signals.model import Signal, Why
from logsleuth.signals.tuning import ALMOST_ALL, MOST, SOON_US, TOGETHER_US

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.library.mechanisms import Mechanisms


ROLES = {"cause": 0, "death": 1, "shutdown": 2, "capacity": 2, "symptom": 3}
LAST = 4


def rank(candidates: Sequence[Signal], mechanisms: Mechanisms) -> list[Signal]:
    """The candidates, likeliest first."""
    told = [_told(signal, candidates, mechanisms) for signal in candidates]
    late = [_is_a_late_part(nth, candidates, told) for nth in range(len(candidates))]
    order = [_order(signal, candidates, mechanisms, is_late=of) for signal, of in zip(candidates, late, strict=True)]
    return [signal for _, signal in sorted(zip(order, candidates, strict=True), key=itemgetter(0))]


def _order(
    signal: Signal, candidates: Sequence[Signal], mechanisms: Mechanisms, *, is_late: bool
) -> tuple[bool, int, bool, bool, bool, int, int, str]:
    meaning = signal.meaning
    names_the_reason = meaning.known_by == "level" and _precedes_a_limit(signal, candidates)
    return (
        any(explains(other, signal, mechanisms) for other in candidates),
        0 if meaning.known_by != "level" or names_the_reason else 1 if meaning.category is not None else 2,
        _only_comes_with_it(signal, candidates, mechanisms),
        meaning.fallback and meaning.known_by != "level",
        is_late,
        ROLES["cause"] if names_the_reason else ROLES.get(meaning.role, LAST),
        signal.begin,
        signal.name,
    )


def _only_comes_with_it(signal: Signal, candidates: Sequence[Signal], mechanisms: Mechanisms) -> bool:
    """Whether a candidate was found by its company alone, and does not lead to what was found by itself."""
    others = (other for other in candidates if other.why is not Why.COMPANION)
    return signal.why is Why.COMPANION and not any(explains(signal, other, mechanisms) for other in others)


def _is_a_late_part(nth: int, candidates: Sequence[Signal], told: Sequence[int]) -> bool:
    """Whether another candidate began before this one, and tells of nearly all that happened; `told`: lines of each.

    A limit is logged once: what is first seen long after it was reached did not bring it about.
    """
    if any(one.why is Why.LIMIT and candidates[nth].begin - one.begin > SOON_US for one in candidates):
        return True
    return any(
        other.category is not None
        and other.why is not Why.COMPANION
        and candidates[nth].begin - other.begin > TOGETHER_US
        and told[nth] <= (1 - ALMOST_ALL) * lines
        for other, lines in zip(candidates, told, strict=True)
    )


def _told(signal: Signal, candidates: Sequence[Signal], mechanisms: Mechanisms) -> int:
    """Lines of a candidate and of those that it explains."""
    return signal.count + sum(one.count for one in candidates if explains(signal, one, mechanisms))


def explains(one: Signal, other: Signal, mechanisms: Mechanisms) -> bool:
    """Whether a known mechanism leads from one signal to the other, or one names the same event better."""
    if one is other or (one.name in other.meaning.refines and are_together(one, other)):
        return False
    if other.name in mechanisms.get(one.name, ()) and one.name not in mechanisms.get(other.name, ()):
        last = other.begin + SOON_US if other.why is Why.LIMIT else other.end
        return one.begin <= last and not is_back_before(one, other)
    return other.name in one.meaning.refines and are_together(one, other)


def is_back_before(one: Signal, other: Signal) -> bool:
    """Whether a line says that a backend answers again before the other failure begins: that has another reason."""
    return one.meaning.about == "backend" and 0 < one.until < other.begin


def _precedes_a_limit(signal: Signal, candidates: Sequence[Signal]) -> bool:
    """Whether httpd said it of itself before everything else known, which is no more than that a limit was reached."""
    known = [other for other in candidates if other.meaning.known_by != "level"]
    limits = all(other.meaning.role == "capacity" and signal.begin <= other.begin for other in known)
    return bool(known) and limits and signal.meaning.about == "server" and signal.outside == 0


def are_together(one: Signal, other: Signal) -> bool:
    """Whether two signals report the same events: in the same stretch of time, or side by side."""
    few, many = sorted((one, other), key=lambda signal: len(signal.moments))
    overlap = min(few.end, many.end) - max(few.begin, many.begin)
    union = max(few.end, many.end) - min(few.begin, many.begin)
    if union and overlap >= ALMOST_ALL * union:
        return True
    times = [moment.time for moment in many.moments]
    near = sum(any(abs(moment.time - time) <= TOGETHER_US for time in times) for moment in few.moments)
    return near >= MOST * len(few.moments)
