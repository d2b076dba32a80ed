"""The words of several messages of one shape: as they stand where all say the same, a placeholder where they differ.

A column's name or a version in all of them is what they are about; a number that is another one in each says nothing.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final, TypeVar

from logsleuth.regexes import regex
from logsleuth.scan.templates import QUOTED, VARIABLE

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")

LOOKED_AT: Final = 40
"""Messages of one shape that are compared."""
LONGEST: Final = 400
"""Characters of a message that are compared: an exception may be named far behind the words of a logger."""
PLACEHOLDER: Final = "…"
VARIES: Final = regex(f"{QUOTED.pattern}|{VARIABLE.pattern}", re.ASCII)
"""What the mask takes out."""
AGAIN: Final = regex(r"\S*…(?:\S*…)*\S*")
"""A word of which a part differs: no rule knows a name or a secret by what is left of it, so nothing is."""


def some_of(several: Sequence[T]) -> Sequence[T]:
    """So many of them as are compared, from all of their time."""
    return several[:: max(len(several) // LOOKED_AT, 1)]


def wording(messages: Sequence[str]) -> str:
    """The first of them, as far as it is compared, with what is not the same in all as a placeholder."""
    pieces = _pieces(messages[0][:LONGEST])
    same = [True] * len(pieces)
    for message in dict.fromkeys(messages[1:]):
        others = _pieces(message[:LONGEST])
        same = [
            kept and nth < len(others) and others[nth] == piece
            for nth, (kept, piece) in enumerate(zip(same, pieces, strict=True))
        ]
    text = "".join(piece if kept else PLACEHOLDER for kept, piece in zip(same, pieces, strict=True))
    if PLACEHOLDER not in text:
        return text
    text = AGAIN.sub(PLACEHOLDER, text)
    begin = _beginning(messages)
    return f"{begin}{PLACEHOLDER}" if len(begin) > text.index(PLACEHOLDER) else text


def _beginning(messages: Sequence[str]) -> str:
    """The words with which all begin: some may be of another shape further on."""
    first, last = min(messages)[:LONGEST], max(messages)[:LONGEST]
    differ = (nth for nth, (one, other) in enumerate(zip(first, last, strict=False)) if one != other)
    return first[: first.rfind(" ", 0, next(differ, min(len(first), len(last)))) + 1]


def _pieces(message: str) -> list[str]:
    """What stays and what varies, by turns."""
    edges = [0]
    for found in VARIES.finditer(message):
        if found[1] is None:  # a code stays
            edges += found.span()
    return [message[begin:end] for begin, end in pairwise([*edges, len(message)])]
