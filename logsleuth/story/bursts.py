"""When something happened far more often than it usually does: Bayesian blocks.

A track's moments are cut into stretches of constant rate, as many as the data pay for (Scargle et al. 2013,
"Studies in Astronomical Time Series Analysis VI", event data). No bin width, no threshold in events per
minute: it works for a log of a minute and of a year.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from logsleuth.story.clients import client_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from logsleuth.story.timeline import Moment

SECOND = 1_000_000
FALSE_ALARM = 0.01
"""Accepted probability of a change of rate where there is none."""
RHYTHM = 6 * 3600.0
"""Seconds. Over more than this a site's rate follows the hour of the day; within less it is steady enough."""
QUIET_SHARE = 0.35
QUIET_SHARE_SHORT = 0.1
"""The usual rate is that of this part of the log's time, the quietest: an incident may fill the rest of it.
A long log's quietest part is a night, so that more of it is taken; a short log may hold little but the incident."""
TIMES_USUAL = 8.0
"""A burst's rate is at least this many times the usual one."""
EDGE = 3.0
"""A moment at most so many of a burst's mean gaps away from it is a part of it."""
STRAY = 8.0
"""A moment so many mean gaps away from the rest of a burst was drawn in by chance (once in three thousand)."""
CLUMP = 5.0
"""Seconds between failures that may well be one visitor's doing."""
LEAST_CLUMPS = 5
"""From fewer nothing can be told about how large they usually are…"""
USUAL_CLUMP = 3
"""…but that a visitor tries again, and again."""
FAR_LARGER = 3
NEAR = 60.0
"""Seconds. What stands so near to a burst, or as near as it is long, may well be a part of it."""
CROWD = 8
"""Clients that fail one after the other within CLUMP seconds each. A fault that comes every minute brings eight so
close together by chance once in a million."""
LEAST_MOMENTS = 3
"""Fewer are not a burst, whatever their rate: chronic faults come in pairs by chance."""


@dataclass(frozen=True, slots=True)
class Burst:
    """A stretch in which a track's rate stands far above its usual one."""

    begin: int
    """UTC microseconds of its first match."""
    end: int
    """UTC microseconds of its last match."""
    moments: tuple[Moment, ...]
    usual: float
    """Moments a second outside of bursts; of what hardly ever happens, LEAST_MOMENTS in the whole log."""

    @property
    def count(self) -> int:
        """Matches within."""
        return sum(moment.count for moment in self.moments)

    @property
    def rate(self) -> float:
        """Moments a second within."""
        return len(self.moments) / max((self.end - self.begin) / SECOND, 1.0)


def find_bursts(moments: Sequence[Moment], start: int, end: int) -> list[Burst]:
    """The bursts of one track in a log that spans these UTC microseconds."""
    if len(moments) < LEAST_MOMENTS:
        return []
    times = np.array([moment.time for moment in moments], float) / SECOND
    weights = np.array([1.0 + math.log2(moment.count) for moment in moments])
    edges = np.concatenate(
        (
            [min(start / SECOND, times[0] - 0.5)],
            (times[1:] + times[:-1]) / 2,
            [max(end / SECOND, times[-1] + 0.5)],
        )
    )
    cuts = [*_blocks(edges, weights), len(moments)]
    pieces = list(pairwise(cuts))
    widths = np.array([max(edges[b] - edges[a], 1e-6) for a, b in pieces])
    rates = np.array([weights[a:b].sum() for a, b in pieces]) / widths
    usual = max(_usual(rates, widths), LEAST_MOMENTS / widths.sum())
    bursts: list[Burst] = []
    high = [bool(rate > TIMES_USUAL * usual) and _dense(n, pieces, widths) for n, rate in enumerate(rates)]
    index = 0
    while index < len(pieces):
        if not high[index]:
            index += 1
            continue
        last = index
        while last + 1 < len(pieces) and high[last + 1]:
            last += 1
        inside = _with_edges(moments, pieces[index][0], pieces[last][1], float(widths[index : last + 1].sum()))
        if len(inside) >= LEAST_MOMENTS and not _comes_in_clumps(moments, inside, (end - start) / SECOND):
            bursts.append(Burst(inside[0].time, max(m.last for m in inside), inside, usual))
        index = last + 1
    return bursts


def _dense(number: int, pieces: Sequence[tuple[int, int]], widths: NDArray[np.float64]) -> bool:
    """Whether a stretch is more than the edges of its neighbours with a long quiet between them."""
    begin, end = pieces[number]
    beside = [widths[n] for n in (number - 1, number + 1) if 0 <= n < len(pieces)]
    return end - begin >= LEAST_MOMENTS or bool(widths[number] <= max(beside, default=0.0))


