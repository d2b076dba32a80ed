"""What a program behind the server says of the reason, in words that no pattern can know.

A line that hands on an application's message, or one that nothing knows, may name the wait that made requests fail:
“archive loaded after 38 s”. It is written when the wait is over, so that the wait began earlier than its line. Or it
names the failure itself: “fatal: detected dubious ownership in repository”.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from logsleuth.causes.model import Reason
from logsleuth.library.meaning import FAILURE_WORDS
from logsleuth.library.system_words import system_words
from logsleuth.regexes import regex
from logsleuth.scan.templates import mask
from logsleuth.signals.tuning import ALMOST_ALL, LEAST_MOMENTS, LEAST_WAIT_US, MOST, TOGETHER_US
from logsleuth.timeline.text import message
from logsleuth.units import MINUTE, SECOND

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.scan.sighting import Sighting
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
    """What programs say of the reason when the first cause, which names none, began; None: nothing.

    Only what is hardly said at other times: what they waited for, if the wait had begun by then, or what failed.
    """
    return _wait(first, signals) or _failure(first, signals)


def _wait(first: Signal, signals: Sequence[Signal]) -> Reason | None:
    """What programs waited for."""
    found = [
        (one.begin - waited, one, words)
        for one in signals
        if one is not first and (words := words_of(one)) and (waited := wait_in(words)) >= LEAST_WAIT_US
        if one.begin - waited <= first.begin + TOGETHER_US and _is_of_then(one)
    ]  # fmt: skip
    if not found:
        return None
    began, signal, words = min(found, key=lambda one: (one[0], -one[1].count))
    text = f"What requests waited for, as the program logged it: “{_cut(words)}” ({signal.count:,} lines like this)"
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


def _failure(first: Signal, signals: Sequence[Signal]) -> Reason | None:
    """What failed, where a module hands on what programs write: of what they say, the failure that they name most."""
    for one in signals:
        if not one.meaning.fallback or one.begin > first.begin + TOGETHER_US or not _is_of_then(one):
            continue
        said = [(words, moment.sighting) for moment in one.moments if (words := _handed_on(moment.sighting))]
        failures = Counter(mask(words) for words, _ in said if FAILURE_WORDS.search(words))
        shape, times = failures.most_common(1)[0] if failures else ("", 0)
        if times >= MOST * len(one.moments):
            words, line = next(each for each in said if mask(each[0]) == shape)
            return Reason(one.begin, f"In the program's own words: “{_cut(words)}”", (line,), "medium")
    return None


def _cut(words: str) -> str:
    return words if len(words) <= LONGEST_QUOTE else f"{words[:LONGEST_QUOTE]}…"


def category_in_words(first: Signal) -> str | None:
    """The kind of outage that a cause's lines name, where its pattern says only that an application failed.

    Most of its lines name one in well-known words, such as those of a database's error. None: they do not.
    """
    meaning = first.meaning
    if meaning.known_by != "pattern" or meaning.names != "failure" or meaning.about not in {"request", "worker"}:
        return None
    found = (system_words(moment.sighting.words) for moment in first.moments)
    named = Counter(one.category for one in found if one is not None)
    category, lines = named.most_common(1)[0] if named else (None, 0)
    return category if lines >= MOST * len(first.moments) else None


def _is_of_then(signal: Signal) -> bool:
    """Whether a message was repeated, and hardly written at other times."""
    moments = len(signal.moments)
    return moments >= LEAST_MOMENTS and signal.outside <= (1 - ALMOST_ALL) * moments


def words_of(signal: Signal) -> str:
    """The words of a program in the first line of a signal, which no pattern explains; empty: a pattern does."""
    line = signal.moments[0].sighting
    handed_on = _handed_on(line)
    if handed_on and signal.meaning.known_by == "card":
        return handed_on
    return message(line) if signal.meaning.known_by == "level" else ""


def _handed_on(line: Sighting) -> str:
    """What a program wrote, in the line of a module that hands it on; empty: the line is no such one."""
    found = HANDED_ON.search(line.words)
    if found is None:
        return ""
    said = found["said"].strip()
    unpaired = [quote for quote in "\"'" if said.endswith(quote) and said.count(quote) % 2]
    return said.rstrip("\"'") if unpaired else said


def wait_in(words: str) -> int:
    """The longest time that passed, by the words of a message, in microseconds; 0: it names none."""
    if TO_COME.search(words):
        return 0
    return max((_length(found["number"], found["unit"].lower()) for found in WAIT.finditer(words)), default=0)


def _length(number: str, unit: str) -> int:
    per = UNITS["ms"] if unit.startswith(("ms", "milli")) else UNITS["mi"] if unit.startswith("mi") else UNITS["s"]
    return int(float(number.replace(",", ".")) * per)
