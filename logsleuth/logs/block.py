"""Blocks: some megabytes of a log with enough of what stands before and after to read whole entries."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

SPAN = 64 * 1024
"""More bytes than one entry (a joined traceback) may cover, from its first to its last."""
BLOCK = 4 * 1024 * 1024
PAD = 128
"""Zero bytes after the data, so that words may be read past its end."""
PADDING = bytes(PAD)


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of one log. It owns the lines and entries whose first byte lies in `own`.

    An entry that began up to one span before may reach into it, and whether that one is an entry's begin
    may hang on the span before that: so a block carries two spans of what precedes it, and one of what follows.
    """

    log: int
    """Number of the log in the call."""
    base: int
    """Byte offset of data[0] in the (decompressed) log."""
    data: bytes
    """Context, own bytes, context, then PAD zero bytes."""
    own_begin: int
    """Byte offset in the log of the first owned byte."""
    own_end: int
    damaged: bool = False
    """Nothing but a word that the log, which is compressed, can't be read any further."""

    @property
    def size(self) -> int:
        """Bytes of data without the padding."""
        return len(self.data) - PAD

    @property
    def at_start(self) -> bool:
        """data[0] is the log's first byte, and so begins a line."""
        return self.base == 0


def read_range(
    stream: BinaryIO, log: int, begin: int, end: int, size: int = BLOCK, span: int = SPAN
) -> Iterator[Block]:
    """The blocks that own the bytes from `begin` to `end` of a stream that can be sought."""
    stream.seek(max(begin - 2 * span, 0))
    return _cut(stream, log, (begin, end), size, span)


def read_blocks(stream: BinaryIO, log: int, size: int = BLOCK, span: int = SPAN) -> Iterator[Block]:
    """Cut a stream of bytes, from its current place to its end, into blocks that own `size` bytes each."""
    return _cut(stream, log, (0, sys.maxsize), size, span)


def _cut(stream: BinaryIO, log: int, own: tuple[int, int], size: int, span: int) -> Iterator[Block]:
    """Blocks of a stream that stands two spans before what is owned, or at its begin."""
    begin, end = own
    base = max(begin - 2 * span, 0)
    data = stream_read(stream, min(begin + size, end) + span - base) + PADDING
    while begin < min(end, held := base + len(data) - PAD):
        own_end = min(begin + size, held, end)
        yield Block(log, base, data, begin, own_end)
        if own_end >= end:
            return
        more = stream_read(stream, min(size, end + span - held))
        keep = max(own_end - 2 * span - base, 0)
        data = b"".join((memoryview(data)[keep : len(data) - PAD], more, PADDING))
        base, begin = base + keep, own_end


def count_lines(stream: BinaryIO, end: int) -> int:
    """How many lines begin before byte `end` of a stream that can be sought; one that goes on beyond is one of them."""
    stream.seek(0)
    lines, ended, left = 0, True, end
    while left > 0 and (data := stream.read(min(left, BLOCK))):
        lines += data.count(b"\n")
        ended = data.endswith(b"\n")
        left -= len(data)
    return lines + (not ended)


def read_lines(stream: BinaryIO) -> Iterator[bytes]:
    """A stream's lines, without their newlines."""
    rest = b""
    while data := stream.read(BLOCK):
        *lines, rest = (rest + data).split(b"\n")
        yield from lines
    if rest:
        yield rest


def stream_read(stream: BinaryIO, size: int) -> bytes:
    """Read exactly `size` bytes, or what is left: a pipe may give less at a time."""
    data = stream.read(size)
    if len(data) == size or not data:
        return data
    parts = [data]
    size -= len(data)
    while size > 0 and (data := stream.read(size)):
        parts.append(data)
        size -= len(data)
    return b"".join(parts)
