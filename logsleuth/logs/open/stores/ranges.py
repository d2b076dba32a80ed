"""A stored object as a stream that can be sought, of which only ranges are read and at most one is held."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LEAST = 256 * 1024
"""Bytes of a request: fewer take as long."""
MOST_AHEAD = 4 * 1024 * 1024
"""Bytes of a request for what is read in small pieces, one after the other: as large as a block."""


class RangeStream(io.RawIOBase):
    """Bytes from the first to the last, each read of which is at most one request."""

    def __init__(self, fetch: Callable[[int, int], bytes], size: int, done: Callable[[], None] = lambda: None) -> None:
        """`fetch` returns the bytes from one offset up to another; `done` is called when the stream is closed."""
        self._fetch, self._size, self._done = fetch, size, done
        self._at = 0
        self._held, self._held_at = b"", 0
        self._ahead = LEAST

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """Byte offset of what is read next."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a byte offset; nothing is requested."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(start + offset, 0)
        return self._at

    def read(self, size: int = -1) -> bytes:
        """That many bytes, or what is left. Raises OSError."""
        wanted = self._size - self._at if size < 0 else min(size, self._size - self._at)
        if wanted <= 0:
            return b""
        data = self._from_held(wanted)
        if len(data) < wanted:
            data += self._requested(self._at + len(data), wanted - len(data))
        self._at += wanted
        return data

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer, as a decompressor's reader does. Raises OSError."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Give back what reading took."""
        if not self.closed:
            self._done()
        super().close()

    def _from_held(self, wanted: int) -> bytes:
        begin = self._at - self._held_at
        return self._held[begin : begin + wanted] if 0 <= begin < len(self._held) else b""

    def _requested(self, begin: int, wanted: int) -> bytes:
        """Bytes that are not held. What goes on where the last request ended asks for more and more at a time."""
        goes_on = begin == self._held_at + len(self._held)
        self._ahead = min(2 * self._ahead, MOST_AHEAD) if goes_on and self._held else LEAST
        end = min(begin + max(wanted, self._ahead), self._size)
        data = self._fetch(begin, end)
        if len(data) != end - begin:
            raise OSError("it changed while it was being read")
        # a block is read once: to hold it, too, would double what reading takes
        self._held, self._held_at = (data, begin) if wanted < MOST_AHEAD else (b"", end)
        return data[:wanted]
