"""Logs within tar and zip archives, read in memory and in bounds: nothing is written to disk.

A tar is read by its headers alone (POSIX ustar, with GNU's and pax's long names): what else tar can hold is no log.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal, cast

from logsleuth.logs.open.block import stream_read
from logsleuth.logs.open.unpack import ALWAYS_READ, MOST_EXPANSION, compression_of, decompressor, failures
from logsleuth.values import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO
    from zipfile import ZipFile, ZipInfo

MOST_MEMBERS = 100_000
"""Files of an archive that are looked at."""
LARGEST_MEMBER = 512 << 20
"""Bytes of one file that are held, unpacked."""
LONGEST_NAME = 4096
LONGEST_PAX = 64 * 1024
BLOCK = 512
SIP = 1 << 20
TOO_LARGE = "it is too large to be read within an archive: unpack it"

Kind = Literal["tar", "zip"]
Wanted = Callable[[str], bool]
"""Whether a file is read, by its name."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive."""

    name: str
    """With its folders, as the archive has it: hostile."""
    changed: float
    """When it was last written: seconds since 1970, UTC."""
    data: bytes
    problem: str = ""
    """Why it was not read, or not to its end; empty: it was."""


def archive_kind(begin: bytes) -> Kind | None:
    """What a file is whose decompressed bytes begin so; None: no archive. It takes a tar's first block."""
    if begin.startswith(b"PK\x03\x04"):
        return "zip"
    return "tar" if len(begin) >= BLOCK and _header(begin[:BLOCK]) is not None else None


def tar_members(stream: BinaryIO, wanted: Wanted) -> Iterator[Member]:
    """The wanted files of a tar, of which `stream` gives the decompressed bytes; it may end early."""
    name = ""
    for _ in range(MOST_MEMBERS):
        header = _header(stream_read(stream, BLOCK))
        if header is None:
            return
        if header.kind in "Lx":
            name = _long_name(stream, header) or name
            continue
        path, name = name or header.name, ""
        if header.kind not in "0\0007" or not wanted(path):
            _skip(stream, header.size)
            continue
        data = stream_read(stream, min(header.size, LARGEST_MEMBER))
        _skip(stream, header.size, done=len(data))
        if header.size > LARGEST_MEMBER:
            yield Member(path, header.changed, b"", TOO_LARGE)
        else:
            yield _unpacked(Member(path, header.changed, data))


def zip_members(file: BinaryIO, wanted: Wanted) -> Iterator[Member]:
    """The wanted files of a zip, of which `file` can be sought. Raises OSError if it is damaged."""
    import zipfile  # noqa: PLC0415 - few logs are in one

    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:  # its directory, or a version of zip to come
        raise OSError(f"it is a damaged zip: {error}") from None
    with archive:
        for info in archive.infolist()[:MOST_MEMBERS]:
            if info.filename and not info.is_dir() and len(info.filename) <= LONGEST_NAME and wanted(info.filename):
                yield _unpacked(_of_zip(archive, info))


def _of_zip(archive: ZipFile, info: ZipInfo) -> Member:
    from zipfile import BadZipFile  # noqa: PLC0415

    try:
        changed = datetime(*info.date_time, tzinfo=UTC).timestamp()
    except ValueError:
        changed = 0.0
    try:
        with archive.open(info) as stream:
            data, problem = _read(cast("BinaryIO", stream), info.compress_size, failures(BadZipFile))
    except failures(BadZipFile, RuntimeError) as error:  # RuntimeError: a password, or a method that is unknown
        return Member(info.filename, changed, b"", f"it cannot be read: {error}")
    return Member(info.filename, changed, data, problem)


def _unpacked(member: Member) -> Member:
    """A file that is compressed itself, as rotated logs are."""
    kind = compression_of(member.data[:6])
    if kind is None:
        return member
    data, problem = _read(decompressor(io.BytesIO(member.data), kind), len(member.data), failures())
    return replace(member, data=data, problem=member.problem or problem)


def _read(stream: BinaryIO, packed: int, failures: tuple[type[Exception], ...]) -> tuple[bytes, str]:
    """All bytes of a stream, or what can be read of it, and why that is not all."""
    parts, size = [], 0
    most = min(max(packed * MOST_EXPANSION, ALWAYS_READ), LARGEST_MEMBER)
    try:
        while part := stream.read(SIP):
            parts.append(part)
            size += len(part)
            if size > most:
                return b"", TOO_LARGE
    except failures as error:
        return b"".join(parts), f"it is damaged: {error}"
    return b"".join(parts), ""


@dataclass(frozen=True, slots=True)
class _Header:
    name: str
    size: int
    changed: float
    kind: str


def _header(block: bytes) -> _Header | None:
    """A tar's header; None: it is not one, or the zeros at the end. Its checksum distinguishes it from a log's text."""
    if len(block) < BLOCK:
        return None
    said = _number(block[148:156])
    if said is None or sum(block[:148]) + 8 * 32 + sum(block[156:]) != said:
        return None
    size, changed = _number(block[124:136]), _number(block[136:148])
    if size is None or size < 0:
        return None
    name = _text(block[:100])
    if block[257:262] == b"ustar" and block[345]:
        name = f"{_text(block[345:500])}/{name}"
    return _Header(name, size, float(min(max(changed or 0, 0), 1 << 33)), chr(block[156]))


def _number(field: bytes) -> int | None:
    """A number in octal digits, or in binary where GNU tar needs more."""
    if field[:1] == b"\x80":
        return int.from_bytes(field[1:], "big")
    digits = field.strip(b" \0")
    return int(digits, 8) if digits and all(0x30 <= byte <= 0x37 for byte in digits) else None


def _text(field: bytes) -> str:
    return field.split(b"\0", 1)[0].decode("utf-8", "backslashreplace")


def _long_name(stream: BinaryIO, header: _Header) -> str:
    """The name that GNU's or pax's extra header gives to the file behind it."""
    data = stream_read(stream, min(header.size, LONGEST_PAX))
    _skip(stream, header.size, done=len(data))
    if header.kind == "L":
        return _text(data)[:LONGEST_NAME]
    found = re.search(rb"(?:^|\n)\d+ path=([^\n]*)\n", data)
    return found[1].decode("utf-8", "backslashreplace")[:LONGEST_NAME] if found else ""


def _skip(stream: BinaryIO, size: int, done: int = 0) -> None:
    """Pass over the rest of a file, to the next header."""
    left = -(-size // BLOCK) * BLOCK - done
    while left > 0 and (part := stream.read(min(left, SIP))):
        left -= len(part)
