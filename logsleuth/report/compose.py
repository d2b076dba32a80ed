"""From verdicts to the Report: what is told, in which words, with which lines as proof."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth import __version__
from logsleuth.library.commands import Command, instruction
from logsleuth.report import clocks, probe, ruled_out, traffic
from logsleuth.report.chain import chain
from logsleuth.report.excerpts import excerpts
from logsleuth.report.exhibits import Exhibits, patterns_of_lines
from logsleuth.report.keymoments import key_moments
from logsleuth.report.model import (
    Actions,
    Detection,
    HowKnown,
    IncidentReport,
    LogFacts,
    Report,
    ReportCause,
    ReportPool,
    ReportRoutine,
    ReportWorker,
    UnknownMessage,
    Usual,
)
from logsleuth.report.notes import all_notes
from logsleuth.report.pictures import lanes, report_strand
from logsleuth.report.reason import reason_beside
from logsleuth.report.words import duration, fill, has_all, plural
from logsleuth.story.incident import SECOND
from logsleuth.story.rules import reason
from logsleuth.story.timeline import said, template_text
from logsleuth.story.traffic import seen_by_clients
from logsleuth.story.workers import last_sign, spread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.library.pattern import Library
    from logsleuth.logs.log import Log
    from logsleuth.scan.tally import Tally
    from logsleuth.story.clock import Clock
    from logsleuth.story.incident import Cause, Incident, LostWorker, Strand, Trigger, Verdict
    from logsleuth.story.timeline import Timeline

ERRORS = ("emerg", "alert", "crit", "error")
STEPS = 48
CAUSES_TOLD = 5
WORKERS_TOLD = 2000
UNKNOWN_TOLD = 12
LONGEST_SAID = 200
"""Characters of a message that are quoted in a sentence."""
USUAL_TOLD = 12
LONG_ENOUGH = 3600.0
"""Seconds: in a shorter log no usual rate is known."""


def compose(
    verdicts: Sequence[Verdict],
    timeline: Timeline,
    tally: Tally,
    logs: Sequence[Log],
    library: Library,
    clock: Clock,
    *,
    command: str = "",
    left_out: Sequence[str] = (),
    partial: bool = False,
    told: Sequence[str] = (),
) -> Report:
    """The report on these verdicts."""
    patterns = patterns_of_lines(timeline)
    incidents = tuple(
        _incident(number, verdict, timeline, Exhibits(tally, logs, clock, patterns))
        for number, verdict in enumerate(verdicts, 1)
    )
    return Report(
        version=__version__,
        zone=clock.name,
        zone_known=clock.known,
        patterns=len(library.patterns),
        patterns_digest=library.digest,
        command=command,
        logs=tuple(_facts(number, log, tally, clock) for number, log in enumerate(logs)),
        incidents=incidents,
        unknown=_unknown(timeline, tally, logs),
        usual=_usual(timeline, verdicts),
        notes=(*all_notes(timeline, tally, logs, clock), *told, *clocks.notes(tally, logs, clock)),
        left_out=tuple(left_out),
        partial=partial,
    )


def _facts(number: int, log: Log, tally: Tally, clock: Clock) -> LogFacts:
    found = tally.logs.get(number)
    if found is None:
        return LogFacts(log.path, 0, 0, log.format.name, log.format.reason, None, None, 0, 0, 0, 0, 0, ())
    return LogFacts(
        path=log.path, lines=found.lines, bytes=found.bytes, format=log.format.name,
        format_reason=log.format.reason,
        first=clock.utc(found.first.time) if found.first else None,
        last=clock.utc(found.last.time) if found.last else None,
        unparsed=found.unparsed, bare=found.bare, joined=found.joined, long=found.long,
        odd_bytes=found.odd_bytes, unparsed_samples=tuple(sample.text for sample in found.samples),
    )  # fmt: skip


def _incident(number: int, verdict: Verdict, timeline: Timeline, exhibits: Exhibits) -> IncidentReport:
    incident = verdict.incident
    causes = tuple(_cause(cause, verdict, exhibits) for cause in verdict.causes[:CAUSES_TOLD])
    lost = tuple(_worker(worker, incident, timeline, exhibits) for worker in verdict.workers.lost[:WORKERS_TOLD])
    errors, begin, step = _errors(verdict, timeline)
    moments = key_moments(verdict, timeline, exhibits)
    told = chain(verdict, exhibits)
    recovery = incident.recovery
    evidence = tuple(exhibits.items.values())
    return IncidentReport(
        id=number,
        severity=verdict.severity,
        category=verdict.category,
        confidence=verdict.confidence,
        title=verdict.causes[0].title if verdict.causes else "Failures of unknown cause",
        onset=incident.onset,
        end=recovery.time if recovery else None,
        recovery_time=recovery.time if recovery else None,
        recovery_how=recovery.how if recovery else None,
        summary=_summary(verdict),
        impact=_impact(verdict, timeline, exhibits),
        causes=causes,
        triggers=tuple(_trigger(trigger) for trigger in verdict.triggers),
        chain=told,
        ruled_out=ruled_out.statements(verdict, timeline),
        pool=verdict.workers.pool,
        pool_source=verdict.workers.pool_source,
        lost=lost,
        lost_count=len(verdict.workers.lost),
        curve=spread(verdict.workers, begin, step, STEPS) if lost else (),
        errors=errors,
        errors_from=begin,
        errors_step=step,
        timeline=moments,
        actions=_actions(verdict),
        detection=_detection(verdict, timeline, exhibits),
        evidence=evidence,
        strands=tuple(report_strand(strand) for strand in incident.strands),
        lanes=lanes(verdict, timeline, begin, begin + STEPS * step, exhibits.clock),
        pools=tuple(ReportPool(pool.name, pool.size, pool.source, pool.lost) for pool in verdict.workers.pools),
        routine=tuple(ReportRoutine(end.how, end.pool, end.count) for end in verdict.workers.routine),
        how_known=tuple(HowKnown(rule, reason(rule), count) for rule, count in verdict.workers.rules),
        excerpts=excerpts(evidence, exhibits.logs),
    )


def _cause(cause: Cause, verdict: Verdict, exhibits: Exhibits) -> ReportCause:
    cited = [*exhibits.strand(cause.strand)]
    for other in cause.also[:4]:
        cited += exhibits.strand(other, 2)
    explain = cause.pattern.explain if cause.pattern else None
    return ReportCause(
        category=cause.category,
        pattern=cause.pattern.id if cause.pattern else None,
        title=cause.title,
        kind=cause.kind,
        confidence=cause.confidence,
        explanation=fill(explain.cause, _values(cause.strand, verdict)) if explain else "",
        for_=tuple(ground.text for ground in cause.grounds if ground.weight > 0),
        against=tuple(ground.text for ground in cause.grounds if ground.weight < 0),
        evidence=tuple(dict.fromkeys(cited)),
        count=cause.strand.count,
        first=cause.strand.begin,
        last=cause.strand.end,
    )


def _values(strand: Strand, verdict: Verdict) -> dict[str, str]:
    """What a pattern's sentences may name: its captures, and the counts of the story."""
    values = dict(strand.moments[0].sighting.fields)
    values["workers"] = str(len(verdict.workers.lost))
    values["pool"] = str(verdict.workers.pool) if verdict.workers.pool else "an unknown number of"
    values["count"] = f"{strand.count:,}"
    return values


