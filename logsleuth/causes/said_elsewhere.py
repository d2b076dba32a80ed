"""The reason in another program's log, where requests failed and httpd's own logs do not say why.

What a directory's client, a database or the system writes is in words that no pattern of httpd knows. But where its log
has such lines in the time of the outage alone, and they name what failed in words that many programs use, they are the
likeliest reason that the logs show. Where httpd knows only that a backend failed it, they are the backend's own reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.causes.model import Reason
from logsleuth.library.category import BACKENDS, category_of
from logsleuth.library.system_words import advice, system_words
from logsleuth.signals.tuning import JOIN_US
from logsleuth.units import SECOND, duration
from logsleuth.values import NamedTuple, replace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from logsleuth.causes.model import Confidence, Diagnosis
    from logsleuth.library.system_words import SystemWords
    from logsleuth.scan.sighting import Sighting


class Burst(NamedTuple):
    """Lines of one kind in the time of an outage, and hardly at any other."""

    name: str
    """Of its log's file."""
    message: str
    """Of the first, without what the log puts before it; of one with a stack, what was thrown."""
    lines: int
    others: int
    """Lines like them in the stretches before and after."""
    around: int
    """Microseconds of those stretches."""
    first: Sighting
    time: int
    """UTC microseconds of the first."""

    @property
    def how_often(self) -> str:
        """How many of them there are, and at other times, as the beginning of a sentence that quotes one."""
        length = duration(self.around / SECOND)
        others = f"{self.others:,} in {length} before and after" if self.others else "none before or after"
        return f"{self.name} has {self.lines:,} lines like this in that time, and {others}"


def with_their_reason(diagnosis: Diagnosis, found: Sequence[Burst], quoted: Callable[[Burst], str]) -> Diagnosis:
    """The same with what a burst of another program's lines names, where the first cause names no reason.

    `found`: the bursts of its time. `quoted`: one of them in words.
    """
    if diagnosis.reason is not None:
        return diagnosis
    named = [(burst, words) for burst in found if (words := system_words(burst.message)) is not None]
    telling = [one for one in named if _is_behind(one[1], diagnosis)]
    if not telling:
        return diagnosis
    burst, words = min(telling, key=lambda one: one[0].time)
    sure: Confidence = "medium" if burst.time <= diagnosis.incident.onset + JOIN_US else "low"
    reason = Reason(burst.time, quoted(burst), (burst.first,), sure, advice(words, burst.message))
    return replace(diagnosis, reason=reason, category=diagnosis.category or words.category)


def _is_behind(words: SystemWords, diagnosis: Diagnosis) -> bool:
    """Whether such words may name what is behind the first cause, rather than say it once more."""
    first = diagnosis.first
    if first is None or first.meaning.known_by == "level":
        return False
    if first.category is None:
        return True
    is_of_a_backend = category_of(first.category).group == BACKENDS and diagnosis.beside is None
    return is_of_a_backend and category_of(words.category).group != BACKENDS
