"""Restarts with which logs were rotated: httpd is told to open the new files, mostly every night at the same time.

Such a restart reads a changed configuration as any other does. But nobody may have changed anything: that an outage
began just after it may well be chance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.signals.tuning import TOGETHER_US

if TYPE_CHECKING:
    from logsleuth.lives.server.model import Restart
    from logsleuth.timeline.model import Timeline


def is_of_a_rotation(restart: Restart, timeline: Timeline) -> bool:
    """Whether one file of a log ends with a restart, and the next one begins with it.

    The order is the last line of the old file, as httpd writes to it until it has opened the new one.
    """
    logs = {sighting.log for sighting in restart.sightings}
    own = {timeline.openings[log].kind for log in logs if log in timeline.openings}
    if len(logs) > 1 and len(own) <= 1:  # else another program's log, such as the journal, has the start
        return True
    # a file that has both the order and the start was not rotated with it: what begins then is the journal's part
    others = [one for one in timeline.openings.values() if one.kind not in own]
    first: dict[str, int] = {}
    for opening in others:
        first[opening.kind] = min(opening.time, first.get(opening.kind, opening.time))
    later = (one.time for one in others if one.time > first[one.kind])
    return any(abs(time - restart.time) <= TOGETHER_US for time in later)