def _worker(worker: LostWorker, incident: Incident, timeline: Timeline, exhibits: Exhibits) -> ReportWorker:
    signs = timeline.signs.get(worker.pid, [])
    return ReportWorker(
        pid=worker.pid,
        time=worker.time,
        how=worker.how,
        inferred=worker.inferred,
        failures=worker.failures,
        first_seen=exhibits.clock.utc(signs[0].first) if signs else None,
        last_seen=last_sign(worker.pid, incident, timeline, exhibits.clock),
        evidence=(exhibits.cite(worker.sighting, None),),
        pool=worker.pool,
        rule=worker.rule,
        born=worker.born,
    )


def _summary(verdict: Verdict) -> tuple[str, str, str]:
    """Three sentences: what happened, why, how it ended."""
    incident, workers = verdict.incident, verdict.workers
    failures = max((strand.count for strand in incident.strands), default=0)
    are = "is" if failures == 1 else "are"
    counted = f"{plural(failures, 'failure')} of one kind alone {are} in the log"
    happened = f"The server failed its users {_lasted(incident)}; {counted}"
    if workers.lost:
        happened = f"{_lost(verdict)} were lost ({_hows(verdict)}) within {duration(incident.seconds)}"
    if incident.recovery is None:
        ended = "Nothing in the log shows that it ended."
    elif incident.recovery.how == "faded":
        ended = "It ended without a restart: the failures stopped."
    else:
        ended = f"A {incident.recovery.how} ended it."
    return (f"{happened}.", _why(verdict), ended)


