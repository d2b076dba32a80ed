"""The files around a log that may hold what was in it before: where rotation has put them, and in which order."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING, cast

from logsleuth.errors import LogsleuthError
from logsleuth.logs.open.unpack import compression_of, open_packed
from logsleuth.regexes import regex
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import BinaryIO

NUMBER = regex(r"\d(?:[\dT.\-_]*\d)?")
MARK = rf"[.\-_]{NUMBER.pattern}|\.old|\.bak"
"""What rotation puts into a name, before or after its extension: .1, -20091101, .1257033600, -2009-11-01."""
PACKED = regex(r"\.(?:gz|bz2|xz|zst)\Z", needs=(".gz", ".bz2", ".xz", ".zst"))
DATE = 6
"""Digits from which on a number is a date: it grows with time, while 1, 2, 3 count backwards."""
SECOND = 1_000_000_000
"""Nanoseconds: packers may keep no finer time."""


class RotatedError(LogsleuthError):
    """The file is no longer what it was a moment ago: look again, from the old bookmark."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} was rotated while it was being read", "run it again", exit_code=3)


@dataclass(frozen=True, slots=True)
class Found:
    """A file as it was when it was looked at."""

    path: Path
    device: int
    inode: int
    size: int
    """Bytes on disk."""
    changed: int
    """When it was last written: nanoseconds since 1970, UTC."""
    compression: str | None = None
    readable: bool = True
    """False: it is there, but we may not open it."""

    def open(self) -> BinaryIO:
        """Its bytes, unpacked, from the first. Raises RotatedError if another file has its place or it is cut."""
        return self._open_raw() if self.compression is None else open_packed(self._open_raw, self.compression)

    def _open_raw(self) -> BinaryIO:
        try:
            stream = self.path.open("rb", buffering=0)
        except FileNotFoundError:
            raise RotatedError(self.path) from None
        except OSError as error:
            raise unreadable(self.path, error) from None
        now = os.fstat(stream.fileno())
        if (now.st_dev, now.st_ino) != (self.device, self.inode) or now.st_size < self.size:
            stream.close()
            raise RotatedError(self.path)
        return cast("BinaryIO", stream)


def unreadable(path: Path, error: OSError) -> LogsleuthError:
    """The error if a log cannot be read; exit code 3 (unknown)."""
    if isinstance(error, PermissionError):
        return LogsleuthError(f"no permission to read {path}", "run it with sudo, or as a member of group adm", 3)
    return LogsleuthError(f"cannot read {path}: {error.strerror or error}", "check the file", 3)


def look(path: Path) -> Found | None:
    """The file at a path now; None: there is none. Raises LogsleuthError if it can't be read."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # to open a pipe might wait forever
            raise LogsleuthError(f"{path} is not a file that can be followed", "name a log file", 3)
        with path.open("rb", buffering=0) as stream:
            return _found(path, os.fstat(stream.fileno()), compression_of(stream.read(6)))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unreadable(path, error) from None


def _found(path: Path, state: os.stat_result, compression: str | None, readable: bool = True) -> Found:
    return Found(path, state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns, compression, readable)


def with_inode(folders: Iterable[Path], device: int, inode: int) -> Found | None:
    """The file with this inode, whatever its name; links to it are not followed."""
    for folder in dict.fromkeys(folders):
        try:
            with os.scandir(folder) as entries:
                names = [e.path for e in entries if e.inode() == inode and e.is_file(follow_symlinks=False)]
        except OSError:
            continue
        for found in map(_seen, map(Path, names)):
            if found.device == device:
                return found
    return None


def below(folder: Path) -> list[Path]:
    """The folders in a folder: logrotate's `olddir` is mostly one of them."""
    try:
        with os.scandir(folder) as entries:
            return sorted(Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False))
    except OSError:
        return []


def siblings(base: Path) -> list[Found]:
    """The files beside `base` that rotation may have made of it, oldest last written first; base is not one of them."""
    named = name_of_part(base.name)
    try:
        with os.scandir(base.parent) as entries:
            names = [e.path for e in entries if named.fullmatch(e.name) and e.is_file(follow_symlinks=False)]
    except OSError:
        return []
    found = [_seen(path) for path in map(Path, names) if path != base]
    return sorted(_once(found), key=in_order)


def in_order(file: Found) -> tuple[int, tuple[str, int], Path]:
    """By which files are sorted in the order in which they were last written."""
    return file.changed, rank(file.path), file.path


def _seen(path: Path) -> Found:
    """As `look`, for other files; one that cannot be opened still counts. Raises RotatedError if it is gone."""
    try:
        found = look(path)
    except LogsleuthError:
        found = _closed(path)
    if found is None:
        raise RotatedError(path)
    return found


def _closed(path: Path) -> Found | None:
    try:
        return _found(path, path.stat(), None, readable=False)
    except OSError:
        return None


def _once(files: list[Found]) -> list[Found]:
    """While error.log.1 is being compressed, error.log.1.gz is there too, and not complete."""
    plain = {file.path for file in files if file.compression is None}
    return [file for file in files if file.compression is None or file.path.with_suffix("") not in plain]


def name_of_part(name: str) -> re.Pattern[str]:
    """What files are named that rotation makes of a log; a name with a date has siblings of other dates."""
    stem, dot, extension = PACKED.sub("", name).rpartition(".")
    before, after = (stem, dot + extension) if stem else (extension, "")
    return re.compile(f"{_any_date(before)}(?:{MARK})?{_any_date(after)}(?:{MARK})?(?:{PACKED.pattern})?")


def _any_date(part: str) -> str:
    """A regex for a part of a name, in which the dates may be others."""
    pieces = re.split(rf"({NUMBER.pattern})", part)
    return "".join(NUMBER.pattern if _is_date(piece) else re.escape(piece) for piece in pieces)


def _is_date(piece: str) -> bool:
    return sum(map(str.isdigit, piece)) >= DATE


def rank(path: Path) -> tuple[str, int]:
    """The names' kind, and a number that grows with the time of writing among names of one kind."""
    name = PACKED.sub("", path.name)
    numbers = list(NUMBER.finditer(name))
    if not numbers:
        return name, 0
    last = numbers[-1]
    digits = re.sub(r"\D", "", last[0])
    return f"{name[: last.start()]}#{name[last.end() :]}", int(digits) if _is_date(digits) else -int(digits)


def later_than(old: Found, files: Iterable[Found], since: int, renamed: bool) -> list[Found]:
    """The files that were written after `old`, in order.

    Where rotation renames files, the names give the order. Where each file keeps the name that it was created with
    (rotatelogs), small numbers do not, because seconds and `-n` start again; there the times give it.
    `since` is when `old` was last seen to be written, in nanoseconds: what is older came before it. What is as old may
    have come after it, where the file system keeps whole seconds.
    """
    if not renamed:
        return sorted((file for file in files if file.changed >= since and file.path != old.path), key=in_order)
    kind, place = rank(old.path)
    ranked = [(rank(file.path), file) for file in files if file.changed // SECOND >= since // SECOND]
    return [file for (k, n), file in sorted(ranked, key=lambda pair: pair[0]) if k == kind and n > place]
