"""Compressed logs: gzip, bzip2, xz and zstd, of any number of members; damaged ones are read as far as they go."""

from __future__ import annotations

import gzip
import io
import lzma
import zlib
from typing import TYPE_CHECKING, cast

from logsleuth.logs.gunzip import open_gzip

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import BinaryIO

MAGIC = {b"\x1f\x8b": "gz", b"BZh": "bz2", b"\xfd7zXZ\x00": "xz", b"\x28\xb5\x2f\xfd": "zst"}
FAILURES = (EOFError, gzip.BadGzipFile, lzma.LZMAError, zlib.error, OSError)
"""What the decompressors raise on a damaged file; bz2 has nothing of its own for it."""
SIP = 64 * 1024
"""Bytes read at a time where a file is damaged: what comes before the damage must not be lost."""


def compression_of(begin: bytes) -> str | None:
    """What a file that begins so is compressed with; None: it is not."""
    return next((name for magic, name in MAGIC.items() if begin.startswith(magic)), None)


def open_packed(path: Path, compression: str) -> BinaryIO:
    """The decompressed bytes, up to where the file is damaged. Raises OSError if it can't be opened."""
    return cast("BinaryIO", Unpacked(lambda: _decompressor(path, compression)))


def _decompressor(path: Path, compression: str) -> BinaryIO:
    match compression:
        case "gz":
            return open_gzip(path)
        case "bz2":
            import bz2  # noqa: PLC0415 - few logs are

            return cast("BinaryIO", bz2.open(path, "rb"))
        case "xz":
            return cast("BinaryIO", lzma.open(path, "rb"))
        case _:
            return cast("BinaryIO", io.BufferedReader(_Zstd(path), SIP))


class Unpacked(io.RawIOBase):
    """A decompressor's bytes, with `damage` telling why they end early; None: they don't, so far."""

    def __init__(self, reopen: Callable[[], BinaryIO]) -> None:
        self._reopen = reopen
        self._inner = reopen()
        self._given = 0
        self.damage: str | None = None

    def readable(self) -> bool:
        """Yes."""
        return True

    def fileno(self) -> int:
        """The file's."""
        return self._inner.fileno()

    def read(self, size: int = -1) -> bytes:
        """Up to so many bytes; what stands before a damage is given, then nothing more."""
        if self.damage is not None:
            return b""
        try:
            data = self._inner.read(size)
        except FAILURES as error:
            self.damage = str(error) or type(error).__name__
            data = self._rescued()
        self._given += len(data)
        return data

    def _rescued(self) -> bytes:
        """What can be read between what was given and the damage; it is no more than was asked for."""
        self._inner.close()
        self._inner = self._reopen()
        skipped, parts = 0, []
        try:
            while part := cast("io.BufferedReader", self._inner).read1(SIP):
                parts += [part[max(self._given - skipped, 0) :]] if skipped + len(part) > self._given else []
                skipped += len(part)
        except FAILURES:
            pass
        return b"".join(parts)

    def close(self) -> None:
        """Close the file."""
        self._inner.close()
        super().close()


class _Zstd(io.RawIOBase):
    """zstd frames one after the other. zstandard's own reader takes a file's end within a frame for its end."""

    def __init__(self, path: Path) -> None:
        import zstandard  # noqa: PLC0415 - only logs compressed by it need it

        self._file = path.open("rb", buffering=0)
        self._new = zstandard.ZstdDecompressor().decompressobj
        self._failure = zstandard.ZstdError
        self._frame = self._new()
        self._begun = False
        self._ready = b""

    def readable(self) -> bool:
        """Yes."""
        return True

    def fileno(self) -> int:
        """The file's."""
        return self._file.fileno()

    def readinto(self, buffer: object) -> int:
        """Fill the buffer. Raises EOFError where the file ends within a frame, OSError where it is damaged."""
        target = memoryview(cast("bytearray", buffer))
        while not self._ready:
            data = self._file.read(SIP)
            if not data:
                if self._begun:
                    raise EOFError("the file ends within a frame")
                return 0
            self._ready = self._decompressed(data)
        count = min(len(target), len(self._ready))
        target[:count], self._ready = self._ready[:count], self._ready[count:]
        return count

    def _decompressed(self, data: bytes) -> bytes:
        parts = []
        while data:
            try:
                parts.append(self._frame.decompress(data))
            except self._failure as error:
                raise OSError(str(error)) from None
            self._begun = not self._frame.eof
            data = self._frame.unused_data if self._frame.eof else b""
            if self._frame.eof:
                self._frame = self._new()
        return b"".join(parts)

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()
