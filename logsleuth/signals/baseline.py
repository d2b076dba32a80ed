"""How surprising a stretch of failures is, given the rest of the same log. One measure for every kind of message.

A stretch is a run of moments that follow one another within some distance; all distances of a fixed ladder are
tried. If the log's failures were spread by chance, each would fall into the stretch with the share of the log's time
that it fills (more, where the requests show that it was a busy time). How unlikely that is, is the scan
statistic of Kulldorff (1997), "A spatial scan statistic": the binomial likelihood of so many failures inside. Failures
come in clumps (a visitor's page asks for several things, and all fail), so it is divided by the dispersion of the rest
of the log. The surprise is minus the decimal logarithm of that probability, anywhere in the log.

Where nothing counts the requests, failures of many hours may be no more than the site's day: a page that fails for one
in a hundred fails from nine to five, and no line of the night says that nobody asked for it. Such a stretch must stand
out from the same hours of the other days, or in a log of one, even if almost all requests of its day came in it; and
what is shorter, from the day that it is a part of.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from functools import reduce
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from logsleuth.signals.tuning import (
    ALMOST_ALL,
    BY_CHANCE,
    FALSE_ALARMS_PER_DAY,
    LASTING_US,
    LEAST_MOMENTS,
    MOST,
    NEAR_GAPS,
    SCALES_S,
    SOON_US,
)
from logsleuth.units import DAY, SECOND
from logsleuth.values import NamedTuple, dataclass

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
    series = _Weighed(moments, weights, (start, start + span), exposure, days)
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
    aside = _Aside(series, sorted((one.first, one.last) for one in chosen))
    for one in chosen:
        for scale, runs in ladder:
            run = runs[max(bisect_right(runs, one.first, key=lambda run: run[0]) - 1, 0)] if runs else (0, 0)
            if run[0] <= one.first and one.last <= run[1]:
                stretch = series.stretch(run, scale, 0.0, aside)
                if stretch is not None:
                    yield stretch


class _Weighed:
    """The moments of one series, and how surprising a run of them is."""

    def __init__(
        self,
        moments: Sequence[Moment],
        weights: Sequence[float],
        bounds: tuple[int, int],
        exposure: Counts,
        days: Sequence[Sequence[tuple[int, int]]] | None,
    ) -> None:
        """`bounds`: UTC microseconds of the log's first and last line.

        `days`: for each distance the runs of many hours, each of which may be a day of the site; None: the requests
        are counted, which shows it.
        """
        self.moments = moments
        self.weights = weights
        self.bounds = bounds
        self.span = bounds[1] - bounds[0]
        self.exposure = exposure
        self.days = days
        self.sums = [0.0, *accumulate(weights)]
        self.total = self.sums[-1]
        self.times = [moment.time for moment in moments]
        self._known_steps: dict[int, _Steps] = {}
        self._chances: dict[tuple[int, int], _Chance] = {}

    def stretch(self, run: tuple[int, int], scale: int, least: float, aside: _Aside | None = None) -> Stretch | None:
        """A run, if its surprise is at least so high in the log without those `aside` that it does not touch."""
        chance = self._chance(run, aside)
        if chance.worth < least:  # dispersion, which costs more to know, lessens it
            return None
        first, last = run
        steps = self.steps(scale)
        gone = steps.within([self.window(first, last)]) if aside is None else aside.within(run, steps)
        dispersion = steps.dispersion(gone)
        worth = surprise(chance.inside, chance.total, chance.expected, dispersion) - chance.tried
        if worth >= least and self.days is not None:
            left_out = [] if aside is None else aside.beside(run)
            worth = min(worth, self._by_day(run, left_out, (chance.total, chance.share, chance.tried), dispersion))
        if worth < least:
            return None
        return Stretch(first, last, worth, chance.usual)

    def _chance(self, run: tuple[int, int], aside: _Aside | None) -> _Chance:
        """What a run is by chance, whatever the distance: most are runs at several."""
        known = self._chances if aside is None else aside.chances
        found = known.get(run)
        if found is None:
            found = known[run] = self._find_chance(run, NO_OTHERS if aside is None else aside.others(run))
        return found

    def _find_chance(self, run: tuple[int, int], others: _Others) -> _Chance:
        first, last = run
        begin, end = self.window(first, last)
        span = max(self.span - others.length, SECOND)
        length = min(max(end - begin, SECOND) + SECOND, span)
        share = length / span
        inside = self.weight(first, last)
        total = self.total - others.weight
        expected = self._expected(share, [(begin, end)])
        tried = math.log10(len(SCALES_S) / share)
        worth = surprise(inside, total, expected, 1.0) - tried
        left = len(self.moments) - (last - first) - others.moments
        return _Chance(inside, total, share, expected, tried, worth, left / max((span - length) / SECOND, 1.0))

    def _by_day(
        self,
        run: tuple[int, int],
        others: Sequence[tuple[int, int]],
        log: tuple[float, float, float],
        dispersion: float,
    ) -> float:
        """How surprising a run is in the day of the site that it is a part of, or, if it may be one, as a whole day.

        `others`: the runs that are left out; `log`: what the log without them weighs, the share of its time that the
        run fills, and what is to be taken off for the number of runs that were tried.
        """
        if self._length(run) < LASTING_US:
            return min((self._in_days(days, [run], others, dispersion) for days in self.days or ()), default=math.inf)
        inside, (total, share, tried) = self.weight(*run), log
        same = self._same_hours(*self.window(*run), [self.window(*other) for other in others])
        if same:
            return surprise(inside, inside + sum(same), 1 / (len(same) + 1), dispersion)
        by_day = _share_of_requests(share, _busy_by_day(self._length(run)))
        return surprise(inside, total, by_day, dispersion) - tried

    def _in_days(
        self,
        days: Sequence[tuple[int, int]],
        runs: Sequence[tuple[int, int]],
        others: Sequence[tuple[int, int]],
        dispersion: float,
    ) -> float:
        """How surprising those of some runs are that are parts of days, in these days without the `others`."""
        whole = [day for day in days if any(_holds(day, run) for run in runs)]
        if not whole:
            return math.inf
        mine = [run for run in runs if any(_holds(day, run) for day in whole)]
        aside = [other for other in others if any(_holds(day, other) for day in whole)]
        length = max(sum(map(self._length, whole)) - sum(map(self._length, aside)), SECOND)
        total = sum(self.weight(*day) for day in whole) - sum(self.weight(*one) for one in aside)
        share = min(sum(map(self._length, mine)) / length, 1.0)
        return surprise(sum(self.weight(*run) for run in mine), total, share, dispersion)

    def _length(self, run: tuple[int, int]) -> int:
        """Microseconds that a run lasts."""
        begin, end = self.window(*run)
        return end - begin + SECOND

    def _same_hours(self, begin: int, end: int, aside: Sequence[tuple[int, int]]) -> list[float]:
        """What the same hours of each other day of the log weigh, where they do not touch what is left out."""
        earliest, latest = -((begin - self.bounds[0]) // DAY), (self.bounds[1] - end) // DAY
        windows = [(begin + days * DAY, end + days * DAY) for days in range(earliest, latest + 1) if days]
        free = [one for one in windows if not any(_touch(one, other) for other in aside)]
        return [self.weight(bisect_left(self.times, since), bisect_right(self.times, until)) for since, until in free]

    def waves(self, runs: Sequence[tuple[int, int]], scale: int, least: float) -> Iterator[Stretch]:
        """The runs that last, if all of them together are at least so surprising.

        An outage in waves makes the rest of the log look as uneven as each of its waves. A clump, such as a visitor's
        page or a scanner's round, does not last for minutes; and what goes on most of the time is what is usual.
        """
        windows = [(run, self.window(*run)) for run in runs]
        lasting = [(run, window) for run, window in windows if window[1] - window[0] >= SOON_US]
        if self.days is not None:
            lasting = [(run, window) for run, window in lasting if window[1] - window[0] < LASTING_US]
        if len(lasting) < 2 or len(lasting) > RUNS_A_SCALE:
            return
        others = _Aside(self, [run for run, _ in lasting])
        by_chance = -math.log10(BY_CHANCE)
        lasting = [(run, window) for run, window in lasting if self.stretch(run, scale, by_chance, others) is not None]
        if len(lasting) < 2:
            return
        shares = [(end - begin + SECOND) / self.span for _, (begin, end) in lasting]
        if sum(shares) > MOST:
            return
        aside = [window for _, window in lasting]
        inside = sum(self.weight(first, last) for (first, last), _ in lasting)
        tried = sum(math.log10(len(SCALES_S) / share) for share in shares)
        steps = self.steps(scale)
        expected, dispersion = self._expected(sum(shares), aside), steps.dispersion(steps.within(aside))
        worth = surprise(inside, self.total, expected, dispersion) - tried
        waves = [run for run, _ in lasting]
        worth = min([worth, *(self._in_days(days, waves, (), dispersion) - tried for days in self.days or ())])
        if worth < least:
            return
        outside = len(self.moments) - sum(last - first for (first, last), _ in lasting)
        usual = outside / max((1 - sum(shares)) * self.span / SECOND, 1.0)
        yield from (Stretch(first, last, worth, usual) for (first, last), _ in lasting)

    def _expected(self, share: float, windows: Sequence[tuple[int, int]]) -> float:
        """The share of all events that windows have by chance, which fill this share of the time."""
        return _share_of_requests(share, _busier(windows, self.span, self.exposure))

    def weight(self, first: int, last: int) -> float:
        """What a run weighs."""
        return self.sums[last] - self.sums[first]

    def window(self, first: int, last: int) -> tuple[int, int]:
        """When a run begins and ends, in UTC microseconds."""
        return self.moments[first].time, self.moments[last - 1].last

    def steps(self, scale: int) -> _Steps:
        """The log in steps of so many microseconds."""
        known = self._known_steps.get(scale)
        if known is None:
            finer = next((one for one in reversed(self._known_steps.values()) if not scale % one.scale), None)
            times, weights = (self.times, self.weights) if finer is None else finer.items()
            known = self._known_steps[scale] = _Steps(times, weights, scale, self.span)
        return known


class _Chance(NamedTuple):
    """A run beside the rest of the log."""

    inside: float
    """What the run weighs."""
    total: float
    """What the whole log weighs."""
    share: float
    """The part of the log's time that it fills."""
    expected: float
    """The part of the log's weight that it would have by chance."""
    tried: float
    """What is to be taken off its surprise, for the number of runs that were tried."""
    worth: float
    """Its surprise if failures did not come in clumps."""
    usual: float
    """Moments per second outside."""


