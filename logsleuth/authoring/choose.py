"""Which patterns and cards are meant by the files that someone names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.library.card import Card
    from logsleuth.library.card_index import CardIndex
    from logsleuth.library.pattern import Library, Pattern


def in_files(library: Library, files: Sequence[str]) -> list[Pattern]:
    """The patterns that were read from these files and folders; all, if none is named."""
    if not files:
        return list(library.patterns)
    wanted = [Path(file).resolve() for file in files]
    return [pattern for pattern in library.patterns if _is_in(Path(pattern.origin).resolve(), wanted)]


def cards_in_files(index: CardIndex, files: Sequence[str]) -> list[Card]:
    """The cards that were read from these files and folders; all, if none is named."""
    if not files:
        return index.cards()
    wanted = [Path(file).resolve() for file in files]
    return [card for card in index.cards() if _is_in(Path(card.origin).resolve(), wanted)]


def _is_in(origin: Path, wanted: Sequence[Path]) -> bool:
    return any(origin == path or path in origin.parents for path in wanted)
