"""Workers that die in one moment: a crash storm may fell half of the pool before it has lasted long enough for a burst.

A burst is told by its rate over time, for which it takes three seconds; prefork's parent sees all children that died
within a second at once (its main loop sleeps for one, server/mpm/prefork/prefork.c), and a storm's first look may be
its worst.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.story.incident import SECOND, Strand

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.story.timeline import Moment, Timeline, Track

LEAST = 3
"""Workers. A visitor's page that crashes one may well be asked for twice."""
SHARE = 0.5
"""…and so much of all workers that were heard lately: of a large pool three are nothing special."""
LATELY = 600 * SECOND
ROUTINE = 3
"""More such moments than this are the way of this log."""
ENDING = (-1 * SECOND, 30 * SECOND)
"""From so long before an order to stop or restart is told to so long after it, children die because they end: the
parent reaps those that die at once before it writes the line (ap_reclaim_child_processes), and waits for the others."""


def died_together(timeline: Timeline, others: Sequence[Strand]) -> Iterable[Strand]:
    """Half of the workers, and at least three, are dead in one moment: that needs no longer time to stand out."""
    taken = {strand.track.name for strand in others}
    for track in timeline.tracks.values():
        if track.name in taken or not _tells_of_crashes(track):
            continue
        found = tuple(moment for moment in track.moments if _is_half(timeline, moment))
        if len(found) <= ROUTINE:
            yield from (Strand(track, (moment,), "together") for moment in found)


def _tells_of_crashes(track: Track) -> bool:
    """Whether each match is one worker's death, told by another: the parent, or the kernel."""
    worker = track.pattern.worker if track.pattern is not None else None
    return worker is not None and worker.state == "crashed" and worker.subject != "reporter"


def _is_half(timeline: Timeline, moment: Moment) -> bool:
    if moment.count < LEAST or moment.count < SHARE * _heard(timeline, moment.sighting.time):
        return False
    orders = (restart.down for restart in timeline.restarts if restart.down is not None)
    return not any(ENDING[0] <= moment.time - order <= ENDING[1] for order in orders)


def _heard(timeline: Timeline, time: int) -> int:
    """How many workers wrote a line in the ten minutes up to this local time; there are at least so many."""
    workers = (signs for pid, signs in timeline.signs.items() if pid not in timeline.parents)
    return sum(any(sign.first <= time and sign.last >= time - LATELY for sign in signs) for signs in workers)
