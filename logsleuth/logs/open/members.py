"""Decompression in bounded steps, one member (stream, frame) of a file after the other.

The libraries' own readers either hold all that a piece of input expands to, or take a file's end within a member for
its end.
"""

from __future__ import annotations

import io
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
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


class Members(io.RawIOBase):
    """Members of bzip2, xz or zstd, decompressed as they are read."""

    def __init__(self, source: BinaryIO, new: Callable[[], Decompressor]) -> None:
        self._file, self._ready = source, b""
        self._new = new
        self._member: Decompressor | None = None
        self._over = b""
        """Input that was read and not yet used."""

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

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()


class ZstdFrame:
    """A frame of zstd, as `Members` takes it. Damage is an OSError, as gzip's own is."""

    def __init__(self, most_memory: int) -> None:
        """`most_memory`: bytes of its window, at the most."""
        zstd = zstd_library()
        largest = most_memory.bit_length() - 1
        self._frame: Decompressor = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: largest})
        self._failure = zstd.ZstdError

    @property
    def eof(self) -> bool:
        """Whether the frame is at its end."""
        return self._frame.eof

    @property
    def needs_input(self) -> bool:
        """Whether all input is used up."""
        return self._frame.needs_input

    @property
    def unused_data(self) -> bytes:
        """Input that follows the frame."""
        return self._frame.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """Up to that many bytes. Raises OSError where the frame is damaged."""
        try:
            return self._frame.decompress(data, max_length)
        except self._failure as error:
            raise OSError(str(error)) from None


def zstd_library() -> ModuleType:
    """The library, which is Python's own from 3.14 on; imported where a log is compressed by it."""
    return import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")
