"""A log in equal steps of time: how unevenly failures come outside of a stretch."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from functools import reduce
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from logsleuth.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class InSteps(NamedTuple):
    """What some steps of the log hold."""

    weight: float
    squares: float
    """The sum of the squares of what each weighs."""
    filled: int
    """Steps in which anything is."""
    steps: int

    def plus(self, other: InSteps) -> InSteps:
        """Both."""
        return InSteps(
            self.weight + other.weight, self.squares + other.squares,
            self.filled + other.filled, self.steps + other.steps,
        )  # fmt: skip

    def minus(self, other: InSteps) -> InSteps:
        """These without others, which are among them."""
        return InSteps(
            self.weight - other.weight, self.squares - other.squares,
            self.filled - other.filled, self.steps - other.steps,
        )  # fmt: skip


NO_STEPS: Final = InSteps(0.0, 0.0, 0, 0)


class Steps:
    """The log in equal steps."""

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

    def of(self, window: tuple[int, int], done: int) -> InSteps:
        """What a stretch of time holds; `done`: the step, counted already, with which the one before it ends."""
        first, last = max(window[0] // self.scale, done + 1), window[1] // self.scale
        low, high = bisect_left(self.numbers, first), bisect_right(self.numbers, last)
        return InSteps(
            self.sums[high] - self.sums[low], self.squares[high] - self.squares[low], high - low, last - first + 1
        )

    def within(self, windows: Sequence[tuple[int, int]]) -> InSteps:
        """What some stretches of time hold, which are in order and do not overlap."""
        ends = [-1, *(end // self.scale for _, end in windows)]
        return reduce(InSteps.plus, map(self.of, windows, ends))

    def dispersion(self, gone: InSteps) -> float:
        """Variance over mean of the counts of all other steps; at least 1."""
        if len(self.numbers) <= gone.filled:
            return 1.0
        steps = max(self.steps - gone.steps, 1.0)
        mean = (self.sums[-1] - gone.weight) / steps
        return max(((self.squares[-1] - gone.squares) / steps - mean * mean) / mean, 1.0)
