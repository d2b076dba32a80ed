"""Which of a library's literals are in a text.

One compiled test for all of them: each literal is stood for by its rarest-looking part, which must be there if the
literal is. The parts are merged into a tree of alternatives, so that most places of a text are passed by at a glance.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PART = 5
"""Bytes of a literal that stand for it."""
COMMON = b" etaoinsrlhdcumfpgwybvk.,-_/'\"0123456789:"
"""From common to rare: the first byte of a part should be rare in what logs say."""


class Literals:
    """Literals made ready to be looked for."""

    def __init__(self, literals: Sequence[bytes]) -> None:
        self._literals = literals
        self._numbers: dict[bytes, list[int]] = {}
        for number, literal in enumerate(literals):
            self._numbers.setdefault(_rarest_part(literal), []).append(number)
        parts = sorted(self._numbers)
        self._shorter = {part: [other for other in parts if part.startswith(other)] for part in parts}
        self._search = re.compile(_alternatives(parts)).search if parts else None

    def within(self, text: bytes) -> list[int]:
        """The numbers of the literals that are in a text."""
        if self._search is None:
            return []
        found: set[bytes] = set()
        at = 0
        while match := self._search(text, at):
            found.add(match[0])
            at = match.start() + 1
        if not found:
            return []
        parts = {shorter for part in found for shorter in self._shorter[part]}
        return sorted(n for part in parts for n in self._numbers[part] if self._literals[n] in text)


def _rarest_part(literal: bytes) -> bytes:
    """The part of a literal that starts with its rarest byte."""
    starts = range(max(len(literal) - PART, 0) + 1)
    best = max(starts, key=lambda at: (COMMON.find(literal[at : at + 1]) % 64, -at))
    return literal[best : best + PART]


def _alternatives(parts: Iterable[bytes]) -> bytes:
    """A regex for any of these parts, the longest first; those with the same first byte share it."""
    by_first: dict[bytes, list[bytes]] = {}
    whole = False
    for part in parts:
        whole |= not part
        if part:
            by_first.setdefault(part[:1], []).append(part[1:])
    choices = [re.escape(first) + _alternatives(rest) for first, rest in sorted(by_first.items())]
    if not choices:
        return b""
    return b"(?:" + b"|".join(choices) + b")" + (b"?" if whole else b"")
