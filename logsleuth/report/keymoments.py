"""The key moments of an incident: 8 to 20 rows that tell it in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.report.milestones import milestones
from logsleuth.report.model import KeyMoment
from logsleuth.report.words import ordinal, plural
from logsleuth.story.incident import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.report.exhibits import Exhibits
    from logsleuth.story.incident import Strand, Verdict
    from logsleuth.story.timeline import Timeline

MOST = 20
STRANDS = 7
VAIN = 2
"""Restarts that did not help are told up to here, and the last of them."""
ONSET_SHARE, ONSET_LEAST = 0.05, 2
"""The phase of the onset: this share of the incident, or so many seconds."""
RETURNS = 6
LEAST_PEAK = 3
"""Fewer in a moment are no peak worth a row."""
ORDER = {"trigger": -1, "onset": 0, "recovery": 2, "end": 3}
"""Within one second: what set it off, then what happened, then how it ended."""


def key_moments(verdict: Verdict, timeline: Timeline, exhibits: Exhibits) -> tuple[KeyMoment, ...]:
    """The rows, in order of time."""
    rows = [
        *_triggers(verdict, exhibits),
        *_strands(verdict, exhibits),
        *_returns(verdict, exhibits),
        *_workers(verdict, exhibits),
        *_restarts(verdict, exhibits),
        *_ending(verdict, timeline, exhibits),
    ]
    rows.sort(key=lambda row: (row.time // SECOND, ORDER.get(row.kind, 1), row.time, row.kind))
    return tuple(_fewest(rows))


def _fewest(rows: list[KeyMoment]) -> list[KeyMoment]:
    """At most MOST rows: restarts and lost workers in the middle go first, the begin and the end never."""
    spare = [row for row in rows if row.kind in {"restart", "worker", "peak", "return"}]
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
    lost = verdict.workers.lost
    if time - incident.onset <= max(ONSET_SHARE * incident.seconds, ONSET_LEAST) * SECOND:
        return "onset"
    return "spread" if len(lost) > 1 and time <= lost[-1].time else "outage"


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
    by_second: dict[tuple[int, str], list[Strand]] = {}
    for strand in ranked[:STRANDS]:
        kind = "onset" if said and strand is first_of_all else _kind(strand)
        time = incident.onset if kind == "onset" else strand.begin
        by_second.setdefault((time // SECOND, kind), []).append(strand)
    for (_, kind), strands in by_second.items():
        begin = min(strand.begin for strand in strands)
        text = "; ".join(_first_of(strand) for strand in strands)
        lines = tuple(_first_line(strand, exhibits) for strand in strands)
        yield KeyMoment(incident.onset if kind == "onset" else begin, kind, _phase(verdict, begin), text, False, lines)
    loudest = max(incident.strands, key=lambda s: s.count)
    if loudest.count > 3 * len(incident.strands):
        peak = max(loudest.moments, key=lambda m: m.count)
        if peak.count >= LEAST_PEAK and peak.time != incident.onset:
            cited = exhibits.cite(peak.sighting, loudest.pattern.id if loudest.pattern else None)
            text = f"Peak: {loudest.title}, {plural(peak.count, 'time')} in a moment"
            yield KeyMoment(peak.time, "peak", "peak", text, False, (cited,))


def _first_of(strand: Strand) -> str:
    return f"{strand.title}: first of {strand.count:,}" if strand.count > 1 else strand.title


def _first_line(strand: Strand, exhibits: Exhibits) -> str:
    return exhibits.cite(strand.moments[0].sighting, strand.pattern.id if strand.pattern else None)


def _returns(verdict: Verdict, exhibits: Exhibits) -> Iterable[KeyMoment]:
    """Each time that it came back, the first and the last ones where there are many."""
    returns = verdict.incident.returns
    for number, time in enumerate(returns, 2):
        if RETURNS // 2 < number - 1 <= len(returns) - RETURNS // 2:
            continue
        lines = (moment for strand in verdict.incident.strands for moment in strand.moments if moment.time >= time)
        first = min(lines, key=lambda moment: (moment.time, moment.sighting.offset), default=None)
        cited = (exhibits.cite(first.sighting, None),) if first is not None else ()
        text = f"It is back, for the {ordinal(number)} time of {len(returns) + 1}"
        yield KeyMoment(time, "return", _phase(verdict, time), text, False, cited)


def _kind(strand: Strand) -> str:
    role = strand.pattern.role if strand.pattern else "symptom"
    return {"capacity": "capacity", "death": "worker", "shutdown": "restart"}.get(role, "symptom")


def _workers(verdict: Verdict, exhibits: Exhibits) -> Iterable[KeyMoment]:
    """The first loss, a quarter, half and all of them."""
    lost = verdict.workers.lost
    if lost and verdict.incident.onset < min(strand.begin for strand in verdict.incident.strands) - SECOND:
        cited = exhibits.cite(lost[0].sighting, None)
        text = "The first workers have fallen silent, before any line tells of it"
        yield KeyMoment(verdict.incident.onset, "onset", "onset", text, True, (cited,))
    for number, name in milestones(len(lost)).items():
        worker = lost[number - 1]
        text = f"{name}: worker {worker.pid} {worker.how}, {number:,} of {len(lost):,}"
        cited = exhibits.cite(worker.sighting, None)
        yield KeyMoment(worker.time, "worker", _phase(verdict, worker.time), text, worker.inferred, (cited,))


def _restarts(verdict: Verdict, exhibits: Exhibits) -> Iterable[KeyMoment]:
    """What was tried in vain, in a row each; and the stop before the one that helped, where the server was down."""
    names = {"stop": "Server stopped", "reload": "Graceful restart ordered", "hup": "Restart ordered (HUP)"}
    told = {sighting for trigger in verdict.triggers for sighting in trigger.sightings}
    recovering = verdict.incident.recovery.restart if verdict.incident.recovery else None
    vain = [restart for restart in verdict.incident.restarts if restart is not recovering and restart.up is not None]
    shown = vain if len(vain) <= VAIN + 1 else [*vain[:VAIN], vain[-1]]
    for number, restart in enumerate(vain, 1):
        if restart in shown and restart.up is not None:
            of_all = f" ({number} of {len(vain)} in vain)" if len(vain) > 1 else ""
            cited = tuple(exhibits.cite(sighting, None) for sighting in restart.sightings)
            text = f"Restarted ({restart.kind}), up again; it did not help{of_all}"
            yield KeyMoment(restart.up, "restart", _phase(verdict, restart.up), text, False, cited)
    for restart in verdict.incident.restarts:
        down = restart.down
        if down is None or restart in vain or restart.kind not in names or restart.sightings[0] in told:
            continue
        cited = (exhibits.cite(restart.sightings[0], None),)
        yield KeyMoment(down, "restart", _phase(verdict, down), names[restart.kind], False, cited)


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
