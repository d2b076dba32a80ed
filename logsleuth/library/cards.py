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
from logsleuth.library.card_index import CardIndex, index_of
from logsleuth.library.card_parse import read_cards
from logsleuth.library.load import card_files, complain, layers, packaged_folder
from logsleuth.library.mistakes import Mistakes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import BinaryIO

FORMAT = 3
"""Raise it when the meaning of the stored data changes."""


def load_cards(extra: Sequence[str | Path] = ()) -> CardIndex:
    """The cards of all layers; `extra` are the files and folders after --patterns, as for `load_library`.

    Raises LogsleuthError if any file is wrong, with every mistake and its file.
    """
    return _load([path for root in layers(extra) for path in card_files(root)])


def shipped_cards() -> CardIndex:
    """The cards that are shipped with logsleuth, whatever this machine adds to them."""
    return _load(card_files(packaged_folder()))


def _load(files: Sequence[Path]) -> CardIndex:
    state = _state_of(files)
    index = _stored(state)
    if index is None:
        content = _compiled(files, state)
        cache.store(_place(state), content)
        index = _read(BytesIO(content), state)
    return index


def _state_of(files: Sequence[Path]) -> bytes:
    """The files by name, size and time of change, as one line."""
    states = [(str(path), *_size_and_time(path)) for path in files]
    return json.dumps([FORMAT, *states]).encode() + b"\n"


def _size_and_time(path: Path) -> tuple[int, int]:
    state = path.stat()
    return state.st_size, state.st_mtime_ns


def _place(state: bytes) -> Path:
    """Two states may share a place, by chance: the first line says which one is stored."""
    return cache.folder() / f"cards-{zlib.crc32(state):08x}.jsonl"


def _stored(state: bytes) -> CardIndex | None:
    """What was stored for the files in this state, or None."""
    try:
        with cache.open_own(_place(state)) as stored:
            return _read(stored, state)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _read(stored: BinaryIO, state: bytes) -> CardIndex:
    """The compiled file: a line for the files' state, one for the index, then one for each card, parted when needed.

    Raises ValueError if it is of another state, or damaged.
    """
    if stored.readline() != state:
        raise ValueError("it is of other files")
    index, rows = json.loads(stored.readline()), stored.read()
    if index["bytes"] != len(rows):
        raise ValueError("it is not whole")
    return CardIndex(lru_cache(lambda: rows.split(b"\n")), index)


def _compiled(files: Sequence[Path], state: bytes) -> bytes:
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
    rows = b"\n".join(json.dumps(card).encode() for card in cards)
    index = {**index_of(cards), "bytes": len(rows)}
    return state + json.dumps(index).encode() + b"\n" + rows
