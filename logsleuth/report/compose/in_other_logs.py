"""The reason in another program's log, where requests failed and httpd's own logs do not say why.

What a directory's client, a database or the system writes is in words that no pattern of httpd knows. But where its log
has such lines in the time of the outage alone, and they name what failed in words that many programs use, they are the
likeliest reason that the logs show.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from logsleuth.causes.model import Reason
from logsleuth.library.system_words import advice, system_words
from logsleuth.report.words import LONGEST_QUOTE, cut
from logsleuth.signals.tuning import JOIN_US

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.causes.model import Confidence, Diagnosis
    from logsleuth.report.compose.bursts import Burst


def of_other_logs(diagnosis: Diagnosis, found: Sequence[Burst]) -> Diagnosis:
    """The same with what a burst of another program's lines names, where the first cause names neither kind nor reason.

    `found`: the bursts of its time.
    """
    first = diagnosis.first
    if first is None or first.category is not None or first.meaning.known_by == "level" or diagnosis.reason is not None:
        return diagnosis
    named = [(burst, words) for burst in found if (words := system_words(burst.message)) is not None]
    if not named:
        return diagnosis
    burst, words = min(named, key=lambda one: one[0].time)
    text = f"{burst.how_often}: “{cut(burst.message, LONGEST_QUOTE)}”"
    sure: Confidence = "medium" if burst.time <= diagnosis.incident.onset + JOIN_US else "low"
    reason = Reason(burst.time, text, (burst.first,), sure, advice(words, burst.message))
    return replace(diagnosis, reason=reason, category=diagnosis.category or words.category)
