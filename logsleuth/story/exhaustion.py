"""Whether "reached MaxRequestWorkers" was an outage: it is said once in a parent's life, whatever follows.

httpd prints the line when it would start a child and has no slot left, and then never again until the
parent is replaced (`retained->maxclients_reported`, server/mpm/prefork/prefork.c). One line may stand for
a busy second or for an hour in which nothing was served. What tells them apart is the trace that requests
leave: a full server answers hardly anyone, and then all who waited at once.

A rare error that the server says of itself, and that no pattern knows, is judged in the same way.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from logsleuth.story.incident import SECOND, Strand
from logsleuth.story.own_words import is_rare_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.story.timeline import Moment, Timeline, Track

JUST_STARTED = 3 * SECOND
"""With StartServers at the limit a healthy server prints the line a second after its start."""
SHORT_LOG = 1800.0
"""Seconds: in a log this short, which somebody cut out to be looked at, nobody can tell what is always there: the line
alone, or a grave fault as it stands, is worth telling."""
LONGEST_STALL = 3600 * SECOND
LEAST_RELEASED = 8
LEAST_RESUMED = 3
"""Moments with lines after a silence, that show that requests are answered again."""
SURPRISE = 1e-6
"""Probability, at the log's usual rate, below which so many lines in one moment are a release."""
NEAR = 60 * SECOND
"""A release is one crowded moment alone; a scanner, or another outage, makes many in a row."""
ALIKE = 0.75
AS_CROWDED = 7200.0
"""Seconds of log for each other lone moment as crowded as this; if there are more, they are nothing special in it."""
ANSWERED = 600 * SECOND
"""Somebody who sees that nothing is served any more restarts the server within such a time."""
BY_CHANCE = 0.02
"""How often a stop may follow so soon by chance, for it to be an answer: where stops are rare it is one."""
FAILURES = frozenset({"cause", "death", "symptom"})
ALSO = 60 * SECOND
"""Other evidence this near makes the line a part of that incident."""


@dataclass(frozen=True, slots=True)
class Stall:
    """What the requests' trace shows after the line."""

    released: int
    """UTC microseconds of the moment in which those who had waited were answered; 0: none is seen."""
    slowed: bool
    """Fewer lines than usual in between."""


def exhaustion_strands(timeline: Timeline, others: Sequence[Strand]) -> Iterable[Strand]:
    """The limit was reached, and the requests' trace (or the shortness of the log) says that it mattered."""
    for track in (*timeline.tracks.values(), *timeline.unknown):
        if not (_tells_of_the_limit(track) or is_rare_word(track)):
            continue
        taken = {m.time for s in others if s.track.name == track.name for m in s.moments}
        for moment in track.moments:
            if moment.time in taken or just_started(timeline, moment):
                continue
            strand = _judge(timeline, track, moment, others)
            if strand is not None:
                yield strand


def _tells_of_the_limit(track: Track) -> bool:
    pattern = track.pattern
    return pattern is not None and pattern.role == "capacity" and pattern.category == "worker-exhaustion"


def just_started(timeline: Timeline, moment: Moment) -> bool:
    """Whether the line stands right after a start, where it means nothing."""
    return any(r.up is not None and 0 <= moment.time - r.up < JUST_STARTED for r in timeline.restarts)


def _judge(timeline: Timeline, track: Track, moment: Moment, others: Sequence[Strand]) -> Strand | None:
    if any(s.begin - ALSO <= moment.time <= s.end + ALSO for s in others):
        return Strand(track, (moment,), "exhaustion")
    stall = find_stall(timeline, moment)
    if stall.released:
        return Strand(track, (moment,), "exhaustion", until=stall.released)
    if timeline.span <= SHORT_LOG:
        return Strand(track, (moment,), "exhaustion", until=_resumed(timeline, moment))
    if answered_by_restart(timeline, moment):
        return Strand(track, (moment,), "exhaustion")
    return None


def answered_by_restart(timeline: Timeline, moment: Moment) -> bool:
    """Whether the server was stopped so soon after the line that it hardly was by chance; reloads are routine."""
    stops = [r.down for r in timeline.restarts if r.down is not None and r.kind in {"stop", "hup"}]
    chance = len(stops) * ANSWERED / (timeline.span * SECOND)
    return chance <= BY_CHANCE and any(0 < stop - moment.time <= ANSWERED for stop in stops)


def find_stall(timeline: Timeline, moment: Moment) -> Stall:
    """Look for the release that ends a stall: far more lines in one moment than the log ever has by chance."""
    served = timeline.served
    total = sum(count for _, _, count in served)
    rate = total / timeline.span
    width = served[0][1] if served else 1
    usual = rate * width
    between = 0
    for time, _, count in served:
        if time < moment.time - width * SECOND or time > moment.time + LONGEST_STALL:
            continue
        answered = count - (_failures(timeline, time, width) if count >= LEAST_RELEASED else 0)
        surprising = answered >= LEAST_RELEASED and _tail(answered, usual) < SURPRISE
        if surprising and time > moment.time + width * SECOND and _rare(timeline, time, count):
            waited = (time - moment.time) / SECOND
            return Stall(time, between < 0.7 * rate * waited)
        between += count
    return Stall(0, slowed=False)


def _resumed(timeline: Timeline, moment: Moment) -> int:
    """UTC microseconds of the first line after a silence that began with the stall; 0: there is no such silence.

    In a short log few have waited, so that no crowd is released; but who is answered again leaves a trace as before.
    """
    times = [time for time, _, _ in timeline.served]
    for number, (before, after) in enumerate(pairwise(times)):
        if before - moment.time > ALSO / 2 or after <= moment.time:
            continue
        others = timeline.span - (after - before) / SECOND
        expected = (len(times) - 1) / max(others, 1.0) * (after - before) / SECOND
        if math.exp(-expected) <= BY_CHANCE and len(times) - number - 1 >= LEAST_RESUMED:
            return after
    return 0


def _failures(timeline: Timeline, time: int, width: int) -> int:
    """Lines of one moment that tell of failures: a back-end that is away for a second brings a crowd of them."""
    tracks = (track for track in timeline.tracks.values() if track.pattern and track.pattern.role in FAILURES)
    end = time + width * SECOND
    return sum(moment.count for track in tracks for moment in track.moments if time <= moment.time < end)


def _rare(timeline: Timeline, time: int, count: int) -> bool:
    """Whether this crowded moment is alone, and such lone moments are rare in the log."""
    crowded = [(when, many) for when, _, many in timeline.served if many >= ALIKE * count]
    touching = 2 * timeline.served[0][1] * SECOND

    def is_alone(moment: int) -> bool:
        return not any(touching < abs(when - moment) <= NEAR for when, _ in crowded)

    others = sum(many >= count and is_alone(when) for when, many in crowded) - 1
    return is_alone(time) and others <= timeline.span / AS_CROWDED


def _tail(count: int, mean: float) -> float:
    """Probability of at least `count` where `mean` are expected (Chernoff's bound of the Poisson tail)."""
    if count <= mean:
        return 1.0
    return math.exp(count - mean - count * math.log(count / max(mean, 1e-12)))
