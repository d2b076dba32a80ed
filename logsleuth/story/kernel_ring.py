"""Workers that the kernel killed before its log begins: the kernel keeps its last lines only, in a ring of fixed size.

A storm of kills writes hundreds of lines a second into it (a dump of all processes with each kill), so that by the
time somebody asks, only the last kills are left, while the error log still shows who fell silent before them.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from logsleuth.story.incident import SECOND, Incident, LostWorker, Strand
from logsleuth.story.life import Life, at_once
from logsleuth.story.rules import killed_before_the_kernel_log_begins

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logsleuth.story.clock import Clock
    from logsleuth.story.timeline import Timeline

LEAST_KILLS = 4
"""Fewer have no rhythm."""
AT_ITS_BEGIN = 2 * SECOND
"""A log that begins so shortly before its first kill begins in the middle of the storm."""
OTHERS_SPOKE = 5
"""Silent is who writes nothing, while the others write so many lines for each worker there is: by chance e^-5."""
NAMED = 0.75
"""Of those that fell silent while the kernel's log goes on, it must name so many; else something else ends them too."""
RHYTHM = 3
"""Times the longest time between two kills: who fell silent longer before the next did so for another reason."""


def killed_unseen(incident: Incident, timeline: Timeline, lives: Sequence[Life], clock: Clock) -> Iterator[LostWorker]:
    """The server's own workers that fell silent as the kernel's victims did, just before its log begins.

    They are told as lost when the first worker appears that was not there before: by then they were gone.
    """
    storm = next((strand for strand in incident.strands if _begins_in_storm(strand, timeline)), None)
    if storm is None:
        return
    started = max((r.up for r in timeline.restarts if r.up and r.up <= storm.begin), default=timeline.start)
    own = [life for life in lives if not life.pool and started <= life.last]
    silent = [life for life in own if _fell_silent(life, own, timeline, clock)]
    seen = [life for life in silent if storm.begin <= _last_word(life) <= storm.end]
    named = sum(life.pid in storm.track.by_pid for life in seen)
    if not seen or named < NAMED * len(seen):
        return
    for life in _in_rhythm(storm, [life for life in silent if _last_word(life) < storm.begin]):
        after = min((other.first for other in own if other.first > life.last), default=storm.begin)
        sighting = storm.moments[0].sighting
        rule = killed_before_the_kernel_log_begins.__name__
        yield LostWorker(life.pid, min(after, storm.begin), "killed", True, sighting, 0, rule)


def _begins_in_storm(strand: Strand, timeline: Timeline) -> bool:
    """These lines name processes killed, and their log, another program's, begins with them."""
    worker = strand.pattern.worker if strand.pattern else None
    begin = timeline.neighbours.get(strand.moments[0].sighting.log)
    if worker is None or worker.state != "killed" or begin is None or len(strand.track.by_pid) < LEAST_KILLS:
        return False
    return strand.moments[0] is strand.track.moments[0] and strand.begin - begin <= AT_ITS_BEGIN


def _in_rhythm(storm: Strand, silent: Sequence[Life]) -> Iterator[Life]:
    """Those that fell silent one soon after the other up to the first kill, the last first."""
    longest = max((b.time - a.time for a, b in pairwise(storm.moments)), default=0)
    then = storm.begin
    for life in sorted(silent, key=lambda life: (-_last_word(life), life.pid)):
        if life.how not in {"", "replaced"} or then - _last_word(life) > RHYTHM * longest:
            return
        then = _last_word(life)
        yield life


def _fell_silent(life: Life, own: Sequence[Life], timeline: Timeline, clock: Clock) -> bool:
    """The others wrote much after its last word, up to the end of its generation or of the log."""
    over = next((r.down for r in timeline.restarts if r.down and r.down > _last_word(life)), timeline.end)
    later = sum(
        _share(clock.utc(sign.first), clock.utc(sign.last), _last_word(life), over) * sign.count
        for pid in {other.pid for other in own} - {life.pid}
        for sign in timeline.signs.get(pid, ())
    )
    return later >= OTHERS_SPOKE * max(at_once(own), 1)


def _share(first: int, last: int, begin: int, end: int) -> float:
    """How much of a stretch lies between two times."""
    if first == last:
        return float(begin < first <= end)
    return max(min(last, end) - max(first, begin), 0) / (last - first)


def _last_word(life: Life) -> int:
    """UTC microseconds up to which it is known to have lived."""
    return life.last if life.died is None else min(life.last, life.died)
