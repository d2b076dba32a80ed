"""What a stop and a start are called: a restart, or a stop and a start with a time without a server between them."""

import pytest

from logsleuth.lives.server.model import Restart, RestartKind
from logsleuth.report.compose.log.whole_log import marks_of
from logsleuth.units import SECOND
from tests.lives.build import line


@pytest.mark.parametrize(
    ("kind", "down", "up", "marks"),
    [
        ("start", None, 9, [(9, "start")]),
        ("reload", 8, 9, [(9, "reload")]),
        ("hup", 8, 9, [(9, "restart")]),
        ("stop", 8, 9, [(9, "restart")]),
        ("stop", 8, 128, [(8, "stop"), (128, "start")]),
        ("stop", 8, None, [(8, "stop")]),
    ],
)
def test_a_server_that_stays_down_after_a_stop_was_stopped_and_started(
    kind: RestartKind, down: int | None, up: int | None, marks: list[tuple[int, str]]
) -> None:
    times = [None if time is None else time * SECOND for time in (down, up)]
    found = marks_of(Restart(kind, times[0], times[1], 7, (line(),)))
    assert [(time // SECOND, mark) for time, mark in found] == marks
