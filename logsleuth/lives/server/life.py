"""The server's life: when it was up, when it was not, and the line that says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.lives.server.absences import find_absences
from logsleuth.lives.server.events import find_events
from logsleuth.lives.server.model import ServerLife
from logsleuth.lives.server.parents import find_parents
from logsleuth.lives.server.restarts import find_restarts

if TYPE_CHECKING:
    from logsleuth.timeline.model import Timeline


def server_life(timeline: Timeline) -> ServerLife:
    """The server's life, from all that its parent processes wrote."""
    events = find_events(timeline)
    return ServerLife(
        restarts=find_restarts(events),
        absences=find_absences(timeline, events),
        parents=find_parents(timeline, events),
        ups=tuple(event.time for event in events if event.kind == "up"),
        unclean=tuple(event for event in events if event.kind == "unclean"),
    )
