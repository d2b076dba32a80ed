"""The layers of the library as they are here: which exist, and which patterns override or switch off others."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from logsleuth.library.load import card_files, named_layers, pattern_files
from logsleuth.library.mistakes import Mistakes
from logsleuth.library.pack import is_folder
from logsleuth.library.parse import read_pattern
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Layer:
    """One folder or file of patterns."""

    name: str
    """shipped, system, pack NAME, user, given."""
    path: Path
    exists: bool
    files: int
    cards: int
    """Card files."""
    in_force: int
    """Patterns of this layer that no later one overrides or switches off."""
    changes: tuple[str, ...]
    """What it overrides and switches off, and files that are wrong."""


def layers_in_force(extra: Sequence[str] = ()) -> list[Layer]:
    """All layers, lowest first."""
    owner: dict[str, int] = {}
    found = []
    for number, (name, root) in enumerate(named_layers(extra)):
        there = _is_there(root)
        files, cards = (pattern_files(root), card_files(root)) if there else ([], [])
        changes = []
        for path in files:
            changes += _read(path, number, owner)
        found.append((name, root, there, len(files), len(cards), tuple(changes)))
    return [
        Layer(name, root, there, files, cards, sum(owned == number for owned in owner.values()), changes)
        for number, (name, root, there, files, cards, changes) in enumerate(found)
    ]


def _is_there(root: Path) -> bool:
    """Whether there is such a folder or file, and it is open to us."""
    return is_folder(root) or os.access(root, os.R_OK)


def _read(path: Path, layer: int, owner: dict[str, int]) -> list[str]:
    """Note whose a pattern is from here on; what that changes."""
    try:
        data = read_pattern(path.read_text(encoding="utf-8"))
    except (Mistakes, OSError, UnicodeDecodeError) as error:
        return [f"wrong      {path}: {error}"]
    name = data["id"]
    known = name in owner
    if data.get("disabled"):
        owner.pop(name, None)
        return [f"switches off {name} ({path})"] if known else [f"switches off {name}, which is not there ({path})"]
    owner[name] = layer
    return [f"overrides {name} ({path})"] if known else []
