"""Which logs are meant by what the user named: also new ones that a glob fits, and one that it fitted and is gone."""

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
"""A file that a glob fitted, and to which nothing was written for so long, may be tidied away."""


def meant(names: Iterable[str], followed: dict[str, Followed], now: float) -> list[str]:
    """The logs to look at, none twice; `followed`: those that were, `now`: seconds since 1970, UTC."""
    return list(dict.fromkeys(path for name in names for path in _meant(name, followed, now)))


def _meant(name: str, followed: dict[str, Followed], now: float) -> Iterator[str]:
    if not glob.has_magic(name) or os.path.exists(name):  # noqa: PTH110 - never raises, as Path.exists may
        yield name
        return
    there = {path for path in glob.glob(name) if os.path.isfile(path) and not _is_part(path)}  # noqa: PTH207, PTH113 - as in log.py
    known = {
        path for path in followed if path != name and fnmatchcase(path, name) and _written_lately(followed[path], now)
    }
    yield from sorted(there | known) or [name]


def refuse_if_closed(names: Sequence[str]) -> None:
    """Raise LogsleuthError if no permission to read any of these logs is given: that does not change by waiting."""
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
    """Whether rotation made it of another log: that one's follower reads it."""
    return family(path) != path and os.path.exists(family(path))  # noqa: PTH110


def _written_lately(followed: Followed, now: float) -> bool:
    return followed.bookmark is not None and now * SECOND - followed.bookmark.changed < FORGOTTEN
