"""How surprising a stretch of failures is, given the rest of the same log. One measure for every kind of message.

A stretch is a run of moments that follow one another within some distance; all distances of a fixed ladder are
tried. If the log's failures were spread by chance, each would fall into the stretch with the share of the log's time
that it fills (more, where the requests show that it was a busy time). How unlikely that is, is the scan
statistic of Kulldorff (1997), "A spatial scan statistic": the binomial likelihood of so many failures inside. Failures
come in clumps (a visitor's page asks for several things, and all fail), so it is divided by the dispersion of the rest
of the log. The surprise is minus the decimal logarithm of that probability, anywhere in the log.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from logsleuth.signals.edges import trimmed
from logsleuth.signals.tuning import LASTING_US, LEAST_MOMENTS, NEAR_GAPS, SCALES_S
from logsleuth.signals.weighed import RUNS_A_SCALE, Aside, Stretch, Weighed, holder
from logsleuth.units import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logsleuth.timeline.model import Counts, Moment


def find_stretches(
    moments: Sequence[Moment],
    start: int,
    end: int,
    exposure: Counts,
    least: float,
    *,
    in_waves: bool = False,
    by_day: bool = False,
) -> list[Stretch]:
    """The stretches of at least this surprise, none of which touch, in order of time.

    `start`, `end`: UTC microseconds of the log; `exposure`: requests that did not fail, which show how busy it was;
    `in_waves`: also of several that stand out together only. Scanners, who are refused, come in waves all the time.
    `by_day`: whether a stretch of hours may be the site's day, since nothing counts its requests.
    """
    weights = [weight(moment) for moment in moments]
    if sum(weights) < LEAST_MOMENTS:
        return []
    span = max(end - start, SECOND)
    scales = [scale for scale in SCALES_S if scale * LEAST_MOMENTS * SECOND <= span or scale == SCALES_S[0]]
    ladder = list(_ladder(moments, weights, [scale * SECOND for scale in scales]))
    days = [[run for run in runs if _lasts(moments, run, LASTING_US)] for _, runs in ladder] if by_day else None
    series = Weighed(moments, weights, (start, start + span), exposure, days)
    found = [
        stretch
        for scale, runs in ladder
        for stretch in (*_weigh(series, runs, scale, least), *(series.waves(runs, scale, least) if in_waves else ()))
    ]
    chosen = _most_surprising(found)
    if len(chosen) > 1:
        chosen = _most_surprising(list(_as_long_as_they_are(series, ladder, chosen)))
    return sorted(_apart([_with_edges(moments, stretch) for stretch in chosen]), key=lambda one: one.first)


def _most_surprising(found: list[Stretch]) -> list[Stretch]:
    """Those none of which touch, the most surprising first."""
    chosen: list[Stretch] = []
    for stretch in sorted(found, key=lambda one: (-one.surprise, one.first)):
        if all(stretch.last <= other.first or other.last <= stretch.first for other in chosen):
            chosen.append(stretch)
    return chosen


def _weigh(series: Weighed, runs: Sequence[tuple[int, int]], scale: int, least: float) -> Iterator[Stretch]:
    """The fullest of these runs whose surprise is at least so high."""
    for run in sorted(runs, key=lambda run: run[0] - run[1])[:RUNS_A_SCALE]:
        stretch = series.stretch(run, scale, least)
        if stretch is not None:
            yield stretch


def _as_long_as_they_are(
    series: Weighed, ladder: Sequence[tuple[int, Sequence[tuple[int, int]]]], chosen: Sequence[Stretch]
) -> Iterator[Stretch]:
    """For each stretch the runs that hold it, the other stretches left out of what is usual.

    Another outage makes the rest of the log uneven at long distances rather than at short ones, so that of an outage
    its fullest part alone would stand out.
    """
    aside = Aside(series, sorted((one.first, one.last) for one in chosen))
    for one in chosen:
        for scale, runs in ladder:
            run = holder(runs, (one.first, one.last))
            stretch = series.stretch(run, scale, 0.0, aside) if run is not None else None
            if stretch is not None:
                yield stretch


def _lasts(moments: Sequence[Moment], run: tuple[int, int], long: int) -> bool:
    """Whether a run lasts for at least so many microseconds."""
    return moments[run[1] - 1].last - moments[run[0]].time >= long


def weight(moment: Moment) -> float:
    """How many independent failures a moment counts as: many within one second are seldom independent.

    Where there are very many, a moment is longer than a second.
    """
    seconds = max((moment.last - moment.time) // SECOND + 1, 1)
    if moment.count <= seconds:
        return float(moment.count)
    return seconds * (1.0 + math.log2(moment.count / seconds))


def _ladder(
    moments: Sequence[Moment], weights: Sequence[float], scales: Sequence[int]
) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """For each of some distances, which ascend, the runs of moments that follow one another within it."""
    gaps = [after.time - before.last for before, after in pairwise(moments)]
    begins: Sequence[int] = range(1, len(moments))
    for scale in scales:
        begins = [nth for nth in begins if gaps[nth - 1] > scale]
        runs = pairwise((0, *begins, len(moments)))
        # each moment weighs 1 at least, and most runs are of one moment, or of many
        yield (
            scale,
            [
                (first, last)
                for first, last in runs
                if last - first >= LEAST_MOMENTS
                or (weights[first] if last - first == 1 else sum(weights[first:last])) >= LEAST_MOMENTS
            ],
        )


def _with_edges(moments: Sequence[Moment], stretch: Stretch) -> Stretch:
    """Its edges: what is more than usual, and what is as near to it as its own moments are to one another."""
    first, last = trimmed(moments, (stretch.first, stretch.last), stretch.usual)
    near = edge(_gap(moments, first, last), stretch.usual)
    while first > 0 and moments[first].time - moments[first - 1].time <= near:
        first -= 1
    while last < len(moments) and moments[last].time - moments[last - 1].time <= near:
        last += 1
    return Stretch(first, last, stretch.surprise, stretch.usual)


def edge(gap: float, usual: float) -> float:
    """Microseconds up to which a failure beside a stretch rather belongs to it than to what is always there.

    `gap`: between two moments within; `usual`: moments a second outside. Where failures come by chance, a gap is the
    likelier within the longer rate up to ln(r) / (r - 1) usual gaps, r being the ratio of the rates.
    """
    ratio = SECOND / gap / usual if usual else math.inf
    if not 1 < ratio < math.inf:
        return NEAR_GAPS * gap
    return min(NEAR_GAPS, math.log(ratio) * ratio / (ratio - 1)) * gap


def _gap(moments: Sequence[Moment], first: int, last: int) -> float:
    """Microseconds between two moments of a stretch, on average; at least half a second, the grain of a moment."""
    return max((moments[last - 1].time - moments[first].time) / max(last - first - 1, 1), SECOND / 2)


def _apart(stretches: Sequence[Stretch]) -> Iterator[Stretch]:
    """Without those that another one has grown over."""
    for nth, stretch in enumerate(stretches):
        before = stretches[:nth]
        if all(stretch.last <= other.first or other.last <= stretch.first for other in before):
            yield stretch
