"""Where a stretch begins and ends beside a message that is said all day: laws of the edges, over many seeds."""

from collections.abc import Iterator
from itertools import takewhile
from random import Random

import pytest

from logsleuth.signals.baseline import find_stretches
from logsleuth.signals.chance import budget
from logsleuth.signals.edges import fullest, more_than_usual, trimmed
from logsleuth.timeline.model import Counts
from logsleuth.units import DAY, MINUTE, SECOND
from tests.lives.build import ANY, series

NO_TRACE = Counts(SECOND, ())
DAY_S = DAY // SECOND
SEEDS = 40


def at_random(chance: Random, rate: float, begin: float, end: float) -> Iterator[float]:
    """Seconds of independent events (Poisson); `rate`: events a second."""

    def events() -> Iterator[float]:
        time = begin
        while True:
            time += chance.expovariate(rate)
            yield time

    return takewhile(lambda time: time < end, events())


def off_by(seed: int, usual: float, rate: float, length: float) -> tuple[float, float]:
    """Seconds by which onset and end of the stretch that is found are outside of the outage (inside: negative)."""
    chance = Random(seed)
    begin = chance.uniform(0.1, 0.85) * DAY_S
    outage = list(at_random(chance, rate, begin, begin + length))
    moments = series(ANY, *sorted([*at_random(chance, usual, 0, DAY_S), *outage])).moments
    stretches = find_stretches(moments, 0, DAY, NO_TRACE, budget(DAY, 20), in_waves=True)
    one = max(stretches, key=lambda stretch: stretch.surprise)
    return outage[0] - moments[one.first].time / SECOND, moments[one.last - 1].time / SECOND - outage[-1]


@pytest.mark.parametrize(
    ("usual_gap_s", "a_minute", "minutes"), [(600, 10, 20), (600, 10, 120), (3600, 1, 30), (7200, 3, 45), (120, 60, 5)]
)
def test_what_is_said_all_day_moves_neither_onset_nor_end(usual_gap_s: int, a_minute: int, minutes: int) -> None:
    """Chance puts a line within a twentieth of the usual gap one time in twenty: not often, and not far off."""
    rate = a_minute / 60
    found = [off_by(seed, 1 / usual_gap_s, rate, minutes * 60) for seed in range(SEEDS)]
    near = usual_gap_s / 10
    assert sum(max(edges) > near for edges in found) <= SEEDS // 10
    assert sum(min(edges) < -5 / rate for edges in found) <= SEEDS // 10


def test_a_stray_line_at_the_usual_rate_is_cut_off() -> None:
    outage = [1000.0 + 5 * n for n in range(60)]
    moments = series(ANY, 800.0, *outage, 1700.0).moments
    assert trimmed(moments, (0, len(moments)), 1 / 600) == (1, len(moments) - 1)


def test_an_early_line_that_is_rare_at_other_times_is_of_it() -> None:
    outage = [1000.0 + 5 * n for n in range(60)]
    moments = series(ANY, 800.0, *outage).moments
    assert trimmed(moments, (0, len(moments)), 1 / (DAY / SECOND)) == (0, len(moments))


def test_an_outage_that_begins_slowly_is_kept_whole() -> None:
    slow, fast = [20.0 * n for n in range(60)], [1200.0 + n for n in range(600)]
    moments = series(ANY, *slow, *fast).moments
    assert fullest(moments, (0, len(moments)), 1 / 600)[0] >= len(slow) - 1
    assert trimmed(moments, (0, len(moments)), 1 / 600) == (0, len(moments))


@pytest.mark.parametrize(("distances", "taken"), [([], 0), ([10], 1), ([300], 0), ([300, 301, 302], 3), ([10, 400], 1)])
def test_what_the_usual_rate_would_bring_is_not_of_it(distances: list[int], taken: int) -> None:
    assert more_than_usual([one * SECOND for one in distances], SECOND / (10 * MINUTE)) == taken


def test_all_of_what_is_never_said_at_other_times_is_of_it() -> None:
    assert more_than_usual([5 * MINUTE, 9 * MINUTE], 0.0) == 2
