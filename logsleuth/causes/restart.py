"""The one verdict on restarting httpd, which reports and probes share: would it help, has it helped, would it harm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.incidents.model import How
from logsleuth.library.category import category_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.causes.model import RestartVerdict
    from logsleuth.incidents.model import Incident, LostWorker
    from logsleuth.library.meaning import Meaning

LIVING_ON = frozenset({"poisoned", "hung"})
"""States of workers that live on without serving; the parent replaces those that died."""


def restart_verdict(
    incident: Incident, category: str | None, lost: Sequence[LostWorker], cause: Meaning | None
) -> RestartVerdict:
    """Whether to restart httpd because of an incident; `cause`: what its first cause says."""
    if incident.recovery is not None:
        return "has-helped" if incident.recovery.how in {How.RESTART, How.RELOAD} else "pointless"
    if incident.restarts_in_vain and category_of(category).restart != "helps":
        return "did-not-help"
    verdict = restart_now(category, stuck=any(worker.how in LIVING_ON for worker in lost))
    # what a request ran into, the server had started with
    came_up = cause is not None and cause.phase == "serving" and not incident.was_down
    return "pointless" if verdict == "harmful" and came_up else verdict


def restart_now(category: str | None, *, stuck: bool) -> RestartVerdict:
    """Whether a restart ends an outage of this kind that goes on; `stuck`: workers live on without serving."""
    known = category_of(category)
    if known.restart == "harms":
        return "harmful"
    return "would-help" if known.restart == "helps" or (known.slug == "unknown" and stuck) else "pointless"
