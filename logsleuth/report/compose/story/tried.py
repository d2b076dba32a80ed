"""The rows of what was done: restarts of httpd and of services behind it, and what followed each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.causes.ended import helped_for, quiet_after
from logsleuth.causes.model import By
from logsleuth.report.compose.answers.over import KINDS
from logsleuth.report.compose.story.phases import phase_of
from logsleuth.report.model import KeyMoment
from logsleuth.report.words import plural
from logsleuth.signals.tuning import JOIN_US
from logsleuth.units import SECOND, duration

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.causes.model import Diagnosis
    from logsleuth.incidents.model import Incident
    from logsleuth.lives.live import Lives
    from logsleuth.lives.server.model import Restart, RestartKind
    from logsleuth.report.compose.story.exhibits import Exhibits

VAIN_SHOWN = 2
"""Restarts that did not help are shown up to here, and the last of them."""
RESTARTS: dict[RestartKind, str] = {
    "stop": "Server stopped", "reload": "Graceful restart", "hup": "Restart (HUP)", "start": "Server started",
}  # fmt: skip


def restart_rows(diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits) -> Iterable[KeyMoment]:
    """What was tried in vain, in a row each; the stop before the start that helped; and one soon after the end."""
    incident = diagnosis.incident
    told = {sighting for trigger in diagnosis.triggers for sighting in trigger.sightings}
    vain = incident.restarts_in_vain
    shown = vain if len(vain) <= VAIN_SHOWN + 1 else [*vain[:VAIN_SHOWN], vain[-1]]
    for number, restart in enumerate(vain, 1):
        if restart in shown and restart.up is not None:
            of_all = f" ({number:,} of {len(vain):,})" if len(vain) > 1 else ""
            cited = tuple(exhibits.cite(sighting, None) for sighting in restart.sightings)
            text = f"Back up after a {KINDS[restart.kind]}; {_after(restart, diagnosis)}{of_all}"
            yield KeyMoment(restart.up, "restart", phase_of(diagnosis, restart.up), text, False, cited)
    ended = diagnosis.ended_by
    later = [ended.restart] if ended is not None and ended.by is By.BEFORE_A_RESTART and ended.restart else []
    cure = incident.recovery.restart if incident.recovery else None
    untold = [restart for restart in (*vain, *incident.restarts_of_a_timer) if restart != cure]
    for restart in (*incident.restarts, *(one for one in later if one not in incident.restarts)):
        down = restart.down
        if down is None or restart in untold or restart.sightings[0] in told:
            continue
        cited = (exhibits.cite(restart.sightings[0], None),)
        yield KeyMoment(down, "restart", phase_of(diagnosis, down), RESTARTS[restart.kind], False, cited)


def service_rows(diagnosis: Diagnosis, exhibits: Exhibits) -> Iterable[KeyMoment]:
    """The restarts of services behind httpd that did not end it; of the one that did there is another row."""
    ended = diagnosis.ended_by
    told = set(ended.sightings) if ended is not None else set()
    for one in diagnosis.services:
        restart = one.restart
        if restart.up is None or not told.isdisjoint(restart.sightings) or restart.up >= diagnosis.incident.end:
            continue
        cited = tuple(exhibits.cite(line, one.pattern) for line in restart.sightings)
        order = "reload" if restart.kind == "reload" else "restart"
        after = f" after a {order}" if restart.down is not None else ""
        text = f"{one.title}{after}; {_then(restart, diagnosis.incident)}"
        yield KeyMoment(restart.up, "restart", phase_of(diagnosis, restart.up), text, False, cited)


def _after(restart: Restart, diagnosis: Diagnosis) -> str:
    """What followed a restart of httpd that did not end an incident: that it made it worse, above all."""
    worse = next((one for one in diagnosis.worsened if one.restart == restart), None)
    if worse is None:
        return _then(restart, diagnosis.incident)
    before, after = worse.before, worse.after
    return (
        f"it made things worse: {after.failed:,} of {plural(after.seen, 'request')} failed in the "
        f"{duration(after.length / SECOND)} after it, {before.failed:,} of {before.seen:,} in the "
        f"{duration(before.length / SECOND)} before"
    )


def _then(restart: Restart, incident: Incident) -> str:
    """What followed a restart that did not end an incident."""
    if helped := helped_for(restart, incident):
        return f"failures paused for {duration(helped / SECOND)}"
    quiet = quiet_after(restart, incident)
    if quiet > JOIN_US:
        return f"the failures went on {duration(quiet / SECOND)} later"
    return "requests went on waiting" if incident.only_waits else "the failures went on"
