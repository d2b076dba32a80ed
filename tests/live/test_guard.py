"""The restart guard: never more often than allowed, and never silent about what did not help."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logsleuth.errors import LogsleuthError
from logsleuth.live.guard import SECOND, Guard, advise

HOUR = 3600 * SECOND
MINUTE = 60 * SECOND


@pytest.mark.parametrize(
    ("written", "limit", "window"),
    [
        ("3/1h", 3, 3600),
        ("1/15m", 1, 900),
        (" 2 / 90 s", 2, 90),
        ("5/d", 5, 86400),
        ("0/1h", 0, 3600),
        ("1/5min", 1, 300),
    ],
)
def test_a_limit_is_read_as_it_is_written(written: str, limit: int, window: int) -> None:
    assert Guard.of(written) == Guard(limit, window)


@pytest.mark.parametrize("written", ["", "3", "3/h/2", "/1h", "-1/1h", "3/0h", "3/1w", "three/1h", "３/1h"])
def test_what_is_no_limit_is_told_in_one_line(written: str) -> None:
    with pytest.raises(LogsleuthError, match="3/1h"):
        Guard.of(written)


def test_the_first_restart_is_advised() -> None:
    assert advise(Guard(3, 3600), (), 10 * HOUR).sentence == "restart advised"


def test_a_restart_that_did_not_help_is_mentioned() -> None:
    advice = advise(Guard(3, 3600), (10 * HOUR - 5 * MINUTE,), 10 * HOUR)
    assert advice.restart
    assert advice.sentence == "restart advised (one restart within 1 h did not help, the last 5 min ago)"


def test_at_the_limit_it_is_withheld_and_says_until_when() -> None:
    advice = advise(Guard(2, 3600), (10 * HOUR - 50 * MINUTE, 10 * HOUR - 5 * MINUTE), 10 * HOUR)
    assert not advice.restart
    assert advice.again == 10 * HOUR + 10 * MINUTE
    assert advice.sentence == (
        "restart withheld: 2 restarts within 1 h, the last 5 min ago, and they did not help; "
        "the next may be advised in 10 min"
    )


def test_a_clock_that_was_set_back_does_not_open_the_guard() -> None:
    advice = advise(Guard(1, 3600), (10 * HOUR,), 9 * HOUR)
    assert not advice.restart
    assert "just now" in advice.sentence


def test_a_limit_of_none_allows_none() -> None:
    assert not advise(Guard(0, 3600), (), 0).restart
    assert not advise(Guard(0, 3600), (0,), 0).restart


@given(
    st.integers(1, 5),
    st.integers(1, 100),
    st.lists(st.integers(1, 50), max_size=60),
)
def test_whoever_heeds_it_never_restarts_more_often_than_allowed(limit: int, window: int, waits: list[int]) -> None:
    restarts: list[int] = []
    now = 0
    for wait in waits:
        now += wait * SECOND
        if advise(Guard(limit, window), tuple(restarts), now).restart:
            restarts.append(now)
    for end in restarts:
        assert sum(end - window * SECOND < time <= end for time in restarts) <= limit


@given(st.integers(1, 4), st.lists(st.integers(0, 200), min_size=1, max_size=20), st.integers(200, 300))
def test_it_is_advised_again_when_it_says_so_and_not_before(limit: int, times: list[int], now: int) -> None:
    guard, restarts = Guard(limit, 100), tuple(time * SECOND for time in times)
    advice = advise(guard, restarts, now * SECOND)
    if advice.again is not None:
        assert not advise(guard, restarts, advice.again - 1).restart
        assert advise(guard, restarts, advice.again).restart
