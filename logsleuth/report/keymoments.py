"""The key moments of an incident: 8 to 20 rows that tell it in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.report.model import KeyMoment
from logsleuth.report.words import plural
from logsleuth.story.incident import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.report.exhibits import Exhibits
    from logsleuth.story.incident import Strand, Verdict
    from logsleuth.story.timeline import Timeline

MOST = 20
STRANDS = 7
WORKERS = 5
RESTARTS = 6
ORDER = {"trigger": -1, "onset": 0, "recovery": 2, "end": 3}
"""Within one second: what set it off, then what happened, then how it ended."""


def key_moments(verdict: Verdict, timeline: Timeline, exhibits: Exhibits) -> tuple[KeyMoment, ...]:
    """The rows, in order of time."""
    rows = [
        *_triggers(verdict, exhibits),
        *_strands(verdict, exhibits),
        *_workers(verdict, exhibits),
        *_restarts(verdict, exhibits),
        *_ending(verdict, timeline, exhibits),
    ]
    rows.sort(key=lambda row: (row.time // SECOND, ORDER.get(row.kind, 1), row.time, row.kind))
    return tuple(_fewest(rows))


def _fewest(rows: list[KeyMoment]) -> list[KeyMoment]:
    """At most MOST rows: restarts and lost workers in the middle go first, the begin and the end never."""
    spare = [row for row in rows if row.kind in {"restart", "worker", "peak"}]
    surplus = min(max(len(rows) - MOST, 0), len(spare))
    begin = (len(spare) - surplus) // 2
    gone = {id(row) for row in spare[begin : begin + surplus]}
    return [row for row in rows if id(row) not in gone]


def _phase(verdict: Verdict, time: int) -> str:
    incident = verdict.incident
    if time < incident.onset:
        return "before"
    if incident.recovery is not None and time >= incident.recovery.time:
        return "recovery"
    return "onset" if time - incident.onset <= max(0.15 * incident.seconds, 2) * SECOND else "outage"


def _triggers(verdict: Verdict, exhibits: Exhibits) -> Iterable[KeyMoment]:
    for trigger in verdict.triggers:
        cited = tuple(exhibits.cite(sighting, trigger.pattern) for sighting in trigger.sightings)
        time = min(trigger.time, verdict.incident.onset)  # a line without a time borrows one from before the order
        yield KeyMoment(time, "trigger", "before", trigger.text, False, cited)


def _strands(verdict: Verdict, exhibits: Exhibits) -> Iterable[KeyMoment]:
    """Each strand's first line, the most telling strands first in choice; and the moment of its peak."""
    incident = verdict.incident
    cause = verdict.causes[0].strand.track.name if verdict.causes else ""
    earliest = min(s.begin for s in incident.strands)
    said = earliest - incident.onset <= SECOND  # else it began with workers of whose end no line tells
    at_onset = [s for s in incident.strands if s.begin - earliest <= SECOND]
    first_of_all = min(at_onset, key=lambda s: (s.track.name != cause, s.category is None, s.begin))
    ranked = sorted(incident.strands, key=lambda s: (s is not first_of_all, s.category is None, -s.count))
    for strand in ranked[:STRANDS]:
        kind = "onset" if said and strand is first_of_all else _kind(strand)
        text = f"{_title(strand)}: first of {strand.count:,}" if strand.count > 1 else _title(strand)
        first = exhibits.cite(strand.moments[0].sighting, strand.pattern.id if strand.pattern else None)
        yield KeyMoment(
            incident.onset if kind == "onset" else strand.begin,
            kind,
            _phase(verdict, strand.begin),
            text,
            False,
            (first,),
        )
    loudest = max(incident.strands, key=lambda s: s.count)
    if loudest.count > 3 * len(incident.strands):
        peak = max(loudest.moments, key=lambda m: m.count)
        if peak.count > 1 and peak.time != incident.onset:
            cited = exhibits.cite(peak.sighting, loudest.pattern.id if loudest.pattern else None)
            text = f"Peak: {_title(loudest)}, {plural(peak.count, 'time')} in a moment"
            yield KeyMoment(peak.time, "peak", _phase(verdict, peak.time), text, False, (cited,))


def _kind(strand: Strand) -> str:
    role = strand.pattern.role if strand.pattern else "symptom"
    return {"capacity": "capacity", "death": "worker", "shutdown": "restart"}.get(role, "symptom")


def _title(strand: Strand) -> str:
    return strand.pattern.title if strand.pattern else f"Unknown message “{strand.track.name}”"


def _workers(verdict: Verdict, exhibits: Exhibits) -> Iterable[KeyMoment]:
    """The first loss, the last, and some between."""
    lost = verdict.workers.lost
    if not lost:
        return
    if verdict.incident.onset < min(strand.begin for strand in verdict.incident.strands) - SECOND:
        cited = exhibits.cite(lost[0].sighting, None)
        text = "The first workers have fallen silent, before any line tells of it"
        yield KeyMoment(verdict.incident.onset, "onset", "onset", text, True, (cited,))
    steps = sorted({round(n * (len(lost) - 1) / max(WORKERS - 1, 1)) for n in range(WORKERS)})
    for place in steps:
        worker = lost[place]
        text = f"Worker {worker.pid} {worker.how}: {place + 1} of {len(lost)} lost"
        cited = exhibits.cite(worker.sighting, None)
        yield KeyMoment(worker.time, "worker", _phase(verdict, worker.time), text, worker.inferred, (cited,))


def _restarts(verdict: Verdict, exhibits: Exhibits) -> Iterable[KeyMoment]:
    names = {"stop": "Server stopped", "reload": "Graceful restart ordered", "hup": "Restart ordered (HUP)"}
    told = {sighting for trigger in verdict.triggers for sighting in trigger.sightings}
    for restart in verdict.incident.restarts[:RESTARTS]:
        if restart.down is not None and restart.kind in names and restart.sightings[0] not in told:
            cited = exhibits.cite(restart.sightings[0], None)
            yield KeyMoment(
                restart.down, "restart", _phase(verdict, restart.down), names[restart.kind], False, (cited,)
            )
        recovery = verdict.incident.recovery
        if restart.up is not None and (recovery is None or recovery.restart is not restart):
            cited = exhibits.cite(restart.sightings[-1], None)
            yield KeyMoment(
                restart.up,
                "restart",
                _phase(verdict, restart.up),
                "Server up again; it did not help",
                False,
                (cited,),
            )


def _ending(verdict: Verdict, timeline: Timeline, exhibits: Exhibits) -> Iterable[KeyMoment]:
    incident = verdict.incident
    last = max((m for s in incident.strands for m in s.moments), key=lambda m: m.last)
    if incident.recovery is None:
        yield KeyMoment(timeline.end, "end", "outage", "The log ends; nothing shows a recovery", True, ())
        return
    if incident.recovery.restart is not None:
        cited = exhibits.cite(incident.recovery.restart.sightings[-1], None)
        yield KeyMoment(
            incident.recovery.time,
            "recovery",
            "recovery",
            "Server up again; the failures are gone",
            False,
            (cited,),
        )
        return
    cited = exhibits.cite(last.sighting, None)
    yield KeyMoment(incident.recovery.time, "recovery", "recovery", "Last failure; silence after it", True, (cited,))
