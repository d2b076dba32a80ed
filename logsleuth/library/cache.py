"""What pattern and card files say, kept between runs: parsing 700 TOML files costs more than a small log.

Imports are late: a run that finds what it looks for needs neither hashes nor temporary files.
"""

from __future__ import annotations

import json
import os
import stat
import zlib
from collections.abc import Sequence
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, overload

from logsleuth.home import user_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

KEPT = 8
"""Sets of pattern files that are remembered: the packaged ones, and those that someone is writing."""
FORMAT = 20
"""Raise it when the meaning of the stored data changes, of cards too, and with every change of a fragment."""
CARDS = "codes"
"""The name of the folders that hold card files, which library/cards.py keeps; all other files are patterns."""
READ_AT_ONCE = 1 << 20
"""Bytes: what is kept is read in small pieces else."""
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


def read(kind: str, state: bytes | None) -> list[bytes] | None:
    """The parts that were kept of what the files in this state say, or None. `kind`: 'library' or 'cards'.

    One line is the state, so that two states may share a name by chance; one the lengths of the parts.
    """
    if state is None:
        return None
    try:
        with open_own(_place(kind, state)) as kept:
            if kept.readline() != state:
                return None
            lengths = json.loads(kept.readline())
            parts = [kept.read(length) for length in lengths]
        return parts if [len(part) for part in parts] == lengths else None
    except (OSError, ValueError, TypeError):  # damaged, or not there
        return None


def keep(kind: str, state: bytes | None, parts: Sequence[bytes]) -> None:
    """Keep them."""
    if state is not None:
        lengths = json.dumps([len(part) for part in parts]).encode() + b"\n"
        store(_place(kind, state), b"".join((state, lengths, *parts)))


class Lines(Sequence[bytes]):
    """The lines of a part, which is parted when the first is asked for."""

    def __init__(self, part: bytes) -> None:
        self._part = part
        self._lines: list[bytes] = []

    def _all(self) -> list[bytes]:
        if not self._lines:
            self._lines = self._part.split(b"\n")[:-1]  # each ends in a newline
        return self._lines

    def __len__(self) -> int:
        """Their number."""
        return len(self._all())

    @overload
    def __getitem__(self, number: int) -> bytes: ...
    @overload
    def __getitem__(self, number: slice) -> list[bytes]: ...
    def __getitem__(self, number: int | slice) -> bytes | list[bytes]:
        """One or some of them."""
        return self._all()[number]


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

    Of files that begin and end alike (`library-….kept`), the last few are kept.
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


def _place(kind: str, state: bytes) -> Path:
    return folder() / f"{kind}-{zlib.crc32(state):08x}.kept"


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