def _lasted(incident: Incident) -> str:
    """For how long; one line that nothing follows tells of no time at all."""
    if incident.recovery is None:
        return (
            "to the end of the log" if incident.end == incident.onset else f"for at least {duration(incident.seconds)}"
        )
    return f"for {duration(incident.seconds)}"


def _why(verdict: Verdict) -> str:
    """The likeliest cause, what stands beside it, and what fault of its own was there at the same time."""
    if not verdict.causes:
        return "No known message explains it; the appendix lists what was never seen before."
    cause = verdict.causes[0]
    if cause.pattern is None:
        seen = "nowhere else" if cause.strand.outside == 0 else "hardly anywhere else"
        return f"No pattern knows it. What stands out is “{cause.strand.track.name}”: the log says so {seen}."
    told, values = cause.pattern.explain.summary, _values(cause.strand, verdict)
    sentence = fill(told, values) if told and has_all(told, values) else f"{cause.title}."
    why = f"Likely cause ({cause.confidence} confidence): {sentence}"
    if (beside := reason_beside(verdict)) is not None:
        why += f" With it goes “{said(beside.moments[0].sighting)[:LONGEST_SAID]}”, which no pattern knows."
    other = next(
        (c for c in verdict.causes[1:] if c.kind == "independent" and c.category and c.confidence != "low"), None
    )
    if other is not None:
        why += f" A fault of its own at the same time: {other.title}."
    return why


def _lost(verdict: Verdict) -> str:
    """How many workers were lost; of which pool, where there are several."""
    workers = verdict.workers
    number = len(workers.lost)
    of_pool = f" of {workers.pool}" if workers.pool and workers.pool >= number else ""
    concerned = [pool.name for pool in workers.pools if pool.lost and pool.name]
    where = f" of {concerned[0]}" if len(concerned) == 1 and sum(pool.lost > 0 for pool in workers.pools) == 1 else ""
    return f"{number}{of_pool} workers{where}"


def _hows(verdict: Verdict) -> str:
    """How they were lost, and how many of the losses no line tells."""
    lost = verdict.workers.lost
    inferred = sum(worker.inferred for worker in lost)
    hows = ", ".join(sorted({worker.how for worker in lost}))
    return f"{hows}; {inferred} of them inferred" if 0 < inferred < len(lost) else hows


