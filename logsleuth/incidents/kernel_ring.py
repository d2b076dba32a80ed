"""Workers that the kernel killed before its log begins: the kernel keeps its last lines only, in a ring of fixed size.

A storm of kills writes hundreds of lines a second into it (a dump of all processes with each kill), so that by the
time somebody asks, only the last kills are left, while the error log still shows who fell silent before them.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from logsleuth.incidents.model import Incident, LostWorker
from logsleuth.lives.workers.life import Life, at_once
from logsleuth.lives.workers.rules import killed_before_the_kernel_log_begins
from logsleuth.signals.tuning import ALMOST_ALL, LEAST_MOMENTS, NEAR_GAPS, TOGETHER_US

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logsleuth.lives.live import Lives
    from logsleuth.signals.model import Signal
    from logsleuth.timeline.model import Timeline


def killed_unseen(incident: Incident, lives: Lives) -> Iterator[LostWorker]:
    """The server's own workers that fell silent as the kernel's victims did, just before its log begins.

    They are told as lost when the first worker appears that was not there before: by then they were gone.
    """
    storm = next((signal for signal in incident.signals if _begins_in_storm(signal, lives.timeline)), None)
    if storm is None:
        return
    started = lives.server.up_before(storm.begin + 1) or lives.timeline.start
    own = [life for life in lives.workers if not life.pool and started <= life.last]
    silent = [life for life in own if _fell_silent(life, own, lives)]
    seen = [life for life in silent if storm.begin <= _last_word(life) <= storm.end]
    named = sum(life.pid in storm.series.by_pid for life in seen)
    if not seen or named < ALMOST_ALL * len(seen):
        return
    for life in _in_rhythm(storm, [life for life in silent if _last_word(life) < storm.begin]):
        after = min((other.first for other in own if other.first > life.last), default=storm.begin)
        sighting = storm.moments[0].sighting
        rule = killed_before_the_kernel_log_begins.__name__
        yield LostWorker(life.pid, min(after, storm.begin), "killed", True, sighting, 0, rule)


def _begins_in_storm(signal: Signal, timeline: Timeline) -> bool:
    """These lines name processes killed, and their log, another program's, begins with them."""
    worker = signal.meaning.worker
    begin = timeline.neighbours.get(signal.moments[0].sighting.log)
    if worker is None or worker.state != "killed" or begin is None or len(signal.series.by_pid) <= LEAST_MOMENTS:
        return False
    return signal.moments[0] is signal.series.moments[0] and signal.begin - begin <= TOGETHER_US


def _in_rhythm(storm: Signal, silent: Sequence[Life]) -> Iterator[Life]:
    """Those that fell silent one soon after the other up to the first kill, the last first."""
    longest = max((b.time - a.time for a, b in pairwise(storm.moments)), default=0)
    then = storm.begin
    for life in sorted(silent, key=lambda life: (-_last_word(life), life.pid)):
        if life.how not in {"", "replaced"} or then - _last_word(life) > NEAR_GAPS * longest:
            return
        then = _last_word(life)
        yield life


def _fell_silent(life: Life, own: Sequence[Life], lives: Lives) -> bool:
    """The others wrote much after its last word, up to the end of its generation or of the log."""
    downs = (r.down for r in lives.server.restarts if r.down and r.down > _last_word(life))
    over = next(downs, lives.timeline.end)
    later = sum(
        _share(sign.first, sign.last, _last_word(life), over) * sign.count
        for pid in {other.pid for other in own} - {life.pid}
        for sign in lives.timeline.signs.get(pid, ())
    )
    return later >= NEAR_GAPS * max(at_once(own), 1)


def _share(first: int, last: int, begin: int, end: int) -> float:
    """How much of a stretch lies between two times."""
    if first == last:
        return float(begin < first <= end)
    return max(min(last, end) - max(first, begin), 0) / (last - first)


def _last_word(life: Life) -> int:
    """UTC microseconds up to which it is known to have lived."""
    return life.last if life.died is None else min(life.last, life.died)
