"""What another program's log has in the minutes before an outage of which nothing known says what set it off.

No pattern can know every program. What is out of the ordinary there may be the reason, and a reader can tell: so the
last such lines are shown, and nothing is claimed of them.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from logsleuth.regexes import regex
from logsleuth.report.compose.log.dated import STEP, DatedLog, shape
from logsleuth.signals.tuning import BY_CHANCE, JOIN_US, SOON_US
from logsleuth.units import SECOND
from logsleuth.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logsleuth.incidents.model import Incident
    from logsleuth.lives.live import Lives
    from logsleuth.report.compose.story.exhibits import Exhibits
    from logsleuth.scan.sighting import Sighting

SHOWN: Final = 3
REACH: Final = 256 << 10
"""Bytes that are looked at from where the minutes before the onset begin."""
AROUND: Final = 512 << 10
"""Bytes on either side of it that show what is routine."""
CHANGES: Final = regex(
    r"(?i)fail-?(?:ed )?over|elected|promot(?:ed|ing)|demot(?:ed|ing)|switch-master|entering (?:master|backup) state"
    r"|gratuitous arp|\b(?:erased|aborted|killed|terminated|(?:un)?mounted|evicted)\b"
    r"|\bremoved\b(?! (?:session|slice|temporary))"
)
"""Words of a change that may begin or end an outage: a service changes its role; what held something is ended."""
FAILS: Final = regex(
    r"(?i)limit reached|exceeded|quota|not respond|unreachable|not ?ready|tim(?:ed|e)[ -]?out|out of memory|no space"
    r"|full\b|segfault|core[ -]dump|crash|panic|signal \d|status=\d+/|denied|refused|fail(?:ed|ure|s)\b|\berror|cannot"
    r"|could not|can't|unable|\bdown\b|lost\b|expired|killing|stopp(?:ed|ing)"
)
"""Words of something that went wrong."""
TRIED: Final = 50
"""Lines that are read to find one with a time."""


class Unusual(NamedTuple):
    """A line of another program that no pattern knows, and that is hardly there by chance."""

    time: int
    """UTC microseconds."""
    path: str
    sighting: Sighting
    message: str
    """Its words, without what the log puts before them."""
    program: str | None
    """The program that syslog names; None: it names none, or it is another log."""


def unusual_before(incident: Incident, lives: Lives, exhibits: Exhibits) -> tuple[Unusual, ...]:
    """The last such lines of the minutes before an onset, in order of time, or those that name a change of roles.

    What a log says in the same second as its own first line of the outage belongs to that line. Who watches a service
    notices its end later than those who use it: of the time just after the onset only what names such a change counts.
    """
    own = {signal.moments[0].sighting.log for signal in incident.signals}
    onset = min([incident.onset, *(signal.begin for signal in incident.signals if signal.meaning.role == "cause")])
    found: list[Unusual] = []
    for log in DatedLog.each(lives, exhibits):
        until = onset - SECOND if log.number in own else onset
        lines = unusual_in(log, until, lives, exhibits)
        found += [one for one in lines if one.time <= until or names_a_change(one)]
    told = {place for signal in incident.signals for place in signal.lines}
    return _last([one for one in found if (one.sighting.log, one.sighting.offset) not in told])


def names_a_change(line: Unusual) -> bool:
    """Whether a line says that a service changed its role, or that something was ended, taken away or mounted."""
    return CHANGES.search(line.sighting.text) is not None


def _last(found: Sequence[Unusual]) -> tuple[Unusual, ...]:
    """The last ones, in order of time: of those that name a change, or else a failure, where there are any."""
    ordered = sorted(found, key=lambda one: (one.time, one.sighting.log, one.sighting.offset))
    telling = [one for one in ordered if names_a_change(one)] or [one for one in ordered if _names_a_failure(one)]
    return tuple((telling or ordered)[-SHOWN:])


def _names_a_failure(line: Unusual) -> bool:
    return FAILS.search(line.sighting.text) is not None


def unusual_in(log: DatedLog, time: int, lives: Lives, exhibits: Exhibits) -> Iterator[Unusual]:
    """The unusual lines of the minutes before a moment and of those just after it."""
    begin = log.place_of(time - SOON_US)
    routine = _Routine(log, begin, lives.timeline.span)
    for found in log.lines(begin, begin + REACH):
        known = (log.number, found.line.offset) in exhibits.patterns or log.goes_on(found)
        near = time - SOON_US <= found.time <= time + JOIN_US
        if near and not known and not routine.has(found.line.text):
            program = found.record.extra.get("program")
            yield Unusual(found.time, log.path, log.sighting(found), found.message, program)


class _Routine:
    """What a log has all the time, by its lines around a place."""

    def __init__(self, log: DatedLog, place: int, span: int) -> None:
        """`span`: microseconds of all logs: one in which nothing is written all day covers seconds only."""
        around = log.data[max(place - AROUND, 0) : place + AROUND]
        self._shapes = Counter(map(shape, around.split(b"\n")))
        first = next(log.lines(0, STEP), None)
        last = list(log.lines(max(len(log.data) - STEP, 0), len(log.data)))[-TRIED:]
        own = last[-1].time - first.time if first is not None and last else 0
        whole = len(log.data) <= 2 * AROUND
        self._span = max(own, span if whole else SECOND)

    def has(self, line: bytes) -> bool:
        """Whether lines like this are there so often that one may well be in the minutes before by chance."""
        return (self._shapes[shape(line)] - 1) * SOON_US / self._span >= BY_CHANCE