def _impact(verdict: Verdict, timeline: Timeline, exhibits: Exhibits) -> tuple[str, ...]:
    incident = verdict.incident
    facts = [f"Lasted {duration(incident.seconds)}{'' if incident.recovery else ' up to the end of the log'}."]
    if incident.period is not None:
        facts.append(f"It came back every {duration(incident.period)}.")
    for strand in sorted(incident.strands, key=lambda s: -s.count)[:4]:
        usual = f", usually {strand.usual * 3600:.1f} moments an hour" if timeline.span > LONG_ENOUGH else ""
        facts.append(f"{strand.title}: {strand.count:,} times{usual}.")
    if verdict.workers.lost:
        over = incident.recovery.time if incident.recovery else timeline.end
        minutes = sum(max(over - worker.time, 0) for worker in verdict.workers.lost) / SECOND / 60
        facts.append(f"{plural(len(verdict.workers.lost), 'worker')} lost, {minutes:.0f} worker minutes.")
    facts += [traffic.told(seen, exhibits.logs[seen.log].path) for seen in seen_by_clients(incident, timeline)]
    return tuple(facts)


def _trigger(trigger: Trigger) -> str:
    return f"{trigger.text}: {trigger.sightings[0].text}"


def _actions(verdict: Verdict) -> Actions:
    confirm: list[Command] = []
    now: list[str] = []
    prevent: list[str] = []
    for cause in verdict.causes[:2]:
        if cause.pattern is None:
            continue
        values = _values(cause.strand, verdict)
        explain = cause.pattern.explain
        confirm += [Command(template, tuple(values.items())) for template in explain.confirm]
        now += [instruction(explain.fix, values)] if explain.fix else []
        prevent += [instruction(explain.prevent, values)] if explain.prevent else []
    return Actions(tuple(dict.fromkeys(confirm)), tuple(dict.fromkeys(now)), tuple(dict.fromkeys(prevent)))


def _detection(verdict: Verdict, timeline: Timeline, exhibits: Exhibits) -> Detection:
    incident = verdict.incident
    grave = [m.time for s in incident.strands for m in s.moments if m.sighting.level in {*ERRORS, ""}]
    first = min(grave, default=None)
    over = incident.recovery.time if incident.recovery else timeline.end
    shown = verdict.causes[0].strand if verdict.causes else incident.strands[0]
    path = exhibits.logs[shown.moments[0].sighting.log].path
    return Detection(incident.onset, first, probe.monit(path), probe.saved(verdict, over, exhibits.clock.tz))


def _errors(verdict: Verdict, timeline: Timeline) -> tuple[tuple[int, ...], int, int]:
    """The incident's evidence in equal steps, with half as much time before and after it."""
    incident = verdict.incident
    over = incident.recovery.time if incident.recovery else incident.end
    margin = max((over - incident.onset) // 2, 15 * SECOND)
    begin, end = max(incident.onset - margin, timeline.start), min(over + margin, timeline.end)
    step = max((end - begin) // STEPS, 1)
    counts = [0] * STEPS
    for strand in incident.strands:
        for moment in strand.track.moments:
            if begin <= moment.time <= end:
                counts[min((moment.time - begin) // step, STEPS - 1)] += moment.count
    return tuple(counts), begin, step


def _unknown(timeline: Timeline, tally: Tally, logs: Sequence[Log]) -> tuple[UnknownMessage, ...]:
    told = []
    for track in timeline.unknown[:UNKNOWN_TOLD]:
        sample = track.moments[0].sighting
        told.append(
            UnknownMessage(
                template=template_text(sample),
                count=track.count,
                first=track.moments[0].time,
                level=sample.level,
                path=logs[sample.log].path,
                line=tally.line_number(sample),
                offset=sample.offset,
                text=sample.text,
            )
        )
    return tuple(told)


def _usual(timeline: Timeline, verdicts: Sequence[Verdict]) -> tuple[Usual, ...]:
    """What the log says all the time: counted, and left out of the story."""
    told: dict[str, int] = {}
    for verdict in verdicts:
        for strand in verdict.incident.strands:
            told[strand.track.name] = told.get(strand.track.name, 0) + strand.count
    rows = []
    for track in timeline.tracks.values():
        rest = track.count - told.get(track.name, 0)
        if track.pattern is not None and rest > 0:
            rows.append(Usual(track.pattern.title, track.name, track.pattern.role, rest))
    return tuple(sorted(rows, key=lambda row: (-row.count, row.pattern))[:USUAL_TOLD])
