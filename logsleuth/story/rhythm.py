"""What only looks like an outage: faults that follow the hour of the day.

A site has its nights. Over hours, a chronic fault rises and falls with those who ask, and stands far above the
night's rate without anything having changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.story.bursts import SECOND, TIMES_USUAL, find_bursts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.story.bursts import Burst
    from logsleuth.story.timeline import Moment, Timeline, Track

LONG = 3600 * SECOND
"""A stretch of time over which a site's traffic may change by itself."""
SPARSE = 60.0
"""Seconds between failures, on average. Whoever has an outage for hours sees it more often than once a minute…"""
LONELY = 300.0
"""…or, on a site of few visitors, at least so often (seconds between failures)…"""
OWN_SHARE = 0.5
"""…and at least so often for each moment in which another line names a client…"""
FEW_OUTSIDE = 0.02
"""…if at most this share of it is seen at other times."""


def without_rhythm(bursts: Iterable[Burst], track: Track, timeline: Timeline) -> Iterable[Burst]:
    """Bursts, but of those that last for hours only what stands out from these hours too.

    That is, if the fault is rare in them, or no more frequent than at other times for each request that leaves a
    trace. A slow burn is so told from its dense end.
    """
    for burst in bursts:
        if burst.end - burst.begin < LONG or _is_outage(burst, track, timeline):
            yield burst
            continue
        inner = [
            b for b in find_bursts(burst.moments, burst.begin, burst.end) if b.end - b.begin < burst.end - burst.begin
        ]
        yield from without_rhythm(inner, track, timeline)


def _is_outage(burst: Burst, track: Track, timeline: Timeline) -> bool:
    """Whether so long a burst is more than a chronic fault at a busy time."""
    own, whole = (_buckets(moments, timeline) for moments in (burst.moments, track.moments))
    here, elsewhere = len(own), len(whole) - len(own)
    inside, outside = _others(burst, whole, timeline)
    gap = (burst.end - burst.begin) / SECOND / burst.count
    if gap > SPARSE:
        return gap <= LONELY and here >= OWN_SHARE * inside and elsewhere <= FEW_OUTSIDE * here
    # other lines that name a client rise with a chronic fault: then the rate for each of them is hardly raised
    return (here + 0.5) / (inside + 0.5) >= TIMES_USUAL * (elsewhere + 0.5) / (outside + 0.5)


def _buckets(moments: Iterable[Moment], timeline: Timeline) -> set[int]:
    """The moments as numbers of the buckets in which lines that name a client are counted."""
    width = timeline.served[0][1] * SECOND if timeline.served else SECOND
    return {moment.time // width for moment in moments}


def _others(burst: Burst, faulty: set[int], timeline: Timeline) -> tuple[int, int]:
    """How many other buckets hold a line that names a client, within the burst and outside of it."""
    times = [time for time, width, _ in timeline.served if time // (width * SECOND) not in faulty]
    inside = sum(burst.begin <= time <= burst.end for time in times)
    return inside, len(times) - inside
