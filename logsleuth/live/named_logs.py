"""The logs that the user's names and globs stand for, including new files and recently removed ones."""

from __future__ import annotations

import glob
import os
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from logsleuth.errors import LogsleuthError
from logsleuth.logs.open.rotation import family

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from logsleuth.live.state import Followed

SECOND = 1_000_000_000
FORGOTTEN = 86_400 * SECOND
"""Nanoseconds without a write after which the removal of a file that matched a glob is not reported."""


def logs_named(names: Iterable[str], followed: dict[str, Followed], now: float) -> list[str]:
    """The paths of the logs to read, without duplicates.

    `followed`: the logs that were read before; `now`: seconds since 1970, UTC.
    """
    return list(dict.fromkeys(path for name in names for path in _logs_of(name, followed, now)))


def _logs_of(name: str, followed: dict[str, Followed], now: float) -> Iterator[str]:
    if not glob.has_magic(name) or os.path.exists(name):  # noqa: PTH110 - never raises, as Path.exists may
        yield name
        return
    there = {path for path in glob.glob(name) if os.path.isfile(path) and not _is_part(path)}  # noqa: PTH207, PTH113 - as in log.py
    known = {
        path for path in followed if path != name and fnmatchcase(path, name) and _written_lately(followed[path], now)
    }
    yield from sorted(there | known) or [name]


def refuse_if_closed(names: Sequence[str]) -> None:
    """Raise LogsleuthError if none of these logs may be read: waiting would not change that."""
    closed = [name for name in names if _is_closed(name)]
    if closed and len(closed) == len(names):
        raise LogsleuthError(f"no permission to read {closed[0]}", "run it with sudo, or as a member of group adm")


def _is_closed(name: str) -> bool:
    try:
        os.close(os.open(name, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC))
    except PermissionError:
        return True
    except (OSError, ValueError):
        return False
    return False


def _is_part(path: str) -> bool:
    """Whether it is a rotated part of another log, which is read with that log."""
    return family(path) != path and os.path.exists(family(path))  # noqa: PTH110


def _written_lately(followed: Followed, now: float) -> bool:
    return followed.bookmark is not None and now * SECOND - followed.bookmark.changed < FORGOTTEN
