"""A job that runs at short, steady intervals, and just ran as always, did not set an outage off."""

from dataclasses import replace

import pytest

from logsleuth.causes.recurring import not_as_always
from logsleuth.timeline.model import Moment
from tests.lives.build import moment

NOON = 43_200


def job(second: float, command: str = "cron.php") -> Moment:
    said = moment(second)
    return replace(said, sighting=said.sighting._replace(fields=(("command", command),)))


@pytest.mark.parametrize(
    ("before", "command", "is_special"),
    [
        (range(NOON - 7_200, NOON, 300), "cron.php", False),
        (range(NOON - 600, NOON, 300), "cron.php", True),  # too few to know
        (range(NOON - 10_800, NOON - 1_200, 300), "cron.php", True),  # it had not run for a while
        ((NOON - 3 * 86_400, NOON - 2 * 86_400, NOON - 86_400), "cron.php", True),  # once a day
        (range(NOON - 7 * 7_200, NOON, 7_200), "cron.php", True),  # every other hour
    ],
)
def test_what_is_done_all_the_time_is_nothing_special(
    before: tuple[float, ...], command: str, *, is_special: bool
) -> None:
    now = job(NOON, command)
    found = not_as_always([now], [*(job(second, command) for second in before), now])
    assert found == ([now] if is_special else [])


def test_another_job_among_them_is_told_by_its_name() -> None:
    routine = [job(second) for second in range(NOON - 7_200, NOON + 1, 300)]
    backup = job(NOON - 30, "backup.sh")
    assert not_as_always([backup, routine[-1]], [*routine[:-1], backup, routine[-1]]) == [backup]


def test_without_a_name_nothing_is_known_to_recur() -> None:
    plain = [moment(second) for second in range(NOON - 7_200, NOON + 1, 300)]
    assert not_as_always(plain[-1:], plain) == plain[-1:]
