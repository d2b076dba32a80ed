"""What runs on the workers: functions of their arguments alone, so that Dask may run any of them again.

Tallies travel as msgpack: small, cheap to read, and nothing that a second run of a merge could have changed.
"""

from __future__ import annotations

import pickle
import zlib
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, cast

import msgspec

from logsleuth.engines.cluster.pieces import MADE, Made
from logsleuth.engines.scanners import options_of
from logsleuth.engines.source import Unreadable
from logsleuth.scan.matcher import Matcher
from logsleuth.scan.scanner import Partial, Scanner
from logsleuth.scan.tally import Tally
from logsleuth.values import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.engines.cluster.pieces import Piece
    from logsleuth.library.pattern import Library
    from logsleuth.logs.open.log import Log


class OtherVersion(Exception):  # noqa: N818 - it says what is the matter
    """A worker has another version of logsleuth than the one that made the task."""


@dataclass(frozen=True, slots=True)
class Fitness:
    """What a worker says of itself before anything is sent to it."""

    made: Made
    digest: str
    """Of the patterns, as they arrived there."""
    unreadable: tuple[tuple[str, str], ...]
    """Logs that it cannot read as they are here, and why."""


def fitness(patterns: bytes, logs: Sequence[Log]) -> Fitness:
    """Whether this worker can do its part."""
    found = ((log.path, _why_unreadable(log)) for log in logs)
    wrong = tuple((path, why) for path, why in found if why is not None)
    return Fitness(MADE, _matcher(patterns).library.digest, wrong)


def scan(patterns: bytes, piece: Piece) -> bytes:
    """The tally of a piece. Raises OtherVersion, or Unreadable."""
    if piece.made != MADE:
        raise OtherVersion(f"it has {MADE}, and should have {piece.made}")
    for source in piece.sources:
        # a stored object says itself, as it is opened, whether it is the same
        if source.log.is_local and (why := _why_unreadable(source.log)) is not None:
            raise Unreadable(source.number, OSError(why))
    tally = tally_of(_matcher(patterns), piece)
    _check_size(tally, piece)
    return packed(tally)


def merge(tallies: Sequence[bytes]) -> bytes:
    """The sum of some tallies."""
    whole = Tally()
    for one in tallies:
        whole.merge(unpacked(one))
    return packed(whole)


def tally_of(matcher: Matcher, piece: Piece) -> Tally:
    """What a piece holds, on a worker or here. Raises Unreadable."""
    part = Partial()
    for source in piece.sources:
        scanner = Scanner(matcher, options_of(piece.reading, source.log))
        for block in source.blocks():
            part.update(scanner, block)
    return part.tally()


def _check_size(tally: Tally, piece: Piece) -> None:
    """Raises Unreadable where there is less than there was when the task was made: a copy may lag behind."""
    wanted: Counter[int] = Counter()
    for source in piece.sources:
        wanted[source.number] += source.size if source.end is not None else 0
    for number, size in wanted.items():
        if size and (number not in tally.logs or tally.logs[number].bytes < size):
            raise Unreadable(number, OSError("it is shorter than it was"))


def packed(tally: Tally) -> bytes:
    """A tally as it travels."""
    return msgspec.msgpack.encode(tally)


def unpacked(data: bytes) -> Tally:
    """A tally that has arrived."""
    return msgspec.msgpack.decode(data, type=Tally)


def pack_patterns(library: Library) -> bytes:
    """Patterns as they travel: also those that a worker's machine does not have."""
    return zlib.compress(pickle.dumps(library), 1)


@lru_cache(maxsize=2)
def _matcher(patterns: bytes) -> Matcher:
    """Made once in a worker: it takes a tenth of a second."""
    return Matcher(cast("Library", pickle.loads(zlib.decompress(patterns))))


def _why_unreadable(log: Log) -> str | None:
    """Why a log cannot be read here, or is another than the one that was looked at; None: it is the same.

    A stored object says itself whether it is the same; a file on this machine is known by its first bytes.
    """
    try:
        with replace(log, format=replace(log.format, rewrite=None)).open() as stream:
            head = stream.read(len(log.mark)) if log.is_local else log.mark
    except (OSError, ValueError) as error:
        return str(getattr(error, "strerror", None) or error)
    changed = not log.mark.startswith(b"\0") and not head.startswith(log.mark[: len(head)])
    return "another file is there" if changed or (log.mark and not head) else None
