"""Which logs are meant by what the user named: also new ones that a glob fits, and one that it fitted and is gone."""

from __future__ import annotations

import glob
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from logsleuth.logs.rotation import family

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logsleuth.live.state import Followed

SECOND = 1_000_000_000
FORGOTTEN = 86_400 * SECOND
"""A file that a glob fitted, and to which nothing was written for so long, may be tidied away."""


def meant(names: Iterable[str], followed: dict[str, Followed], now: float) -> list[str]:
    """The logs to look at, none twice; `followed`: those that were, `now`: seconds since 1970, UTC."""
    return list(dict.fromkeys(path for name in names for path in _meant(name, followed, now)))


def _meant(name: str, followed: dict[str, Followed], now: float) -> Iterator[str]:
    if not glob.has_magic(name) or Path(name).exists():
        yield name
        return
    there = {path for path in glob.glob(name) if Path(path).is_file() and not _is_part(path)}  # noqa: PTH207 - as in log.py
    known = {
        path for path in followed if path != name and fnmatchcase(path, name) and _written_lately(followed[path], now)
    }
    yield from sorted(there | known) or [name]


def _is_part(path: str) -> bool:
    """Whether rotation made it of another log: that one's follower reads it."""
    return family(path) != path and Path(family(path)).exists()


def _written_lately(followed: Followed, now: float) -> bool:
    return followed.bookmark is not None and now * SECOND - followed.bookmark.changed < FORGOTTEN
