"""Restarts of a service behind httpd while an outage went on: somebody tried whether that helps.

What is cut off in the seconds of such a restart is its effect, and no further fault.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.lives.server.model import Restart
from logsleuth.signals.tuning import SOON_US, TOGETHER_US
from logsleuth.timeline.model import TIME, between
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from logsleuth.incidents.model import Incident
    from logsleuth.signals.model import Signal
    from logsleuth.timeline.model import Moment, Timeline

MOST: Final = 3
"""Starts of one service in an outage; more are no attempts to help: it ends again and again by itself."""


@dataclass(frozen=True, slots=True)
class ServiceRestart:
    """One restart, or start, of a service behind httpd."""

    title: str
    """What its last line says: that it is ready."""
    pattern: str
    """The id of the pattern that knows that line."""
    restart: Restart
    """Its times; `down` is None where no line shows that it was stopped before."""

    def covers(self, signal: Signal) -> bool:
        """Whether all that a signal says falls into the seconds of this restart."""
        down, up = self.restart.down, self.restart.up
        if down is None or up is None:
            return False
        return down - TOGETHER_US <= signal.begin and signal.end <= up + TOGETHER_US


def service_restarts(incident: Incident, timeline: Timeline) -> tuple[ServiceRestart, ...]:
    """Those within an incident, in order of time."""
    found = []
    for series in timeline.known():
        meaning = series.meaning
        if meaning.role != "recovery" or meaning.about != "backend" or meaning.phase != "start":
            continue
        ready = list(between(series.moments, incident.onset, incident.over))
        if len(ready) > MOST:
            continue
        for moment in ready:
            stop = stop_before(moment, timeline)
            lines = (moment.sighting,) if stop is None else (stop.sighting, moment.sighting)
            restart = Restart("stop", stop.time if stop is not None else None, moment.time, 0, lines)
            found.append(ServiceRestart(series.title, series.name, restart))
    return tuple(sorted(found, key=lambda one: one.restart.time))


def stop_before(started: Moment, timeline: Timeline) -> Moment | None:
    """The last order to stop in the log of a service that was started, if it came soon before; None: none did."""
    stops = [
        moment
        for series in timeline.known()
        if series.meaning.role in {"shutdown", "restart"} and series.meaning.about == "backend"
        for moment in between(series.moments, started.time - SOON_US, started.time)
        if moment.sighting.log == started.sighting.log
    ]
    return max(stops, key=TIME, default=None)
