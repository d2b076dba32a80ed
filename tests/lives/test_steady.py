"""Restarts that a timer orders, and those that somebody orders now and then."""

import pytest

from logsleuth.lives.steady import interval, steady_since
from logsleuth.units import SECOND


@pytest.mark.parametrize(
    ("seconds", "steady"),
    [
        ((60, 120, 180, 240, 300), {60: 5}),
        ((60, 120.5, 179.5, 240, 301), {60: 5}),
        ((60, 120, 180, 240), {}),
        ((60, 120, 180, 250, 300, 390), {}),
        ((10, 60, 120, 180, 240, 300, 360), {60: 6}),
        ((60, 120, 180, 240, 300, 900, 1_000, 1_100, 1_200, 1_300), {60: 5, 900: 5}),
        ((), {}),
    ],
    ids=["each minute", "nearly", "too few", "by hand", "one before", "two timers", "none"],
)
def test_equal_intervals_are_a_timers(seconds: tuple[float, ...], steady: dict[int, int]) -> None:
    found = steady_since([round(second * SECOND) for second in seconds])
    assert len(found) == len(seconds)
    since = [time for time in found if time is not None]
    assert {time // SECOND: since.count(time) for time in since} == steady


def test_the_interval_is_the_average() -> None:
    assert interval([0, 61 * SECOND, 120 * SECOND]) == 60
