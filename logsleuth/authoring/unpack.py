"""Unpacking an archive that a stranger made: nothing outside of the folder, no links, no bombs."""

from __future__ import annotations

import gzip
import stat
import tarfile
import zipfile
import zlib
from io import BytesIO
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, BinaryIO

from logsleuth.errors import LogsleuthError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_BYTES = 16 * 1024 * 1024
"""Unpacked, all files together."""
MOST_A_FILE = 1024 * 1024
MOST_FILES = 5000
CHUNK = 64 * 1024
GZIP = b"\x1f\x8b"


def unpack(archive: Path, target: Path) -> Path:
    """Unpack a .tar.gz or .zip into an empty folder, and give the pack's own folder within.

    Sizes are those of the bytes that really come out, not what the archive says. Raises LogsleuthError for
    whatever is not a modest archive of plain files.
    """
    try:
        if zipfile.is_zipfile(archive):
            _write_all(_zipped(archive), target)
        elif archive.read_bytes()[:2] == GZIP:
            _write_all(_tarred(archive), target)
        else:
            raise LogsleuthError(f"{archive} is neither a .tar.gz nor a .zip", "name a pack's folder or archive")
    except (
        OSError,
        EOFError,
        tarfile.TarError,
        zipfile.BadZipFile,
        zlib.error,
        RuntimeError,
        NotImplementedError,
    ) as error:
        raise LogsleuthError(f"{archive} cannot be unpacked: {error}", "fetch it again") from None
    inside = list(target.iterdir())
    return inside[0] if len(inside) == 1 and inside[0].is_dir() else target


def _tarred(archive: Path) -> Iterator[tuple[str, BinaryIO]]:
    with tarfile.open(fileobj=BytesIO(_inflated(archive)), mode="r:") as tar:
        for member in tar:
            if member.isdir():
                continue
            stream = tar.extractfile(member) if member.isreg() else None
            if stream is None:
                raise LogsleuthError(f"{archive}: {member.name} is not a plain file", "a pack holds only such")
            yield member.name, stream  # type: ignore[misc]


def _inflated(archive: Path) -> bytes:
    """The tar within; as a whole, because even its headers may be bombs."""
    with gzip.open(archive) as stream:
        data = stream.read(2 * MOST_BYTES + 1)
    if len(data) > 2 * MOST_BYTES:
        raise LogsleuthError(f"{archive} is too big", f"a pack has at most {MOST_BYTES:,} bytes")
    return data


def _zipped(archive: Path) -> Iterator[tuple[str, BinaryIO]]:
    with zipfile.ZipFile(archive) as whole:
        for member in whole.infolist():
            if member.is_dir():
                continue
            mode = member.external_attr >> 16
            if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
                raise LogsleuthError(f"{archive}: {member.filename} is not a plain file", "a pack holds only such")
            with whole.open(member) as stream:
                yield member.filename, stream  # type: ignore[misc]


def _write_all(members: Iterator[tuple[str, BinaryIO]], target: Path) -> None:
    left = MOST_BYTES
    for count, (name, stream) in enumerate(members):
        if count >= MOST_FILES:
            raise LogsleuthError(f"the archive holds more than {MOST_FILES:,} files", "a pack is smaller")
        place = _within(target, name)
        place.parent.mkdir(parents=True, exist_ok=True)
        left -= _write(stream, place, min(left, MOST_A_FILE), name)


def _within(target: Path, name: str) -> Path:
    """Where a member goes. Raises LogsleuthError if that were outside of the target."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or "\0" in name or not path.parts:
        raise LogsleuthError(f"the archive wants to write outside of its folder: {name!r}", "do not trust it")
    return target.joinpath(*path.parts)


def _write(stream: BinaryIO, place: Path, most: int, name: str) -> int:
    written = 0
    with place.open("xb") as out:
        while chunk := stream.read(CHUNK):
            written += len(chunk)
            if written > most:
                raise LogsleuthError(f"the archive is too big: {name!r} does not fit", f"at most {MOST_BYTES:,} bytes")
            out.write(chunk)
    return written
