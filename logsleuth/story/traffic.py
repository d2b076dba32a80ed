"""What clients saw of an incident, by an access log: how many asked, and how many were failed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from logsleuth.story.incident import SECOND

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.story.incident import Incident
    from logsleuth.story.timeline import Counted, Timeline, Traffic

BEFORE = 3600 * SECOND
"""What is usual is told by the time before, as long as the incident lasted and an hour at the most."""
FEWER = 0.5
"""So much less traffic than before is damage, too: an answer that is never given is not logged."""
RISE = 0.05
"""By so much of all requests the failed ones must rise…"""
LEAST_FAILED = 5
"""…and so many there must be."""
LEAST = 20
"""Requests before, from which on a rate is known."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time in an access log."""

    seconds: float
    requests: int
    failed: int

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / max(self.seconds, 1.0)

    @property
    def share(self) -> float:
        """Of the requests so many failed, from 0 to 1."""
        return self.failed / max(self.requests, 1)


@dataclass(frozen=True, slots=True)
class Seen:
    """What one access log shows of an incident."""

    log: int
    within: Stretch
    before: Stretch | None
    """None: the log does not reach back far enough."""
    first_failed: int | None
    """UTC microseconds of the first failed request within (to the width of a count); None: there is none."""


def suffered(seen: Seen) -> bool:
    """Whether clients were failed more than before, or got fewer answers; false also where nobody can tell."""
    within, before = seen.within, seen.before
    if before is None:
        return False
    failed = within.failed >= LEAST_FAILED and within.share >= before.share + RISE
    return failed or within.rate < FEWER * before.rate


def seen_by_clients(incident: Incident, timeline: Timeline) -> list[Seen]:
    """What each access log that covers the incident shows of it."""
    end = incident.recovery.time if incident.recovery else max(incident.end, timeline.end)
    length = max(end - incident.onset, SECOND)
    told = []
    for number, traffic in timeline.traffic.items():
        if not traffic.all or not traffic.all[0].begin <= end <= traffic.all[-1].begin + length:
            continue
        begin = max(incident.onset - min(length, BEFORE), traffic.all[0].begin)
        before = _stretch(traffic, begin, incident.onset - traffic.all[0].width)
        within = _stretch(traffic, incident.onset, end)
        failed = min((counted.begin for counted in _touched(traffic.failed, incident.onset, end)), default=None)
        told.append(Seen(number, within, before if before.requests >= LEAST else None, failed))
    return told


def _stretch(traffic: Traffic, begin: int, end: int) -> Stretch:
    """From one time to another, counts in whole: of a short incident each second matters."""
    requests, failed = (sum(c.count for c in _touched(counts, begin, end)) for counts in (traffic.all, traffic.failed))
    return Stretch(max(end - begin, SECOND) / SECOND, requests, failed)


def _touched(counts: Sequence[Counted], begin: int, end: int) -> list[Counted]:
    """The counts of stretches that begin before an end, and end after a begin."""
    return [counted for counted in counts if begin < counted.begin + counted.width and counted.begin <= end]
