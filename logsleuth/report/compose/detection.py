"""The probe that would have caught it, and when."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from logsleuth.library.meaning import GRAVE
from logsleuth.report.compose.own_log import as_there
from logsleuth.report.model import Detection
from logsleuth.report.words import clock, duration, plural
from logsleuth.units import SECOND
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from datetime import tzinfo

    from logsleuth.causes.model import Diagnosis
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
PLAIN = re.compile(r"/(?:var|usr|opt|srv)/[A-Za-z0-9_./-]+")
"""Paths that need no quotes, and name nobody's home."""
MONIT = """\
# /etc/monit/conf.d/apache2; `logsleuth probe` writes all of it, also for other supervisors.
# Layer 1 asks the application itself: choose a page that needs it, and is cheap.
check process apache2 with pidfile /run/apache2/apache2.pid
  start program = "/usr/bin/systemctl start apache2"
  stop program  = "/usr/bin/systemctl stop apache2"
  if failed port 80 protocol http request "/health" status = 200
     with timeout 10 seconds for 2 cycles then restart
  # a restart that does not help must not be repeated for ever
  if 3 restarts within 20 cycles then unmonitor
# Layer 2 reads the log: it sees lost workers while others still answer, and knows why.
check program logsleuth
  with path "/usr/local/bin/logsleuth check --restart-only LOG"
  if status = 2 then exec "/usr/bin/systemctl restart apache2" repeat every 10 cycles
"""


NOTICED = "A probe that requests a page every minute and alerts on its second failure"


def detection(diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits) -> Detection:
    """What would have reported it, and when."""
    incident = diagnosis.incident
    grave = [m.time for s in incident.signals for m in s.moments if m.sighting.level in GRAVE | {""}]
    over = incident.recovery.time if incident.recovery else lives.timeline.end
    shown = diagnosis.causes[0].signal if diagnosis.causes else incident.signals[0]
    path = exhibits.logs[shown.moments[0].sighting.log].path
    return Detection(incident.onset, min(grave, default=None), monit(path), saved(diagnosis, over, exhibits.clock.tz))


def monit(log: str) -> str:
    """A configuration for monit; `log`: path of the log that showed the incident."""
    return as_there(MONIT, log).replace("LOG", log if PLAIN.fullmatch(log) else "/var/log/apache2/error.log")


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


def saved(diagnosis: Diagnosis, over: int, tz: tzinfo) -> str:
    """When it would have been noticed; `over`: UTC microseconds at which it ended, or the log did."""
    incident = diagnosis.incident
    end = "it ended" if incident.recovery is not None else "the log ends"
    sooner = (over - incident.onset) / SECOND - ASKED_TWICE
    if sooner > 0:
        by = clock(incident.onset + round(ASKED_TWICE * SECOND), tz)
        asked = f"{NOTICED} would have raised an alarm by {by}, {duration(sooner)} before {end}, "
        asked += "provided that it requests what failed."
    else:
        asked = f"{NOTICED} needs up to {duration(ASKED_TWICE)}: too slow for this one."
    alarm = alarm_at(diagnosis)
    if alarm is None or alarm.time + CYCLE * SECOND >= over:
        return asked
    before = duration((over - alarm.time) / SECOND - CYCLE)
    when = f"{clock(alarm.time, tz)}, when {plural(alarm.lost, 'worker')}"
    when += f" of {alarm.pool} were lost" if alarm.pool else " were lost" if alarm.lost > 1 else " was lost"
    critical = f"`logsleuth check`, run every minute, would have gone critical within a minute of {when}"
    return f"{critical}, {before} before {end}. {asked}"
