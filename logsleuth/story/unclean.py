"""A start that finds the pid file of a parent which never said that it stopped: that one was killed, or crashed.

Nothing else in the log tells of such an end: SIGKILL and power loss leave no line (AH00098, server/log.c,
ap_log_pid, is written by the next parent). Where the server said something that no pattern knows, and then nothing
more, that is the reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.story.incident import SECOND, Strand
from logsleuth.story.own_words import is_last_word
from logsleuth.story.timeline import Moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.story.timeline import Timeline

TAG = "unclean-start"
"""Of patterns whose line tells of such a start."""
ROUTINE = 3
"""So many such starts, most of all starts, are how this host restarts its server (containers that are killed)."""
LONGEST = 3600 * SECOND
"""Of a longer silence nobody can say when in it the server went."""


def unclean_strands(timeline: Timeline, others: Sequence[Strand]) -> Iterable[Strand]:
    """Each unclean start that nothing in the log explains, from the last sign of the server before it."""
    starts = sum(1 for restart in timeline.restarts if restart.up is not None and restart.kind in {"stop", "start"})
    for track in timeline.tracks.values():
        if track.pattern is None or TAG not in track.pattern.tags:
            continue
        if len(track.moments) >= ROUTINE and 2 * len(track.moments) >= starts:
            continue
        for moment in track.moments:
            if _is_explained(timeline, others, moment.time):
                continue
            words = list(_last_words(timeline, moment.time))
            if words:
                yield from words
                yield Strand(track, (moment,), "only-here")
                continue
            last = _last_sign(timeline, moment.time)
            begin = last if moment.time - last <= LONGEST else moment.time
            why = "unclean" if timeline.start < moment.time else "unclean-first"
            yield Strand(track, (Moment(begin, moment.last, moment.count, moment.sighting),), why)


def _last_sign(timeline: Timeline, before: int) -> int:
    """When the server last wrote a line that is kept, in UTC microseconds."""
    times = (
        moment.last
        for track in (*timeline.tracks.values(), *timeline.unknown)
        for moment in track.moments
        if moment.last < before
    )
    return max(times, default=timeline.start)


def _last_words(timeline: Timeline, start: int) -> Iterable[Strand]:
    """What no pattern knows, and the server before this start ended with."""
    before = max(_start_before(timeline, start), start - LONGEST)
    for track in timeline.unknown:
        if is_last_word(track):
            said = tuple(moment for moment in track.moments if before <= moment.time < start)
            if said:
                yield Strand(track, said, "last-words")


def _start_before(timeline: Timeline, start: int) -> int:
    return max((r.up for r in timeline.restarts if r.up is not None and r.up < start), default=timeline.start)


def _is_explained(timeline: Timeline, others: Sequence[Strand], start: int) -> bool:
    """Whether, since the start before this one, a line said why the server ended, or that it was told to stop."""
    before = _start_before(timeline, start)
    if any(r.kind == "stop" and r.down is not None and before <= r.down <= start for r in timeline.restarts):
        return True
    return any(before <= m.time < start for strand in others if strand.why == "alone" for m in strand.moments)
