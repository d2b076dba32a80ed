"""The moments of one series, and how surprising a run of them is beside the rest of the log.

Where nothing counts the requests, failures of many hours may be no more than the site's day: a page that fails for one
in a hundred fails from nine to five, and no line of the night says that nobody asked for it. Such a stretch must stand
out from the same hours of the other days, or in a log of one, even if almost all requests of its day came in it; and
what is shorter, from the day that it is a part of.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from logsleuth.signals.chance import at_least, at_most, share_of_requests, surprise
from logsleuth.signals.steps import NO_STEPS, InSteps, Steps
from logsleuth.signals.tuning import ALMOST_ALL, BY_CHANCE, LASTING_US, MOST, SCALES_S, SOON_US
from logsleuth.units import DAY, SECOND
from logsleuth.values import NamedTuple, dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logsleuth.timeline.model import Counts, Moment

RUNS_A_SCALE: Final = 32
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


class Weighed:
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
        self._known_steps: dict[int, Steps] = {}
        self._chances: dict[tuple[int, int], _Chance] = {}

    def stretch(self, run: tuple[int, int], scale: int, least: float, aside: Aside | None = None) -> Stretch | None:
        """A run, if its surprise is at least so high in the log without those `aside` that it does not touch."""
        chance = self._chance(run, aside)
        if chance.worth < least:  # dispersion, which costs more to know, lessens it
            return None
        first, last = run
        steps = self.steps(scale)
        gone = steps.of(self.window(first, last), -1) if aside is None else aside.within(run, steps)
        dispersion = steps.dispersion(gone)
        worth = surprise(chance.inside, chance.total, chance.expected, dispersion) - chance.tried
        if worth >= least and self.days is not None:
            left_out = [] if aside is None else aside.beside(run)
            worth = min(worth, self._by_day(run, left_out, (chance.total, chance.share, chance.tried), dispersion))
        if worth < least:
            return None
        return Stretch(first, last, worth, chance.usual)

    def _chance(self, run: tuple[int, int], aside: Aside | None) -> _Chance:
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
        by_day = share_of_requests(share, _busy_by_day(self._length(run)))
        return surprise(inside, total, by_day, dispersion) - tried

    def _in_days(
        self,
        days: Sequence[tuple[int, int]],
        runs: Sequence[tuple[int, int]],
        others: Sequence[tuple[int, int]],
        dispersion: float,
    ) -> float:
        """How surprising those of some runs are that are parts of days, in these days without the `others`."""
        held = [(run, day) for run in runs if (day := holder(days, run)) is not None]
        if not held:
            return math.inf
        mine, whole = [run for run, _ in held], dict.fromkeys(day for _, day in held)
        aside = [other for day in whole for other in _held(others, day)]
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
        others = Aside(self, [run for run, _ in lasting])
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
        return share_of_requests(share, _busier(windows, self.span, self.exposure))

    def weight(self, first: int, last: int) -> float:
        """What a run weighs."""
        return self.sums[last] - self.sums[first]

    def window(self, first: int, last: int) -> tuple[int, int]:
        """When a run begins and ends, in UTC microseconds."""
        return self.moments[first].time, self.moments[last - 1].last

    def steps(self, scale: int) -> Steps:
        """The log in steps of this many microseconds."""
        known = self._known_steps.get(scale)
        if known is None:
            finer = next((one for one in reversed(self._known_steps.values()) if not scale % one.scale), None)
            times, weights = (self.times, self.weights) if finer is None else finer.items()
            known = self._known_steps[scale] = Steps(times, weights, scale, self.span)
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


NO_OTHERS: Final = _Others(0, 0.0, 0)


class Aside:
    """Runs that are left out of what is usual. A log may have hundreds, and each is asked for what the others are."""

    def __init__(self, series: Weighed, runs: Sequence[tuple[int, int]]) -> None:
        """`runs`: in order; none of them touch."""
        self._firsts, self._lasts = [first for first, _ in runs], [last for _, last in runs]
        self._series = series
        self._windows = [series.window(*run) for run in runs]
        self._lengths = [0, *accumulate(until - since + SECOND for since, until in self._windows)]
        self._weights = [0.0, *accumulate(series.weight(*run) for run in runs)]
        self._moments = [0, *accumulate(last - first for first, last in runs)]
        self._steps: dict[int, list[InSteps]] = {}
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

    def within(self, run: tuple[int, int], steps: Steps) -> InSteps:
        """A run and those that it does not touch, in steps of the log."""
        sums = self._steps.get(steps.scale)
        if sums is None:
            ends = [-1, *(end // steps.scale for _, end in self._windows)]
            each = map(steps.of, self._windows, ends)
            sums = self._steps[steps.scale] = list(accumulate(each, InSteps.plus, initial=NO_STEPS))
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


def holder(runs: Sequence[tuple[int, int]], run: tuple[int, int]) -> tuple[int, int] | None:
    """That of some runs, in order and apart, which holds another; None: none does."""
    place = bisect_left(runs, (run[0] + 1,)) - 1
    return runs[place] if place >= 0 and run[1] <= runs[place][1] else None


def _held(runs: Sequence[tuple[int, int]], run: tuple[int, int]) -> Sequence[tuple[int, int]]:
    """Those of some runs, in order and apart, that another holds."""
    begun = runs[bisect_left(runs, (run[0],)) : bisect_left(runs, (run[1],))]
    return begun[:-1] if begun and begun[-1][1] > run[1] else begun


def _touch(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two stretches of time have a moment in common."""
    return one[0] <= other[1] and other[0] <= one[1]


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


def _busy_by_day(length: int) -> float:
    """How many times as busy as the rest of the day a stretch of hours is in which almost all come of a day."""
    hours = min(length, DAY // 2)
    return ALMOST_ALL / hours * (DAY - hours) / (1 - ALMOST_ALL)
