"""Whether "reached MaxRequestWorkers" was an outage: httpd logs it once in the life of a parent, whatever follows.

httpd prints the line when it would start a child and has no slot left, and then never again until the parent is
replaced (`retained->maxclients_reported`, server/mpm/prefork/prefork.c). One line may stand for a busy second or for
an hour in which nothing was served. The lines that requests leave show which it was: a full server answers
hardly anyone, and then all waiting requests at once; or it goes on answering, and takes several times as long. Or far
more visitors came than at any other time, and went on coming.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from logsleuth.signals.back import back_at
from logsleuth.signals.model import Signal, Why
from logsleuth.signals.rush import rush_until
from logsleuth.signals.slow import slowed
from logsleuth.signals.tuning import (
    BY_CHANCE,
    JOIN_US,
    LEAST_EXPECTED,
    LEAST_MOMENTS,
    MOST,
    SHORT_LOG_US,
    SOON_US,
)
from logsleuth.signals.waiting import dropped_until, waited_until

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.lives.live import Lives
    from logsleuth.signals.scene import Scene
    from logsleuth.timeline.model import Moment, Series


def limits(scene: Scene) -> Iterable[Signal]:
    """Each line of a limit that made requests wait, or after which the server was restarted."""
    for series in scene.failures:
        if not _is_latched(series):
            continue
        for moment in series.moments:
            waited = _waited(scene, series, moment)
            if waited is not None:
                until = min(waited[1], _next_stop(scene.lives, moment, waited[1]))
                yield Signal(series, (moment,), Why.LIMIT, since=waited[0], until=until)


def hurt_nobody(scene: Scene, series: Series, moments: Sequence[Moment]) -> bool:
    """Whether it is a limit that was reached again and again, while an access log has as many answers as before.

    Each graceful restart leaves old workers in their slots until their last request is done, which keeps httpd from
    starting others for a while: where it has enough, nobody notices.
    """
    requests, begin, end = scene.lives.requests, moments[0].time, moments[-1].last
    if series.meaning.role != "capacity" or requests.counted is None:
        return False
    seen = requests.seen_by(requests.counted, begin, end)
    if seen is None or seen.failed:
        return False
    before = requests.logs[requests.counted].all.between(begin - (end - begin), begin)
    are_gone = before >= LEAST_EXPECTED and seen.seen < MOST * before
    return not are_gone and _waited(scene, series, moments[0]) is None


def _is_latched(series: Series) -> bool:
    """Whether a limit is logged once, or so rarely that each time counts."""
    meaning = series.meaning
    if meaning.lasts == "latched":
        return True
    return meaning.known_by == "level" and meaning.about == "server" and len(series.moments) < LEAST_MOMENTS


def _waited(scene: Scene, series: Series, moment: Moment) -> tuple[int, int] | None:
    """UTC microseconds from when on, and up to when, requests waited; None: it did not matter.

    0: nothing shows when it began other than its line, or when it was over.
    """
    slow = _slowed(scene.lives, moment)
    until = _until(scene, series, moment)
    if slow is None:
        return None if until is None else (0, until)
    return slow[0], max(slow[1], until or 0) if slow[1] > moment.time else until or 0


def _next_stop(lives: Lives, moment: Moment, otherwise: int) -> int:
    """When the server is next told to stop: the workers of a new run are free, and its parent says so again if not."""
    stops = lives.server.stops
    place = bisect_right(stops, moment.time)
    return stops[place] if place < len(stops) else otherwise


def _started(lives: Lives, moment: Moment) -> int:
    """When the server last started, with new workers; the beginning of the log if it does not say."""
    start = lives.server.started_before(moment.time)
    return lives.timeline.start if start is None else start


def _slowed(lives: Lives, moment: Moment) -> tuple[int, int] | None:
    """From when on, and up to when, requests that began around the line took long, as the access log says it."""
    own = lives.requests.own
    return None if own is None else slowed(own.took, moment.time)


def _until(scene: Scene, series: Series, moment: Moment) -> int | None:
    """UTC microseconds up to which requests waited; 0: nothing shows when it was over; None: it did not matter."""
    lives = scene.lives
    released = scene.release_after(moment.time + lives.timeline.served.width)
    if released is not None:
        return released
    ends = (
        waited_until(lives.requests, moment.time, _started(lives, moment)),
        dropped_until(lives.requests, moment.time),
    )
    waited = max((end for end in ends if end is not None), default=None)
    if waited is not None:
        return waited
    if _went_on(lives, moment):
        return 0 if _was_answered(lives, moment) else None
    rush = rush_until(lives.timeline, lives.requests.trace, moment.time) if lives.requests.own is None else None
    known = rush if rush is not None else _brought_about(scene, series, moment)
    if known is not None:
        return known
    if lives.timeline.span <= SHORT_LOG_US:
        return 0
    return 0 if _was_answered(lives, moment) else None


def _brought_about(scene: Scene, series: Series, moment: Moment) -> int | None:
    """UTC microseconds up to which a known cause of it lasted that was logged just before; 0: to no known time.

    None: there is none. Both are rare, and hardly meet by chance: then it was more than a busy second.
    """
    causes = scene.causes_of({series.name}, moment.time, moment.time)
    ends = [back_at(scene.lives.timeline, cause, moments[-1]) for cause, moments in causes]
    return max(ends, default=None)


def _went_on(lives: Lives, moment: Moment) -> bool:
    """Whether an access log shows that others were answered in the half minute after the line."""
    own = lives.requests.own
    if own is None:
        return False
    counts = own.all
    return counts.between(moment.time + counts.width, moment.time + JOIN_US) >= LEAST_MOMENTS


def _was_answered(lives: Lives, moment: Moment) -> bool:
    """Whether the server was restarted so soon after the line that it hardly was by chance; reloads are routine."""
    chance = len(lives.server.stops) * SOON_US / lives.timeline.span
    return chance <= BY_CHANCE and 0 < _next_stop(lives, moment, 0) - moment.time <= SOON_US
