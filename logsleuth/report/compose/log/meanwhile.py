"""All that other programs' logs have in the time of an incident, known to a pattern or not, with or without a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.report.compose.log.dated import OTHERS, STEP, DatedLog
from logsleuth.units import MINUTE

if TYPE_CHECKING:
    from logsleuth.incidents.model import Incident
    from logsleuth.lives.live import Lives
    from logsleuth.report.compose.story.exhibits import Exhibits

LONGEST: Final = 2 << 20
"""Bytes of one log that are looked at."""


def said_meanwhile(incident: Incident, lives: Lives, exhibits: Exhibits) -> str | None:
    """The text of other programs' logs of an incident and a minute around it; None: not all of it can be read again."""
    logs = list(DatedLog.each(lives, exhibits))
    if len(logs) < sum(log.format.kind in OTHERS for log in exhibits.logs):
        return None
    parts = []
    for log in logs:
        begin = log.place_of(incident.onset - MINUTE)
        end = log.place_of(incident.end + MINUTE) + STEP
        if end - begin > LONGEST:
            return None
        parts.append(_of_that_time(log, begin, end, incident))
    return "\n".join(parts)


def _of_that_time(log: DatedLog, begin: int, end: int, incident: Incident) -> str:
    near = (one for one in log.lines(begin, end) if incident.onset - MINUTE <= one.time <= incident.end + MINUTE)
    lines = (line.text for one in near for line in (one.line, *one.below))
    return b"\n".join(lines).decode("utf-8", "backslashreplace")
