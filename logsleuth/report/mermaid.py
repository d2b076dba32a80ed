"""A picture of an incident in mermaid, which GitHub and GitLab draw; elsewhere it reads as a list of times."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logsleuth.report.answers import last_moment
from logsleuth.report.fates import is_one_child
from logsleuth.report.words import day_clock, plural

if TYPE_CHECKING:
    from datetime import tzinfo

    from logsleuth.report.model import IncidentReport

SECOND = 1_000_000
WORTH_DRAWING = 10 * SECOND
"""An incident that is shorter has no width in which anything could be told apart."""
UNSAFE = re.compile(r"[^A-Za-z0-9 .,'()/+=-]+")
"""All that mermaid's grammar could read as something else, hence also all that a log could bring."""
LONGEST = 60
MOST = 8


def gantt(incident: IncidentReport, zone_name: str, tz: tzinfo) -> list[str]:
    """The diagram's lines; none if it would show nothing."""
    end = last_moment(incident)
    if end - incident.onset < WORTH_DRAWING:
        return []
    days = end - incident.onset > 86_400 * SECOND
    lines = [
        "gantt",
        f"    title {_plain(incident.title)} ({_plain(zone_name)})",
        "    dateFormat YYYY-MM-DD HH:mm:ss",
        f"    axisFormat {'%m-%d %H:%M' if days else '%H:%M:%S'}",
        "    section Outage",
        f"    {'Failures' if incident.recovery_time is not None else 'Failures, no end seen'} "
        f":crit, {day_clock(incident.onset, tz)}, {day_clock(end, tz)}",
    ]
    if incident.lost_count > 1 and incident.lost[-1].time - incident.lost[0].time >= SECOND:
        first, last = incident.lost[0].time, incident.lost[-1].time
        lines.append(f"    {_lost(incident)} :active, {day_clock(first, tz)}, {day_clock(last, tz)}")
    lines.append("    section Key moments")
    lines += [f"    {_plain(text)} :milestone, {day_clock(time, tz)}, 0s" for time, text in _moments(incident)]
    return lines


def _lost(incident: IncidentReport) -> str:
    return "The child process lost" if is_one_child(incident) else f"{plural(incident.lost_count, 'worker')} lost"


def _moments(incident: IncidentReport) -> list[tuple[int, str]]:
    """One a second, the telling kinds first, in order of time."""
    ranks = {
        "onset": 0,
        "recovery": 0,
        "end": 0,
        "trigger": 1,
        "cause": 1,
        "restart": 2,
        "capacity": 3,
        "worker": 5,
    }
    chosen: dict[int, tuple[int, str]] = {}
    for row in sorted(incident.timeline, key=lambda row: ranks.get(row.kind, 4)):
        if len(chosen) < MOST:
            chosen.setdefault(row.time // SECOND, (row.time, row.said))
    return [chosen[second] for second in sorted(chosen)]


def _plain(text: str) -> str:
    shown = " ".join(UNSAFE.sub(" ", text.replace(": ", " - ")).split())
    return (shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 3].rstrip()}...") or "moment"
