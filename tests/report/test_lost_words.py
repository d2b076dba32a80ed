"""Processes that are killed all at once, again and again, are a whole server's, and no workers of one."""

from dataclasses import replace

import pytest

from logsleuth.incidents.model import LostWorker
from logsleuth.report.compose.answers.lost import killed_together
from logsleuth.units import SECOND
from tests.lives.build import line

WORKER = LostWorker(4711, 600 * SECOND, "killed", inferred=False, sighting=line(), failures=0, rule="killed")


@pytest.mark.parametrize(
    ("seconds", "found"),
    [
        ((600, 600, 601, 700, 700, 700), (2, 3)),
        ((600, 600, 600), None),
        ((600, 700, 800), None),
        ((600, 600, 700), None),
        ((), None),
    ],
    ids=["twice three", "once", "one by one", "two, then one", "none"],
)
def test_as_many_at_once_each_time_are_all_there_are(seconds: tuple[int, ...], found: tuple[int, int] | None) -> None:
    assert killed_together([replace(WORKER, time=second * SECOND) for second in seconds]) == found


def test_workers_that_crashed_are_no_server_that_was_killed() -> None:
    crashed = [replace(WORKER, time=second * SECOND, how="crashed") for second in (600, 600, 700, 700)]
    assert killed_together(crashed) is None
