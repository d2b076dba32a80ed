"""The neighbourhood of the evidence: the lines around it, read once more from the logs that can be read twice."""

from __future__ import annotations

from os import SEEK_CUR
from typing import TYPE_CHECKING

from logsleuth.errors import LogsleuthError
from logsleuth.logs.open.unpack import failures
from logsleuth.report.model import Excerpt, ExcerptLine
from logsleuth.values import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import BinaryIO

    from logsleuth.logs.open.log import Log
    from logsleuth.report.model import Evidence, IncidentReport

AROUND = 8
"""Lines before, and as many after."""
REACH = 16 * 1024
"""Bytes that are read before and after: two of httpd's longest lines."""
MOST = 150
"""Lines of evidence of one incident that are shown with their neighbourhood."""
LONGEST = 1000
"""Characters of a line that are kept."""
MB = 1024 * 1024
COMPRESSED = {"gz": 16 * MB, "zst": 16 * MB, "bz2": 2 * MB, "xz": 2 * MB}
"""Bytes: a larger compressed file is not unpacked a second time for this. It would take a quarter of a second."""


Lines = list[tuple[int, bytes]]
"""Lines as they are in the log, each with its byte offset."""


@dataclass(slots=True)
class _Stretch:
    """Lines that follow one another. They are decoded when all stretches that overlap are one."""

    path: str
    line: int | None
    """Number of its first line; None: unknown."""
    lines: Lines


def with_excerpts(incident: IncidentReport, logs: Sequence[Log]) -> IncidentReport:
    """An incident with the lines around its evidence."""
    return replace(incident, excerpts=excerpts(incident.evidence, logs))


def excerpts(evidence: Sequence[Evidence], logs: Sequence[Log]) -> tuple[Excerpt, ...]:
    """The lines around the evidence, stretches that overlap as one, in order of log and line."""
    told: list[Excerpt] = []
    for log in logs:
        wanted = sorted((e for e in evidence[:MOST] if e.path == log.path), key=lambda e: e.offset)
        if wanted and _readable_twice(log):
            told += _joined(_read(log, wanted))
    return tuple(told)


def _readable_twice(log: Log) -> bool:
    return (
        log.is_plain
        or log.data is not None
        or (log.stream is None and 0 < (log.size or 0) <= COMPRESSED.get(log.compression or "", 0))
    )


def _read(log: Log, wanted: Sequence[Evidence]) -> Iterator[_Stretch]:
    """One stretch for each line. A log that was changed, removed or damaged meanwhile has none."""
    try:
        with log.open() as stream:
            forward = _Forward(stream)
            for evidence in wanted:
                if found := _around(evidence, forward):
                    yield found
    except failures(LogsleuthError):
        return


class _Forward:
    """Reads pieces whose begins ascend, and never steps back in the stream: a compressed one would start over."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._begin, self._held = 0, b""

    def read(self, begin: int, end: int) -> bytes:
        """The bytes from `begin` to `end`, or what there is of them."""
        if begin <= self._begin + len(self._held):
            kept = self._held[begin - self._begin :]
        else:
            self._skip(begin - self._begin - len(self._held))
            kept = b""
        self._begin, self._held = begin, kept + _exactly(self._stream, end - begin - len(kept))
        return self._held[: end - begin]

    def _skip(self, size: int) -> None:
        """Pass over bytes: a compressed stream has no other way than to read them."""
        if self._stream.seekable():
            self._stream.seek(size, SEEK_CUR)
            return
        while size > 0 and (part := self._stream.read(min(size, 1 << 20))):
            size -= len(part)


def _around(evidence: Evidence, stream: _Forward) -> _Stretch | None:
    base = max(evidence.offset - REACH, 0)
    data = stream.read(base, evidence.offset + REACH)
    at = evidence.offset - base
    before, after = _before(data[:at], base), _after(data[at:], evidence.offset)
    if not after or _text(after[0][1])[:200] != evidence.text[:200]:
        return None
    line = None if evidence.line is None else evidence.line - len(before)
    return _Stretch(evidence.path, line, before + after)


def _exactly(stream: BinaryIO, size: int) -> bytes:
    parts = []
    while size > 0 and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _before(data: bytes, base: int) -> Lines:
    """The last lines of what stands before a line, from this offset on: its first may be the rest of a line."""
    *lines, _ = data.rsplit(b"\n", AROUND + 1)
    if len(lines) > AROUND or base:
        lines = lines[1:]
    return _lines(lines, base + len(data) - sum(len(line) + 1 for line in lines))


def _after(data: bytes, offset: int) -> Lines:
    """A line that begins here, and the next ones; what is left of a line at the end counts as one."""
    lines = data.split(b"\n", AROUND + 1)
    if len(lines) <= AROUND + 1 and not _text(lines[-1]):
        lines.pop()
    return _lines(lines[: AROUND + 1], offset)


def _lines(lines: Iterable[bytes], offset: int) -> Lines:
    placed = []
    for line in lines:
        placed.append((offset, line))
        offset += len(line) + 1
    return placed


def _text(line: bytes) -> str:
    return line.rstrip(b"\r").decode("utf-8", "backslashreplace")[:LONGEST]


def _joined(stretches: Iterable[_Stretch]) -> Iterator[Excerpt]:
    """Stretches in order of their first lines, those that overlap as one."""
    joined: list[_Stretch] = []
    for stretch in stretches:
        last, _ = joined[-1].lines[-1] if joined else (-1, b"")
        if stretch.lines[0][0] <= last:
            joined[-1].lines += [line for line in stretch.lines if line[0] > last]
        else:
            joined.append(stretch)
    for found in joined:
        yield Excerpt(found.path, found.line, tuple(ExcerptLine(at, _text(line)) for at, line in found.lines))
