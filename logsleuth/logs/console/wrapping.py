"""Lines that a terminal or a mailer wrapped: they are joined before anything else reads them.

A terminal breaks where its last column is, in the midst of words; a mailer breaks between words, where the next one
would not have fitted. Which of the two it was, and how wide, is seen from the lines.
"""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from logsleuth.logs.console.journal import peel_journal_line
from logsleuth.logs.console.messages import follows, opens_as_known
from logsleuth.logs.console.own import own_looks
from logsleuth.logs.console.platforms import peel_heroku, peel_numbered
from logsleuth.logs.console.prompts import is_command
from logsleuth.logs.console.quotes import QUOTED, is_fence
from logsleuth.logs.others.passenger import peel_output
from logsleuth.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

NARROWEST, WIDEST = 40, 240
"""Columns of terminals."""
MAILS = range(60, 81)
"""Columns at which mailers break."""
USUAL = frozenset({79, 80, 100, 120, 132, 160})
"""Widths of terminals that a single broken line proves."""
SAMPLED = 64 * 1024
LONGEST = 1 << 20
"""Bytes of one joined line."""
NAME = re.compile(r"lines wrapped at (?P<width>\d+) columns(?P<words>, between words)?")
LABEL = re.compile(r"[\w.\-]{1,40}(?:\[\d+\])?: ")
"""`perl: warning: …` begins a message of its own."""
OPEN_ENDS = ("]", ":")
"""What a line ends with that is a head, or says what follows."""
ANY_DAY = date(2000, 12, 31)
STAMPED = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\b", re.ASCII)
"""Other programs' lines, such as dpkg's, begin so; nobody's message is broken before a whole date and time."""
DIGITS = re.compile(r"\d+")
PREFIXES = (peel_journal_line, peel_numbered, peel_heroku, peel_output)
"""What platforms put before each line."""


class Wrapping(NamedTuple):
    """How lines were broken."""

    width: int
    words: bool
    """Between words; else at the width, wherever that is."""

    @property
    def name(self) -> str:
        """As reports name it."""
        return f"lines wrapped at {self.width} columns{', between words' if self.words else ''}"

    def breaks(self, line: str, following: str) -> bool:
        """Whether a line was broken, and goes on in the one that follows."""
        if not _may_go_on(line, following, words=self.words):
            return False
        if not self.words:
            return len(line) == self.width
        return len(following.split(maxsplit=1)[0]) > self.width - len(line) - 1


def wrapping_named(name: str | None) -> Wrapping | None:
    """The wrapping of a name; None: it names another rewriting, or none."""
    found = NAME.fullmatch(name or "")
    return None if found is None else Wrapping(int(found["width"]), bool(found["words"]))


def wrapping_of(sample: bytes) -> Wrapping | None:
    """How the lines of a text were wrapped; None: they were not."""
    lines = sample[:SAMPLED].split(b"\n")
    longest = max(map(len, lines))
    if not NARROWEST <= longest <= WIDEST * 4 or len(lines) < 2:
        return None
    texts = [_unquoted(line)[1] for line in lines]
    width = max(map(len, texts))
    if not NARROWEST <= width <= WIDEST or not any(_begins(text) or opens_as_known(text) for text in texts):
        return None
    words = _by_words(texts, width) if width in MAILS else None
    return words or _by_columns(texts, width)


def _by_columns(texts: Sequence[str], width: int) -> Wrapping | None:
    """A terminal's: several different lines are broken at one width, or one at a width that terminals have."""
    wrapping = Wrapping(width, words=False)
    pairs = [pair for pair in pairwise(texts) if _may_go_on(*pair, words=False)]
    broken = [line for line, following in pairs if wrapping.breaks(line, following)]
    different = len({DIGITS.sub("0", line) for line in broken})
    return wrapping if different > (width not in USUAL) and len(broken) > len(pairs) / 2 else None


def _by_words(texts: Sequence[str], width: int) -> Wrapping | None:
    """A mailer's: all that could go on with a line would not have fitted on it, and not each line is full."""
    wrapping = Wrapping(width, words=True)
    pairs = [
        (line, following)
        for line, following in _within_records(texts)
        if _may_go_on(line, following, words=True) and (line.endswith(OPEN_ENDS) or not LABEL.match(following))
    ]
    if not all(wrapping.breaks(*pair) for pair in pairs):
        return None
    return wrapping if any(len(line) < width or line.endswith(OPEN_ENDS) for line, _ in pairs) else None


def _within_records(texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Lines that follow a head, up to the next empty line: prose before and after is no log."""
    inside = False
    for line, following in pairwise(texts):
        inside = bool(line.strip()) and (inside or _begins(line) or opens_as_known(line))
        if inside:
            yield line, following


def unwrapped(stream: BinaryIO, wrapping: Wrapping) -> Iterator[bytes]:
    """The lines of a text, joined; an empty line replaces each that was joined to the one before."""
    joined, last, held = b"", "", 0
    for raw in iter(lambda: stream.readline(LONGEST), b""):
        line = raw.rstrip(b"\r\n")
        quote, text = _unquoted(line)
        if held and wrapping.breaks(last, text) and len(joined) < LONGEST:
            rest = line[len(quote.encode("utf-8", "surrogateescape")) :]
            # some mailers leave the space at which they broke
            joined = joined.rstrip(b" ") + b" " + rest if wrapping.words else joined + rest
            held += 1
        else:
            yield from _whole(joined, held)
            joined, held = line, 1
        last = text
    yield from _whole(joined, held)


def _whole(joined: bytes, held: int) -> Iterator[bytes]:
    if held:
        yield joined
        yield from [b""] * (held - 1)


def _unquoted(line: bytes) -> tuple[str, str]:
    """A mailer's marks of quotation, and the line behind them."""
    text = line.rstrip(b"\r").decode("utf-8", "surrogateescape")
    found = QUOTED.match(text)
    return (text[: found.end()], text[found.end() :]) if found else ("", text)


def _may_go_on(line: str, following: str, *, words: bool) -> bool:
    """Whether the second line could be a part of the first; `words`: it was broken between words."""
    if not line.strip() or not following.strip() or _begins(following) or follows(following):
        return False
    if words and following[0].isspace():
        return False
    # a message of its own, unless the line before is a head that has none
    return not opens_as_known(following) or line.rstrip().endswith(OPEN_ENDS)


def _begins(text: str) -> bool:
    """Whether a line begins with a whole head, or with what no program prints in the midst of a line."""
    if STAMPED.match(text):
        return True
    own = own_looks(text)
    if own is not None:
        return own.what != "part"
    return is_fence(text) or is_command(text) or any(peel(text, ANY_DAY) is not None for peel in PREFIXES)
