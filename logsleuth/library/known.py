"""Whether any line of a text is known: asked before a text of which nothing else can be said is refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from logsleuth.library.card_index import CardIndex
    from logsleuth.library.pattern import Library, Pattern

LEAST_WORDS = 3
"""Of a line that a card alone may know: two words may be anybody's."""


def knowing(library: Library, extra: Sequence[str]) -> Callable[[Sequence[str]], int]:
    """What counts the lines, without heads, that a pattern or a card knows.

    `extra`: the files and folders after --patterns, which may hold cards. Cards are loaded when it is asked.
    """

    def known(texts: Sequence[str]) -> int:
        from logsleuth.library.cards import load_cards  # noqa: PLC0415 - httpd's own logs need none

        index = load_cards(extra)
        return sum(_by_pattern(library, text) or _by_card(index, text) for text in texts)

    return known


def _by_pattern(library: Library, text: str) -> bool:
    ours = (one for one in library.patterns if one.trusted and (not one.scope.sources or "httpd" in one.scope.sources))
    return any(_fits(pattern, text) for pattern in ours)


def _fits(pattern: Pattern, text: str) -> bool:
    """Whether a pattern matches a line by itself."""
    return any(
        match.contains in text and (match.regex is None or re.search(match.regex, text) is not None)
        for match in pattern.matches
    )


def _by_card(cards: CardIndex, text: str) -> bool:
    return len(text.split()) >= LEAST_WORDS and cards.find("", "", text) is not None