def _with_edges(moments: Sequence[Moment], begin: int, end: int, width: float) -> tuple[Moment, ...]:
    """A burst's moments, without strays at its edges, and with those beside them that follow at its own pace.

    `width`: seconds of the stretches of time that stand for them.

    The stretch of time that stands for the first and the last moment of a burst reaches half way into the
    quiet beside it, so that the segmentation often counts them to the quiet.
    """
    gap = max((moments[end - 1].time - moments[begin].time) / max(end - begin - 1, 1), SECOND / 2)
    if end - begin < LEAST_MOMENTS:
        gap = max(width / (end - begin) * SECOND, SECOND / 2)
    while end - begin > LEAST_MOMENTS and moments[end - 1].time - moments[end - 2].time > STRAY * gap:
        end -= 1
    while end - begin > LEAST_MOMENTS and moments[begin + 1].time - moments[begin].time > STRAY * gap:
        begin += 1
    while begin > 0 and moments[begin].time - moments[begin - 1].time <= EDGE * gap:
        begin -= 1
    while end < len(moments) and moments[end].time - moments[end - 1].time <= EDGE * gap:
        end += 1
    return tuple(moments[begin:end])


def _comes_in_clumps(moments: Sequence[Moment], inside: Sequence[Moment], span: float) -> bool:
    """Whether a chronic fault may look like this at times, because its failures do not come one by one.

    One visitor's page asks for several things, and all fail: clumps, where segmentation expects single events. How
    often that many clumps stand so close together somewhere in the log is told by the scan statistic (Naus 1982).
    A flood that is far larger than any clump outside is no matter of chance, nor is a clump of many visitors.
    """
    if _crowds(inside):
        return False
    near = max(inside[-1].time - inside[0].time, NEAR * SECOND)
    outside = _clumps([m for m in moments if not inside[0].time - near <= m.time <= inside[-1].time + near])
    largest = FAR_LARGER * max(outside, default=0)
    if len(outside) < LEAST_CLUMPS:
        largest = FAR_LARGER * USUAL_CLUMP
        outside = [size for size in outside if size <= largest]
    here = _clumps(inside)
    if not outside or max(here) > largest:
        return False
    width = max((inside[-1].time - inside[0].time) / SECOND, CLUMP)
    if span <= 2 * width:
        return False
    number, expected = len(here), len(outside) / (span - width) * width
    chance = math.exp((number - 1) * math.log(expected) - expected - math.lgamma(number))
    return (number - expected) * span / width * chance > FALSE_ALARM


def _crowds(moments: Sequence[Moment]) -> bool:
    """Whether one of the clumps is not one visitor's: so many failures of several clients hardly meet by chance."""
    run: list[str] = []
    before = -math.inf
    for moment in moments:
        if moment.time - before > CLUMP * SECOND:
            run = []
        run.append(client_of(moment.sighting.words))
        before = moment.last
        if len(set(run) - {""}) >= CROWD:
            return True
    return False


def _clumps(moments: Sequence[Moment]) -> list[int]:
    """How many matches each run of moments has that follow one another within CLUMP seconds."""
    sizes: list[int] = []
    before = -math.inf
    for moment in moments:
        if moment.time - before > CLUMP * SECOND:
            sizes.append(0)
        sizes[-1] += moment.count
        before = moment.last
    return sizes


def _blocks(edges: NDArray[np.float64], weights: NDArray[np.float64]) -> list[int]:
    """The first moment of each block of the best segmentation."""
    number = len(weights)
    penalty = 4 - math.log(73.53 * FALSE_ALARM * number**-0.478)
    best = np.zeros(number)
    begin = np.zeros(number, int)
    sums = np.concatenate(([0.0], np.cumsum(weights)))
    for last in range(number):
        width = np.maximum(edges[last + 1] - edges[: last + 1], 1e-6)
        inside = sums[last + 1] - sums[: last + 1]
        fitness = inside * (np.log(inside) - np.log(width)) - penalty
        fitness[1:] += best[:last]
        begin[last] = int(np.argmax(fitness))
        best[last] = fitness[begin[last]]
    cuts, at = [], number
    while at > 0:
        at = int(begin[at - 1])
        cuts.append(at)
    return cuts[::-1]


def _usual(rates: NDArray[np.float64], widths: NDArray[np.float64]) -> float:
    """The rate that holds, or is undercut, for the quiet share of the time."""
    order = np.argsort(rates)
    share = np.cumsum(widths[order]) / widths.sum()
    quiet = QUIET_SHARE if widths.sum() > RHYTHM else QUIET_SHARE_SHORT
    return float(rates[order][int(np.searchsorted(share, quiet))])
