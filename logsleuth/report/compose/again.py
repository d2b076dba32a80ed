"""The logs of a run, read once more where that can be done, for what a tally does not keep.

Each log is read at most once for all incidents of a run. A log that was changed, removed or damaged meanwhile, or that
is too large to be looked through again, has no lines here.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from logsleuth.errors import LogsleuthError
from logsleuth.logs.open.unpack import failures
from logsleuth.regexes import regex
from logsleuth.scan.sighting import LONGEST_TEXT, Sighting

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logsleuth.logs.open.log import Log
    from logsleuth.scan.tally import Tally

LARGEST: Final = 16 << 20
"""Bytes that are looked through again at most: a tenth of a second."""
STAMP: Final = regex(rb"\[(\d\d/[A-Z][a-z]{2}/\d{4}):(\d\d):(\d\d):\d\d ([+-]\d{4})\]")
"""The time of a line of an access log, as most formats print it."""
WITHOUT: Final = -1
"""The minute of lines without such a time."""


class RawLine(NamedTuple):
    """A line as it is in its log."""

    offset: int
    text: bytes


class Again:
    """Access to the lines of a run's logs."""

    def __init__(self, logs: Sequence[Log]) -> None:
        self._logs = logs
        self._data: dict[int, bytes] = {}
        self._minutes: dict[int, dict[int, list[RawLine]]] = {}

    def data(self, number: int) -> bytes:
        """All of a log; empty where it cannot be read again."""
        if number not in self._data:
            self._data[number] = _read(self._logs[number])
        return self._data[number]

    def between(self, number: int, first: int, last: int) -> Iterator[RawLine]:
        """Lines of an access log from one minute since 1970 to another, both included, and those without a time."""
        by_minute = self._by_minute(number)
        yield from by_minute.get(WITHOUT, ())
        if last - first > len(by_minute):
            for minute in sorted(by_minute):
                if first <= minute <= last:
                    yield from by_minute[minute]
            return
        for minute in range(first, last + 1):
            yield from by_minute.get(minute, ())

    def _by_minute(self, number: int) -> dict[int, list[RawLine]]:
        if number not in self._minutes:
            found: dict[int, list[RawLine]] = {}
            offset = 0
            for text in self.data(number).split(b"\n"):
                stamp = STAMP.search(text)
                minute = WITHOUT if stamp is None else _minute(*stamp.groups())
                found.setdefault(minute, []).append(RawLine(offset, text))
                offset += len(text) + 1
            self._minutes[number] = found
        return self._minutes[number]

    def sighting(self, number: int, line: RawLine, time: int, tally: Tally) -> Sighting:
        """A line as evidence. `time`: local microseconds."""
        data, offset = self.data(number), line.offset
        block = max((begin for begin in tally.logs[number].blocks if begin <= offset), default=0)
        before = data.count(b"\n", max(block - 1, 0), max(offset - 1, 0))
        nth = before + 1 if block == 0 and offset else before
        text = line.text.rstrip(b"\r").decode("utf-8", "backslashreplace")[:LONGEST_TEXT]
        return Sighting(time, number, offset, block, nth, "", "", 0, 0, 0, text)


def _read(log: Log) -> bytes:
    if not log.is_plain or not 0 < (log.size or 0) <= LARGEST:
        return b""
    try:
        with log.open() as stream:
            return stream.read(log.size or 0)
    except failures(LogsleuthError):
        return b""


def _minute(day: bytes, hour: bytes, minute: bytes, zone: bytes) -> int:
    """Minutes since 1970 (UTC) of a time as it is printed; one that is no time is of no outage."""
    return _midnight(day, zone) + 60 * int(hour) + int(minute)


@lru_cache(maxsize=64)
def _midnight(day: bytes, zone: bytes) -> int:
    try:
        return int(datetime.strptime(f"{day.decode()} {zone.decode()}", "%d/%b/%Y %z").timestamp()) // 60
    except ValueError:
        return 0
