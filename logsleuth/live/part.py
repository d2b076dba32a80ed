"""One file of a log, read bit by bit: what later lines can't change is settled, the rest is held as bytes.

An entry may go on for a span, and its begin may hang on two spans before it (see `logs.block`). So of what is read
the last span is not settled yet, and two spans before that are held as context: what goes on from here, in this
process or another, needs no byte of the file again, which by then may be renamed, packed or gone.
"""

from __future__ import annotations

from datetime import date  # noqa: TC003 - a saved state is read by these annotations
from typing import TYPE_CHECKING

from logsleuth.logs.format.sniff import Format  # noqa: TC001 - as above
from logsleuth.logs.open.block import BLOCK, PADDING, SPAN, Block
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

UNIT = 256 * 1024
"""Bytes: less is not settled, so that the blocks of a log, of which each is kept in the tally, stay few."""


@dataclass(slots=True)
class Part:
    """One file, from where we began to read it up to where we are."""

    log: str
    """The log that it is a part of, as it was named."""
    path: str
    """Where the file was when it was last seen."""
    inode: int
    newest: date
    """The day of its last change: for times that name no year."""
    formats: tuple[Format, ...] = ()
    """What its lines are read as: mostly one; two if other programs' lines stand between httpd's."""
    numbers: tuple[int, ...] = ()
    """The number under which each of these readings is tallied."""
    settled: int = 0
    """Byte offset up to which all is in the tally."""
    base: int = 0
    """Byte offset of the first byte that is held."""
    held: bytes = b""

    @property
    def size(self) -> int:
        """Byte offset up to which it was read."""
        return self.base + len(self.held)

    def take(self, data: bytes) -> None:
        """Add the bytes that follow."""
        self.held += data

    def settle(self, number: int, final: bool) -> Iterator[Block]:
        """The blocks of what can be settled now; `final`: nothing will follow. Call `settled_to` after them."""
        end = self._end(final)
        begin = self.settled
        while begin < end:
            own_end = min(begin + BLOCK, end)
            yield self._block(number, begin, own_end)
            begin = own_end

    def settled_to(self, final: bool) -> None:
        """All blocks of `settle` are in the tally: let go of what no later line needs."""
        self.settled = self._end(final)
        base = self.size if final else max(self.settled - 2 * SPAN, self.base)
        self.held, self.base = self.held[base - self.base :], base

    def rest(self, number: int) -> Block | None:
        """What is read and not yet settled, as one block; None: nothing is."""
        return self._block(number, self.settled, self.size) if self.settled < self.size else None

    def _end(self, final: bool) -> int:
        if final:
            return self.size
        end = self.size - SPAN
        return end if end - self.settled >= UNIT else self.settled

    def _block(self, number: int, begin: int, end: int) -> Block:
        base = max(begin - 2 * SPAN, self.base)
        data = self.held[base - self.base : end + SPAN - self.base]
        return Block(number, base, data + PADDING, begin, end)
