"""What to do: advice that fits the state. What a restart has ended does not ask for another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.causes.ended import helped_for
from logsleuth.causes.model import By
from logsleuth.library.category import BACKENDS, category_of
from logsleuth.library.commands import together
from logsleuth.library.platforms import advice, commands, sentence
from logsleuth.library.slot import SLOT
from logsleuth.lives.server.model import counted
from logsleuth.report.compose.answers.over import seen_again
from logsleuth.report.compose.log.named import besides, of_each, sets_for
from logsleuth.report.compose.log.platform import around
from logsleuth.report.compose.story.filled import values_of
from logsleuth.report.compose.story.reached import is_waiting
from logsleuth.report.model import Actions
from logsleuth.signals.model import Why
from logsleuth.units import SECOND, duration, elapsed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.causes.model import Cause, Diagnosis
    from logsleuth.incidents.model import Incident
    from logsleuth.library.commands import Command
    from logsleuth.library.platforms import Platform
    from logsleuth.lives.live import Lives
    from logsleuth.report.compose.story.exhibits import Exhibits

BACKEND_RESET = "backend-reset"
"""The kind of outage in which a backend breaks connections off."""
CAUSES = 2
"""Causes whose advice is given: the likeliest, and the next."""
HELPED = "Nothing urgent: the restart ended it. Keep an eye on it."
HELPED_FOR_NOW = (
    "Nothing urgent: the restart ended it. A restart does not remove the cause: find it before it comes back."
)
HELPED_SOMEHOW = "Nothing urgent: the restart ended it. Find out why it happened, before it happens again."
HELPED_OR_NOT = "Nothing urgent: it ended at the restart, which may have loaded what fixed it."
CHANGED_BESIDES = (
    "Nothing urgent: the failures have stopped, but a restart alone had not ended them. Find out what else was changed "
    "before the last one."
)
REFUSED_NOW = (
    "Nothing urgent: refusing these requests ended it. Keep the rule until they stop coming, and make what they asked "
    "for cheaper."
)
BESIDES_A_RESTART = {By.AT_A_RESTART: HELPED_OR_NOT, By.WITH_A_RESTART: CHANGED_BESIDES}
"""What is left to do where a restart alone has hardly ended it."""
MAY_BE_FULL = (
    "Check that pages are answered: no line says that workers are free again, and httpd does not repeat that all are "
    "busy."
)
STOPPED = "Nothing urgent: the failures have stopped. Find out why, before it happens again."
SLOW_NO_MORE = "Nothing urgent: requests no longer take as long. Find out why they did, before it happens again."
STOPPED_AND_KNOWN = "Nothing urgent: the failures have stopped."
SERVICE_STARTED = (
    "Nothing urgent: a service behind httpd was started again. A restart does not remove the cause: find it before it "
    "comes back."
)
SERVICE_STARTED_AND_KNOWN = "Nothing urgent: a service behind httpd was started again."
SERVICE_RELOADED = (
    "Nothing urgent: a service behind httpd was reloaded. A reload does not remove the cause: find it before it comes "
    "back."
)
SERVICE_RELOADED_AND_KNOWN = "Nothing urgent: a service behind httpd was reloaded."
CAME_AGAIN = (
    "Nothing urgent: the failures have stopped. The log has the same message again later: find out whether its cause "
    "is gone."
)
STOPPED_SINCE = (
    "Nothing urgent: this outage was over before the server was stopped. Start the server if that stop was not meant "
    "to last."
)
DOWN_SINCE = "Start the server: this outage is over, but the server went down again after it."
UP_AGAIN = "Nothing urgent: the server is up again."
UP_AGAIN_FOR_GOOD = (
    "Nothing urgent: the server is up again. Make sure that what stopped it is fixed, or the next start may bring it "
    "back."
)
UP_FOR_NOW = "The server is up for now: find out why it goes down before it does so again."
HARMFUL = "Do not restart yet: httpd would not come up again. Fix the configuration and test it first (apachectl -t)."
REFUSES = "Starting it again will not help yet: httpd refuses until the fault is fixed."
MADE_WORSE = "Do not restart httpd while it lasts: more requests failed after the restart than before it."
IN_VAIN = "Do not just restart again: the {restarts} in the log did not help."


def actions(diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits, there: Platform, site: str) -> Actions:
    """What confirms the causes, what to do now, and what prevents the next one. `site`: the one that was hit, or ''."""
    confirm: list[Command] = []
    fixes: list[str] = []
    prevent: list[str] = []
    time = around(diagnosis.incident.onset, diagnosis.incident.over, exhibits.clock)
    reason = diagnosis.reason
    if reason is not None and reason.explain is not None:
        named, log = dict(reason.named), exhibits.logs[reason.sightings[0].log].path
        confirm += commands(reason.explain.confirm, named | time, log, there)
        fixes.append(advice(reason.explain.fix, named, there))
        prevent.append(advice(reason.explain.prevent, named, there))
    for cause in _with_advice(diagnosis):
        values = besides(cause, diagnosis, site) | values_of(cause.signal, diagnosis, as_prose=False)
        explain = cause.explain
        log = exhibits.logs[cause.signal.moments[0].sighting.log].path
        for template in explain.confirm:
            for captures in sets_for(template, cause.signal):
                confirm += commands([template], values | captures | time, log, there)
        each = {slot: together(of_each(slot, cause.signal)) for slot in SLOT.findall(explain.fix)}
        fixes += [advice(explain.fix, values | {slot: said for slot, said in each.items() if said}, there)]
        prevent += [advice(explain.prevent, values, there)] if explain.prevent else []
    fixes[:0] = [sentence(one.fix, there) for one in diagnosis.triggers]
    if reason is not None:
        fixes.insert(0, sentence(reason.fix, there))
    fixes = list(dict.fromkeys(filter(None, fixes)))
    now = tuple(sentence(text, there) for text in _now(diagnosis, lives, fixes))
    return Actions(
        confirm=tuple(dict.fromkeys(confirm)),
        now=now,
        again=_again(diagnosis, [fix for fix in fixes if fix not in now]),
        prevent=tuple(dict.fromkeys(prevent)),
    )


def _again(diagnosis: Diagnosis, fixes: Iterable[str]) -> tuple[str, ...]:
    """What to do if it comes back; of one that goes on, all that is to be done is to be done now."""
    if diagnosis.incident.recovery is None:
        return ()
    return (*fixes, *([MADE_WORSE] if diagnosis.worsened else ()))


def _with_advice(diagnosis: Diagnosis) -> Iterable[Cause]:
    """The causes whose advice is given: none, where what is behind them has its own.

    What another explains is no lead of its own, nor that requests took long beside what kept them waiting, nor that
    connections broke beside a backend that was down.
    """
    if diagnosis.reason is not None and diagnosis.reason.explain is not None:
        return
    for nth, cause in enumerate(diagnosis.causes[:CAUSES]):
        if nth and (cause.signal.why is Why.SLOW or cause.is_explained):
            continue
        if nth and cause.category == BACKEND_RESET and category_of(diagnosis.category).group == BACKENDS:
            continue
        yield cause


def _calm(diagnosis: Diagnosis) -> str:
    """What is left to do when it is over and the server never went down."""
    ended = diagnosis.ended_by
    by = ended.by if ended is not None else None
    if ended is not None and by in BESIDES_A_RESTART:
        return BESIDES_A_RESTART[by] if not ended.text else STOPPED_AND_KNOWN
    if by is By.RESTART:
        return after_a_restart(diagnosis.category, is_known=diagnosis.why == "high")
    return REFUSED_NOW if by is By.COUNTERMEASURE else _calm_without_a_restart(diagnosis)


def _calm_without_a_restart(diagnosis: Diagnosis) -> str:
    """What is left to do when it is over and no restart of httpd ended it."""
    is_latched = diagnosis.first is not None and diagnosis.first.is_latched
    if is_latched and is_waiting(diagnosis) and not diagnosis.incident.was_starved:
        return MAY_BE_FULL
    if diagnosis.incident.is_slow_only:
        return SLOW_NO_MORE
    if seen_again(diagnosis) is not None:
        return CAME_AGAIN
    is_of_a_service = diagnosis.ended_by is not None and diagnosis.ended_by.by is By.SERVICE
    is_known = diagnosis.why != "low" or diagnosis.reason is not None
    if is_of_a_service:
        if diagnosis.ended_by is not None and diagnosis.ended_by.reloaded:
            return SERVICE_RELOADED_AND_KNOWN if is_known else SERVICE_RELOADED
        return SERVICE_STARTED_AND_KNOWN if is_known else SERVICE_STARTED
    return STOPPED_AND_KNOWN if is_known else STOPPED


def after_a_restart(category: str | None, *, is_known: bool) -> str:
    """What is left to do after a restart that ended an outage of this kind; `is_known`: a line names its cause."""
    if category_of(category).only_resets:
        return HELPED_FOR_NOW
    return HELPED if is_known else HELPED_SOMEHOW


def _now(diagnosis: Diagnosis, lives: Lives, fixes: list[str]) -> Iterable[str]:
    incident, down = diagnosis.incident, lives.server.down_at_the_end
    if incident.recovery is not None and down is not None:
        yield STOPPED_SINCE if down.why == "stopped" else DOWN_SINCE
        return
    if incident.recovery is not None and diagnosis.restart == "has-helped" and (came_back := _came_back(incident)):
        since = elapsed(incident.recovery.time, lives.end)
        yield f"Watch it: {came_back}, and the log ends {since} after the last restart."
        return
    if incident.recovery is not None:
        yield _up_again(diagnosis) if incident.was_down else _calm(diagnosis)
        return
    if incident.is_up_for_now:
        yield UP_FOR_NOW
    if diagnosis.restart == "harmful":
        yield REFUSES if incident.was_down else HARMFUL
    elif diagnosis.worsened:
        yield MADE_WORSE
    elif diagnosis.restart == "did-not-help":
        yield IN_VAIN.format(restarts=_of_their_kind(incident))
    yield from fixes


def _came_back(incident: Incident) -> str:
    """That the failures came back after restarts that had all helped for a while; else nothing."""
    vain = incident.restarts_in_vain
    helped = [length for one in vain if (length := helped_for(one, incident))]
    if not vain or len(helped) < len(vain):
        return ""
    most = duration(max(helped) / SECOND)
    return f"the failures came back {most} after {'a restart' if len(vain) == 1 else f'{counted(vain)}, at most'}"


def _up_again(diagnosis: Diagnosis) -> str:
    """What is left to do when the server is up: what refused a start, or ended it at a reload, may do so again."""
    first = diagnosis.first
    by_a_start = first is not None and (first.meaning.is_refusal or first.meaning.phase == "start")
    return (
        UP_AGAIN_FOR_GOOD
        if by_a_start or any(t.kind in {"restart", "reload"} for t in diagnosis.triggers)
        else UP_AGAIN
    )


def _of_their_kind(incident: Incident) -> str:
    """'restarts', and whether all of them were graceful, which leave old workers to finish."""
    vain = incident.restarts_in_vain
    return "graceful restarts" if vain and all(restart.kind == "reload" for restart in vain) else "restarts"
