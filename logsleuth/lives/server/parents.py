"""Which pids are parents: by what only a parent writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.units import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.lives.server.model import Event
    from logsleuth.timeline.model import Timeline

ONE_DEATH = 2 * SECOND
"""The kernel's word of a crash comes at most this long before or after httpd's own: both are dated by the second."""
ENDS_AT_ONCE = frozenset({"crashed", "killed"})
"""What the kernel says of a process that a signal ended."""


def find_parents(timeline: Timeline, events: Iterable[Event]) -> frozenset[int]:
    """The pids that write what only a parent writes: of starts and stops, of its pool's limit, of children's ends."""
    found = {event.parent for event in events if event.kind in {"up", "stop", "reload", "hup", "unclean"}}
    for series in timeline.known():
        meaning = series.meaning
        if meaning.role == "capacity" and meaning.about == "server":
            lines = (moment.sighting for moment in series.moments)
            found |= {line.reporter for line in lines if line.module.startswith("mpm_")}
        if meaning.worker is not None and meaning.worker.subject != "reporter":
            lines = (moment.sighting for of_pid in series.by_pid.values() for moment in (of_pid.first, of_pid.last))
            found |= {
                line.reporter for line in lines if line.subject != line.reporter and line.log not in timeline.neighbours
            }
    for event in events:
        if event.kind == "died" and not event.parent and not event.series.meaning.witnessed:
            found |= _witnessed_ends(timeline, event.time)
    return frozenset(found - {0})


def _witnessed_ends(timeline: Timeline, time: int) -> set[int]:
    """The process that ended at a moment by the word of another program, such as the kernel; empty: none, or several.

    Where httpd, before 2.4, says without a pid that the parent died, this is the parent.
    """
    pids = {
        pid
        for series in timeline.known()
        if series.meaning.worker is not None and series.meaning.worker.state in ENDS_AT_ONCE
        for pid, of_pid in series.by_pid.items()
        if any(
            one.sighting.log in timeline.neighbours and abs(one.time - time) <= ONE_DEATH
            for one in (of_pid.first, of_pid.last)
        )
    }
    return pids if len(pids) == 1 else set()
