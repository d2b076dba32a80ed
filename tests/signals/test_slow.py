"""Stretches in which requests take several times as long as in the hour before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from logsleuth.lives.requests import Late, Peaks
from logsleuth.scan.series import class_of
from logsleuth.signals.slow import TimedOut, exactly, lateness, slowed, timed_out
from logsleuth.timeline.model import Durations
from logsleuth.units import HOUR, MINUTE, SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable

LIMIT = 2 * HOUR
QUICK, FILE = SECOND // 5, SECOND // 1000


def durations(*stretches: tuple[int, int, Iterable[int]]) -> Durations:
    """`stretches`: (from, to, how long the requests took of which one begins each second, in turn)."""
    items = []
    for begin, end, took in stretches:
        cycle = list(took)
        items += [(time, {class_of(cycle[time // SECOND % len(cycle)]): 1}) for time in range(begin, end, SECOND)]
    return Durations(SECOND, items)


def around(*took: int, since: int = 0, length: int = 20 * MINUTE) -> Durations:
    """Two hours of pages and files, then a stretch of requests that take so long, then an hour of the former."""
    usual = (QUICK, QUICK, FILE)
    begin = LIMIT - since
    return durations((0, begin, usual), (begin, LIMIT + length, took), (LIMIT + length, LIMIT + length + HOUR, usual))


@pytest.mark.parametrize(
    ("took", "begin", "end"),
    [
        (around(7 * SECOND), LIMIT, LIMIT + 20 * MINUTE),
        (around(7 * SECOND, since=2 * MINUTE), LIMIT - 2 * MINUTE, LIMIT + 20 * MINUTE),
        (around(60 * SECOND, FILE, FILE, FILE), LIMIT, LIMIT + 20 * MINUTE),
        (durations((0, LIMIT, [QUICK]), (LIMIT - MINUTE, LIMIT, [900 * SECOND])), LIMIT - MINUTE, LIMIT),
    ],
    ids=["a full pool", "that filled up for two minutes", "of which files are quick", "all hang, and no more begins"],
)
def test_requests_are_slow_around_a_limit(took: Durations, begin: int, end: int) -> None:
    found = slowed(took, LIMIT)
    assert found is not None
    assert abs(found[0] - begin) <= MINUTE // 2
    assert abs(found[1] - end) <= MINUTE // 2


@pytest.mark.parametrize(
    "took",
    [
        Durations(SECOND, ()),
        around(QUICK),
        around(SECOND),
        around(7 * SECOND, *[QUICK] * 9),
        durations((0, LIMIT + HOUR, [QUICK, FILE, FILE, 900 * SECOND])),
        durations((LIMIT - 10 * SECOND, LIMIT, [QUICK]), (LIMIT, LIMIT + HOUR, [7 * SECOND])),
    ],
    ids=["not said", "as quick as ever", "a second", "one of ten", "downloads all day", "no past to compare with"],
)
def test_requests_are_not_slow(took: Durations) -> None:
    assert slowed(took, LIMIT) is None


def test_how_late_requests_were_is_told_by_the_median_or_by_the_slowest_of_five() -> None:
    stretch = [(LIMIT, LIMIT + 20 * MINUTE)]
    pages = lateness(around(7 * SECOND), stretch)
    assert pages is not None
    assert pages.share == 0.5
    assert pages.now == pytest.approx(7 * SECOND, rel=0.25)
    assert pages.usual == pytest.approx(QUICK, rel=0.25)
    some = lateness(around(60 * SECOND, FILE, FILE), stretch)
    assert isinstance(some, Late)
    assert some.share == 0.8
    assert some.now == pytest.approx(60 * SECOND, rel=0.25)
    assert lateness(around(QUICK), stretch) is None
    assert lateness(Durations(SECOND, ()), stretch) is None


@pytest.mark.parametrize(
    ("took", "found"),
    [
        ([60_010_000, 60_031_000] * 20 + [4_000], TimedOut(60_010_000, 40)),
        ([42_000_000, 84_000_000] * 20, TimedOut(42_000_000, 40, 84_000_000)),
        ([second * SECOND for second in range(10, 50)], None),
        ([2_000] * 40, None),
        ([60_010_000] * 5, None),
        ([], None),
    ],
    ids=["a timeout of a minute", "two timeouts", "after different times", "at once", "too few", "not said"],
)
def test_requests_that_fail_after_the_same_time_ran_into_a_timeout(took: list[int], found: TimedOut | None) -> None:
    assert timed_out(took) == found


def test_requests_that_part_in_two_have_no_median_in_between() -> None:
    """Half of them run into a timeout, the others are as quick as ever."""
    found = lateness(around(60 * SECOND, 60 * SECOND, QUICK), [(LIMIT, LIMIT + 20 * MINUTE)])
    assert found is not None
    assert found.peaks is not None
    assert round(found.peaks.slow, 1) == 0.7
    spread = lateness(around(*(n * SECOND for n in range(1, 60))), [(LIMIT, LIMIT + 20 * MINUTE)])
    assert spread is not None
    assert spread.peaks is None


def test_where_the_log_is_read_again_times_are_exact() -> None:
    late = Late(0.5, QUICK, 51 * SECOND, peaks=Peaks(0.5, 59 * SECOND))
    took = [*[60 * SECOND + n for n in range(30)], *[QUICK + n for n in range(20)]]
    assert exactly(late, took) == Late(0.5, QUICK, 60 * SECOND + 5, peaks=Peaks(0.6, 60 * SECOND + 15))
    assert exactly(late, took[:5]) == late


def test_late_requests_of_two_kinds_are_told_as_two() -> None:
    late = exactly(Late(0.5, QUICK, 46 * SECOND), [42 * SECOND] * 20 + [84 * SECOND] * 15)
    assert late.kinds == (42 * SECOND, 84 * SECOND)
    assert exactly(late, [42 * SECOND] * 20).kinds == ()
