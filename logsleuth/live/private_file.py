"""Files that only this user may write, in folders that others may write to as well (such as /tmp).

Somebody may have put something else in their place: a link to a file that is then overwritten, a pipe that nobody
reads, a state of their own making. What is opened is looked at before it is used.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from logsleuth.errors import LogsleuthError

if TYPE_CHECKING:
    from pathlib import Path

ALWAYS = sum(getattr(os, flag, 0) for flag in ("O_CLOEXEC", "O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))
"""No link is followed, and a pipe does not keep us waiting. Windows has none of this but O_BINARY."""
PRIVATE = 0o600
OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH
UNKNOWN = 3
"""The exit code of probes."""


def open_to_read(path: Path) -> int:
    """A file descriptor. Raises OSError, or LogsleuthError if the file may be somebody else's work."""
    return _looked_at(path, os.open(path, os.O_RDONLY | ALWAYS))


def open_to_lock(path: Path) -> int:
    """A file descriptor of a file that is made if it is not there. Raises as `open_to_read` does."""
    return _looked_at(path, os.open(path, os.O_RDWR | os.O_CREAT | ALWAYS, PRIVATE))


def open_new(path: Path) -> int:
    """A file descriptor of a new file, in place of what a killed run may have left there. Raises OSError."""
    path.unlink(missing_ok=True)  # of a link, the link itself
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | ALWAYS, PRIVATE)


def _looked_at(path: Path, handle: int) -> int:
    wrong = _suspicion(os.fstat(handle))
    if wrong:
        os.close(handle)
        raise LogsleuthError(f"{path} {wrong}", "remove it, or name another place: --state FILE", UNKNOWN)
    return handle


def _suspicion(state: os.stat_result) -> str:
    """What speaks against using a file; '' if nothing does."""
    if not stat.S_ISREG(state.st_mode):
        return "is not a regular file"
    if not hasattr(os, "geteuid"):  # Windows: who may write is not in the mode, and AppData belongs to its user
        return ""
    if state.st_uid not in (os.geteuid(), 0):
        return f"belongs to another user (uid {state.st_uid})"
    if state.st_mode & OTHERS_MAY_WRITE:
        return f"may be written by others (mode {stat.S_IMODE(state.st_mode):04o})"
    return ""
