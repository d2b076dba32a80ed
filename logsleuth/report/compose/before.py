"""What another program's log has in the minutes before an outage of which nothing known says what set it off.

No pattern can know every program. What is out of the ordinary there may be the reason, and a reader can tell: so the
last such lines are shown, and nothing is claimed of them. A tally keeps no unknown lines of other programs, so the
logs are read once more.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from logsleuth.logs.format.reader import reader_of
from logsleuth.regexes import regex
from logsleuth.report.compose.again import RawLine
from logsleuth.signals.tuning import BY_CHANCE, SOON_US
from logsleuth.units import SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from logsleuth.incidents.model import Incident
    from logsleuth.lives.live import Lives
    from logsleuth.logs.httpd.record import Record
    from logsleuth.logs.open.log import Log
    from logsleuth.report.compose.exhibits import Exhibits
    from logsleuth.scan.sighting import Sighting

OTHERS: Final = frozenset({"syslog", "kernel", "packages", "jk", "nginx", "fpm", "suexec", "service"})
"""Kinds of logs that are other programs'."""
SHOWN: Final = 3
STEP: Final = 64 << 10
"""Bytes: to find a time in a log, no piece is halved further than this."""
REACH: Final = 256 << 10
"""Bytes that are looked at from where the minutes before the onset begin."""
AROUND: Final = 512 << 10
"""Bytes on either side of it that show what is routine."""
TRIED: Final = 50
"""Lines that are read to find one with a time."""
VARIES: Final = regex(rb"[0-9a-fA-F]*[0-9][0-9a-fA-F]*|\s+")
"""What makes two lines of one kind differ: numbers."""


class Unusual(NamedTuple):
    """A line of another program that no pattern knows, and that is hardly there by chance."""

    time: int
    """UTC microseconds."""
    path: str
    sighting: Sighting


def unusual_before(incident: Incident, lives: Lives, exhibits: Exhibits) -> tuple[Unusual, ...]:
    """The last such lines of the minutes before an onset, in order of time.

    What a log says in the same second as its own first line of the outage belongs to that line.
    """
    own = {signal.moments[0].sighting.log for signal in incident.signals}
    onset = min([incident.onset, *(signal.begin for signal in incident.signals if signal.meaning.role == "cause")])
    found = [
        one
        for number, log in enumerate(exhibits.logs)
        if log.format.kind in OTHERS and not log.format.pasted
        for one in _in_log(number, log, onset - SECOND * (number in own), lives, exhibits)
    ]
    return tuple(sorted(found, key=lambda one: (one.time, one.sighting.log, one.sighting.offset))[-SHOWN:])


def _in_log(number: int, log: Log, onset: int, lives: Lives, exhibits: Exhibits) -> Iterator[Unusual]:
    data = exhibits.again.data(number)
    read = reader_of(log.format, log.newest)
    if not data or read is None:
        return
    ahead = lives.timeline.offsets.get(number, 0)

    def utc(record: Record) -> int:
        assert record.time is not None, "only lines with a time are asked for theirs"
        time = record.time - ahead
        return exhibits.clock.utc(time) if record.offset is None else time - record.offset * SECOND

    begin = _place_of(onset - SOON_US, data, read, utc)
    lines = list(_dated(data[begin : begin + REACH], begin, read, utc))
    routine = _Routine(data[max(begin - AROUND, 0) : begin + AROUND], read, utc)
    for line, record, time in lines:
        known = (number, line.offset) in exhibits.patterns or record.message[:1].isspace()
        if onset - SOON_US <= time <= onset and not known and not routine.has(line.text):
            local = (record.time or 0) if record.offset is None else time + _zone(time, exhibits)
            yield Unusual(time, log.path, exhibits.again.sighting(number, line, local, exhibits.tally))


def _zone(time: int, exhibits: Exhibits) -> int:
    """Microseconds by which the run's local time is ahead of UTC then."""
    return time - exhibits.clock.utc(time)


def _place_of(time: int, data: bytes, read: Callable[[bytes], Record | None], utc: Callable[[Record], int]) -> int:
    """The place in a log, whose lines are in order of time, from which on all lines of this moment and later stand."""
    low, high = 0, len(data)
    while high - low > STEP:
        middle = data.find(b"\n", (low + high) // 2, high) + 1
        first = next(_dated(data[middle : middle + STEP], middle, read, utc), None) if middle else None
        if first is None or first[2] >= time:
            high = middle - 1 if middle else low
        else:
            low = middle
    return low


def _dated(
    data: bytes, begin: int, read: Callable[[bytes], Record | None], utc: Callable[[Record], int]
) -> Iterator[tuple[RawLine, Record, int]]:
    """The lines of a piece that have a time of their own, with what was read and their time."""
    offset = begin
    for text in data.split(b"\n"):
        record = read(text.rstrip(b"\r")) if text else None
        if record is not None and record.time is not None and record.kind in {"foreign", "record"}:
            yield RawLine(offset, text), record, utc(record)
        offset += len(text) + 1


class _Routine:
    """What a log has all the time, by its lines around a moment."""

    def __init__(self, data: bytes, read: Callable[[bytes], Record | None], utc: Callable[[Record], int]) -> None:
        self._shapes = Counter(map(_shape, data.split(b"\n")))
        first = next(_dated(data[:STEP], 0, read, utc), None)
        last = list(_dated(data[-STEP:], 0, read, utc))[-TRIED:]
        self._span = max(last[-1][2] - first[2], SECOND) if first is not None and last else SECOND

    def has(self, line: bytes) -> bool:
        """Whether lines like this are there so often that one may well be in the minutes before by chance."""
        return (self._shapes[_shape(line)] - 1) * SOON_US / self._span >= BY_CHANCE


def _shape(line: bytes) -> bytes:
    return VARIES.sub(b"#", line.rstrip(b"\r"))
