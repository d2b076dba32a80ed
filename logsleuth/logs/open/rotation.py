"""Rotated sets: which files are parts of one log, in which order they were written, and which are there twice."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from logsleuth.logs.follow.siblings import rank
from logsleuth.regexes import regex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.logs.open.log import Log

PART = regex(
    r"(?:\.\d{1,4}"  # logrotate: error.log.1
    r"|[.\-_]\d{4}-?\d\d-?\d\d(?:[T.\-_]?\d{2,6})*"  # logrotate's dateext, rotatelogs -l with a strftime name
    r"|\.\d{9,10}"  # rotatelogs: seconds since 1970
    r"|\.old|\.bak|\.gz|\.bz2|\.xz|\.zst)+\Z"
)
"""What rotation adds to a log's name."""


def family(path: str) -> str:
    """The name that all files of a rotated set share."""
    return PART.sub("", path)


def in_order(logs: Sequence[Log]) -> list[Log]:
    """Each set where its first file was named, its files by the time of their first line.

    If rotations are less than a second apart, the names give the order.
    """
    place: dict[str, int] = {}
    for log in logs:
        place.setdefault(family(log.path), len(place))
    return sorted(
        logs, key=lambda log: (place[family(log.path)], log.begins is None, log.begins or 0, *_turn(log.path))
    )


def _turn(path: str) -> tuple[bool, int, str]:
    """By what a file's name sorts among the parts of one log: the one that is still written comes last."""
    return path == family(path), rank(Path(path))[1], path


def without_copies(logs: Sequence[Log]) -> tuple[list[Log], list[str]]:
    """The logs that say something new, and a sentence on each that begins as another does: it is a copy of it.

    Logs of different hosts are never copies. Of two copies the larger counts: the other was made while the log still
    grew, or is compressed.
    """
    kept: dict[tuple[int, bytes, str | None], Log] = {}
    copies = []
    for log in sorted(logs, key=lambda log: (log.compression is not None, -(log.size or 0), log.path)):
        key = (log.begins or 0, log.mark, log.host)
        if log.begins is None or key not in kept:
            kept[key if log.begins is not None else (len(kept), log.path.encode(), log.host)] = log
        else:
            copies.append(f"{log.path}: a copy of {kept[key].path}")
    chosen = {id(log) for log in kept.values()}
    return [log for log in logs if id(log) in chosen], sorted(copies)
