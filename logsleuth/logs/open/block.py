"""Blocks: some megabytes of a log, with enough of the text before and after to read whole entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

SPAN = 64 * 1024
"""More bytes than one entry (a joined traceback) may cover, from its first to its last."""
BLOCK = 4 * 1024 * 1024
PAD = 128
"""Bytes after the data, so that words may be read past its end; they mean nothing."""
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
    """Context, own bytes, context, then PAD bytes that mean nothing: zeros, or what the log goes on with."""
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
    """The blocks that own the bytes from `begin` to `end` of a stream that can be sought.

    What two blocks share is read twice: that costs an eighth of joining it with what is new.
    """
    while begin < end:
        base, own_end = max(begin - 2 * span, 0), min(begin + size, end)
        stream.seek(base)
        wanted = own_end + span - base
        data = stream_read(stream, wanted + PAD)
        if len(data) < wanted + PAD:
            data = data[:wanted] + PADDING
        own_end = min(own_end, base + len(data) - PAD)
        if begin >= own_end:
            return
        yield Block(log, base, data, begin, own_end)
        begin = own_end


def read_blocks(stream: BinaryIO, log: int, size: int = BLOCK, span: int = SPAN) -> Iterator[Block]:
    """Cut a stream of bytes, from its current place to its end, into blocks that own `size` bytes each."""
    base, begin = 0, 0
    data = stream_read(stream, size + span) + PADDING
    while begin < (held := base + len(data) - PAD):
        own_end = min(begin + size, held)
        yield Block(log, base, data, begin, own_end)
        more = stream_read(stream, size)
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


LONGEST_LINE = 1 << 20
"""Bytes of a line that are read where lines are read one by one; httpd's own end at 8 KiB."""


def read_lines(stream: BinaryIO) -> Iterator[bytes]:
    """A stream's lines, without their newlines, and of each no more than LONGEST_LINE bytes."""
    rest = b""
    while data := stream.read(BLOCK):
        *lines, end = data.split(b"\n")
        if lines:
            yield (rest + lines[0])[:LONGEST_LINE]
            yield from (line[:LONGEST_LINE] for line in lines[1:])
            rest = b""
        rest += end[: LONGEST_LINE - len(rest)]
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
