"""Whether the proposed probe restarts httpd, and why not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.causes.reach import Reach
from logsleuth.causes.restart import only_frees, what_it_does
from logsleuth.library.category import BACKENDS, CRASHES, category_of
from logsleuth.lives.workers.pools import FPM
from logsleuth.report.compose.probe.probe import REFUSES, RUNS_ON
from logsleuth.report.compose.story.reached import reach

if TYPE_CHECKING:
    from logsleuth.causes.model import Diagnosis

RESTART_HELPS: Final = ""
NO_RESTART: Final = "restarting httpd does not end an outage like this one"
NOTHING_SHOWS: Final = "nothing in this log shows that restarting httpd would end such an outage"
IN_VAIN: Final = "restarting httpd did not end this outage"
WHO_KNOWS: Final = "why this outage came about is not known, so nothing shows that a restart would end another"
NOT_KNOWN: Final = "it ended at a restart in this log, which does not show that a restart alone ends such an outage"
NOT_EVERY_ONE: Final = "not every restart in this log ended it, so a restart alone may not"
FREES_ONLY: Final = (
    "a restart frees the workers only until the cause returns, and ends the requests they are working on"
)
CANNOT_FORK: Final = "while the limit is reached, a new parent could not start any workers"
FREES_PROCESSES: Final = "a restart helps only until the limit is reached again"
REPLACED_ANYWAY: Final = "the parent replaces what dies, and a restart adds nothing to that"
BY_A_RESTART: Final = "a restart came just before this outage, and another may not end it"


def why_no_restart(diagnosis: Diagnosis) -> str:
    """Why a probe that sees such an outage should not restart httpd; empty: a restart ends it.

    PHP-FPM's children are none of httpd's.
    """
    known = diagnosis.reason.restart if diagnosis.reason is not None else ""
    return known or _by_its_kind(diagnosis)


def _by_its_kind(diagnosis: Diagnosis) -> str:
    """The same, by what is known of the kind of outage."""
    incident, lost = diagnosis.incident, diagnosis.workers.lost
    of_others = bool(lost) and all(worker.pool.startswith(FPM) for worker in lost)
    if any(cause.signal.meaning.is_refusal for cause in diagnosis.causes[:1]):
        passes = what_it_does(diagnosis.category, diagnosis.causes[0].signal.meaning) == "does-not-help"
        return RUNS_ON if passes else REFUSES
    helped = incident.recovery is not None and incident.recovery.restart is not None
    cause = diagnosis.first.meaning if diagnosis.first is not None else None
    if what_it_does(diagnosis.category, cause) != "helps" or of_others:
        at_one = NOT_EVERY_ONE if incident.restarts_in_vain else NOT_KNOWN
        return at_one if helped else _without_one(diagnosis)
    return _of_one_that_helps(diagnosis, helped=helped)


def _of_one_that_helps(diagnosis: Diagnosis, *, helped: bool) -> str:
    """Why a restart is of no use here though it ends outages of this kind; empty: it is of use.

    `helped`: this one ended at a restart.
    """
    incident, lost = diagnosis.incident, diagnosis.workers.lost
    if only_frees(diagnosis.category, stuck=any(worker.lives_on for worker in lost)):
        return FREES_ONLY
    if any(restart.kind != "reload" for restart in incident.restarts_in_vain):
        return NOT_EVERY_ONE if helped else IN_VAIN
    if diagnosis.category in {"process-limit", "thread-exhaustion"}:
        return FREES_PROCESSES if helped else CANNOT_FORK
    if reach(diagnosis) is Reach.DEATHS or (_only_crashes(diagnosis) and not helped):
        return NOT_KNOWN if helped else REPLACED_ANYWAY
    after_one = any(trigger.kind in {"restart", "reload"} for trigger in diagnosis.triggers)
    return BY_A_RESTART if after_one and not helped else RESTART_HELPS


def _without_one(diagnosis: Diagnosis) -> str:
    """Why not, where no restart in the log ended such an outage. Of most kinds nobody can be sure."""
    known = category_of(diagnosis.category)
    if diagnosis.incident.restarts_in_vain:
        return IN_VAIN
    if diagnosis.category is None:
        return WHO_KNOWS
    # a backend is asked by an address that httpd may have kept, and on connections that it keeps
    return NO_RESTART if known.elsewhere and known.group != BACKENDS else NOTHING_SHOWS


def _only_crashes(diagnosis: Diagnosis) -> bool:
    """Whether workers died, and none lives on without serving: what starts in their place runs the same code."""
    is_crash = category_of(diagnosis.category).group == CRASHES
    return is_crash and not any(worker.lives_on for worker in diagnosis.workers.lost)
