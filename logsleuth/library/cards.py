"""Loading the cards: the folders `codes` of all layers, kept as one compiled file between runs.

Nothing here runs before somebody looks a card up: `load_cards` is called when the Timeline is built.
"""

from __future__ import annotations

import json
import os
import zlib
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from logsleuth.library import cache
from logsleuth.library.card_index import CardIndex, in_force, index_of
from logsleuth.library.load import card_files, complain, layers, packaged_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import BinaryIO


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
    index = None if state is None else _stored(state)
    if index is None:
        compiled = _compiled([path for root in roots for path in card_files(root)])
        if state is not None:
            cache.store(_place(state), state + compiled)
        index = _read(BytesIO(compiled))
    return index


def _place(state: bytes) -> Path:
    """Two states may share a place, by chance: the first line says which one is stored."""
    return cache.folder() / f"cards-{zlib.crc32(state):08x}.jsonl"


def _stored(state: bytes) -> CardIndex | None:
    """What was stored for the files in this state, or None."""
    try:
        with cache.open_own(_place(state)) as stored:
            return _read(stored) if stored.readline() == state else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _read(compiled: BinaryIO) -> CardIndex:
    """What is compiled: a line for the index, then one for each card, parted when needed.

    Raises ValueError if it is damaged.
    """
    index, rows = json.loads(compiled.readline()), compiled.read()
    if index["bytes"] != len(rows):
        raise ValueError("it is not whole")
    return CardIndex(lru_cache(lambda: rows.split(b"\n")), index)


def _compiled(files: Sequence[Path]) -> bytes:
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
    rows = b"\n".join(json.dumps(card).encode() for card in cards)
    index = {**index_of(cards), "bytes": len(rows)}
    return json.dumps(index).encode() + b"\n" + rows
