"""Compressed logs: gzip, bzip2, xz and zstd, of any number of members; damaged ones are read as far as they go.

What was made to exhaust memory or disk is read as far as a log could go, and called damaged.
"""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

MAGIC = {b"\x1f\x8b": "gz", b"BZh": "bz2", b"\xfd7zXZ\x00": "xz", b"\x28\xb5\x2f\xfd": "zst"}
SIP = 64 * 1024
"""Bytes read at a time where a file is damaged: what comes before the damage must not be lost."""


MOST_MEMORY = 128 << 20
"""Bytes that a decompressor may take: `xz -9` and `zstd --ultra -22` need half of it, or just it."""
ALWAYS_READ = 64 << 20
MOST_EXPANSION = 500
"""Bytes that one byte may become, once ALWAYS_READ are read. Logs of a flood come to 60, gzip's format to 1,032, and
what was made to fill memory and disks to 10,000."""


def failures(*more: type[Exception]) -> tuple[type[Exception], ...]:
    """What the decompressors raise on a damaged file, and `more`; gzip's own is an OSError, and bz2 has none."""
    import lzma  # noqa: PLC0415 - few logs are compressed

    return EOFError, lzma.LZMAError, zlib.error, OSError, *more


def compression_of(begin: bytes) -> str | None:
    """What a file that begins so is compressed with; None: it is not."""
    return next((name for magic, name in MAGIC.items() if begin.startswith(magic)), None)


def open_packed(open_raw: Callable[[], BinaryIO], compression: str) -> BinaryIO:
    """The decompressed bytes, up to where the file is damaged. Raises OSError if it can't be opened.

    `open_raw` opens the compressed bytes, which can be sought; it is asked once more where they are damaged.
    """
    return cast("BinaryIO", Unpacked(open_raw, compression))


def decompressor(source: BinaryIO, compression: str) -> BinaryIO:
    """The decompressed bytes of a stream; raises `failures()` where it is damaged."""
    from logsleuth.logs.open.gunzip import open_gzip  # noqa: PLC0415 - few logs are compressed
    from logsleuth.logs.open.members import Members, ZstdFrame  # noqa: PLC0415

    match compression:
        case "gz":
            return open_gzip(source)
        case "bz2":
            import bz2  # noqa: PLC0415

            return _buffered(Members(source, bz2.BZ2Decompressor))
        case "xz":
            import lzma  # noqa: PLC0415

            return _buffered(Members(source, lambda: lzma.LZMADecompressor(memlimit=MOST_MEMORY)))
        case _:
            return _buffered(Members(source, lambda: ZstdFrame(MOST_MEMORY)))


def _buffered(raw: io.RawIOBase) -> BinaryIO:
    return cast("BinaryIO", io.BufferedReader(raw, SIP))


class Unpacked(io.RawIOBase):
    """A decompressor's bytes, with `damage` telling why they end early; None: they don't, so far."""

    def __init__(self, open_raw: Callable[[], BinaryIO], compression: str) -> None:
        self._open_raw, self._compression = open_raw, compression
        self._raw = open_raw()
        self._inner = self._decompressor()
        self._given = 0
        self._most = max(_size(self._raw) * MOST_EXPANSION, ALWAYS_READ)
        self.damage: str | None = None

    def _decompressor(self) -> BinaryIO:
        return decompressor(
            cast("BinaryIO", io.BufferedReader(cast("io.RawIOBase", self._raw), SIP)), self._compression
        )

    def readable(self) -> bool:
        """Yes."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Up to that many bytes; those before any damage are returned, then nothing more."""
        if self.damage is not None:
            return b""
        try:
            data = self._inner.read(size)
        except failures() as error:
            self.damage = str(error) or type(error).__name__
            data = self._rescued()
        self._given += len(data)
        if self._given > self._most:
            self.damage = f"it expands more than {MOST_EXPANSION}-fold, unlike any log"
        return data

    def _rescued(self) -> bytes:
        """What can be read between what was given and the damage; it is no more than was asked for."""
        self._raw.close()
        self._raw = self._open_raw()
        self._inner = self._decompressor()
        skipped, parts = 0, []
        try:
            while part := cast("io.BufferedReader", self._inner).read1(SIP):
                parts += [part[max(self._given - skipped, 0) :]] if skipped + len(part) > self._given else []
                skipped += len(part)
        except failures():
            pass
        return b"".join(parts)

    def close(self) -> None:
        """Close the file."""
        self._inner.close()
        self._raw.close()
        super().close()


def _size(raw: BinaryIO) -> int:
    size = raw.seek(0, io.SEEK_END)
    raw.seek(0)
    return size


def open_piped(stream: BinaryIO, compression: str) -> BinaryIO:
    """The decompressed bytes of a stream that is read once, up to where it is damaged."""
    return cast("BinaryIO", Piped(stream, compression))


class Piped(io.RawIOBase):
    """A decompressor's bytes, of a stream: as `Unpacked`, but what stands right before a damage may be lost with it."""

    def __init__(self, stream: BinaryIO, compression: str) -> None:
        self._source = _Counted(stream)
        self._inner = decompressor(cast("BinaryIO", io.BufferedReader(self._source, SIP)), compression)
        self._given = 0
        self.damage: str | None = None

    def readable(self) -> bool:
        """Yes."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Up to that many bytes, a piece at a time; nothing behind a damage."""
        if self.damage is not None:
            return b""
        data = b""
        try:
            data = self._inner.read(SIP if size < 0 else min(size, SIP))
        except failures() as error:
            self.damage = str(error) or type(error).__name__
        self._given += len(data)
        if self._given > max(self._source.taken * MOST_EXPANSION, ALWAYS_READ):
            self.damage = f"it expands more than {MOST_EXPANSION}-fold, unlike any log"
        return data


class _Counted(io.RawIOBase):
    """A stream, and how many of its bytes were taken."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.taken = 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """As many bytes as there are at once."""
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self.taken += len(data)
        return len(data)
