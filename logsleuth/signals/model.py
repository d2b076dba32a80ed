"""The value of this stage: a stretch that is more than chance."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from logsleuth.timeline.model import COUNT, LAST
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from logsleuth.library.meaning import Meaning
    from logsleuth.timeline.model import Moment, Series


class Why(StrEnum):
    """By which rule a stretch is a signal."""

    SURPRISE = "far above the log's own rate"
    NOT_UP = "the server was not up"
    PROOF = "one such line is proof enough"
    STATE = "it lasts until a message says otherwise, and hurt somebody meanwhile"
    SHORT_LOG = "repeated in a log that was cut out to be looked at"
    SHARE = "almost every request failed"
    REFUSED = "what had been served is refused"
    SLOW = "requests took many times as long as before"
    LIMIT = "a limit was reached, and requests waited"
    COMPANION = "seen nowhere else"


@dataclass(frozen=True, slots=True)
class Signal:
    """What one series adds to an incident."""

    series: Series
    moments: tuple[Moment, ...]
    """In order of time; never empty."""
    why: Why
    surprise: float = 0.0
    """-log10 of the probability that chance makes such a stretch in this log; 0 where chance is not the question."""
    usual: float = 0.0
    """Moments per second outside of the stretch."""
    until: int = 0
    """UTC microseconds up to which it is known to have lasted, if longer than its last line says."""
    since: int = 0
    """UTC microseconds from when on it is known to have lasted, if longer than its first line says; 0: it says so."""
    in_others: int = 0
    """Moments of its series in other outages of the same kind."""

    @property
    def meaning(self) -> Meaning:
        """What is known of its messages."""
        return self.series.meaning

    @property
    def name(self) -> str:
        """The name of its series."""
        return self.series.name

    @property
    def title(self) -> str:
        """What it says; log text may be in it."""
        return self.series.title

    @property
    def category(self) -> str | None:
        """The kind of outage that it can stand for."""
        return self.meaning.category

    @property
    def lines(self) -> frozenset[tuple[int, int]]:
        """Where its kept lines stand: log and offset."""
        return frozenset((moment.sighting.log, moment.sighting.offset) for moment in self.moments)

    @property
    def begin(self) -> int:
        """UTC microseconds of the first moment."""
        return self.moments[0].time

    @property
    def end(self) -> int:
        """UTC microseconds up to which it is known to have lasted."""
        last = max(map(LAST, self.moments))
        return max(self.until, last)

    @property
    def count(self) -> int:
        """Matches within."""
        return sum(map(COUNT, self.moments))

    @property
    def outside(self) -> int:
        """Moments of the series that are not within, nor in another outage of the same kind."""
        return max(len(self.series.moments) - len(self.moments) - self.in_others, 0)

    @property
    def is_a_state(self) -> bool:
        """Whether what it reports goes on, said or not, until a message says that it is over."""
        return self.meaning.lasts == "until-back"

    @property
    def is_latched(self) -> bool:
        """Whether it is a limit that httpd reports only once, and nothing shows when it was over."""
        return self.why is Why.LIMIT and not self.until
