"""How many starts failed while the server was down."""

from __future__ import annotations

import pytest

from logsleuth.lives.server.attempts import failed_starts
from logsleuth.lives.server.model import Absence, Event, EventKind
from logsleuth.units import SECOND
from tests.lives.build import REFUSED, line, series


def of(*lines: tuple[float, EventKind], ordered: bool = False) -> int:
    """How many failed, of an absence with these lines; `ordered`: by a reload before it."""
    refused = series(REFUSED, 0)
    events = tuple(Event(int(second * SECOND), kind, refused, line()) for second, kind in lines)
    return failed_starts(Absence("refused", 0, 0, 900 * SECOND, events, ordered=ordered))


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        ([(0, "stop")], 0),
        ([(0, "stop"), (1, "refused")], 1),
        ([(0, "stop"), (1, "refused"), (1.5, "refused"), (60, "refused")], 2),
        ([(0, "died"), (60, "refused"), (120, "refused")], 2),
    ],
)
def test_lines_of_one_attempt_count_once(lines: list[tuple[float, EventKind]], count: int) -> None:
    assert of(*lines) == count


def test_that_httpd_gives_up_at_a_reload_is_no_start() -> None:
    assert of((0, "refused"), (60, "refused"), ordered=True) == 1
    assert of((0, "refused"), (60, "refused")) == 2
