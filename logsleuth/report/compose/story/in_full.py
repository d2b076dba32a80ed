"""What a message says in its own words: its first line, and those in which it goes on.

A message of several lines is logged as one line each, and what it is about may be in the last: “Core version: 9.2.0”.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Final

from logsleuth.library.meaning import at_a_word
from logsleuth.regexes import regex
from logsleuth.report.words import joined
from logsleuth.timeline.text import message
from logsleuth.units import SECOND

if TYPE_CHECKING:
    from logsleuth.causes.model import Cause
    from logsleuth.scan.sighting import Sighting
    from logsleuth.signals.model import Signal

LONGEST: Final = 200
"""Characters of a message that are quoted in a sentence."""
LONGEST_LINE: Final = 60
"""Characters of a line in which a message goes on."""
LINES: Final = 4
"""Such lines that are quoted."""
GOES_ON: Final = regex(r"(?:LINE \d+|DETAIL|HINT|CONTEXT): |\[SQL: |\[parameters: ")
"""How the further lines of a database's message begin; of others, only a colon at the end says that they go on."""
CHAINED: Final = ("The above exception was", "During handling of the above")
"""How Python leads on to the next exception of a chain."""
CONTEXT: Final = ' {"'
"""How the data begins that Monolog and others write behind a message."""


def quote(signal: Signal) -> str:
    """The first of its messages, without the data behind it."""
    return at_a_word(message(signal.moments[0].sighting).split(CONTEXT, 1)[0], LONGEST)


def in_full(cause: Cause) -> str:
    """The first message of a cause with the lines in which it goes on, in quotation marks."""
    rest = goes_on(cause)
    return f"“{quote(cause.signal)}”{f', {rest}' if rest else ''}"


def goes_on(cause: Cause) -> str:
    """The lines in which the first message of a cause goes on, in quotation marks; empty: there are none.

    They are told with the cause, nothing knows them by themselves, and one process wrote all of it at once.
    """
    first = cause.signal.moments[0].sighting
    lines = [one.moments[0].sighting for one in cause.also if one.meaning.known_by == "level"]
    below = sorted((line for line in lines if _is_right_below(first, line)), key=lambda line: line.offset)
    if not cause.signal.meaning.is_thrown and not message(first).rstrip().endswith(":"):
        below = [line for line in below if GOES_ON.match(message(line))]
    below = list(takewhile(lambda line: not message(line).startswith(CHAINED), below))
    return joined([f"“{at_a_word(message(line), LONGEST_LINE)}”" for line in below[:LINES]])


def _is_right_below(first: Sighting, line: Sighting) -> bool:
    of_one = (line.log, line.reporter, line.tid) == (first.log, first.reporter, first.tid)
    return of_one and line.offset > first.offset and abs(line.time - first.time) < SECOND
