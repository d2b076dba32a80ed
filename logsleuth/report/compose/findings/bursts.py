"""Kinds of lines that another program's log has in the time of an outage, and hardly at any other.

Whether a pattern knows them or not, they may be its reason or its effect: they are counted and shown, and nothing is
claimed of them.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from logsleuth.causes.said_elsewhere import Burst
from logsleuth.incidents.same_events import are_the_same_events
from logsleuth.library.system_words import system_words
from logsleuth.library.thrown import reason_below
from logsleuth.report.compose.log.again import LARGEST
from logsleuth.report.compose.log.dated import STEP, DatedLog, kind_of
from logsleuth.report.words import LONGEST_QUOTE, cut
from logsleuth.signals.model import Why
from logsleuth.signals.tuning import JOIN_US
from logsleuth.units import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logsleuth.causes.model import Diagnosis
    from logsleuth.lives.live import Lives
    from logsleuth.report.compose.log.dated import DatedLine
    from logsleuth.report.compose.story.exhibits import Exhibits
    from logsleuth.signals.model import Signal

SHOWN: Final = 2
LEAST: Final = 5
"""Lines of one kind; fewer are no burst."""
TIMES: Final = 10
"""How many times as often as at other times they come."""
REACH: Final = 1 << 20
"""Bytes of the outage that are looked at."""
AROUND: Final = 512 << 10
"""Bytes before and after it that show what is usual."""


def quoted(burst: Burst) -> str:
    """A burst in words, with what its first line says."""
    return f"{burst.how_often}: “{cut(burst.message, LONGEST_QUOTE)}”"


def bursts(diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits) -> tuple[Burst, ...]:
    """The kinds of lines that came with an outage and are not told as part of it, those of most lines first.

    Of hundreds of incidents only the gravest are looked at so closely.
    """
    if exhibits.again.read_closely > LARGEST:
        return ()
    incident = diagnosis.incident
    moments = [moment for signal in incident.signals if not is_said_along(signal) for moment in signal.moments]
    told = {(one.sighting.log, one.sighting.offset) for one in moments}
    told |= {(line.log, line.offset) for trigger in diagnosis.triggers for line in trigger.sightings}
    told |= {(line.log, line.offset) for line in diagnosis.ended_by.sightings} if diagnosis.ended_by else set()
    span = (incident.onset - JOIN_US, incident.over + JOIN_US)
    reason = diagnosis.reason
    behind = {line.log for line in reason.sightings} if reason is not None and reason.times else set()
    found = []
    for log in DatedLog.each(lives, exhibits):
        if log.number in behind:
            continue  # what a service writes each time that it ends and starts
        events = sorted({one.time for one in moments if one.sighting.log == log.number})
        found += [one for one in _in_log(log, span, told) if not _are_of_a_record(one[1], events, span)]
    return tuple(_each_event_once(found)[:SHOWN])


def is_said_along(signal: Signal) -> bool:
    """Whether an incident has a message for no more than that it was said all the while: nothing is known of it.

    Its log, read once more, says better what it is about.
    """
    return signal.why is Why.COMPANION and signal.meaning.known_by == "level"


def _each_event_once(found: Sequence[tuple[Burst, Sequence[int]]]) -> list[Burst]:
    """The bursts but for those whose lines were written with another's, in each second of it: one event writes both.

    Those of most lines first.
    """
    kept: dict[tuple[str, frozenset[int]], Burst] = {}
    for burst, times in sorted(found, key=lambda one: (not _names_an_error(one[0]), one[0].time)):
        kept.setdefault((burst.name, frozenset(time // SECOND for time in times)), burst)
    return sorted(kept.values(), key=lambda burst: (-burst.lines, burst.time))


def _names_an_error(burst: Burst) -> bool:
    """Whether it says what went wrong, where another line of the same event says only that something did."""
    return system_words(burst.message) is not None or reason_below([burst.message]) is not None


def _are_of_a_record(times: Sequence[int], events: Sequence[int], span: tuple[int, int]) -> bool:
    """Whether lines are the rest of records of which the incident has a line: a head, frames, a table of processes.

    `events`: when the incident's lines in the same log were written.
    """
    return are_the_same_events(times, events, span[1] - span[0])


def _in_log(log: DatedLog, span: tuple[int, int], told: set[tuple[int, int]]) -> Iterator[tuple[Burst, Sequence[int]]]:
    """The bursts of one log, each with when its lines were written."""
    begin, end = log.place_of(span[0]), log.place_of(span[1])
    lines = [one for one in log.lines(begin, min(end + STEP, begin + REACH)) if span[0] <= one.time <= span[1]]
    if len(lines) < LEAST:
        return
    own = {
        _kind(one) for one in lines if told.intersection((log.number, line.offset) for line in (one.line, *one.below))
    }
    inside: dict[bytes, list[DatedLine]] = {}
    for one in lines:
        if one.message and not log.goes_on(one):
            inside.setdefault(_kind(one), []).append(one)
    around = [*log.lines(max(begin - AROUND, 0), begin), *log.lines(end, end + AROUND)]
    others = [one for one in around if not span[0] <= one.time <= span[1]]
    usual = Counter(map(_kind, others))
    seconds = max(lines[-1].time - lines[0].time, SECOND)
    elsewhere = _length(others, span)
    for kind, found in inside.items():
        count = len(found)
        # one line more at other times than there is, as chance may have left it out
        if kind not in own and count >= LEAST and count * elsewhere > TIMES * (usual[kind] + 1) * seconds:
            burst = Burst(
                log.name, found[0].message, count, usual[kind], elsewhere, log.sighting(found[0]), found[0].time
            )
            yield burst, [one.time for one in found]


def _kind(line: DatedLine) -> bytes:
    return kind_of(line.message.encode())


def _length(others: list[DatedLine], span: tuple[int, int]) -> int:
    """Microseconds of the stretches before and after an outage that some lines cover."""
    before = [one.time for one in others if one.time < span[0]]
    after = [one.time for one in others if one.time > span[1]]
    return (span[0] - min(before) if before else 0) + (max(after) - span[1] if after else 0)
