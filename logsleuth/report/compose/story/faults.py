"""The faults: what is wrong, whom it hurts, what it means and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.library.platforms import advice, commands
from logsleuth.report.compose.log.platform import around
from logsleuth.report.compose.log.read_before import logs_read, still_to_ask
from logsleuth.report.compose.story.exhibits import Exhibits
from logsleuth.report.compose.story.filled import marked
from logsleuth.report.model import ReportFault
from logsleuth.report.words import fill, full_stop, has_all, joined
from logsleuth.units import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.incidents.model import Fault, Incident
    from logsleuth.library.meaning import Meaning
    from logsleuth.library.pattern import Explain, Known
    from logsleuth.library.platforms import Platform
    from logsleuth.logs.open.log import Log
    from logsleuth.timeline.model import Timeline

SHOWN = 50
NOT_COUNTED = ("{workers}", "{pool}")
"""Slots of a pattern's summary that only an incident can fill."""


def report_faults(
    found: Sequence[Fault],
    incidents: Sequence[Incident],
    blank: Exhibits,
    timeline: Timeline,
    there: Platform,
) -> tuple[ReportFault, ...]:
    """The most harmful faults, each with its own lines of evidence; `blank`: the logs, of which nothing is cited."""
    faults = [fault for fault in found if not is_told(fault, incidents)]
    return tuple(
        _fault(number, fault, Exhibits(blank.tally, blank.logs, blank.clock), timeline, there)
        for number, fault in enumerate(faults[:SHOWN], 1)
    )


def is_told(fault: Fault, incidents: Iterable[Incident]) -> bool:
    """Whether it only says that the server is down, while it is down in an incident: that is told there."""
    if fault.series.meaning.about != "server" or fault.first is None or fault.last is None:
        return False
    begin, end = fault.first + SECOND, fault.last - SECOND  # the lines of one moment, in two logs
    return any(one.was_down and one.onset <= begin and end <= one.over for one in incidents)


def _fault(number: int, fault: Fault, exhibits: Exhibits, timeline: Timeline, there: Platform) -> ReportFault:
    meaning = fault.series.meaning
    values = dict(fault.lines[0].fields) | {"count": f"{fault.count:,}"}
    in_prose = {slot: marked(value, fault.lines[0]) for slot, value in values.items()}
    explain = fault.explain({*there.names, *known_of(fault, timeline, exhibits.logs)})
    for sighting in fault.lines:
        exhibits.cite(sighting, meaning.id if meaning.known_by != "level" else None)
    for other in fault.also:
        exhibits.cite(other.lines[0], other.series.meaning.id if other.series.meaning.known_by != "level" else None)
    return ReportFault(
        id=number,
        category=meaning.category,
        pattern=meaning.id if meaning.known_by != "level" else None,
        title=meaning.title,
        severity=fault.severity,
        about=meaning.about,
        count=fault.count,
        first=fault.first,
        last=fault.last,
        clients=fault.clients,
        every_client=fault.every_client,
        trend=fault.trend,
        meaning=" ".join((what_it_means(meaning, explain, in_prose), *_again(fault))),
        confirm=commands(
            still_to_ask(explain.confirm, timeline),
            values | around(fault.first, fault.last, exhibits.clock),
            exhibits.logs[fault.lines[0].log].path,
            there,
        ),
        fix=advice(explain.fix, values, there),
        prevent=advice(explain.prevent, values, there),
        evidence=tuple(exhibits.items.values()),
        borrows=fault.borrows,
    )


def known_of(fault: Fault, timeline: Timeline, logs: Sequence[Log]) -> frozenset[Known]:
    """What the logs show of a fault beside its lines, as far as what is said of it differs by it."""
    steady: tuple[Known, ...] = () if fault.has_begun(timeline.start, timeline.end) else ("steady",)
    return frozenset({*steady, *logs_read(timeline, logs)})


def _again(fault: Fault) -> Iterable[str]:
    """In which other words the same events are in the logs, if they are."""
    if fault.also:
        listed = joined([f"“{other.series.title}”" for other in fault.also])
        yield f"The same events are also reported as {listed}."


def what_it_means(meaning: Meaning, explain: Explain, values: dict[str, str]) -> str:
    """A sentence or two: what this line says, and why it happens."""
    summary = explain.summary if not any(slot in explain.summary for slot in NOT_COUNTED) else ""
    parts = [full_stop(fill(text, values)) for text in (summary, explain.cause) if text and has_all(text, values)]
    if parts:
        return " ".join(parts)
    if meaning.known_by == "level":
        return "An unrecognised message; its level and words say that something failed."
    return f"{meaning.title}."
