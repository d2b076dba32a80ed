"""Opening what the user named: paths, directories, globs, '-' for standard input, compressed files."""

from __future__ import annotations

import glob
import io
import os
import stat
import sys
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from logsleuth.errors import LogsleuthError
from logsleuth.logs.block import stream_read
from logsleuth.logs.layout.told import LayoutsOf, layouts_fit, no_layouts
from logsleuth.logs.reader import reader_of
from logsleuth.logs.rewrite import Rewritten, rewritten
from logsleuth.logs.rotation import in_order, without_copies
from logsleuth.logs.sampling import further_samples
from logsleuth.logs.sniff import SAMPLE, Format, sniff
from logsleuth.logs.tokenize import tokenize
from logsleuth.logs.unpack import compression_of, open_packed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MARKED = 4096
"""Bytes by which a copy is known: two hosts that start in the same second may share their first lines."""
COMPANIONS = frozenset({"packages", "changes"})
"""Logs that say nothing of a server by themselves."""
FIRST_LINES = 1000
"""Lines among which a first time is looked for."""


@dataclass(frozen=True, slots=True)
class Log:
    """One file or stream that is to be read."""

    path: str
    """As the user named it; '-' is standard input."""
    size: int | None
    """Bytes on disk; None for streams."""
    newest: date
    """The day of the file's last change: for times that name no year."""
    compression: str | None
    format: Format
    begins: int | None = None
    """Local microseconds of the first line that has a time; None: no line of the sample has one, or a stream."""
    mark: bytes = b""
    """The first bytes, which a copy shares."""
    inode: int = 0
    """Tells whether the path still leads to the same file; 0 for streams."""
    head: bytes = field(default=b"", repr=False)
    """What was already read from a stream that cannot be read twice."""
    stream: BinaryIO | None = field(default=None, repr=False)
    """That stream; None for files."""

    @property
    def is_plain(self) -> bool:
        """A regular file that is read as it is: any part of it can be read on its own."""
        return (
            self.path != "-" and self.compression is None and self.format.rewrite is None and Path(self.path).is_file()
        )

    def open(self) -> BinaryIO:
        """The decompressed bytes, from the first. Raises OSError if the file was rotated away since."""
        stream = self._open_raw()
        name = self.format.rewrite
        return stream if name is None else cast("BinaryIO", Rewritten(name, stream))

    def _open_raw(self) -> BinaryIO:
        if self.stream is not None:
            return cast("BinaryIO", _Joined(self.head, self.stream))
        stream = _open(Path(self.path), self.compression)
        if os.fstat(stream.fileno()).st_ino != self.inode:
            stream.close()
            raise OSError("it was rotated while it was being read")
        return stream


def open_logs(
    paths: Sequence[str], layouts: LayoutsOf = no_layouts, access_formats: tuple[str, ...] = ()
) -> tuple[list[Log], list[str]]:
    """The logs among these paths that are read, and a sentence on each that is left out.

    Directories stand for the files in them whose names say error log; globs are expanded. The logs of
    neighbours (see `sniff.SOURCES`) are read beside an Apache error log, or alone. `layouts` tells the
    ErrorLogFormats of a path; `access_formats` are LogFormats that access logs may be in. Raises LogsleuthError
    if a path does not exist or cannot be read, or if none of them could hold anything of an Apache.
    """
    logs, left_out = [], []
    for log in look_at(paths, layouts, access_formats):
        path = log.path
        if log.format.source is not None:
            logs += [log, *_others(log)]
        else:
            left_out.append(f"{path}: {log.format.reason}")
    if all(log.format.kind in COMPANIONS for log in logs):
        raise LogsleuthError(*_nothing_left([*left_out, *(f"{log.path}: {log.format.reason}" for log in logs)]))
    logs, copies = without_copies(logs)
    return in_order(logs), [*left_out, *copies]


def look_at(
    paths: Sequence[str], layouts: LayoutsOf = no_layouts, access_formats: tuple[str, ...] = ()
) -> Iterator[Log]:
    """Each file that is meant, whatever it is. Raises LogsleuthError as `open_logs` does."""
    for path in expand(paths):
        yield with_access(with_layouts(_look(path), layouts(path)), access_formats)


def _others(log: Log) -> Iterator[Log]:
    """The same text once more, for what other programs say in it; a long stream can't be read twice."""
    if log.stream is None or len(log.head) < SAMPLE:
        for form in others_of(log.format):
            yield replace(log, format=form, mark=b"others" + log.mark)


def others_of(form: Format) -> tuple[Format, ...]:
    """What a log is read as besides, for what other programs say in it."""
    return tuple(
        Format(kind, kind, "the other programs' lines", pasted=form.pasted, day=form.day) for kind in form.others
    )


def _nothing_left(left_out: Sequence[str]) -> tuple[str, str]:
    first = left_out[0] if left_out else "no file was named"
    more = f" (and {len(left_out) - 1} more that are none)" if len(left_out) > 1 else ""
    way_out = "name an Apache error log, such as /var/log/apache2/error.log"
    if left_out:
        way_out += ", or the format of this one with --log-format or --httpd-conf"
    return f"{first}{more}", way_out


