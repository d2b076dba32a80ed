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
from bisect import bisect_left, bisect_right
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple

from logsleuth.signals.tuning import (
    BY_CHANCE,
    FALSE_ALARMS_PER_DAY,
    LEAST_MOMENTS,
    MOST,
    NEAR_GAPS,
    SCALES_S,
    SOON_US,
)
from logsleuth.units import DAY, SECOND
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logsleuth.timeline.model import Counts, Moment

ONE_IN_TWENTY = 1.645
"""Standard deviations beyond which the normal distribution lies one time in twenty."""
RUNS_A_SCALE = 32
"""The fullest runs of each distance are weighed; a log has few outages."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of one series."""

    first: int
    """Number of its first moment in the series."""
    last: int
    """Number of the moment after its last."""
    surprise: float
    usual: float
    """Moments per second outside."""


def budget(span: int, series: int) -> float:
    """The surprise from which a stretch is a signal, for `span` microseconds with that many kinds of failures."""
    return -math.log10(FALSE_ALARMS_PER_DAY * span / DAY / max(series, 1))


def surprise(inside: float, total: float, share: float, dispersion: float) -> float:
    """-log10 of the probability that chance puts `inside` of `total` events into this share of the time (0 to 1).

    Chernoff's bound of the binomial tail; `dispersion`: variance over mean of the events, 1 where they are independent.
    """
    found = inside / total if total else 0.0
    if found <= share:
        return 0.0
    information = found * math.log(found / share)
    if found < 1:
        information += (1 - found) * math.log((1 - found) / (1 - share))
    return total * information / max(dispersion, 1.0) / math.log(10)


def find_stretches(
    moments: Sequence[Moment], start: int, end: int, exposure: Counts, least: float, *, in_waves: bool = False
) -> list[Stretch]:
    """The stretches of at least this surprise, none of which touch, in order of time.

    `start`, `end`: UTC microseconds of the log; `exposure`: requests that did not fail, which show how busy it was;
    `in_waves`: also of several that stand out together only. Scanners, who are refused, come in waves all the time.
    """
    weights = [weight(moment) for moment in moments]
    if sum(weights) < LEAST_MOMENTS:
        return []
    span = max(end - start, SECOND)
    series = _Weighed(moments, weights, span, exposure)
    scales = [scale for scale in SCALES_S if scale * LEAST_MOMENTS * SECOND <= span or scale == SCALES_S[0]]
    ladder = list(_ladder(moments, weights, [scale * SECOND for scale in scales]))
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


def _weigh(series: _Weighed, runs: Sequence[tuple[int, int]], scale: int, least: float) -> Iterator[Stretch]:
    """The fullest of these runs whose surprise is at least so high."""
    for run in sorted(runs, key=lambda run: run[0] - run[1])[:RUNS_A_SCALE]:
        stretch = series.stretch(run, scale, least)
        if stretch is not None:
            yield stretch


def _as_long_as_they_are(
    series: _Weighed, ladder: Sequence[tuple[int, Sequence[tuple[int, int]]]], chosen: Sequence[Stretch]
) -> Iterator[Stretch]:
    """For each stretch the runs that hold it, the other stretches left out of what is usual.

    Another outage makes the rest of the log uneven at long distances rather than at short ones, so that of an outage
    its fullest part alone would stand out.
    """
    parts = [series.part(one) for one in sorted(chosen, key=lambda one: one.first)]
    for one in chosen:
        for scale, runs in ladder:
            run = runs[max(bisect_right(runs, one.first, key=lambda run: run[0]) - 1, 0)] if runs else (0, 0)
            if run[0] <= one.first and one.last <= run[1]:
                others = [part for part in parts if part.last <= run[0] or run[1] <= part.first]
                stretch = series.stretch(run, scale, 0.0, others)
                if stretch is not None:
                    yield stretch


class _Part(NamedTuple):
    """A stretch that is left out of what is usual."""

    first: int
    last: int
    """Number of the moment after its last."""
    window: tuple[int, int]
    """When it begins and ends, in UTC microseconds."""
    weight: float


