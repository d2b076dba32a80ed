"""When what is behind the server is back."""

from dataclasses import replace

import pytest

from logsleuth.signals.back import back_at, until_back
from logsleuth.signals.model import Signal, Why
from logsleuth.timeline.model import Moment, Series
from logsleuth.units import SECOND
from tests.lives.build import ANY, moment, timeline

REFUSES = replace(ANY, id="fpm-refuses")
READY = replace(ANY, id="fpm-ready", role="recovery", category=None, severity="info")


AWAY = replace(ANY, id="nfs-silent", lasts="until-back")


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


@pytest.mark.parametrize(("names", "second"), [(("nas1",), 70), (("nas1", "nas2"), 90), (("nas1", "nas3"), 0)])
def test_a_state_lasts_until_all_that_it_names_are_back(names: tuple[str, ...], second: int) -> None:
    lines = [said(AWAY, 10 + nth, name).moments[0] for nth, name in enumerate(names)]
    away = Series(AWAY, tuple(lines))
    backs = [said(replace(READY, id=name), at, name) for name, at in (("nas1", 70), ("nas2", 90))]
    found = until_back(Signal(away, away.moments, Why.SURPRISE), timeline(away, *backs))
    assert found.until == second * SECOND
