"""By which a file is known again, under whatever name and packed or not: its first bytes, and those last read."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from logsleuth.logs.open.block import stream_read

if TYPE_CHECKING:
    from typing import BinaryIO

    from logsleuth.logs.follow.siblings import Found

HEAD = 1024
"""Bytes at a log's begin by which it is known; a shorter log by what there is."""
TAIL = 256
"""Bytes before the place up to which it was read: a log may begin as another does, and not go on like it."""
SIP = 1024 * 1024


def digest(data: bytes) -> str:
    """A short digest of many bytes, as hexadecimal digits."""
    return blake2b(data, digest_size=16).hexdigest()


def head_of(file: Found, size: int = HEAD) -> tuple[str, int]:
    """The digest of a file's first bytes, and how many these are: fewer than asked for if it is short."""
    with file.open() as stream:
        data = stream_read(stream, min(size, file.size) if file.compression is None else size)
    return digest(data), len(data)


def tail_of(file: Found, offset: int) -> str:
    """The digest of the bytes before an offset."""
    with file.open() as stream:
        skip(stream, max(offset - TAIL, 0), packed=file.compression is not None)
        return digest(stream_read(stream, min(offset, TAIL)))


def length(file: Found) -> int:
    """Bytes, unpacked; a compressed file is unpacked for it."""
    if file.compression is None:
        return file.size
    with file.open() as stream:
        return sum(len(data) for data in iter(lambda: stream.read(SIP), b""))


def end_of_lines(file: Found, start: int) -> int:
    """The offset after the last newline, or `start` if no line that begins there or later has ended."""
    with file.open() as stream:
        end = file.size
        while end > start:
            begin = max(end - SIP // 16, start)
            stream.seek(begin)
            at = stream_read(stream, end - begin).rfind(b"\n")
            if at >= 0:
                return begin + at + 1
            end = begin
    return start


def skip(stream: BinaryIO, count: int, packed: bool) -> None:
    """Go forward; what is packed must be unpacked for it."""
    if not packed:
        stream.seek(count)
        return
    while count > 0 and (data := stream.read(min(count, SIP))):
        count -= len(data)
