"""What another program's log has in the minutes before an outage of which nothing known says what set it off.

No pattern can know every program. What is out of the ordinary there may be the reason, and a reader can tell: so the
last such lines are shown, and nothing is claimed of them.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from logsleuth.report.compose.dated import STEP, DatedLog, shape
from logsleuth.signals.tuning import BY_CHANCE, SOON_US
from logsleuth.units import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logsleuth.incidents.model import Incident
    from logsleuth.lives.live import Lives
    from logsleuth.report.compose.exhibits import Exhibits
    from logsleuth.scan.sighting import Sighting

SHOWN: Final = 3
REACH: Final = 256 << 10
"""Bytes that are looked at from where the minutes before the onset begin."""
AROUND: Final = 512 << 10
"""Bytes on either side of it that show what is routine."""
TRIED: Final = 50
"""Lines that are read to find one with a time."""


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
        for log in DatedLog.each(lives, exhibits)
        for one in _in_log(log, onset - SECOND * (log.number in own), exhibits)
    ]
    return tuple(sorted(found, key=lambda one: (one.time, one.sighting.log, one.sighting.offset))[-SHOWN:])


def _in_log(log: DatedLog, onset: int, exhibits: Exhibits) -> Iterator[Unusual]:
    begin = log.place_of(onset - SOON_US)
    routine = _Routine(log, begin)
    for found in log.lines(begin, begin + REACH):
        known = (log.number, found.line.offset) in exhibits.patterns or found.record.message[:1].isspace()
        if onset - SOON_US <= found.time <= onset and not known and not routine.has(found.line.text):
            yield Unusual(found.time, log.path, log.sighting(found))


class _Routine:
    """What a log has all the time, by its lines around a place."""

    def __init__(self, log: DatedLog, place: int) -> None:
        around = log.data[max(place - AROUND, 0) : place + AROUND]
        self._shapes = Counter(map(shape, around.split(b"\n")))
        first = next(log.lines(0, STEP), None)
        last = list(log.lines(max(len(log.data) - STEP, 0), len(log.data)))[-TRIED:]
        self._span = max(last[-1].time - first.time, SECOND) if first is not None and last else SECOND

    def has(self, line: bytes) -> bool:
        """Whether lines like this are there so often that one may well be in the minutes before by chance."""
        return (self._shapes[shape(line)] - 1) * SOON_US / self._span >= BY_CHANCE
