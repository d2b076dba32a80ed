"""The one verdict on restarting httpd, which reports and probes share: would it help, has it helped, would it harm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.incidents.model import How
from logsleuth.library.category import BACKENDS, CRASHES, DATABASE, DISK, category_of
from logsleuth.signals.tuning import JOIN_US

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.causes.model import RestartVerdict, Trigger
    from logsleuth.incidents.model import Incident, LostWorker
    from logsleuth.library.category import Restart
    from logsleuth.library.meaning import Meaning

OUTSIDE = frozenset({BACKENDS, DATABASE, DISK})
"""Groups of outages whose reason is outside of httpd's configuration, whatever it read when they began."""


def restart_verdict(
    incident: Incident, category: str | None, lost: Sequence[LostWorker], cause: Meaning | None
) -> RestartVerdict:
    """Whether to restart httpd because of an incident; `cause`: what its first cause says."""
    if incident.recovery is not None:
        return "has-helped" if incident.recovery.how in {How.RESTART, How.RELOAD} else "pointless"
    does = what_it_does(category, cause)
    if incident.restarts_in_vain and does != "helps":
        return "did-not-help"
    verdict = restart_now(category, does, stuck=any(worker.lives_on for worker in lost))
    # what a request ran into, the server had started with
    came_up = cause is not None and cause.phase == "serving" and not incident.was_down
    return "pointless" if verdict == "harmful" and came_up else verdict


def what_it_does(category: str | None, cause: Meaning | None) -> Restart:
    """What a restart does to an outage while it goes on: its cause's own message knows it better than its kind."""
    return cause.restart if cause is not None and cause.category == category else category_of(category).restart


def restart_now(category: str | None, does: Restart, *, stuck: bool) -> RestartVerdict:
    """Whether a restart ends an outage that goes on; `stuck`: workers live on without serving."""
    if does == "harms":
        return "harmful"
    if does == "helps":
        return "pointless" if only_frees(category, stuck=stuck) else "would-help"
    return "would-help" if category_of(category).slug == "unknown" and stuck else "pointless"


def only_frees(category: str | None, *, stuck: bool) -> bool:
    """Whether a restart only empties a pool that fills again, as its workers wait for something else."""
    return category_of(category).waits and not stuck


def may_have_ended(
    category: str | None, does: Restart, onset: int, triggers: Sequence[Trigger], *, stuck: bool = False
) -> bool:
    """Whether a restart with which an outage ended can have ended it; else it came as the outage was over.

    It can if a restart ends this kind of outage, or workers lived on without serving (`stuck`); if httpd reads what was
    wrong only when it starts; or if the outage had begun with a restart too, as what a configuration does begins with
    one and ends with one. Of crashes that began with a restart the next one is no cure: what made them was there at
    the start.
    """
    known = category_of(category)
    began_with_one = any(one.kind in {"restart", "reload"} and onset - one.time <= JOIN_US for one in triggers)
    if known.group == CRASHES and began_with_one:  # it had just been started, and crashed
        return False
    if does != "does-not-help" or known.read_at_start or stuck:
        return True
    return began_with_one and known.group not in OUTSIDE
