"""How surprising a stretch is: laws of the measure, and the stretches that it finds."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logsleuth.signals.baseline import find_stretches, weight
from logsleuth.signals.chance import budget, surprise
from logsleuth.timeline.model import Counts, Moment
from logsleuth.units import DAY, SECOND
from tests.lives.build import ANY, line, series

NO_TRACE = Counts(SECOND, ())
HOURS = 3600
SHARES = st.floats(0.001, 0.999)


@given(st.floats(1, 1e4), st.floats(0, 1), SHARES, st.floats(1, 50))
def test_no_more_than_its_share_of_the_time_surprises_nobody(
    total: float, part: float, share: float, clumps: float
) -> None:
    worth = surprise(part * total, total, share, clumps)
    assert worth >= 0
    assert worth == 0 or part > share


@given(st.integers(3, 500), SHARES, st.floats(1, 50))
def test_more_of_it_in_a_shorter_time_is_more_surprising_and_clumps_make_it_less(
    total: int, share: float, clumps: float
) -> None:
    all_of_it = surprise(total, total, share, 1.0)
    assert all_of_it >= surprise(total - 1, total, share, 1.0)
    assert all_of_it >= surprise(total, total, min(share * 1.5, 0.9995), 1.0) - 1e-9
    assert all_of_it >= surprise(total, total, share, clumps)


def test_the_budget_is_per_day_of_log_and_shared_by_all_series() -> None:
    assert budget(DAY, 1) == pytest.approx(3)
    assert budget(10 * DAY, 1) == pytest.approx(2)
    assert budget(DAY, 100) == pytest.approx(5)


@pytest.mark.parametrize(("count", "seconds", "worth"), [(1, 0, 1), (4, 0, 3), (64, 63, 64), (128, 63, 128)])
def test_many_within_one_second_are_seldom_independent(count: int, seconds: int, worth: float) -> None:
    assert weight(Moment(0, seconds * SECOND, count, line())) == worth


def found(seconds: list[float], hours: float, *, by_day: bool = False) -> list[tuple[float, float]]:
    """The stretches of failures at these seconds in a log of this number of hours, as seconds."""
    moments = series(ANY, *sorted(seconds)).moments
    least = budget(int(hours * HOURS * SECOND), 20)
    end = int(hours * HOURS * SECOND)
    stretches = find_stretches(moments, 0, end, NO_TRACE, least, in_waves=True, by_day=by_day)
    return [(moments[one.first].time / SECOND, moments[one.last - 1].time / SECOND) for one in stretches]


def test_a_minute_of_failures_in_a_quiet_day_is_found_to_the_second() -> None:
    assert found([5.0 * HOURS + n for n in range(60)], 16) == [(5 * HOURS, 5 * HOURS + 59)]


def test_what_comes_all_day_long_is_not() -> None:
    assert found([600.0 * n for n in range(96)], 16) == []


def test_a_flood_of_what_is_always_there_is() -> None:
    chronic = [631.0 * n for n in range(90)]
    ((begin, end),) = found([*chronic, *(9 * HOURS + 0.5 * n for n in range(120))], 16)
    assert abs(begin - 9 * HOURS) < 5
    assert abs(end - 9 * HOURS - 60) < 5


def test_two_floods_are_two() -> None:
    floods = [float(begin + n) for begin in (2 * HOURS, 9 * HOURS) for n in range(60)]
    assert len(found(floods, 16)) == 2


def test_clumps_that_come_all_day_are_no_flood() -> None:
    pages = [1800.0 * hour + 0.3 * n for hour in range(32) for n in range(6)]
    assert found(pages, 16) == []


@given(st.lists(st.floats(0, 16 * HOURS), max_size=60))
def test_stretches_never_overlap_and_hold_three_moments_or_more(seconds: list[float]) -> None:
    moments = series(ANY, *sorted(seconds)).moments
    stretches = find_stretches(moments, 0, 16 * HOURS * SECOND, NO_TRACE, 3.0)
    assert all(one.last <= other.first for one, other in pairwise(stretches))
    assert all(one.last - one.first >= 1 for one in stretches)


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_a_second_outage_does_not_hide_where_the_first_one_began(seed: int) -> None:
    """Failures come at random, rarely at first: beside a second outage, only the fullest parts stood out."""
    chance = Random(seed)
    first = [5 * HOURS + n for n in range(120) if chance.random() < 0.2]
    fuller = [5 * HOURS + 120 + n for n in range(690) if chance.random() < 0.4]
    second = [9 * HOURS + n for n in range(330) if chance.random() < 0.4]
    assert found([*first, *fuller, *second], 12) == [(first[0], fuller[-1]), (second[0], second[-1])]


def test_an_outage_in_waves_is_found_though_each_wave_hides_the_others() -> None:
    chance = Random(3)
    waves = [(5, 30), (95, 135), (200, 230), (310, 355)]
    seconds = [begin * 60 + n for begin, end in waves for n in range((end - begin) * 60) if chance.random() < 0.05]
    stretches = found([float(second) for second in seconds], 6)
    assert len(stretches) == len(waves)
    for (begin, end), (first, last) in zip(waves, stretches, strict=True):
        assert first == pytest.approx(begin * 60, abs=120)
        assert last == pytest.approx(end * 60, abs=120)


@pytest.mark.parametrize("length", [8, 120], ids=["a visitor's page", "a scanner's round"])
def test_clumps_are_no_waves(length: int) -> None:
    chance = Random(4)
    begins = [chance.uniform(0, 6 * HOURS - length) for _ in range(12)]
    assert found([begin + chance.uniform(0, length) for begin in begins for _ in range(20)], 6) == []


def working_days(days: int, an_hour: float, chance: Random) -> list[float]:
    """Failures at random from eight to six, and one in twenty times as many at night; in seconds from midnight."""
    by_hour = [an_hour if 8 <= hour < 18 else an_hour / 20 for hour in range(24)] * days
    return [
        (hour + chance.random()) * HOURS
        for hour, mean in enumerate(by_hour)
        for _ in range(int(mean) + (chance.random() < mean % 1))
    ]


@pytest.mark.parametrize(("days", "an_hour"), [(1, 3.5), (2, 20), (5, 20), (5, 150)])
def test_what_fails_by_day_is_no_outage_where_nothing_counts_the_requests(days: int, an_hour: float) -> None:
    failures = working_days(days, an_hour, Random(5))
    assert found(failures, 24 * days)
    assert found(failures, 24 * days, by_day=True) == []


@pytest.mark.parametrize(
    ("begin", "hours", "an_hour"), [(35, 2, 150), (34, 7, 150), (46, 9, 30)], ids=["two hours", "a day", "a night"]
)
def test_more_than_on_the_other_days_is_one(begin: int, hours: int, an_hour: float) -> None:
    chance = Random(7)
    outage = [(begin + chance.random() * hours) * HOURS for _ in range(int(an_hour * hours))]
    ((first, last),) = found([*working_days(3, 6, chance), *outage], 72, by_day=True)
    assert first == pytest.approx(begin * HOURS, abs=HOURS)
    assert last == pytest.approx((begin + hours) * HOURS, abs=HOURS)


def test_hours_of_failures_after_a_quiet_morning_are_one() -> None:
    failures = [11.0 * HOURS + 60 * n for n in range(8 * 60)]
    assert found(failures, 24, by_day=True) == [(failures[0], failures[-1])]
