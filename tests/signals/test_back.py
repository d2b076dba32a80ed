"""When what is behind the server is back."""

from dataclasses import replace

import pytest

from logsleuth.signals.back import back_at
from logsleuth.timeline.model import Moment, Series
from logsleuth.units import SECOND
from tests.lives.build import ANY, moment, timeline

REFUSES = replace(ANY, id="fpm-refuses")
READY = replace(ANY, id="fpm-ready", role="recovery", category=None, severity="info")


def said(meaning: object, second: float, server: str = "", log: int = 0) -> Series:
    """One line at this second, in this log, that names this server, or none."""
    line = moment(second)
    fields = (("server", server),) if server else ()
    sighting = line.sighting._replace(log=log, fields=fields)
    return Series(meaning, (Moment(line.time, line.last, 1, sighting, ""),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("failed", "back", "second"),
    [
        (said(REFUSES, 10), said(READY, 70), 70),
        (said(REFUSES, 10), said(READY, 70, log=1), 0),
        (said(REFUSES, 10, "nas1"), said(READY, 70, "nas1", log=1), 70),
        (said(REFUSES, 10, "nas1"), said(READY, 70, "nas2"), 0),
        (said(REFUSES, 10), said(READY, 5), 0),
    ],
    ids=["its own log", "another program's log", "both name it", "another one", "before"],
)
def test_a_program_is_back_when_its_own_log_or_a_line_that_names_it_says_so(
    failed: Series, back: Series, second: int
) -> None:
    assert back_at(timeline(failed, back), failed, failed.moments[0]) == second * SECOND
