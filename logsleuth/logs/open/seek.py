"""Where in a big file the lines of a stretch of time stand, found by looking at few places.

Lines of several processes are not quite in order, clocks are set back, and workers may write in another zone than
their parent: so it is no plain bisection. Probes lie evenly over the file; only what lies before (after) every
probe that could matter is passed over, with a margin of the disorder that the probes show. Then the same between
the two probes at either end, until the parts that are read in vain are small.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import BinaryIO

    from logsleuth.logs.httpd.record import Reader

PROBES = 64
"""At once; each look at the file takes PROBES times PROBED bytes."""
PROBED = 16 * 1024
FINE = 8 * 1024 * 1024
"""Bytes between two probes that are read rather than looked into further."""
MARGIN = 120
"""Seconds: more than what processes of one host are out of order."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What was found at one offset of a file."""

    at: int
    """Byte offset."""
    first: int
    """Earliest local second of the lines there."""
    last: int
    """Latest."""
    back: int
    """Seconds that the times there step back at most."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of a file, in bytes; it need not begin or end with a line."""

    begin: int
    end: int


def find_stretch(stream: BinaryIO, size: int, read: Reader, since: int | None, until: int | None) -> Stretch:
    """The part of a file that holds all lines from local second `since` until before `until`.

    `read` gives a line's time; a log in which few lines have one, or whose times name zones, is taken whole.
    """
    probes = _probes(stream, 0, size, read)
    if not probes:
        return Stretch(0, size)
    margin = MARGIN + _disorder(probes)
    begin, end = 0, size
    if since is not None:
        begin = _last_before(stream, probes, size, read, since - margin)
    if until is not None:
        end = _first_after(stream, probes, size, read, until + margin)
    return Stretch(begin, max(end, begin))


def _last_before(stream: BinaryIO, probes: list[Probe], size: int, read: Reader, second: int) -> int:
    """An offset before which no line is of this second or later."""
    begin, end = 0, size
    while True:
        for probe in probes:
            if probe.last >= second:
                end = probe.at
                break
            begin = probe.at
        if end - begin <= FINE or not (probes := _probes(stream, begin, end, read)):
            return begin


def _first_after(stream: BinaryIO, probes: list[Probe], size: int, read: Reader, second: int) -> int:
    """An offset from which on no line is before this second."""
    begin, end = 0, size
    while True:
        for probe in reversed(probes):
            if probe.first < second:
                begin = probe.at
                break
            end = probe.at
        if end - begin <= FINE or not (probes := _probes(stream, begin, end, read)):
            return end


def _probes(stream: BinaryIO, begin: int, end: int, read: Reader) -> list[Probe]:
    """Evenly spaced probes within a part of a file; places without a time are left out."""
    step = max((end - begin) // (PROBES + 1), PROBED)
    looks = (_look(stream, at, read) for at in range(begin + step, end - PROBED, step))
    return [probe for probe in looks if probe is not None]


def _look(stream: BinaryIO, at: int, read: Reader) -> Probe | None:
    stream.seek(at)
    lines = stream.read(PROBED).split(b"\n")[1:-1]
    records = [record for line in lines if (record := read(line)) is not None]
    if any(record.offset is not None for record in records):
        return None
    seconds = [record.time // 1_000_000 for record in records if record.time is not None]
    return Probe(at, min(seconds), max(seconds), _steps_back(seconds)) if seconds else None


def _steps_back(seconds: Iterable[int]) -> int:
    """The most that one of these is before an earlier one."""
    latest, most = None, 0
    for second in seconds:
        latest = second if latest is None else max(latest, second)
        most = max(most, latest - second)
    return most


def _disorder(probes: Sequence[Probe]) -> int:
    """Seconds by which a line may be later in time than one that stands after it, as far as the probes show."""
    return max(*(probe.back for probe in probes), _steps_back(s for p in probes for s in (p.first, p.last)))
