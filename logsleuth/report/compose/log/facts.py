"""The facts of the logs, and what they hold besides the story."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from logsleuth.report.compose.story.belongs import belonging
from logsleuth.report.compose.story.faults import what_it_means
from logsleuth.report.model import LogFacts, UnknownMessage, Usual
from logsleuth.scan.sighting import UNDATED
from logsleuth.signals.tuning import JOIN_US, TOGETHER_US
from logsleuth.timeline.model import between
from logsleuth.timeline.text import masked_but_code
from logsleuth.units import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.causes.model import Diagnosis
    from logsleuth.logs.open.log import Log
    from logsleuth.scan.sighting import Sighting
    from logsleuth.scan.tally import Tally
    from logsleuth.timeline.clock import Clock
    from logsleuth.timeline.model import Moment, Series, Timeline

UNKNOWN_SHOWN = 12
ACCESS = "one line a request"
"""Why it is known as an access log. It is here among logs that are read, and not refused for what it is not."""
USUAL_SHOWN = 12


def log_facts(number: int, log: Log, tally: Tally, clock: Clock) -> LogFacts:
    """What was read of one log."""
    found = tally.logs.get(number)
    if found is None:
        return LogFacts(log.path, 0, 0, log.format.name, log.format.reason, None, None, 0, 0, 0, 0, 0, ())
    return LogFacts(
        path=log.path,
        lines=found.lines,
        bytes=found.bytes,
        format=log.format.name,
        format_reason=ACCESS if log.format.name == "access" else log.format.reason,
        first=_time(found.first, clock),
        last=_time(found.last, clock),
        unparsed=found.unparsed,
        bare=found.bare,
        joined=found.joined,
        long=found.long,
        odd_bytes=found.odd_bytes,
        unparsed_samples=tuple(sample.text for sample in found.samples),
    )


def told_logs(facts: Sequence[LogFacts]) -> tuple[LogFacts, ...]:
    """The logs that were read.

    A file in which several programs write is read by one reader each: the one that found nothing in it is not told.
    """
    read = {log.path for log in facts if log.lines}
    return tuple(log for log in facts if log.lines or log.path not in read)


def _time(sighting: Sighting | None, clock: Clock) -> int | None:
    return clock.utc(sighting.time) if sighting is not None and sighting.time > UNDATED else None


def unknown_messages(timeline: Timeline, tally: Tally, logs: Sequence[Log]) -> tuple[UnknownMessage, ...]:
    """The messages that nothing knows, the gravest first."""
    found = []
    for series in list(timeline.unknown())[:UNKNOWN_SHOWN]:
        sample = series.first_sighting
        found.append(
            UnknownMessage(
                template=masked_but_code(sample),
                count=series.count,
                first=series.moments[0].time if series.moments else None,
                level=sample.level,
                path=logs[sample.log].path,
                line=tally.line_number(sample),
                offset=sample.offset,
                text=sample.text,
            )
        )
    return tuple(found)


def usual_messages(timeline: Timeline, diagnoses: Sequence[Diagnosis]) -> tuple[Usual, ...]:
    """What the log says all the time and is no fault: counted, and left out of the story.

    Without what was written in an incident, comes with one, set it off or ended it.
    """
    routine = [series for series in timeline.known() if not series.meaning.is_failure]
    each = [(one, frozenset(_named_by(one))) for one in diagnoses]
    rows = []
    for series in routine:
        near = _near(series, each)
        told = {moment.time: moment.count for one in near for moment in _of(series, one, timeline, len(routine))}
        if (apart := series.count - sum(told.values())) > 0:
            rows.append(Usual(series.title, series.name, series.meaning.role, apart, _meaning(series)))
    return tuple(sorted(rows, key=lambda row: (-row.count, row.pattern))[:USUAL_SHOWN])


def _near(series: Series, diagnoses: Iterable[tuple[Diagnosis, frozenset[str | None]]]) -> Iterable[Diagnosis]:
    """Those of which a moment of a series may be: of hundreds, those around it, and those that name it.

    `diagnoses`: each with the patterns that it names.
    """
    times, name = [moment.time for moment in series.moments], series.name
    for one, named in diagnoses:
        place = bisect_left(times, one.incident.onset - JOIN_US)
        if (place < len(times) and times[place] <= one.incident.over + TOGETHER_US) or name in named:
            yield one


def _named_by(diagnosis: Diagnosis) -> Iterable[str | None]:
    """The patterns of what set an incident off or ended it."""
    yield from (trigger.pattern for trigger in diagnosis.triggers)
    if diagnosis.ended_by is not None:
        yield diagnosis.ended_by.pattern


def _of(series: Series, diagnosis: Diagnosis, timeline: Timeline, tried: int) -> Iterable[Moment]:
    """The moments of a series that are in an incident, come with it, set it off or ended it."""
    incident, ended = diagnosis.incident, diagnosis.ended_by
    yield from between(series.moments, incident.onset, incident.over + SECOND)
    yield from belonging(series, incident, timeline.span, tried)
    edges = [trigger.time for trigger in diagnosis.triggers if trigger.pattern == series.name]
    edges += [ended.time] if ended is not None and ended.pattern == series.name else []
    for edge in edges:
        yield from between(series.moments, edge - SECOND, edge + SECOND)


def _meaning(series: Series) -> str:
    """What such a line says; empty: no more than its title."""
    meaning = what_it_means(
        series.meaning, series.explain, dict(series.first_sighting.fields) | {"count": f"{series.count:,}"}
    )
    return "" if meaning.rstrip(".") == series.title else meaning