def expand(paths: Iterable[str]) -> list[str]:
    """Each file that is meant, in order, none twice."""
    files: dict[str, None] = {}
    for path in paths:
        try:
            files.update(dict.fromkeys(_meant(path)))
        except PermissionError:
            raise _forbidden(path) from None
    return list(files)


def _meant(path: str) -> list[str]:
    """The files that one path stands for."""
    if path == "-":
        return [path]
    here = Path(path)
    try:
        is_folder = stat.S_ISDIR(here.stat().st_mode)
    except PermissionError:
        raise
    except OSError:  # not there, or no name that a file could have
        if glob.has_magic(path) and (found := sorted(glob.glob(path))):  # noqa: PTH207 - ** and order as the shell's
            return found
        raise LogsleuthError(
            f"no such file: {path}", "check the path; Debian keeps it in /var/log/apache2/error.log"
        ) from None
    return _in_folder(here) if is_folder else [path]


def _forbidden(path: str) -> LogsleuthError:
    return LogsleuthError(f"no permission to read {path}", "run it with sudo, or as a member of group adm")


def _in_folder(folder: Path) -> list[str]:
    found = sorted(str(p) for p in folder.iterdir() if p.is_file() and "error" in p.name and "log" in p.name)
    if not found:
        raise LogsleuthError(f"{folder} is a directory without error logs", "name the file itself, such as error.log")
    return found


def _look(path: str) -> Log:
    """Open a path once, to see what it is."""
    if path == "-":
        return _look_at_stream(path, sys.stdin.buffer)
    file = Path(path)
    try:
        if file.is_fifo():
            return _look_at_stream(path, file.open("rb"))
        with file.open("rb") as raw:
            compression, state = compression_of(raw.read(6)), os.fstat(raw.fileno())
        with _open(file, compression) as stream:
            sample = _sample(stream)
            damage = getattr(stream, "damage", None)
        if damage is not None and not sample:
            raise LogsleuthError(f"{path} is a damaged {compression} file: {damage}", "fetch it again")
        later = further_samples(file, state.st_size, SAMPLE) if compression is None and len(sample) == SAMPLE else ()
    except PermissionError:
        raise _forbidden(path) from None
    except OSError as error:
        raise LogsleuthError(f"cannot read {path}: {error.strerror or error}", "check the file") from None
    newest = datetime.fromtimestamp(state.st_mtime, UTC).date()
    form = sniff(sample, complete=len(sample) < SAMPLE, newest=newest, later=later)
    return Log(
        path, state.st_size, newest, compression, form,
        begins=_first_time(sample, form, newest), mark=sample[:MARKED], inode=state.st_ino,
    )  # fmt: skip


def with_layouts(log: Log, layouts: tuple[str, ...]) -> Log:
    """The same log, to be read by these ErrorLogFormats if they fit its lines."""
    if not layouts or log.format.kind in ("binary", "empty"):
        return log
    sample = _sample_of(log)
    form = layouts_fit(sample, layouts, log.format)
    begins = None if log.stream is not None else _first_time(sample, form, log.newest)
    return replace(log, format=form, begins=begins)


def with_access(log: Log, formats: tuple[str, ...]) -> Log:
    """The same log, to be read by these LogFormats if they fit its lines."""
    if not formats or log.format.kind in ("httpd", "binary", "empty"):
        return log
    sample = _sample_of(log)
    from logsleuth.logs.access.told import access_fits  # noqa: PLC0415 - few name LogFormats

    form = access_fits(sample, formats, log.format)
    begins = None if log.stream is not None else _first_time(sample, form, log.newest)
    return replace(log, format=form, begins=begins)


def _sample_of(log: Log) -> bytes:
    """The first bytes of a log that was looked at already."""
    if log.stream is not None:
        return log.head
    with _open(Path(log.path), log.compression) as stream:
        return _sample(stream)


def _first_time(sample: bytes, form: Format, newest: date) -> int | None:
    """When the first line of a log that has a time was written."""
    if form.source is None:
        return None
    if form.rewrite is not None:
        sample = rewritten(form.rewrite, sample)
    read = reader_of(form, newest) or tokenize
    records = (read(line) for line in sample.split(b"\n", FIRST_LINES)[:FIRST_LINES])
    return next((record.time for record in records if record is not None and record.time is not None), None)


def _look_at_stream(path: str, stream: BinaryIO) -> Log:
    """A stream can be read but once: what is read to see what it is, is kept."""
    head = stream.read(SAMPLE)
    form = sniff(head, complete=len(head) < SAMPLE)
    return Log(path, None, datetime.now(UTC).date(), None, form, head=head, stream=stream)


def _sample(stream: BinaryIO) -> bytes:
    """The first bytes; a compressed file cut off within them gives what there is."""
    return stream_read(stream, SAMPLE)


def _open(path: Path, compression: str | None) -> BinaryIO:
    return path.open("rb", buffering=0) if compression is None else open_packed(path, compression)


class _Joined(io.RawIOBase):
    """What was read ahead of a stream, and then the stream."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = head
        self._rest = rest

    def read(self, size: int = -1) -> bytes:
        if self._head:
            part, self._head = self._head[:size], self._head[size:]
            return part
        return self._rest.read(size)
