"""Which files a path of this machine names: itself, a glob's, or the error logs of a folder and of those below it."""

from __future__ import annotations

import glob
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from logsleuth.errors import LogsleuthError
from logsleuth.logs.open.places import way_out
from logsleuth.regexes import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

DEEPEST = 6
"""Folders below the one that is named."""
MOST_ENTRIES = 50_000
"""Files and folders that are looked at below one folder."""
MOST_LOGS = 5_000
ERROR_LOG = regex(r"(?i)error.*log|log.*error|err(?:ors?)?[._-]log|(?:^|[._-])error(?:$|[._-])")
"""How an error log's name looks, wherever rotation or a collector put a number or a host's name."""


def is_error_log(name: str) -> bool:
    """Whether a file's name says that it is an error log."""
    return ERROR_LOG.search(name) is not None


def files_at(path: str) -> list[str]:
    """The files that one path names. Raises LogsleuthError if there is none or too many, and PermissionError."""
    here = Path(path)
    try:
        is_folder = stat.S_ISDIR(here.stat().st_mode)
    except PermissionError:
        raise
    except OSError:  # not there, or no name that a file could have
        if glob.has_magic(path) and (found := sorted(glob.glob(path))):  # noqa: PTH207 - ** and order as the shell's
            return found
        raise LogsleuthError(f"no such file: {path}", way_out(str(path))) from None
    return _in_folder(here) if is_folder else [path]


def _in_folder(folder: Path) -> list[str]:
    found = [path for path in _files_below(folder) if is_error_log(Path(path).name)]
    found.sort(key=lambda path: (path.count(os.sep), path))
    if not found:
        raise LogsleuthError(f"{folder} is a directory without error logs", "name the file itself, such as error.log")
    if len(found) > MOST_LOGS:
        raise LogsleuthError(f"{folder} holds {len(found):,} error logs", "name a folder with fewer of them")
    for path in found:
        if Path(path).parent == folder:
            os.stat(path)  # noqa: PTH116 - a folder may be listed and not entered: then it is named, not a file in it
    return found


def _files_below(folder: Path) -> Iterator[str]:
    """The files in a folder and in those below it; links to folders are not followed."""
    waiting, seen = [(folder, 0)], 0
    while waiting:
        here, depth = waiting.pop()
        try:
            with os.scandir(here) as entries:
                names = sorted(entries, key=lambda entry: entry.name)
        except PermissionError:
            if depth:
                continue
            raise
        for entry in names:
            seen += 1
            if seen > MOST_ENTRIES:
                raise LogsleuthError(
                    f"{folder} holds more than {MOST_ENTRIES:,} files and folders", "name a folder with fewer of them"
                )
            if entry.is_dir(follow_symlinks=False):
                if depth < DEEPEST and not entry.name.startswith("."):
                    waiting.append((Path(entry.path), depth + 1))
            elif entry.is_file():
                yield entry.path