class _Weighed:
    """The moments of one series, and how surprising a run of them is."""

    def __init__(self, moments: Sequence[Moment], weights: Sequence[float], span: int, exposure: Counts) -> None:
        self.moments = moments
        self.weights = weights
        self.span = span
        self.exposure = exposure
        self.sums = [0.0, *accumulate(weights)]
        self.total = self.sums[-1]
        self.times = [moment.time for moment in moments]
        self.steps: dict[int, _Steps] = {}

    def part(self, one: Stretch) -> _Part:
        """A stretch, to be left out."""
        return _Part(one.first, one.last, self._window(one.first, one.last), self._weight(one.first, one.last))

    def stretch(self, run: tuple[int, int], scale: int, least: float, others: Sequence[_Part] = ()) -> Stretch | None:
        """A run, if its surprise is at least so high in the log without the `others`."""
        first, last = run
        begin, end = self._window(first, last)
        aside = [other.window for other in others]
        span = max(self.span - sum([until - since + SECOND for since, until in aside]), SECOND)
        length = min(max(end - begin, SECOND) + SECOND, span)
        share = length / span
        inside = self._weight(first, last)
        total = self.total - sum([other.weight for other in others])
        expected = self._expected(share, [(begin, end)])
        tried = math.log10(len(SCALES_S) / share)
        if surprise(inside, total, expected, 1.0) - tried < least:  # dispersion, which costs more to know, lessens it
            return None
        worth = surprise(inside, total, expected, self._steps(scale).dispersion([(begin, end), *aside])) - tried
        if worth < least:
            return None
        left = len(self.moments) - (last - first) - sum([other.last - other.first for other in others])
        return Stretch(first, last, worth, left / max((span - length) / SECOND, 1.0))

    def waves(self, runs: Sequence[tuple[int, int]], scale: int, least: float) -> Iterator[Stretch]:
        """The runs that last, if all of them together are at least so surprising.

        An outage in waves makes the rest of the log look as uneven as each of its waves. A clump, such as a visitor's
        page or a scanner's round, does not last for minutes; and what goes on most of the time is what is usual.
        """
        windows = [(run, self._window(*run)) for run in runs]
        lasting = [(run, window) for run, window in windows if window[1] - window[0] >= SOON_US]
        if len(lasting) < 2 or len(lasting) > RUNS_A_SCALE:
            return
        lasting = [
            (run, window) for run, window in lasting if self._is_one(run, [other for other, _ in lasting], scale)
        ]
        if len(lasting) < 2:
            return
        shares = [(end - begin + SECOND) / self.span for _, (begin, end) in lasting]
        if sum(shares) > MOST:
            return
        aside = [window for _, window in lasting]
        inside = sum(self._weight(first, last) for (first, last), _ in lasting)
        tried = sum(math.log10(len(SCALES_S) / share) for share in shares)
        expected, dispersion = self._expected(sum(shares), aside), self._steps(scale).dispersion(aside)
        worth = surprise(inside, self.total, expected, dispersion) - tried
        if worth < least:
            return
        outside = len(self.moments) - sum(last - first for (first, last), _ in lasting)
        usual = outside / max((1 - sum(shares)) * self.span / SECOND, 1.0)
        yield from (Stretch(first, last, worth, usual) for (first, last), _ in lasting)

    def _is_one(self, run: tuple[int, int], runs: Sequence[tuple[int, int]], scale: int) -> bool:
        """Whether a run is more than a coincidence in the log without the others, whatever those are."""
        others = [_Part(*other, self._window(*other), self._weight(*other)) for other in runs if other != run]
        return self.stretch(run, scale, -math.log10(BY_CHANCE), others) is not None

    def _expected(self, share: float, windows: Sequence[tuple[int, int]]) -> float:
        """The share of all events that windows have by chance, which fill this share of the time."""
        busy = _busier(windows, self.span, self.exposure)
        return share * busy / (1 - share + share * busy)

    def _weight(self, first: int, last: int) -> float:
        return self.sums[last] - self.sums[first]

    def _window(self, first: int, last: int) -> tuple[int, int]:
        return self.moments[first].time, self.moments[last - 1].last

    def _steps(self, scale: int) -> _Steps:
        known = self.steps.get(scale)
        if known is None:
            known = self.steps[scale] = _Steps(self.times, self.weights, scale, self.span)
        return known


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
    gaps = [(nth, after.time - before.last) for nth, (before, after) in enumerate(pairwise(moments), 1)]
    for scale in scales:
        gaps = [(nth, gap) for nth, gap in gaps if gap > scale]
        begins = [0, *(nth for nth, _ in gaps), len(moments)]
        yield scale, [(first, last) for first, last in pairwise(begins) if _is_enough(weights, first, last)]


