"""Loading the cards: the folders `codes` of all layers, kept as one file between runs.

Nothing here runs before somebody looks a card up: `load_cards` is called when the Timeline is built.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from logsleuth.library import cache
from logsleuth.library.card_index import CardIndex, in_force, index_of
from logsleuth.library.load import card_files, complain, layers, packaged_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def load_cards(extra: Sequence[str | Path] = ()) -> CardIndex:
    """The cards of all layers; `extra` are the files and folders after --patterns, as for `load_library`.

    Raises LogsleuthError if any file is wrong, with every mistake and its file.
    """
    return _load(layers(extra))


def shipped_cards() -> CardIndex:
    """The cards that are shipped with logsleuth, whatever this machine adds to them."""
    return _load((packaged_folder(),))


def _load(roots: Sequence[Path]) -> CardIndex:
    state = cache.state_of(roots, cards=True)
    parts = cache.read("cards", state)
    if parts is None:
        parts = _compiled([path for root in roots for path in card_files(root)])
        cache.keep("cards", state, parts)
    *index, rows = parts
    return CardIndex(cache.Lines(rows), *index)


def _compiled(files: Sequence[Path]) -> list[bytes]:
    """The parts of the index, and a row for each card."""
    from logsleuth.library.card_parse import read_cards  # noqa: PLC0415 - only where nothing is kept yet
    from logsleuth.library.mistakes import Mistakes  # noqa: PLC0415

    cards: list[dict[str, Any]] = []
    wrong: list[str] = []
    for path in files:
        try:
            cards += [{**card, "origin": os.fspath(path)} for card in read_cards(path.read_text(encoding="utf-8"))]
        except Mistakes as mistakes:
            wrong += [f"{path}: {sentence}" for sentence in mistakes.sentences]
        except (OSError, UnicodeDecodeError) as error:
            wrong.append(f"{path}: cannot be read: {error}")
    if wrong:
        complain(wrong, "card files", "see docs/card-format.md")
    cards = in_force(cards)
    return [*index_of(cards), b"".join(json.dumps(card).encode() + b"\n" for card in cards)]
