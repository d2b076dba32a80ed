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
    from logsleuth.story.timeline import Timeline, Track

LONG = 3 * 3600 * SECOND
"""A stretch of time over which a site's traffic may change by itself."""
SPARSE = 60.0
"""Seconds between failures, on average. Whoever has an outage for hours sees it more often than once a minute."""


def without_rhythm(bursts: Iterable[Burst], track: Track, timeline: Timeline) -> Iterable[Burst]:
    """Bursts, but of those that last for hours only what stands out from these hours too.

    That is, if the fault is rare in them, or no more frequent than at other times for each request that leaves a
    trace. A slow burn is so told from its dense end.
    """
    for burst in bursts:
        if burst.end - burst.begin < LONG or not (_sparse(burst) or _follows_traffic(burst, track, timeline)):
            yield burst
            continue
        inner = [
            b for b in find_bursts(burst.moments, burst.begin, burst.end) if b.end - b.begin < burst.end - burst.begin
        ]
        yield from without_rhythm(inner, track, timeline)


def _sparse(burst: Burst) -> bool:
    return (burst.end - burst.begin) / SECOND > SPARSE * burst.count


def _follows_traffic(burst: Burst, track: Track, timeline: Timeline) -> bool:
    """Whether other lines that name a client rise with it: then the rate for each of them is hardly raised."""
    width = timeline.served[0][1] * SECOND if timeline.served else SECOND
    own = {moment.time // width for moment in burst.moments}
    whole = {moment.time // width for moment in track.moments}
    inside = outside = 0
    for time, _, _ in timeline.served:
        if time // width in whole:
            continue
        if burst.begin <= time <= burst.end:
            inside += 1
        else:
            outside += 1
    here, elsewhere = len(own), len(whole) - len(own)
    return (here + 0.5) / (inside + 0.5) < TIMES_USUAL * (elsewhere + 0.5) / (outside + 0.5)
