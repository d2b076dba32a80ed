"""What one task scans: a range of a large log, a log that only one reader can read, or several small ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth._version import __version__
from logsleuth.engines.scanners import recipe
from logsleuth.logs.open.block import BLOCK
from logsleuth.logs.open.place import LocalFile
from logsleuth.scan.tally import FORMAT
from logsleuth.values import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from logsleuth.engines.reading import Reading
    from logsleuth.engines.source import Source
    from logsleuth.logs.open.log import Log

LARGEST = 64 * 1024 * 1024
"""Bytes of a task: a fifth of a second of work, beside which what a task itself costs is little."""
MOST = 4096
"""Tasks of one reading: of a larger one, each task has more bytes. Memory does not grow with them."""

Made = tuple[str, int]
"""The version of logsleuth, and the format of tallies, by which a task was made."""
MADE: Made = (__version__, FORMAT)


@dataclass(frozen=True, slots=True)
class Piece:
    """What one task scans. Its result depends on nothing else, so that any worker may do it, and again."""

    number: int
    """Within its reading."""
    reading: Reading
    """How the logs are read; which logs there are is for the sources to say."""
    sources: tuple[Source, ...]
    made: Made = MADE

    @property
    def bytes(self) -> int:
        """What there is to read, on disk."""
        return sum(source.log.size or 0 if source.end is None else source.size for source in self.sources)

    def to_send(self) -> Piece:
        """The same for another machine."""
        sources = (replace(source, log=portable(source.log)) for source in self.sources)
        return replace(self, reading=replace(self.reading, logs=()), sources=tuple(sources))


def portable(log: Log) -> Log:
    """A log for another machine, where the same file has another inode."""
    place = replace(log.place, inode=0) if isinstance(log.place, LocalFile) else log.place
    return replace(recipe(log), place=place)


def pieces_of(reading: Reading, sources: Iterable[Source]) -> list[Piece]:
    """What other processes can read of these sources, as one task each."""
    given = [source for source in sources if not source.log.is_held]
    size = max(LARGEST, sum(source.size for source in given) // MOST)
    ranges = [part for source in given for part in _ranges(source, size)]
    return [Piece(number, reading, tuple(some)) for number, some in enumerate(_together(ranges, size))]


def _ranges(source: Source, size: int) -> Iterator[Source]:
    """Parts of a plain log that can each be read on its own, cut where blocks are."""
    if source.end is None:
        yield source
        return
    size = max(size // BLOCK, 1) * BLOCK
    for begin in range(source.begin, source.end, size):
        yield replace(source, begin=begin, end=min(begin + size, source.end))


def _together(parts: Sequence[Source], size: int) -> Iterator[list[Source]]:
    """Neighbours whose bytes together are no more than `size`."""
    some: list[Source] = []
    held = 0
    for part in parts:
        if some and held + part.size > size:
            yield some
            some, held = [], 0
        some.append(part)
        held += part.size
    if some:
        yield some
