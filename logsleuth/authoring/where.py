"""The layers of the library as they are here: which exist, and which patterns override or switch off others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from logsleuth.library.load import card_files, named_layers, pattern_files
from logsleuth.library.mistakes import Mistakes
from logsleuth.library.parse import read_pattern

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
        files = pattern_files(root) if root.exists() else []
        changes = []
        for path in files:
            changes += _read(path, number, owner)
        found.append((name, root, len(files), len(card_files(root)), tuple(changes)))
    return [
        Layer(name, root, root.exists(), files, cards, sum(owned == number for owned in owner.values()), changes)
        for number, (name, root, files, cards, changes) in enumerate(found)
    ]


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
