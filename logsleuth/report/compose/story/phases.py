"""The part of an incident that a moment is in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.report.fates import ONE_CHILD
from logsleuth.units import SECOND

if TYPE_CHECKING:
    from logsleuth.causes.model import Diagnosis
    from logsleuth.report.model import Phase

ONSET_SHARE, ONSET_LEAST, ONSET_MOST = 0.05, 2, 60
"""The phase of the onset: this share of the incident, at least and at most as many seconds."""


def phase_of(diagnosis: Diagnosis, time: int) -> Phase:
    """The phase that a moment is in (UTC microseconds)."""
    incident = diagnosis.incident
    if time <= incident.onset - SECOND:  # an access log has no fractions of a second
        return "before"
    if incident.recovery is not None and time >= incident.recovery.time + (incident.recovery.restart is None):
        return "recovery"  # what faded is there until then
    lost = diagnosis.workers.lost
    if time - incident.onset <= min(max(ONSET_SHARE * incident.seconds, ONSET_LEAST), ONSET_MOST) * SECOND:
        return "onset"
    spreads = len(lost) > 1 and not ONE_CHILD.search(lost[0].sighting.text)
    return "spread" if spreads and time <= lost[-1].time else "outage"
