"""The read library, kept as JSON between runs: parsing 350 TOML files costs more than a small log.

Imports are late: a run that finds what it looks for needs neither hashes nor temporary files.
"""

from __future__ import annotations

import json
import os
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from logsleuth.home import user_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

KEPT = 8
"""Sets of pattern files that are remembered: the packaged ones, and those that someone is writing."""
FORMAT = 2
"""Raise it when the meaning of the stored data changes."""
CARDS = "codes"
"""The name of the folders that hold card files, which library/cards.py keeps; all other files are patterns."""
ONLY_SHOWN = ("example", "counter_example")
"""What a pattern holds that no log is read by: half of all bytes, and kept apart."""


def state_of(roots: Sequence[Path]) -> str | None:
    """All pattern files under these files and folders, by name, size and time of change; None: they can't be read."""
    try:
        files = [(str(root), *found) for root in roots for found in sorted(_files(os.path.realpath(root)))]
    except OSError:
        return None
    return "\n".join([str(FORMAT), *(f"{root}\0{path}\0{size}\0{changed}" for root, path, size, changed in files)])


def read(state: str | None, *, examples: bool = True) -> dict[str, Any] | None:
    """What was stored for the files in this state, or None. `examples`: with those of each pattern."""
    if state is None:
        return None
    try:
        with _place(state).open("rb") as stored:
            content = json.loads(stored.readline())
            if not isinstance(content, dict) or content.get("state") != state:
                return None
            if examples:
                for (_, pattern), shown in zip(content["patterns"], json.loads(stored.readline()), strict=True):
                    pattern.update(shown)
    except (OSError, ValueError, KeyError):
        return None
    return content if {"digest", "patterns"} <= content.keys() else None


def write(state: str | None, content: dict[str, Any]) -> None:
    """Store it, with what is only shown in a second line."""
    if state is None:
        return
    apart = [{key: data[key] for key in ONLY_SHOWN if key in data} for _, data in content["patterns"]]
    used = [(path, {key: data[key] for key in data if key not in ONLY_SHOWN}) for path, data in content["patterns"]]
    lines = (json.dumps({**content, "state": state, "patterns": used}), json.dumps(apart))
    store(_place(state), "".join(f"{line}\n" for line in lines).encode())


def store(place: Path, content: bytes) -> None:
    """Write a file of `folder()`, whole or not at all; a folder that cannot be written is no error, only slower.

    Of files that begin and end alike (`library-….json`), the last few are kept.
    """
    import tempfile  # noqa: PLC0415

    try:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as out:
            out.write(content)
        Path(out.name).replace(place)
        alike = place.parent.glob(f"{place.name.split('-', 1)[0]}-*{place.suffix}")
        for old in sorted(alike, key=lambda path: path.stat().st_mtime)[:-KEPT]:
            old.unlink()
    except OSError:
        return


def folder() -> Path:
    """Where logsleuth keeps what it can make again."""
    return user_folder("cache")


def _place(state: str) -> Path:
    """Two states may share a place, by chance: what is stored says which it is of."""
    return folder() / f"library-{zlib.crc32(os.fsencode(state)):08x}.json"


def _files(root: str) -> Iterator[tuple[str, int, int]]:
    """The pattern files of one root: path, size, nanoseconds of the last change. Raises OSError."""
    if not os.path.isdir(root):  # noqa: PTH112 - hundreds of files, and a Path costs as much as asking the disk
        state = os.stat(root)  # noqa: PTH116
        yield root, state.st_size, state.st_mtime_ns
        return
    with os.scandir(root) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name != CARDS:
                    yield from _files(entry.path)
            elif entry.name.endswith(".toml"):
                state = entry.stat()
                yield entry.path, state.st_size, state.st_mtime_ns