def _is_enough(weights: Sequence[float], first: int, last: int) -> bool:
    """Whether a run weighs enough to be looked at; each moment weighs 1 at least, and a second is mostly one moment."""
    if last - first >= LEAST_MOMENTS:
        return True
    return sum(weights[first:last]) >= LEAST_MOMENTS


def _with_edges(moments: Sequence[Moment], stretch: Stretch) -> Stretch:
    """With the moments beside it that are as near as its own are to one another."""
    first, last = stretch.first, stretch.last
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


def _busier(windows: Sequence[tuple[int, int]], span: int, exposure: Counts) -> float:
    """How many times as busy as the rest of the log the server was within, as far as the counts prove it; at least 1.

    A night without a request is no busy time either, so that what fails all day is no outage of the day. But a few
    requests within prove little: of both counts that end of the range is taken which chance leaves one time in twenty.
    """
    inside = sum(exposure.between(begin, end) for begin, end in windows)
    outside = exposure.total - inside
    length = max(sum(end - begin for begin, end in windows), exposure.width)
    rest = max(span - length, exposure.width)
    return max((at_least(inside) / length) / (at_most(outside) / rest), 1.0)


def at_least(count: int) -> float:
    """The least mean that this count goes with (Anscombe's root transform of the Poisson distribution)."""
    return max(math.sqrt(count + 3 / 8) - ONE_IN_TWENTY / 2, 0.0) ** 2


def at_most(count: int) -> float:
    """The greatest mean that this count goes with."""
    return (math.sqrt(count + 3 / 8) + ONE_IN_TWENTY / 2) ** 2


class _Steps:
    """The log in equal steps, to know how unevenly failures come outside of a stretch."""

    def __init__(self, times: Sequence[int], weights: Sequence[float], scale: int, span: int) -> None:
        """`times`: UTC microseconds of what weighs so much, in order."""
        counts: dict[int, float] = {}
        for time, one in zip(times, weights, strict=True):
            step = time // scale
            counts[step] = counts.get(step, 0.0) + one
        self.numbers = list(counts)
        self.sums = [0.0, *accumulate(counts.values())]
        self.squares = [0.0, *accumulate([count * count for count in counts.values()])]
        self.scale = scale
        self.steps = max(span / scale, 1.0)

    def dispersion(self, windows: Sequence[tuple[int, int]]) -> float:
        """Variance over mean of the counts outside of some stretches of time, which do not overlap; at least 1."""
        total, squares, filled = self.sums[-1], self.squares[-1], len(self.numbers)
        steps, done = self.steps, -1
        for begin, end in sorted(windows):
            first, last = max(begin // self.scale, done + 1), end // self.scale
            low, high = bisect_left(self.numbers, first), bisect_right(self.numbers, last)
            total -= self.sums[high] - self.sums[low]
            squares -= self.squares[high] - self.squares[low]
            filled -= high - low
            steps -= last - first + 1
            done = last
        if not filled:
            return 1.0
        steps = max(steps, 1.0)
        mean = total / steps
        return max((squares / steps - mean * mean) / mean, 1.0)
