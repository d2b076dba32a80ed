"""The saved state: one file, replaced as a whole, that only one process at a time may use."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from logsleuth.errors import LogsleuthError
from logsleuth.home import state_folder
from logsleuth.live.locking import try_lock
from logsleuth.live.private_file import open_new, open_to_lock, open_to_read
from logsleuth.live.state import State

if TYPE_CHECKING:
    from collections.abc import Iterator

OURS = b"logsleuth state "
"""With which each state begins, of whatever version."""
MAGIC = OURS + b"2\n"
"""The form of what follows: msgpack of `State`. To be counted up with every change of a class that it is made of."""
LARGEST = 256 << 20
"""Bytes of a state; a longer one is cut, and so of no use. The tallies in it are bounded far below."""
PATIENCE = 10.0
"""Seconds that a run waits for another one to end."""
PAUSE = 0.05


def place_of(logs: tuple[str, ...], kind: str) -> Path:
    """Where the state of a probe of these logs is kept, if no other place is named; `kind`: check or watch."""
    named = "\0".join(sorted(str(Path(log).absolute()) for log in logs))
    name = re.sub(r"[^\w.-]+", "_", Path(logs[0]).name)  # a glob would not be easy to type
    return state_folder() / f"{name}-{hashlib.blake2b(named.encode(), digest_size=6).hexdigest()}.{kind}"


@contextmanager
def locked(path: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Keep other runs from this state. Raises LogsleuthError (exit code 3) if one has it, or it can't be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = open_to_lock(path.with_name(path.name + ".lock"))
    except OSError as error:
        raise _unwritable(path, error) from None
    try:
        _lock(handle, path, patience)
        yield
    finally:
        os.close(handle)


def load(path: Path) -> tuple[State, str]:
    """The state as it was saved last, and a sentence if there is one that is of no use. Raises LogsleuthError.

    A state of another version, or one that is damaged, is put aside: it would be wrong to believe it, and worse to
    refuse the service forever. What it knew is read again from the log. A file of another kind is left alone: a
    log that was named as the state by mistake must not be lost.
    """
    try:
        begin, data = _read(path)
    except FileNotFoundError:
        return State(), ""
    except OSError as error:
        raise _unreadable(path, error) from None
    try:
        if begin != MAGIC:
            raise msgspec.DecodeError
        return msgspec.msgpack.decode(data, type=State), ""
    except (msgspec.DecodeError, ValueError, RecursionError):
        if not begin.startswith(OURS) and begin.strip(b"\0"):  # a power failure may leave nothing, or zeros
            raise LogsleuthError(f"{path} is not a state file of logsleuth", "name another: --state FILE", 3) from None
        aside = path.with_name(path.name + ".bad")
        with suppress(OSError):
            path.replace(aside)
        return State(), f"the state was not usable, and is now {aside}; a new one was started"


def _read(path: Path) -> tuple[bytes, bytes]:
    """How the file begins, and what follows if it begins as a state does. Raises OSError, LogsleuthError."""
    with os.fdopen(open_to_read(path), "rb") as stream:
        begin = stream.read(len(MAGIC))
        return begin, stream.read(LARGEST) if begin == MAGIC else b""


def save(path: Path, state: State) -> None:
    """Replace the saved state, whole or not at all. Raises LogsleuthError (exit code 3) if that fails."""
    draft = path.with_name(f"{path.name}.new")
    try:
        with os.fdopen(open_new(draft), "wb") as stream:
            stream.write(MAGIC)
            stream.write(msgspec.msgpack.encode(state))
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise _unwritable(path, error) from None


def _sync_folder(folder: Path) -> None:
    """Else a new name may not outlive a power failure. Windows opens no folders, and writes names at once."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _lock(handle: int, path: Path, patience: float) -> None:
    end = time.monotonic() + patience
    while not try_lock(handle):
        if time.monotonic() >= end:
            raise LogsleuthError(f"another run uses the state {path}", "let it end, or name another: --state FILE", 3)
        time.sleep(PAUSE)


def _unreadable(path: Path, error: OSError) -> LogsleuthError:
    why = "it is a link" if error.errno == errno.ELOOP else error.strerror
    return LogsleuthError(f"cannot read the state {path}: {why}", "name another: --state FILE", 3)


def _unwritable(path: Path, error: OSError) -> LogsleuthError:
    return LogsleuthError(f"cannot write the state {path}: {error.strerror}", "name another place: --state FILE", 3)
