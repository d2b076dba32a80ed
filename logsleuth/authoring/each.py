"""What each line of a log means by itself, line by line: by a pattern, else by a card, else by its level and module."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logsleuth.authoring.explain import Meaning, read_lines
from logsleuth.library.pattern import ROLES
from logsleuth.library.unknown import describe
from logsleuth.logs.format.sniff import sniff
from logsleuth.logs.httpd.tokenize import tokenize
from logsleuth.scan.matcher import Matcher
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logsleuth.authoring.reading import Said
    from logsleuth.library.card import Card
    from logsleuth.library.card_index import CardIndex
    from logsleuth.library.pattern import About, Library, Pattern, Phase, Role, Severity

SENTENCE = re.compile(r".+?[.!?](?=\s|$)", re.DOTALL)
BY_ROLE = {role: rank for rank, role in enumerate(ROLES)}
"""Of several patterns that match a line, the gravest role speaks."""


@dataclass(frozen=True, slots=True)
class Known:
    """What one line means."""

    line: int
    """Its number, from 1."""
    known_by: tuple[str, ...] = ()
    """Ids of patterns, or of one card; empty: nothing knows it, and the rest follows from level and module alone."""
    category: str | None = None
    role: Role | None = None
    about: About | None = None
    phase: Phase | None = None
    severity: Severity | None = None
    meaning: str = ""


class Explainer:
    """Explains lines with one library and its cards. Remembers whether the server was up."""

    def __init__(self, library: Library, cards: CardIndex) -> None:
        self._library, self._cards, self._matcher = library, cards, Matcher(library)
        self._is_up: bool | None = None

    def each(self, lines: Iterable[bytes]) -> Iterator[Known]:
        """What each line means, in order; a line without any text gives an empty answer."""
        for number, line in enumerate(lines, 1):
            yield self._line(number, line)

    def _line(self, number: int, line: bytes) -> Known:
        said = self._read(line)
        if said is None:
            return Known(number)
        meanings = [Meaning(self._library.patterns[hit.pattern], hit.fields) for hit in said.hits]
        self._follow(meaning.pattern for meaning in meanings)
        own = [meaning for meaning in meanings if not meaning.pattern.fallback]
        card = self._cards.find(*said.kind, said.text)
        if own or (meanings and card is None):
            return _by_patterns(number, own or meanings, card)
        return _by_card(number, card) if card is not None else self._by_level(number, line, said)

    def _read(self, line: bytes) -> Said | None:
        data = line.rstrip(b"\r\n") + b"\n"
        if not data.strip():
            return None
        return next(iter(read_lines(self._matcher, data, sniff(data, complete=True))), None)

    def _follow(self, patterns: Iterable[Pattern]) -> None:
        """Note what the line says of the server's life."""
        for pattern in patterns:
            if pattern.about == "server" and pattern.role in ("recovery", "shutdown"):
                self._is_up = pattern.role == "recovery"

    def _by_level(self, number: int, line: bytes, said: Said) -> Known:
        record = tokenize(line.rstrip(b"\r\n"))
        module, level = said.kind
        about, phase, severity, meaning = describe(
            module, level, has_client=record.client is not None, is_up=self._is_up
        )
        return Known(number, about=about, phase=phase, severity=severity, meaning=meaning)


def _by_patterns(number: int, meanings: list[Meaning], card: Card | None) -> Known:
    """What patterns say of a line. A pattern may stand for many messages: the card of this one adds its sentence."""
    refined = {name for meaning in meanings for name in meaning.pattern.refines}
    naming = [meaning for meaning in meanings if meaning.pattern.id not in refined] or meanings
    first = min(naming, key=lambda meaning: (BY_ROLE[meaning.pattern.role], meaning.pattern.id))
    pattern = first.pattern
    known_by = dict.fromkeys([pattern.id, *(meaning.pattern.id for meaning in naming), *([card.id] if card else [])])
    sentences = [sentence_of(first), *([card.meaning] if card else [])]
    return Known(
        number, tuple(known_by), pattern.category, pattern.role, pattern.about, pattern.phase, pattern.severity,
        " ".join(sentences),
    )  # fmt: skip


def _by_card(number: int, card: Card) -> Known:
    return Known(
        number, (card.id,), card.category, card.role, card.about, card.phase, card.severity, card.meaning
    )  # fmt: skip


def sentence_of(meaning: Meaning) -> str:
    """A sentence of the pattern's own: its summary if nothing but captures is filled in, else why it happens."""
    explain, pattern = meaning.explain, meaning.pattern
    summary = meaning.fill(explain.summary)
    if summary and "…" not in summary:
        return summary
    found = SENTENCE.match(explain.cause)
    return f"{pattern.title}: {found[0] if found else explain.cause}"
