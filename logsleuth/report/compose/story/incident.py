"""One incident as the report shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.causes.model import By
from logsleuth.causes.said_elsewhere import with_their_reason
from logsleuth.causes.severity import with_parts
from logsleuth.incidents.losses import signal_pids
from logsleuth.lives.requests import ANSWERED
from logsleuth.lives.workers.rules import reason
from logsleuth.report.compose.answers.down import only_at_its_edges
from logsleuth.report.compose.answers.over import seen_again
from logsleuth.report.compose.answers.stood_still import stood_still
from logsleuth.report.compose.answers.summary import proof_of_harm, summary
from logsleuth.report.compose.findings.bursts import bursts, quoted
from logsleuth.report.compose.findings.findings import with_findings
from logsleuth.report.compose.log.meanwhile import said_meanwhile
from logsleuth.report.compose.log.platform import explained_on
from logsleuth.report.compose.probe.detection import detection
from logsleuth.report.compose.requests.where import site
from logsleuth.report.compose.requests.yardstick import kind_of
from logsleuth.report.compose.story.actions import actions
from logsleuth.report.compose.story.chain import chain
from logsleuth.report.compose.story.filled import values_of
from logsleuth.report.compose.story.impact import impact, number_of_clients, requests_of
from logsleuth.report.compose.story.known import known_of
from logsleuth.report.compose.story.moments import key_moments
from logsleuth.report.compose.story.pictures import curve, errors, lanes, report_signal
from logsleuth.report.compose.story.reached import is_waiting, kept_out_of
from logsleuth.report.compose.story.scope import hit_of, scope_of
from logsleuth.report.compose.story.whom import whom
from logsleuth.report.fates import PARENT
from logsleuth.report.model import (
    Glance,
    HowKnown,
    IncidentReport,
    ReportCause,
    ReportPool,
    ReportRoutine,
    ReportWorker,
)
from logsleuth.report.words import beyond, fill
from logsleuth.values import replace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.causes.model import Cause, Diagnosis, Ground, Trigger
    from logsleuth.incidents.model import Incident, LostWorker
    from logsleuth.library.pattern import Severity
    from logsleuth.library.platforms import Platform
    from logsleuth.lives.live import Lives
    from logsleuth.report.compose.requests.asked import AskedThen
    from logsleuth.report.compose.story.exhibits import Exhibits
    from logsleuth.report.compose.story.ruled_out import RuledOut

CAUSES_SHOWN = 5
WORKERS_SHOWN = 2000
ALSO_CITED = 4
WHAT_FAILED = "what failed"
"""The kind of a first cause that only says what broke: no line names the root of it."""


def report_incident(
    number: int, diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits, there: Platform, ruled_out: RuledOut
) -> IncidentReport:
    """One diagnosis in words and lines of evidence."""
    found = bursts(diagnosis, lives, exhibits)
    diagnosis = with_their_reason(with_findings(diagnosis, lives, exhibits), found, quoted)
    diagnosis = explained_on(there, known_of(diagnosis, lives.timeline, exhibits), diagnosis)
    incident, workers, seen = diagnosis.incident, diagnosis.workers, diagnosis.incident.requests
    then = None
    if seen is not None:
        from logsleuth.report.compose.requests.asked import asked_then  # noqa: PLC0415 - most runs have no access log

        lines = sum(one.count for one in incident.signals if one.name != ANSWERED and one.meaning.is_failure)
        set_off = any(one.kind == "surge" for one in diagnosis.triggers)
        then = asked_then(seen, incident.onset, lives.requests, exhibits, lines, set_off=set_off)
    if then is not None and then.aside and not then.hits_users:
        then = None  # what came through, or was refused, was no user's: then all requests are counted
    if then is not None:
        diagnosis = _with_exact(diagnosis, then)
        incident, seen = diagnosis.incident, diagnosis.incident.requests
    causes = tuple(_cause(cause, diagnosis, exhibits) for cause in diagnosis.causes[:CAUSES_SHOWN])
    lost = tuple(_worker(worker, incident, lives, exhibits) for worker in workers.lost[:WORKERS_SHOWN])
    counts, begin, step = errors(incident, lives)
    moments = key_moments(diagnosis, lives, exhibits)
    links = chain(diagnosis, found, lives, exhibits, there)
    harm, hurt = proof_of_harm(diagnosis, lives, exhibits), impact(diagnosis, lives, exhibits, then)
    hit = site(diagnosis, lives, exhibits, then)
    reasons = tuple(
        dict.fromkeys(
            (
                *_behind(diagnosis, exhibits),
                *(causes[0].evidence[:3] if causes else ()),
                *_beside(diagnosis, exhibits),
            )
        )
    )
    ending = tuple(cited for row in moments if row.kind in {"recovery", "end"} for cited in row.evidence)
    if (ended := diagnosis.ended_by) is not None:
        ending = (*ending, *(exhibits.cite(line, ended.pattern) for line in ended.sightings[-1:]))
        if ended.by is By.BEFORE_A_RESTART and ended.restart is not None:
            ending = (*ending, exhibits.cite(ended.restart.sightings[0], None))
    again = seen_again(diagnosis)
    if again is not None:
        ending = (*ending, exhibits.cite(again[1].sighting, None))
    ending = tuple(dict.fromkeys(ending))
    recovery = incident.recovery
    evidence = tuple(exhibits.items.values())
    return IncidentReport(
        id=number,
        severity=diagnosis.severity,
        category=diagnosis.category,
        confidence=diagnosis.confidence,
        why_confidence=diagnosis.why,
        restart=diagnosis.restart,
        title=_title(diagnosis),
        onset=incident.onset,
        end=recovery.time if recovery else None,
        last=incident.end,
        spells=incident.spells,
        begun_before=incident.begun_before,
        recovery_time=recovery.time if recovery else None,
        recovery_how=recovery.how if recovery else None,
        ended_by=diagnosis.ended_by.by if diagnosis.ended_by is not None else None,
        requests=requests_of(incident, lives, exhibits, then),
        summary=summary(diagnosis, lives, exhibits.clock.tz, then),
        summary_evidence=(harm, reasons, tuple(dict.fromkeys(ending))),
        impact=hurt,
        clients=number_of_clients(incident)[0],
        whom=()
        if kept_out_of(diagnosis) or is_waiting(diagnosis) or only_at_its_edges(incident, lives)
        else whom(seen, lives.requests, then, apart=not stood_still(incident, lives)),
        causes=causes,
        triggers=tuple(_trigger(trigger) for trigger in diagnosis.triggers),
        chain=links,
        ruled_out=ruled_out.statements(incident, said_meanwhile(incident, lives, exhibits)),
        pool=workers.pool,
        pool_source=workers.pool_source,
        lost=lost,
        lost_count=len(workers.lost),
        curve=curve(workers, begin, step) if lost else (),
        errors=counts,
        errors_from=begin,
        errors_step=step,
        timeline=moments,
        actions=actions(diagnosis, lives, exhibits, there, hit),
        detection=detection(diagnosis, lives, exhibits, there, then, hit, found),
        evidence=evidence,
        signals=tuple(report_signal(signal, diagnosis.title_of(signal)) for signal in incident.signals),
        lanes=lanes(diagnosis, lives, begin, step),
        pools=tuple(ReportPool(pool.name, pool.size, pool.source, pool.lost) for pool in workers.pools),
        routine=tuple(ReportRoutine(end.how, end.pool, end.count) for end in workers.routine),
        how_known=tuple(HowKnown(rule, reason(rule), count) for rule, count in workers.rules),
    )


def glance(number: int, diagnosis: Diagnosis) -> Glance:
    """The same in one row of a list, of an incident that is over."""
    incident = diagnosis.incident
    assert incident.recovery is not None, "one that goes on is told in full"
    return Glance(number, diagnosis.severity, _title(diagnosis), incident.onset, incident.recovery.time)


def _title(diagnosis: Diagnosis) -> str:
    """What is surely behind it, else its first cause."""
    reason = diagnosis.reason
    if reason is not None and reason.title and reason.confidence == "high":
        return reason.title
    return diagnosis.causes[0].title if diagnosis.causes else "Failures of unknown cause"


def _with_exact(diagnosis: Diagnosis, then: AskedThen) -> Diagnosis:
    """The same with its requests counted exactly. Whether most of those to be expected are missing stays decided."""
    incident = diagnosis.incident
    exact = replace(incident, requests=then.seen)
    if (exact.was_starved, exact.lacks_requests) != (incident.was_starved, incident.lacks_requests):
        exact = replace(incident, requests=replace(then.seen, expected=None))
    return replace(diagnosis, incident=exact, severity=_by_parts(diagnosis.severity, then))


def _by_parts(severity: Severity, then: AskedThen) -> Severity:
    """How grave it was, by what a count by page shows."""
    scope = scope_of(then.seen, then)
    clients = sum(hit_of(one, kind_of(then.seen)) > 0 for one in then.clients.kept)
    return with_parts(severity, scope.hit if scope is not None else 0, clients)


def _beside(diagnosis: Diagnosis, exhibits: Exhibits) -> tuple[str, ...]:
    """The line of the unknown message that comes with the cause, where one does."""
    beside = diagnosis.beside
    return (exhibits.cite(beside.moments[0].sighting, None),) if beside is not None else ()


def _behind(diagnosis: Diagnosis, exhibits: Exhibits) -> tuple[str, ...]:
    """The lines that show what is behind the first cause."""
    reason = diagnosis.reason
    return tuple(exhibits.cite(line, None) for line in reason.sightings) if reason is not None else ()


def _own_grounds(cause: Cause, diagnosis: Diagnosis) -> Iterable[Ground]:
    """The evidence for and against a cause, without what the first one explains in the same words."""
    first = diagnosis.causes[0]
    said = {ground.text for ground in first.grounds if ground.rule == "explains-the-rest"} if cause is not first else ()
    return (ground for ground in cause.grounds if ground.text not in said)


def _cause(cause: Cause, diagnosis: Diagnosis, exhibits: Exhibits) -> ReportCause:
    cited = [*exhibits.signal(cause.signal)]
    if cause is diagnosis.causes[0]:
        cited += _behind(diagnosis, exhibits)
    for other in cause.also[:ALSO_CITED]:
        cited += exhibits.signal(other, 2)
    meaning = cause.signal.meaning
    return ReportCause(
        category=cause.category,
        pattern=meaning.id if meaning.known_by != "level" else None,
        title=cause.title,
        kind=WHAT_FAILED if cause is diagnosis.causes[0] and diagnosis.why == "low" else cause.kind,
        confidence=cause.confidence,
        explanation=f"{_bound(cause, diagnosis)}"
        f"{beyond(cause.title, fill(cause.explain.cause, values_of(cause.signal, diagnosis)))}",
        for_=tuple(ground.text for ground in _own_grounds(cause, diagnosis) if ground.weight > 0 and ground.text),
        against=tuple(ground.text for ground in cause.grounds if ground.weight < 0 and ground.text),
        evidence=tuple(dict.fromkeys(cited)),
        count=cause.signal.count,
        first=cause.signal.begin,
        last=cause.signal.end,
    )


def _bound(cause: Cause, diagnosis: Diagnosis) -> str:
    """What binds a related cause to the first one, as a sentence."""
    return f"Related to “{diagnosis.causes[0].title}”: {cause.shares}. " if cause.shares else ""


def _worker(worker: LostWorker, incident: Incident, lives: Lives, exhibits: Exhibits) -> ReportWorker:
    signs = lives.timeline.signs.get(worker.pid, ())
    return ReportWorker(
        pid=worker.pid,
        time=worker.time,
        how=worker.how,
        inferred=worker.inferred,
        failures=worker.failures,
        first_seen=signs[0].first if signs and worker.pool != PARENT else None,  # it lived long before it wrote
        last_seen=_last_sign(worker.pid, incident, lives),
        evidence=(exhibits.cite(worker.sighting, None),),
        pool=worker.pool,
        rule=worker.rule,
        born=worker.born,
    )


def _last_sign(pid: int, incident: Incident, lives: Lives) -> int | None:
    """UTC microseconds of the last line by or about a worker; None: there is none."""
    about = [s.series.by_pid[pid].last.time for s in incident.signals if pid in signal_pids(s)]
    return max([*about, *(sign.last for sign in lives.timeline.signs.get(pid, ()))], default=None)


def _trigger(trigger: Trigger) -> str:
    return f"{trigger.text}: {trigger.sightings[0].text}"
