"""The read library, kept as JSON between runs: parsing 200 TOML files costs more than a small log."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

KEPT = 8
"""Sets of pattern files that are remembered: the packaged ones, and those that someone is writing."""
FORMAT = 1
"""Raise it when the meaning of the stored data changes."""


def read(files: Sequence[Path]) -> dict[str, Any] | None:
    """What was stored for exactly these files as they are now, or None."""
    try:
        stored = json.loads(_place(files).read_bytes())
    except (OSError, ValueError):
        return None
    return stored if isinstance(stored, dict) and {"digest", "patterns"} <= stored.keys() else None


def write(files: Sequence[Path], content: dict[str, Any]) -> None:
    """Store it, whole or not at all; a folder that cannot be written is no error, only slower."""
    try:
        place = _place(files)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile("w", dir=place.parent, delete=False, encoding="utf-8") as out:
            json.dump(content, out)
        Path(out.name).replace(place)
        for old in sorted(place.parent.glob("library-*.json"), key=lambda path: path.stat().st_mtime)[:-KEPT]:
            old.unlink()
    except OSError:
        return


def folder() -> Path:
    """Where logsleuth keeps what it can make again."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "logsleuth"


def _place(files: Sequence[Path]) -> Path:
    key = hashlib.sha256(str(FORMAT).encode())
    folders = {folder: folder.resolve() for folder in {path.parent for path in files}}  # few: resolving is slow
    for path in files:
        state = path.stat()
        key.update(os.fsencode(f"{path}\0{folders[path.parent]}\0{state.st_size}\0{state.st_mtime_ns}\0"))
    return folder() / f"library-{key.hexdigest()[:32]}.json"