class _Others(NamedTuple):
    """How much of the log some runs are."""

    length: int
    """Microseconds."""
    weight: float
    moments: int


NO_OTHERS = _Others(0, 0.0, 0)


class _Aside:
    """Runs that are left out of what is usual. A log may have hundreds, and each is asked for what the others are."""

    def __init__(self, series: _Weighed, runs: Sequence[tuple[int, int]]) -> None:
        """`runs`: in order; none of them touch."""
        self._firsts, self._lasts = [first for first, _ in runs], [last for _, last in runs]
        self._series = series
        self._windows = [series.window(*run) for run in runs]
        self._lengths = [0, *accumulate(until - since + SECOND for since, until in self._windows)]
        self._weights = [0.0, *accumulate(series.weight(*run) for run in runs)]
        self._moments = [0, *accumulate(last - first for first, last in runs)]
        self._steps: dict[int, list[_InSteps]] = {}
        """By scale: what those before each of them are, in steps."""
        self.chances: dict[tuple[int, int], _Chance] = {}
        """By run: what was found of it without them."""

    def others(self, run: tuple[int, int]) -> _Others:
        """Those that a run does not touch."""
        before, after = self._around(run)
        return _Others(
            self._lengths[before] + self._lengths[-1] - self._lengths[after],
            self._weights[before] + self._weights[-1] - self._weights[after],
            self._moments[before] + self._moments[-1] - self._moments[after],
        )

    def beside(self, run: tuple[int, int]) -> list[tuple[int, int]]:
        """The runs themselves that a run does not touch."""
        before, after = self._around(run)
        return [
            *zip(self._firsts[:before], self._lasts[:before], strict=True),
            *zip(self._firsts[after:], self._lasts[after:], strict=True),
        ]

    def within(self, run: tuple[int, int], steps: _Steps) -> _InSteps:
        """A run and those that it does not touch, in steps of the log."""
        sums = self._steps.get(steps.scale)
        if sums is None:
            ends = [-1, *(end // steps.scale for _, end in self._windows)]
            each = map(steps.of, self._windows, ends)
            sums = self._steps[steps.scale] = list(accumulate(each, _InSteps.plus, initial=NO_STEPS))
        before, after = self._around(run)
        window = self._series.window(*run)
        found = sums[before].plus(steps.of(window, self._windows[before - 1][1] // steps.scale if before else -1))
        if after == len(self._windows):
            return found
        found = found.plus(steps.of(self._windows[after], window[1] // steps.scale))
        return found.plus(sums[-1]).minus(sums[after + 1])

    def _around(self, run: tuple[int, int]) -> tuple[int, int]:
        """How many lie before a run, and the number of the first that lies after it."""
        return bisect_right(self._lasts, run[0]), bisect_left(self._firsts, run[1])


def _lasts(moments: Sequence[Moment], run: tuple[int, int], long: int) -> bool:
    """Whether a run lasts for at least so many microseconds."""
    return moments[run[1] - 1].last - moments[run[0]].time >= long


def _holds(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether one run holds another."""
    return one[0] <= other[0] and other[1] <= one[1]


def _touch(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two stretches of time have a moment in common."""
    return one[0] <= other[1] and other[0] <= one[1]


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
    if not exposure:
        return 1.0
    inside = sum(exposure.between(begin, end) for begin, end in windows)
    outside = exposure.total - inside
    length = max(sum(end - begin for begin, end in windows), exposure.width)
    rest = max(span - length, exposure.width)
    return max((at_least(inside) / length) / (at_most(outside) / rest), 1.0)


def _share_of_requests(share: float, busy: float) -> float:
    """The share of all requests that come in this share of the time, in which so many times as many come."""
    return share * busy / (1 - share + share * busy)


def _busy_by_day(length: int) -> float:
    """How many times as busy as the rest of the day a stretch of hours is in which almost all come of a day."""
    hours = min(length, DAY // 2)
    return ALMOST_ALL / hours * (DAY - hours) / (1 - ALMOST_ALL)


def at_least(count: int) -> float:
    """The least mean that this count goes with (Anscombe's root transform of the Poisson distribution)."""
    return max(math.sqrt(count + 3 / 8) - ONE_IN_TWENTY / 2, 0.0) ** 2


def at_most(count: int) -> float:
    """The greatest mean that this count goes with."""
    return (math.sqrt(count + 3 / 8) + ONE_IN_TWENTY / 2) ** 2


class _InSteps(NamedTuple):
    """What some steps of the log hold."""

    weight: float
    squares: float
    """The sum of the squares of what each weighs."""
    filled: int
    """Steps in which anything is."""
    steps: int

    def plus(self, other: _InSteps) -> _InSteps:
        """Both."""
        return _InSteps(
            self.weight + other.weight, self.squares + other.squares,
            self.filled + other.filled, self.steps + other.steps,
        )  # fmt: skip

    def minus(self, other: _InSteps) -> _InSteps:
        """These without others, which are among them."""
        return _InSteps(
            self.weight - other.weight, self.squares - other.squares,
            self.filled - other.filled, self.steps - other.steps,
        )  # fmt: skip


NO_STEPS = _InSteps(0.0, 0.0, 0, 0)


class _Steps:
    """The log in equal steps, to know how unevenly failures come outside of a stretch."""

    def __init__(self, times: Sequence[int], weights: Sequence[float], scale: int, span: int) -> None:
        """`times`: UTC microseconds of what weighs so much, in order."""
        counts: defaultdict[int, float] = defaultdict(float)
        for time, one in zip(times, weights, strict=True):
            counts[time // scale] += one
        self.counts, self.numbers = list(counts.values()), list(counts)
        self.sums = [0.0, *accumulate(self.counts)]
        self.squares = [0.0, *accumulate([count * count for count in self.counts])]
        self.scale = scale
        self.steps = max(span / scale, 1.0)

    def items(self) -> tuple[Sequence[int], Sequence[float]]:
        """When the steps with anything in them begin, and what each weighs: enough to count by longer ones."""
        return [number * self.scale for number in self.numbers], self.counts

    def of(self, window: tuple[int, int], done: int) -> _InSteps:
        """What a stretch of time holds; `done`: the step, counted already, with which the one before it ends."""
        first, last = max(window[0] // self.scale, done + 1), window[1] // self.scale
        low, high = bisect_left(self.numbers, first), bisect_right(self.numbers, last)
        return _InSteps(
            self.sums[high] - self.sums[low], self.squares[high] - self.squares[low], high - low, last - first + 1
        )

    def within(self, windows: Sequence[tuple[int, int]]) -> _InSteps:
        """What some stretches of time hold, which are in order and do not overlap."""
        ends = [-1, *(end // self.scale for _, end in windows)]
        return reduce(_InSteps.plus, map(self.of, windows, ends))

    def dispersion(self, gone: _InSteps) -> float:
        """Variance over mean of the counts of all other steps; at least 1."""
        if len(self.numbers) <= gone.filled:
            return 1.0
        steps = max(self.steps - gone.steps, 1.0)
        mean = (self.sums[-1] - gone.weight) / steps
        return max(((self.squares[-1] - gone.squares) / steps - mean * mean) / mean, 1.0)
