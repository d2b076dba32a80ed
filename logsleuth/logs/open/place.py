"""Where a log's bytes lie: a file of this machine, standard input, or an object in a store (see `stores`)."""

from __future__ import annotations

import os
import stat
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from logsleuth.errors import LogsleuthError
from logsleuth.values import dataclass, replace

if TYPE_CHECKING:
    from typing import BinaryIO


class Place(Protocol):
    """A seam of three methods. What implements it can be sent to another process, and be opened there."""

    @property
    def name(self) -> str:
        """As the user named it, without credentials: it may be shown."""

    def look(self) -> Looked:
        """What is there now. Raises OSError."""

    def open(self) -> BinaryIO:
        """The bytes as they are stored, from the first; unbuffered. Raises OSError if they are no longer the same."""

    def unreadable(self, error: OSError) -> LogsleuthError:
        """What to say where `look` or reading failed."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found at a place."""

    place: Place
    """The same, which from now on only opens what was found."""
    size: int | None
    """Bytes, any of which can be read; None: a stream, which can be read once."""
    changed: float
    """When it was last written: seconds since 1970, UTC."""


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file of this machine, or a named pipe."""

    name: str
    inode: int = 0
    """Of the file that it was when it was looked at; 0: it was not."""

    def look(self) -> Looked:
        """What is there now. Raises OSError."""
        if Path(self.name).is_fifo():  # to open a pipe is to read it
            return Looked(self, None, time.time())
        with self.open() as stream:
            state = os.fstat(stream.fileno())
        return Looked(replace(self, inode=state.st_ino), state.st_size, state.st_mtime)

    def open(self) -> BinaryIO:
        """The bytes, from the first. Raises OSError, also if the file was rotated away since."""
        stream = Path(self.name).open("rb", buffering=0)  # noqa: SIM115 - the caller's
        if self.inode and os.fstat(stream.fileno()).st_ino != self.inode:
            stream.close()
            raise OSError("it was rotated while it was being read")
        return cast("BinaryIO", stream)

    def unreadable(self, error: OSError) -> LogsleuthError:
        """What to say where it could not be read."""
        if isinstance(error, PermissionError):
            return forbidden(self.name)
        return LogsleuthError(f"cannot read {self.name}: {error.strerror or error}", "check the file")


@dataclass(frozen=True, slots=True)
class StandardInput:
    """What is piped in."""

    name: str = "-"

    def look(self) -> Looked:
        """A stream."""
        return Looked(self, None, time.time())

    def open(self) -> BinaryIO:
        """The stream itself: it can be read once."""
        return sys.stdin.buffer

    def unreadable(self, error: OSError) -> LogsleuthError:
        """What to say where it could not be read."""
        return LogsleuthError(f"cannot read standard input: {error.strerror or error}", "pipe a log into it")


def forbidden(path: str) -> LogsleuthError:
    """What is wrong where a path may not be read."""
    return LogsleuthError(f"no permission to read {path}", "run it with sudo, or as a member of group adm")


def is_there(place: Place) -> bool:
    """Whether a place is no local file, or one that is still in its place."""
    if not isinstance(place, LocalFile):
        return True
    try:
        return stat.S_ISREG(Path(place.name).stat().st_mode)
    except (OSError, ValueError):
        return False
