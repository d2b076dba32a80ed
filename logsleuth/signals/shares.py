"""How large a share of the requests was answered in some way, and whether it is surely larger than at another time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.signals.chance import at_least, at_most
from logsleuth.signals.tuning import ALMOST_ALL, LEAST_EXPECTED, TIMES_AS_MANY
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from logsleuth.timeline.model import Counts


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the requests of a stretch of time were answered so."""

    found: int
    seen: int

    @classmethod
    def of(cls, every: Counts, some: Counts, begin: int, end: int) -> Share:
        """`some` of `every` request between two moments (UTC microseconds).

        What is of the second in which it begins or ends may be of either side, and is left out.
        """
        since, until = begin + every.width, end - every.width
        return cls(some.between(since, until), every.between(since, until))

    def exceeds(self, other: Share) -> bool:
        """Whether it is several times as large as another one, and by a fifth of all requests."""
        if min(self.seen, other.seen) < LEAST_EXPECTED:
            return False
        more = self.found / self.seen - other.found / other.seen
        surely = at_least(self.found) / self.seen >= TIMES_AS_MANY * at_most(other.found) / other.seen
        return surely and more >= 1 - ALMOST_ALL
