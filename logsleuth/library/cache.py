"""The read library, kept as JSON between runs: parsing 500 TOML files costs more than a small log.

Imports are late: a run that finds what it looks for needs neither hashes nor temporary files.
"""

from __future__ import annotations

import json
import os
import stat
import zlib
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from logsleuth.home import user_folder
from logsleuth.library.pattern import Library
from logsleuth.library.rows import NOTHING_SHOWN, pattern_of, row_of, shown_row

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

KEPT = 8
"""Sets of pattern files that are remembered: the packaged ones, and those that someone is writing."""
FORMAT = 10
"""Raise it when the meaning of the stored data changes, of cards too, and with every change of a fragment."""
CARDS = "codes"
"""The name of the folders that hold card files, which library/cards.py keeps; all other files are patterns."""
READ_AT_ONCE = 1 << 20
"""Bytes: lines are as long, and read in small pieces else."""
OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH


def state_of(roots: Sequence[Path], *, cards: bool = False) -> bytes | None:
    """All pattern files (or card files) under these files and folders, by name, size and time of change, as one line.

    None: they can't be read.
    """
    try:
        files = [(str(root), *found) for root in roots for found in files_below(os.path.realpath(root), cards=cards)]
    except OSError:
        return None
    return json.dumps([FORMAT, list(map(str, roots)), files]).encode() + b"\n"


def read(state: bytes | None, *, examples: bool = True) -> Library | None:
    """The library that was stored for the files in this state, or None. `examples`: with those of each pattern.

    One line is the state, one the patterns, one their examples.
    """
    if state is None:
        return None
    try:
        with open_own(_place(state)) as stored:
            if stored.readline() != state:
                return None
            digest, origins, rows = json.loads(stored.readline())
            shown = json.loads(stored.readline()) if examples else [NOTHING_SHOWN] * len(rows)
        return Library(tuple(map(pattern_of, rows, shown)), digest, tuple(origins))
    except (OSError, ValueError, TypeError):  # damaged, or not there
        return None


def write(state: bytes | None, library: Library) -> None:
    """Store it."""
    if state is None:
        return
    rows = [row_of(pattern) for pattern in library.patterns]
    lines = ([library.digest, library.origins, rows], [shown_row(pattern) for pattern in library.patterns])
    store(_place(state), state + "".join(f"{json.dumps(line)}\n" for line in lines).encode())


def open_own(place: Path) -> BinaryIO:
    """A stored file, if nobody but this user or root may have written it. Raises OSError."""
    file = place.open("rb", buffering=READ_AT_ONCE)
    state = os.fstat(file.fileno())
    is_safe = not hasattr(os, "geteuid") or (
        state.st_uid in (os.geteuid(), 0) and not state.st_mode & OTHERS_MAY_WRITE and stat.S_ISREG(state.st_mode)
    )
    if not is_safe:
        file.close()
        raise PermissionError(f"{place} may be somebody else's work")
    return file


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


def _place(state: bytes) -> Path:
    """Two states may share a place, by chance: what is stored says which it is of."""
    return folder() / f"library-{zlib.crc32(state):08x}.json"


def files_below(root: str, *, cards: bool) -> list[tuple[str, int, int]]:
    """The pattern files, or card files, of one root: path, size, nanoseconds of the last change. Raises OSError."""
    if os.path.isdir(root):  # noqa: PTH112 - hundreds of files, and a Path costs as much as asking the disk
        return list(_within(root, cards=cards))
    if cards != (os.path.basename(os.path.dirname(root)) == CARDS):  # noqa: PTH119, PTH120
        return []
    state = os.stat(root)  # noqa: PTH116
    return [(root, state.st_size, state.st_mtime_ns)]


def _within(folder: str, *, cards: bool) -> Iterator[tuple[str, int, int]]:
    wanted = cards == (os.path.basename(folder) == CARDS)  # noqa: PTH119
    with os.scandir(folder) as found:
        entries = sorted(found, key=attrgetter("name"))
    for entry in entries:
        if entry.name.endswith(".toml"):
            if wanted:
                state = entry.stat()
                yield entry.path, state.st_size, state.st_mtime_ns
        elif (cards or entry.name != CARDS) and entry.is_dir(follow_symlinks=False):
            yield from _within(entry.path, cards=cards)
