"""The probe that would have caught it, and when."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from logsleuth.causes.restart import LIVING_ON
from logsleuth.library.category import category_of
from logsleuth.library.meaning import GRAVE
from logsleuth.lives.workers.pools import FPM
from logsleuth.report.compose.probe import probe
from logsleuth.report.compose.summary import ANSWERED, are_refused
from logsleuth.report.compose.whom import most_hit_path
from logsleuth.report.model import Detection
from logsleuth.report.words import clock, plural
from logsleuth.units import SECOND, duration, elapsed
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from datetime import tzinfo

    from logsleuth.causes.model import Diagnosis
    from logsleuth.library.platforms import Platform
    from logsleuth.lives.live import Lives
    from logsleuth.report.compose.exhibits import Exhibits

ASKED_TWICE = 180.0
"""Seconds within which a probe that asks every minute, and alerts on the second failure, has alerted."""
CYCLE = 60.0
"""Seconds between two runs of a check."""
SHARE = 0.25
"""Of the workers: the default of `check --lost`."""
SMALLEST_POOL = 5
"""Workers that there are at least, where the log does not show how many: StartServers' default (prefork.c)."""
NOTICED = "A probe that requests a page every minute and alerts on its second failure"


RATE = "Others were answered: watch the share of requests that end with {status} too."
ERRORS, REFUSALS = "a server error (5xx)", "a client error (4xx)"
ONE_PAGE = "A probe sees this only if the page that it requests is hit, such as {path}. "
ANY_PAGE = "A probe sees this only if the page that it requests is hit. "
NO_RATE = (
    "No request got a server error (5xx), so that their share shows nothing: let a probe request a page that is hit, "
    "with a time limit, and expect it to succeed."
)
REPLACED = (
    "The parent replaces workers that die, so a probe of a page may see nothing: alert on the lines that report their "
    "ends."
)
NEARLY_ALL = 0.9
"""Share of the requests that fail from which on a page that is requested twice fails twice."""


def detection(diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits, there: Platform, port: str) -> Detection:
    """What would have reported it, and when. `port`: where httpd listens."""
    incident = diagnosis.incident
    errors = (signal for signal in incident.signals if signal.name != ANSWERED)  # lines of an access log have no level
    grave = [m.time for s in errors for m in s.moments if m.sighting.level in GRAVE | {""} and m.time >= incident.onset]
    over = incident.recovery.time if incident.recovery else lives.timeline.end
    shown = diagnosis.causes[0].signal if diagnosis.causes else incident.signals[0]
    path = exhibits.logs[shown.moments[0].sighting.log].path
    return Detection(
        incident.onset,
        min(grave, default=None),
        probe(path, there, port, restart_helps=_restart_helps(diagnosis)),
        saved(diagnosis, over, lives, exhibits.clock.tz),
    )


def _restart_helps(diagnosis: Diagnosis) -> bool:
    """Whether a restart of httpd ends such an outage: PHP-FPM's children are none of httpd's."""
    lost = diagnosis.workers.lost
    of_others = bool(lost) and all(worker.pool.startswith(FPM) for worker in lost)
    return category_of(diagnosis.category).restart == "helps" and not of_others


@dataclass(frozen=True, slots=True)
class Alarm:
    """The moment from which on the log check says critical."""

    time: int
    """UTC microseconds."""
    lost: int
    pool: int | None


def alarm_at(diagnosis: Diagnosis) -> Alarm | None:
    """When the share of lost workers was reached; None: it never was, and what else makes it critical has no moment."""
    pool, lost = diagnosis.workers.pool, diagnosis.workers.lost_workers
    least = max(math.ceil((pool or SMALLEST_POOL) * SHARE), 1)
    return Alarm(lost[least - 1].time, least, pool) if len(lost) >= least else None


def saved(diagnosis: Diagnosis, over: int, lives: Lives, tz: tzinfo) -> str:
    """When it would have been noticed; `over`: UTC microseconds at which it ended, or the log did."""
    incident = diagnosis.incident
    if incident.requests is not None and incident.requests.share < NEARLY_ALL and not incident.was_down:
        refused = are_refused(incident.requests)
        if not refused and not incident.requests.failed:
            return NO_RATE
        path = most_hit_path(incident, lives.requests)
        page = ONE_PAGE.format(path=path) if path else ANY_PAGE
        return page + RATE.format(status=REFUSALS if refused else ERRORS)
    end = "it ended" if incident.recovery is not None else "the log ends"
    asked_by = incident.onset + round(ASKED_TWICE * SECOND)
    lost = diagnosis.workers.lost_workers
    if lost and not incident.was_down and not any(worker.how in LIVING_ON for worker in lost):
        asked = REPLACED
    elif asked_by < over:
        sooner = f"{clock(asked_by, tz)}, {elapsed(asked_by, over)} before {end}"
        asked = f"{NOTICED} would have raised an alarm by {sooner}, provided that it requests what failed."
    elif incident.recovery is None:
        asked = f"{NOTICED} would raise an alarm within {duration(ASKED_TWICE)}, provided that it requests what failed."
    else:
        asked = f"{NOTICED} needs up to {duration(ASKED_TWICE)}: too slow for this one."
    alarm = alarm_at(diagnosis)
    if alarm is None or alarm.time + CYCLE * SECOND >= over:
        return asked
    before = elapsed(alarm.time + round(CYCLE * SECOND), over)
    when = f"{clock(alarm.time, tz)}, when {plural(alarm.lost, 'worker')}"
    when += f" of {alarm.pool} were lost" if alarm.pool else " were lost" if alarm.lost > 1 else " was lost"
    critical = f"`logsleuth check`, run every minute, would have gone critical within a minute of {when}"
    return f"{critical}, {before} before {end}. {asked}"
