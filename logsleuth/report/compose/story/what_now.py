"""What is to be done now: little, where it is over, and what a reader may take from how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.causes.ended import helped_for
from logsleuth.causes.model import By
from logsleuth.library.category import category_of
from logsleuth.lives.server.model import counted
from logsleuth.report.compose.answers.over import seen_again
from logsleuth.report.compose.story.reached import is_waiting
from logsleuth.units import SECOND, duration, elapsed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.causes.model import Diagnosis
    from logsleuth.incidents.model import Incident
    from logsleuth.lives.live import Lives

CALM: Final = "Nothing urgent: {how}."
UNKNOWN: Final = " The cause is not known, so it may come back."
UNFIXED: Final = " What ended it is not known, so it may come back."
HELPED: Final = f"{CALM.format(how='the restart ended it')} Keep an eye on it."
HELPED_FOR_NOW: Final = (
    f"{CALM.format(how='the restart ended it')} A restart does not remove the cause: find it before it comes back."
)
HELPED_SOMEHOW: Final = f"{CALM.format(how='the restart ended it')}{UNKNOWN}"
HELPED_OR_NOT: Final = CALM.format(how="it ended at the restart, which may have loaded what fixed it")
CHANGED_BESIDES: Final = (
    f"{CALM.format(how='the failures have stopped, but a restart alone had not ended them')} Find out what else was "
    "changed before the last one."
)
REFUSED_NOW: Final = (
    f"{CALM.format(how='refusing these requests ended it')} Keep the rule until they stop coming, and make what they "
    "asked for cheaper."
)
BESIDES_A_RESTART: Final = {By.AT_A_RESTART: HELPED_OR_NOT, By.WITH_A_RESTART: CHANGED_BESIDES}
"""What is left to do where a restart alone has hardly ended it."""
MAY_BE_FULL: Final = (
    "Check that pages are answered: no line says that workers are free again, and httpd does not repeat that all are "
    "busy."
)
STOPPED: Final = CALM.format(how="the failures have stopped")
SLOW_NO_MORE: Final = CALM.format(how="requests no longer take as long")
SERVICE_STARTED: Final = CALM.format(how="a service behind httpd was started again")
SERVICE_RELOADED: Final = CALM.format(how="a service behind httpd was reloaded")
CAME_AGAIN: Final = f"{STOPPED} The log has the same message again later: see whether its cause is gone."
STOPPED_SINCE: Final = (
    "Nothing urgent: this outage was over before the server was stopped. Start the server if that stop was not meant "
    "to last."
)
DOWN_SINCE: Final = "Start the server: this outage is over, but the server went down again after it."
UP_AGAIN: Final = CALM.format(how="the server is up again")
UP_AND_FIXED: Final = CALM.format(how="the server is up again, so what it had refused has been fixed")
UP_AGAIN_FOR_GOOD: Final = f"{UP_AGAIN} Make sure that what stopped it is fixed, or the next start may bring it back."
UP_FOR_NOW: Final = "The server is up for now: find out why it goes down before it does so again."
HARMFUL: Final = (
    "Do not restart yet: httpd would not come up again. Fix the configuration and test it first (apachectl -t)."
)
REFUSES: Final = "Starting it again will not help yet: httpd refuses until the fault is fixed."
MADE_WORSE: Final = "Do not restart httpd while it lasts: more requests failed after the restart than before it."
IN_VAIN: Final = "Do not just restart again: the {restarts} in the log did not help."
READ_AT_EACH_START: Final = frozenset({"config-error", "tls-config"})
"""Kinds of outages in which httpd refuses what it reads at each start: one that starts has found it right."""


def what_now(diagnosis: Diagnosis, lives: Lives, fixes: list[str]) -> Iterable[str]:
    """What is to be done now; `fixes`: what ends it while it goes on."""
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


def is_explained(diagnosis: Diagnosis) -> bool:
    """Whether the logs show why it happened: a line names its cause, what is behind that, or what set it off."""
    return diagnosis.why != "low" or diagnosis.reason is not None or bool(diagnosis.triggers)


def _calm(diagnosis: Diagnosis) -> str:
    """What is left to do when it is over and the server never went down."""
    ended = diagnosis.ended_by
    by = ended.by if ended is not None else None
    if ended is not None and by in BESIDES_A_RESTART:
        return BESIDES_A_RESTART[by] if not ended.text else STOPPED
    if by is By.RESTART:
        return after_a_restart(diagnosis.category, why=diagnosis.why == "high", set_off=bool(diagnosis.triggers))
    return REFUSED_NOW if by is By.COUNTERMEASURE else _calm_without_a_restart(diagnosis)


def _calm_without_a_restart(diagnosis: Diagnosis) -> str:
    """What is left to do when it is over and no restart of httpd ended it."""
    ended, explained = diagnosis.ended_by, is_explained(diagnosis)
    is_latched = diagnosis.first is not None and diagnosis.first.is_latched
    if is_latched and is_waiting(diagnosis) and not diagnosis.incident.was_starved:
        return MAY_BE_FULL
    if diagnosis.incident.is_slow_only:
        return SLOW_NO_MORE if explained else f"{SLOW_NO_MORE}{UNKNOWN}"
    if seen_again(diagnosis) is not None:
        return CAME_AGAIN
    if ended is not None and ended.by is By.SERVICE:
        calm = SERVICE_RELOADED if ended.reloaded else SERVICE_STARTED
        return calm if explained else f"{calm}{UNKNOWN}"
    if not explained:
        return f"{STOPPED}{UNKNOWN}"
    by_itself = ended is not None and ended.by is By.ITSELF and not ended.text
    is_of_requests = any(one.kind == "surge" for one in diagnosis.triggers)  # it ended as they stopped coming
    return f"{STOPPED}{UNFIXED}" if by_itself and not is_of_requests else STOPPED


def after_a_restart(category: str | None, *, why: bool, set_off: bool) -> str:
    """What is left to do after a restart that ended an outage of this kind.

    `why`: a line names its cause. `set_off`: the logs show what set it off.
    """
    if category_of(category).only_resets and not set_off:
        return HELPED_FOR_NOW
    return HELPED if why or set_off else HELPED_SOMEHOW


def _came_back(incident: Incident) -> str:
    """That the failures came back after restarts that had all helped for a while; else nothing."""
    vain = incident.restarts_in_vain
    helped = [length for one in vain if (length := helped_for(one, incident))]
    if not vain or len(helped) < len(vain):
        return ""
    most = duration(max(helped) / SECOND)
    return (
        f"the restart before the last one helped for {most} only"
        if len(vain) == 1
        else f"none of the {counted(vain)} before the last one helped for longer than {most}"
    )


def _up_again(diagnosis: Diagnosis) -> str:
    """What is left to do when the server is up: what refused a start, or ended it at a reload, may do so again."""
    first = diagnosis.first
    if first is not None and first.meaning.is_refusal and diagnosis.category in READ_AT_EACH_START:
        return UP_AND_FIXED
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
