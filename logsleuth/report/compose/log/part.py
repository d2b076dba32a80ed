"""The part of a large access log that is of some minutes, found by halving: the rest is not read again."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, BinaryIO, Final

from logsleuth.errors import LogsleuthError
from logsleuth.logs.open.unpack import failures
from logsleuth.regexes import regex
from logsleuth.values import NamedTuple

if TYPE_CHECKING:
    from logsleuth.logs.open.log import Log

LATE: Final = 10
"""Minutes by which a line may stand behind its place: its date is that of the request, which ended later."""
LOOK: Final = 64 << 10
"""Bytes in which there is a line with a time."""
STAMP: Final = regex(rb"\[(\d\d/[A-Z][a-z]{2}/\d{4}):(\d\d):(\d\d):\d\d ([+-]\d{4})\]")
"""The time of a line of an access log, as most formats print it."""


class Part(NamedTuple):
    """Some whole lines of a log."""

    first: int
    """Minutes since 1970: all lines from this one on to the last one, included, are here."""
    last: int
    offset: int
    data: bytes


def part_of(log: Log, first: int, last: int, most: int) -> Part:
    """The lines from one minute since 1970 to another; no bytes: they are more than `most`, or cannot be read."""
    size = log.size or 0
    if not (log.is_plain and log.is_local):
        return Part(first, last, 0, b"")
    try:
        with log.open() as stream:
            begin, end = _first_at(stream, size, first - LATE), _first_at(stream, size, last + LATE + 1)
            if end - begin > most:
                return Part(first, last, 0, b"")
            stream.seek(begin)
            return Part(first, last, begin, stream.read(end - begin))
    except failures(LogsleuthError):
        return Part(first, last, 0, b"")


def _first_at(stream: BinaryIO, size: int, minute: int) -> int:
    """Where the first line of a minute or a later one begins, in a log whose lines are in order; its end if none is."""
    low, high = 0, size
    while low < high:
        middle = (low + high) // 2
        place, stamp = _line_behind(stream, middle)
        if stamp is None or place >= high:
            high = middle
        elif stamp < minute:
            low = place + 1
        else:
            high = middle
    return _line_behind(stream, low)[0] if low < size else size


def _line_behind(stream: BinaryIO, offset: int) -> tuple[int, int | None]:
    """Where the first line that begins at a place or behind it begins, and the minute of the first one with a time."""
    stream.seek(max(offset - 1, 0))
    text = stream.read(LOOK)
    begins = 0 if offset == 0 else text.find(b"\n") + 1
    if offset and not begins:
        return offset + len(text), None
    found = STAMP.search(text, begins)
    return max(offset - 1, 0) + begins, None if found is None else minute_of(*found.groups())


def minute_of(day: bytes, hour: bytes, minute: bytes, zone: bytes) -> int:
    """Minutes since 1970 (UTC) of a time as it is printed; one that is no time is of no outage."""
    return _midnight(day, zone) + 60 * int(hour) + int(minute)


@lru_cache(maxsize=64)
def _midnight(day: bytes, zone: bytes) -> int:
    try:
        return int(datetime.strptime(f"{day.decode()} {zone.decode()}", "%d/%b/%Y %z").timestamp()) // 60
    except ValueError:
        return 0
