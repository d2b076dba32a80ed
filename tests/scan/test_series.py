"""Counts, Series and Signs are commutative monoids, also where their bounds make them coarser or drop something."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logsleuth.scan import tally as tally_module
from logsleuth.scan.series import Counts, Durations, Series, class_of, shortest_of
from logsleuth.scan.sighting import UNDATED, Sighting
from logsleuth.scan.tally import SIGN_WIDTH, Sign, Signs

CAP = 4
MICRO = 1_000_000
START = 1_252_074_604

T = TypeVar("T", Counts, Durations, Series, Signs)
Event = tuple[int, int, int]
"""Second, microsecond and pid of a line."""
Maker = Callable[[Sequence[Event]], T]

SECONDS = st.integers(-3, 40) | st.sampled_from([3600, 86_400, 31_536_000])
EVENTS = st.lists(st.tuples(SECONDS, st.sampled_from([0, 1, 999_999]), st.integers(1, 5)), max_size=30)


def counts(events: Sequence[Event]) -> Counts:
    made = Counts(CAP)
    made.add(START + second for second, _, _ in events)
    return made


def durations(events: Sequence[Event]) -> Durations:
    made = Durations(CAP)
    # two classes, so that they fit the bound however long a bucket is
    made.add((START + second, 1 + pid % 2 * 1_000_000) for second, _, pid in events)
    return made


def sighting(time: int, offset: int) -> Sighting:
    return Sighting(time, 0, offset, 0, 0, "core", "error", 1, 0, 1, f"line at {offset}")


def series(events: Sequence[Event]) -> Series:
    made = Series(CAP)
    # pieces of a log keep their places: the pid stands for one, with the time, so that pieces may share some
    for second, micro, place in events:
        add(made, (START + second) * MICRO + micro, place)
    return made


def add(made: Series, time: int, place: int) -> None:
    made.add(time, (0, place), lambda: sighting(time, place))


def signs(events: Sequence[Event]) -> Signs:
    made = Signs()
    for second, micro, pid in events:
        # far apart, so that there are many stretches
        time = (START + second * SIGN_WIDTH // 4) * MICRO + micro
        made.add(pid, Sign(time, time, 1))
    made.fit()
    return made


MAKERS = pytest.mark.parametrize("make", [counts, durations, series, signs])


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally_module, "SIGNS", CAP)
    monkeypatch.setattr(tally_module, "WIDEST_SIGN", SIGN_WIDTH << 2)


def plus(one: T, other: T) -> T:
    total = copy.deepcopy(one)
    total.merge(copy.deepcopy(other))
    return total


@MAKERS
@given(a=EVENTS, b=EVENTS)
def test_merging_is_commutative(make: Maker[T], a: list[Event], b: list[Event]) -> None:
    assert plus(make(a), make(b)) == plus(make(b), make(a))


@MAKERS
@given(a=EVENTS, b=EVENTS, c=EVENTS)
def test_merging_is_associative(make: Maker[T], a: list[Event], b: list[Event], c: list[Event]) -> None:
    assert plus(plus(make(a), make(b)), make(c)) == plus(make(a), plus(make(b), make(c)))


@MAKERS
@given(a=EVENTS)
def test_the_empty_one_is_neutral(make: Maker[T], a: list[Event]) -> None:
    assert plus(make(a), make([])) == make(a) == plus(make([]), make(a))


@MAKERS
@given(a=EVENTS, b=EVENTS)
def test_merging_parts_gives_what_adding_all_at_once_gives(make: Maker[T], a: list[Event], b: list[Event]) -> None:
    assert plus(make(a), make(b)) == make([*a, *b])


def narrowest(seconds: set[int], width: int = 1) -> int:
    """The smallest power of two times `width` that leaves at most CAP buckets."""
    while len({second // width for second in seconds}) > CAP:
        width *= 2
    return width


@given(a=EVENTS)
def test_counts_are_as_fine_as_the_bound_allows_and_lose_nothing(a: list[Event]) -> None:
    seconds = [START + second for second, _, _ in a]
    made = counts(a)
    assert made.width == narrowest(set(seconds))
    assert made.buckets == Counter(second // made.width for second in seconds)


@given(st.integers(0, 1 << 45))
def test_a_duration_is_in_its_class(micros: int) -> None:
    shortest, next_shortest = shortest_of(class_of(micros)), shortest_of(class_of(micros) + 1)
    assert shortest <= micros < next_shortest
    assert class_of(shortest) == class_of(next_shortest - 1) == class_of(next_shortest) - 1
    assert 2 * next_shortest <= 3 * shortest or micros < 3


@given(a=EVENTS)
def test_a_series_keeps_of_each_bucket_its_count_its_earliest_line_and_its_latest_time(a: list[Event]) -> None:
    made = series(a)
    assert made.width == narrowest({START + second for second, _, _ in a})
    lines: dict[int, list[tuple[int, int]]] = {}
    for second, micro, place in a:
        lines.setdefault((START + second) // made.width, []).append(((START + second) * MICRO + micro, place))
    assert made.buckets.keys() == lines.keys()
    for number, moment in made.buckets.items():
        assert moment.count == len(lines[number])
        assert (moment.first.time, moment.first.offset) == min(lines[number])
        assert moment.last == max(time for time, _ in lines[number])
    assert made.count == len(a)
    everything = [line for bucket in lines.values() for line in bucket]
    assert made.first == (sighting(*min(everything)) if a else None)


def test_few_lines_are_made_whole() -> None:
    made: list[int] = []
    whole = Series(CAP)
    for second in range(1000):

        def make(second: int = second) -> Sighting:
            made.append(second)
            return sighting(second * MICRO, second)

        whole.add(second * MICRO, (0, second), make)
    assert len(made) < 10 * CAP


def test_lines_without_a_time_have_a_bucket_of_their_own() -> None:
    made = Series(CAP)
    add(made, UNDATED, 0)
    add(made, START * MICRO, 1)
    assert [(moment.count, moment.first.offset) for _, moment in sorted(made.buckets.items())] == [(1, 0), (1, 1)]


@given(a=EVENTS)
def test_signs_grow_coarser_before_any_pid_is_dropped(a: list[Event]) -> None:
    made = signs(a)
    pids, kept = {pid for _, _, pid in a}, {pid for pid, _ in made.items}
    assert len(made.items) <= CAP
    assert made.width in (SIGN_WIDTH, SIGN_WIDTH << 1, SIGN_WIDTH << 2)
    if kept != pids:
        assert made.width == tally_module.WIDEST_SIGN
        assert len(made.items) == CAP
    for (pid, _), sign in made.items.items():
        times = [(START + second * SIGN_WIDTH // 4) * MICRO + micro for second, micro, who in a if who == pid]
        inside = [time for time in times if time // MICRO // made.width == sign.first // MICRO // made.width]
        assert (sign.first, sign.last, sign.count) == (min(inside), max(inside), len(inside))
