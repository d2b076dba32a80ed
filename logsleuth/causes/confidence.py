"""How sure a cause is: from the weights of its evidence to a probability, and from that to a word."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from logsleuth.causes.evidence import PRIOR
from logsleuth.causes.model import Confidence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.causes.model import Ground
    from logsleuth.library.meaning import Meaning

ORDER: tuple[Confidence, ...] = get_args(Confidence)
HIGH = 0.95
"""Right 19 times in 20."""
MEDIUM = 0.75


def probability(grounds: Iterable[Ground]) -> float:
    """The probability that a cause with this evidence is the right one."""
    weight = PRIOR + sum(ground.weight for ground in grounds)
    return float(1 / (1 + 10 ** (-weight / 10)))


def confidence(meaning: Meaning, chance: float) -> Confidence:
    """The word for it. What names no kind of outage, and no exception, is a guess; what only words tell is not sure."""
    if (meaning.category is None and not meaning.is_thrown) or chance < MEDIUM:
        return "low"
    return "high" if chance >= HIGH and meaning.known_by != "level" else "medium"


def no_surer(own: Confidence, first: Confidence) -> Confidence:
    """The word for a further cause: what ranks behind the likeliest is no likelier."""
    return max(own, first, key=ORDER.index)
