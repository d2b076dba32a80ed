"""A message's template as its source has it (`could not bind to address %pI`), held against what a log says.

printf's conversions become holes: numbers take digits, all else takes any text of one line. A template is cut at the
holes that take any text; the pieces between them must follow each other, and the first stands at the beginning. To
look for each piece at its first possible place is then enough, so that no text is looked through more than once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logsleuth.library.card import HOLE
from logsleuth.regexes import regex
from logsleuth.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

NUMBERS = {**dict.fromkeys("diu", r"-?\d+"), **dict.fromkeys("xX", r"(?:0x)?[0-9a-fA-F]+"), "o": r"[0-7]+", "c": "."}
NUMBERS |= dict.fromkeys("fgeE", r"-?\d[\d.e+\-]*")
"""What a conversion prints, if that is not any text."""
WORD = regex(r"[A-Za-z0-9_]{2,}")
TORN_FIRST = regex(r"\A[A-Za-z0-9_]+")
TORN_LAST = regex(r"[A-Za-z0-9_]+\Z")
"""What touches a hole may be a part of a longer word."""
LONGEST_LEAD = 200
"""Characters that a hole at the very beginning takes: a function, a directive, a server, a path; never blanks."""


class Template(NamedTuple):
    """One template, made ready."""

    pieces: tuple[re.Pattern[str], ...]
    led: bool
    """It begins with a hole that takes any text: then that text holds no blank."""


def prepare(text: str) -> Template:
    """The template for a printf text."""
    pieces = [""]
    for literal, hole in _parts(text):
        pieces[-1] += re.escape(literal)
        if hole is None:
            continue
        if (number := NUMBERS.get(hole[-1])) and not hole.endswith("pX"):
            pieces[-1] += number
        elif pieces[-1] or len(pieces) == 1:
            pieces.append("")
    led = len(pieces) > 1 and not pieces[0]
    return Template(tuple(re.compile(piece) for piece in pieces if piece), led)


def fits(template: Template, text: str) -> bool:
    """Whether a message may have been made from a template; what follows the template's end is free."""
    at = 0
    for number, piece in enumerate(template.pieces):
        if number == 0 and not template.led:
            found = piece.match(text)
        else:
            found = piece.search(text, at)
        if found is None or (number == 0 and template.led and not _is_lead(text[: found.start()])):
            return False
        at = found.end()
    return bool(template.pieces)


def weight(text: str) -> int:
    """How much a template says by itself: its characters that are no holes."""
    return len(HOLE.sub("", text))


def words(text: str) -> set[str]:
    """The whole words of a template that stand in every message made from it."""
    found: set[str] = set()
    after_hole = False
    for literal, hole in _parts(text):
        inner = TORN_FIRST.sub("", literal) if after_hole else literal
        found.update(WORD.findall(inner if hole is None else TORN_LAST.sub("", inner)))
        after_hole = True
    return found


def _is_lead(text: str) -> bool:
    return len(text) <= LONGEST_LEAD and not any(char.isspace() for char in text)


def _parts(text: str) -> Iterator[tuple[str, str | None]]:
    """Each literal piece with the conversion that follows it (None at the end); `%%` is a literal."""
    literal, at = "", 0
    for found in HOLE.finditer(text):
        literal += text[at : found.start()]
        at = found.end()
        if found[0] == "%%":
            literal += "%"
        else:
            yield literal, found[0]
            literal = ""
    yield literal + text[at:], None
