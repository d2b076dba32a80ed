"""Bursts: what stands out against its own usual rate, at any scale of time."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logsleuth.scan.sighting import Sighting
from logsleuth.story.bursts import find_bursts
from logsleuth.story.timeline import Moment

SECOND = 1_000_000
DAY = 24 * 3600


def moments(seconds: list[float]) -> list[Moment]:
    made = []
    for number, second in enumerate(sorted(seconds)):
        time = int(second * SECOND)
        line = Sighting(time, 0, number, 0, number, "core", "error", 1, 1, 1, "text")
        made.append(Moment(time, time, 1, line))
    return made


def chronic(seed: int, every: float, span: float) -> list[float]:
    """A fault that comes by chance, so often on average."""
    rng = random.Random(seed)
    return [rng.uniform(0, span) for _ in range(int(span / every))]


def test_a_burst_has_exact_edges() -> None:
    flood = [40_000.0 + n for n in range(60)]
    (burst,) = find_bursts(moments([*chronic(1, 1800, DAY), *flood]), 0, DAY * SECOND)
    assert abs(burst.begin - 40_000 * SECOND) <= 3 * SECOND
    assert abs(burst.end - 40_059 * SECOND) <= 3 * SECOND


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("every", [200.0, 900.0, 5000.0])
def test_a_chronic_fault_is_no_burst(seed: int, every: float) -> None:
    assert find_bursts(moments(chronic(seed, every, DAY)), 0, DAY * SECOND) == []


def test_a_pair_by_chance_is_no_burst() -> None:
    assert find_bursts(moments([100, 40_000, 40_001, 80_000]), 0, DAY * SECOND) == []


def test_two_floods_far_apart_are_two_bursts() -> None:
    floods = [begin + n for begin in (10_000.0, 70_000.0) for n in range(40)]
    assert len(find_bursts(moments(floods), 0, DAY * SECOND)) == 2


def test_rare_lines_close_together_in_a_long_log_are_one_burst() -> None:
    (burst,) = find_bursts(moments([40_000 + 300.0 * n for n in range(5)]), 0, 2 * DAY * SECOND)
    assert len(burst.moments) == 5


@pytest.mark.parametrize(("count", "gap"), [(4, 5.0), (4, 60.0), (5, 300.0)])
def test_a_few_lines_alone_in_a_day_are_one_burst(count: int, gap: float) -> None:
    (burst,) = find_bursts(moments([40_000 + gap * n for n in range(count)]), 0, DAY * SECOND)
    assert len(burst.moments) == count


@given(st.integers(0, 10**6), st.sampled_from([1, 10, 100]))
@settings(max_examples=30, deadline=None)
def test_shifted_and_stretched_time_gives_the_same_bursts(shift: int, stretch: int) -> None:
    seconds = [*chronic(3, 1800, DAY), *(40_000.0 + 10 * n for n in range(30))]
    plain = find_bursts(moments(seconds), 0, DAY * SECOND)
    moved = find_bursts(
        moments([shift + stretch * s for s in seconds]), shift * SECOND, (shift + stretch * DAY) * SECOND
    )
    assert [len(b.moments) for b in plain] == [len(b.moments) for b in moved]


def clumpy(seed: int, every: float) -> list[float]:
    """A chronic fault as visitors meet it: some of its failures come three or four at a time."""
    rng = random.Random(seed)
    begins = [rng.uniform(0, DAY) for _ in range(int(DAY / every))]
    return [begin + rng.uniform(0, 3) for begin in begins for _ in range(rng.choice([1, 1, 1, 2, 3, 4]))]


@pytest.mark.parametrize(
    "seconds",
    [
        pytest.param([40_000, 70_000, 77_500, 77_501, 77_501.5, 78_750], id="one of few comes thrice"),
        pytest.param(
            [38_000, 38_002, 49_000, 49_002, 49_003, 49_680, 49_890, 49_892, 49_895, 69_350, 69_480],
            id="three of six stand together",
        ),
    ],
)
def test_few_clumps_are_no_burst_of_what_is_seen_at_other_times(seconds: list[float]) -> None:
    assert find_bursts(moments(seconds), 0, DAY * SECOND) == []


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("every", [200.0, 900.0, 3000.0])
def test_a_chronic_fault_that_comes_in_clumps_is_no_burst(seed: int, every: float) -> None:
    assert find_bursts(moments(clumpy(seed, every)), 0, DAY * SECOND) == []


@pytest.mark.parametrize(("count", "gap"), [(60, 1.0), (30, 20.0), (12, 40.0)])
def test_an_outage_stands_out_against_clumps(count: int, gap: float) -> None:
    outage = [40_000 + gap * n for n in range(count)]
    (burst,) = find_bursts(moments([*clumpy(5, 900), *outage]), 0, DAY * SECOND)
    assert abs(burst.begin - 40_000 * SECOND) <= 3 * gap * SECOND
    assert abs(burst.end - int(outage[-1]) * SECOND) <= 3 * gap * SECOND
