"""Which absences failed their users: a server that is killed again and again was killed each time."""

import pytest

from logsleuth.lives.server.model import Absence, Why
from logsleuth.signals.detectors.not_up import with_kills_beside
from logsleuth.units import MINUTE


def absence(minute: int, why: Why = "killed") -> Absence:
    return Absence(why, minute * MINUTE, minute * MINUTE, minute * MINUTE + 1, (), None, ordered=False, parent=1)


@pytest.mark.parametrize(
    ("minutes", "failed", "told"),
    [
        ((0, 5, 12, 40), (False, True, False, False), [0, 5, 12]),
        ((0, 5, 12), (False, False, False), []),
        ((0, 5, 12), (True, True, True), [0, 5, 12]),
    ],
    ids=["in a loop with one that failed users", "none failed anybody", "each did"],
)
def test_a_kill_within_ten_minutes_of_one_that_failed_users_is_of_the_same_loop(
    minutes: tuple[int, ...], failed: tuple[bool, ...], told: list[int]
) -> None:
    found = with_kills_beside([absence(minute) for minute in minutes], failed)
    assert [one.begin // MINUTE for one in found] == told


def test_a_stop_on_request_beside_a_kill_is_none() -> None:
    found = with_kills_beside([absence(0), absence(3, "stopped")], (True, False))
    assert [one.why for one in found] == ["killed"]
