"""What is to be scanned: a log, or a stretch of one, and where its blocks come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.logs.open.block import BLOCK, PADDING, Block, read_blocks, read_range
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

    from logsleuth.logs.open.log import Log

RANGE = 16 * 1024 * 1024
"""Bytes of a plain file that a process takes at a time; towards its end less, so that all come to an end together."""
COMPRESSION = 10
"""Error logs shrink about so far."""


@dataclass(frozen=True, slots=True)
class Source:
    """A log, or what of it is looked at."""

    number: int
    """Of the log in the call."""
    log: Log
    begin: int = 0
    end: int | None = None
    """Byte offsets in a file that can be sought; None: all of it, whatever it is."""

    @property
    def size(self) -> int:
        """About how many bytes there are to read; a stream may have any number."""
        if self.end is not None:
            return self.end - self.begin
        if self.log.size is None:
            return 1 << 62
        return self.log.size * (COMPRESSION if self.log.compression else 1)

    def blocks(self) -> Iterator[Block]:
        """Its blocks. Raises Unreadable."""
        try:
            with self.log.open() as stream:
                if self.end is None:
                    yield from self._to_the_damage(stream)
                else:
                    yield from read_range(stream, self.number, self.begin, self.end)
        except OSError as error:
            raise Unreadable(self.number, error) from None

    def _to_the_damage(self, stream: BinaryIO) -> Iterator[Block]:
        """All blocks, and a word at the end if it is an early one."""
        end = 0
        for block in read_blocks(stream, self.number):
            yield block
            end = block.own_end
        if getattr(stream, "damage", None) is not None:
            yield Block(self.number, end, PADDING, end, end, damaged=True)

    def pieces(self, jobs: int) -> Iterator[Source]:
        """The parts that so many processes may take, each on its own."""
        if self.end is None:
            yield self
            return
        begin = self.begin
        while begin < self.end:
            share = (self.end - begin) // (2 * jobs) // BLOCK * BLOCK
            end = min(begin + min(RANGE, max(BLOCK, share)), self.end)
            yield Source(self.number, self.log, begin, end)
            begin = end


def tasks_of(sources: Sequence[Source], jobs: int) -> Iterator[Source | Block]:
    """What there is to do for so many readers, the longest first. Raises Unreadable if what is read here can't be.

    Pieces of plain files; whole logs, if there are many that only one reader can read; else blocks of those.
    """
    alone = [source for source in sources if source.end is None]
    for source in sorted(sources, key=lambda source: -source.size):
        fed = source.log.is_held or (source.end is None and len(alone) < jobs)
        yield from source.blocks() if fed else source.pieces(jobs)


class Unreadable(Exception):  # noqa: N818 - it says what is the matter
    """A log could not be read to its end: its number, and why."""

    def __init__(self, number: int, reason: Exception) -> None:
        super().__init__(number, reason)
        self.number, self.reason = number, reason
