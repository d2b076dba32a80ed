"""What a program behind the server says that it waited for, in words that no pattern can know.

A line that hands on an application's message, or one that nothing knows, may name the wait that made requests fail:
“archive loaded after 38 s”. It is written when the wait is over, so that the wait began earlier than its line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.causes.model import Reason
from logsleuth.regexes import regex
from logsleuth.signals.tuning import ALMOST_ALL, LEAST_MOMENTS, LEAST_WAIT_US, TOGETHER_US
from logsleuth.timeline.text import message
from logsleuth.units import MINUTE, SECOND

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.signals.model import Signal

HANDED_ON: Final = regex(
    r"(?:mod_fcgid: stderr|AH01215(?:: stderr from [^:\n]{1,300})?|(?:AH01071: )?Got error '(?:PHP message)?"
    r"|said into std(?:err|out)): ?\"?(?P<said>[^\n]*)",
    needs=("stderr", "AH01215", "Got error", "said into"),
)
"""What a module of httpd, or FPM, writes before the words of a program."""
WAIT: Final = regex(
    r"(?i)(?<![\w.:/-])(?P<number>\d{1,6}(?:[.,]\d{1,6})?) ?(?P<unit>ms|msec|millis\w*|s|secs?|sek\w*|seconds?"
    r"|secondes?|segundos?|min|mins|minutes?)\b(?![/=-])",
    needs=tuple("0123456789"),
)
"""A length of time, in the units of more than one language."""
URL: Final = regex(
    r"(?P<url>https?://(?P<host>[A-Za-z0-9][A-Za-z0-9.-]{1,200})(?::\d{1,5})?(?:/[A-Za-z0-9_./-]{0,150})?)",
    needs=("http://", "https://"),
)
"""An address in plain characters, without what may be secret in a query."""
TO_COME: Final = regex(r"(?i)\b(?:retr(?:y|ies|ying)|expires?|cached?|every|again|next|interval|ttl)\b")
"""Words of a time that has not passed."""
UNITS: Final = {"ms": SECOND // 1000, "mi": MINUTE, "s": SECOND}
"""Microseconds, by how the unit begins."""
LONGEST_QUOTE: Final = 160
"""Characters of a message that are quoted."""


def own_words(first: Signal, signals: Sequence[Signal]) -> Reason | None:
    """What programs say that they waited for when the first cause, which names no reason, began; None: nothing.

    Only what is hardly said at other times, and whose wait had begun by then.
    """
    found = [
        (one.begin - waited, one, words)
        for one in signals
        if one is not first and (words := words_of(one)) and (waited := wait_in(words)) >= LEAST_WAIT_US
        if one.begin - waited <= first.begin + TOGETHER_US and _is_of_then(one)
    ]  # fmt: skip
    if not found:
        return None
    began, signal, words = min(found, key=lambda one: (one[0], -one[1].count))
    quote = words if len(words) <= LONGEST_QUOTE else f"{words[:LONGEST_QUOTE]}…"
    text = f"What was waited for, in the program's own words: “{quote}” ({signal.count:,} lines like this)"
    return Reason(began, text, (signal.moments[0].sighting,), "medium", _ask(words))


def _ask(words: str) -> str:
    """What to do about an address that a message names; empty: it names none."""
    named = URL.search(words)
    if named is None:
        return ""
    return (
        f"Ask {named['host']}, which the program waited for, from this server: curl -m 5 -sv {named['url']}. Until it "
        "answers, switch off what calls it, or ask its operator; then give such calls a time limit of a few seconds."
    )


def _is_of_then(signal: Signal) -> bool:
    """Whether a message was repeated, and hardly written at other times."""
    moments = len(signal.moments)
    return moments >= LEAST_MOMENTS and signal.outside <= (1 - ALMOST_ALL) * moments


def words_of(signal: Signal) -> str:
    """The words of a program in the first line of a signal, which no pattern explains; empty: a pattern does."""
    line = signal.moments[0].sighting
    handed_on = HANDED_ON.search(line.words)
    if handed_on is not None and signal.meaning.known_by == "card":
        return handed_on["said"].strip(" \"'")
    return message(line) if signal.meaning.known_by == "level" else ""


def wait_in(words: str) -> int:
    """The longest time that passed, by the words of a message, in microseconds; 0: it names none."""
    if TO_COME.search(words):
        return 0
    return max((_length(found["number"], found["unit"].lower()) for found in WAIT.finditer(words)), default=0)


def _length(number: str, unit: str) -> int:
    per = UNITS["ms"] if unit.startswith(("ms", "milli")) else UNITS["mi"] if unit.startswith("mi") else UNITS["s"]
    return int(float(number.replace(",", ".")) * per)
