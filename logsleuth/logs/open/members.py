"""Decompression in bounded steps, one member (stream, frame) of a file after the other.

The libraries' own readers either hold all that a piece of input expands to, or take a file's end within a member for
its end.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

PIECE = 64 * 1024
"""Bytes of input that are read at a time, and of output that are made of them at a time."""


class Decompressor(Protocol):
    """What `bz2` and `lzma` have in common."""

    @property
    def eof(self) -> bool:
        """Whether the member is at its end."""

    @property
    def needs_input(self) -> bool:
        """Whether all input is used up."""

    @property
    def unused_data(self) -> bytes:
        """Input that follows the member."""

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """Up to that many bytes."""


class _Reader(io.RawIOBase):
    """A file that is decompressed as it is read."""

    def __init__(self, source: BinaryIO) -> None:
        self._file = source
        self._ready = b""

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: object) -> int:
        """Fill the buffer. Raises EOFError where the file ends within a member, and what the library raises."""
        target = memoryview(cast("bytearray", buffer))
        while not self._ready:
            piece = self._next()
            if piece is None:
                return 0
            self._ready = piece
        count = min(len(target), len(self._ready))
        target[:count], self._ready = self._ready[:count], self._ready[count:]
        return count

    def _next(self) -> bytes | None:
        """The next piece, which may be empty; None at the end."""
        raise NotImplementedError

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()


class Members(_Reader):
    """Members of bzip2 or xz."""

    def __init__(self, source: BinaryIO, new: Callable[[], Decompressor]) -> None:
        super().__init__(source)
        self._new = new
        self._member: Decompressor | None = None
        self._over = b""
        """Input that was read and not yet used."""

    def _next(self) -> bytes | None:
        member = self._member
        data = b"" if member is not None and not member.needs_input else self._over or self._file.read(PIECE)
        self._over = b""
        if member is None:
            data = data.lstrip(b"\0")  # xz pads between its streams
            if not data:
                return b"" if self._peek() else None
            member = self._member = self._new()
        elif not data and member.needs_input:
            raise EOFError("the file ends within a member")
        made = member.decompress(data, PIECE)
        if member.eof:
            self._member, self._over = None, member.unused_data
        return made

    def _peek(self) -> bytes:
        self._over = self._file.read(PIECE)
        return self._over


MAGIC = b"\x28\xb5\x2f\xfd"
CHECKSUM = 4
SKIPPABLE = range(0x184D2A50, 0x184D2A60)
RLE = 1
"""A block of one byte that is repeated."""


class Zstd(_Reader):
    """Frames of zstd, given to the library block by block: a block is of 128 KB at the most (RFC 8878, 3.1.1.2)."""

    def __init__(self, source: BinaryIO) -> None:
        import zstandard  # noqa: PLC0415 - only logs compressed by it need it

        super().__init__(source)
        self._new = zstandard.ZstdDecompressor().decompressobj
        self._failure = zstandard.ZstdError
        self._frame = self._new()
        self._within = False
        self._has_checksum = False

    def _next(self) -> bytes | None:
        if self._within:
            return self._block()
        magic = self._file.read(len(MAGIC))
        if not magic:
            return None
        if int.from_bytes(magic, "little") in SKIPPABLE:
            self._file.seek(int.from_bytes(self._whole(4), "little"), io.SEEK_CUR)
            return b""
        if magic != MAGIC:
            raise OSError("what follows is not zstd")
        return self._made(magic + self._head())

    def _head(self) -> bytes:
        """The rest of a frame's head (RFC 8878, 3.1.1.1)."""
        descriptor = self._whole(1)
        flags = descriptor[0]
        single = bool(flags & 0x20)
        size = (1 if single else 0, 2, 4, 8)[flags >> 6]
        self._frame, self._within, self._has_checksum = self._new(), True, bool(flags & 4)
        return descriptor + self._whole((0 if single else 1) + (0, 1, 2, 4)[flags & 3] + size)

    def _block(self) -> bytes:
        head = self._whole(3)
        value = int.from_bytes(head, "little")
        is_last, kind, size = value & 1, value >> 1 & 3, value >> 3
        data = head + self._whole(1 if kind == RLE else size)
        if is_last:
            data += self._whole(CHECKSUM if self._has_checksum else 0)
            self._within = False
        return self._made(data)

    def _made(self, data: bytes) -> bytes:
        try:
            return self._frame.decompress(data)
        except self._failure as error:
            raise OSError(str(error)) from None

    def _whole(self, size: int) -> bytes:
        data = self._file.read(size)
        if len(data) < size:
            raise EOFError("the file ends within a frame")
        return data
