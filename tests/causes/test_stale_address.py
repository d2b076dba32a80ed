"""An address at which nobody answers, and which then refuses for long, may be an old one that httpd still holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from logsleuth.causes.stale_address import stale_address
from logsleuth.incidents.model import How, Incident, Recovery
from logsleuth.lives.server.model import Restart
from logsleuth.scan.sighting import Sighting
from logsleuth.signals.model import Signal, Why
from logsleuth.timeline.model import Moment, Series
from logsleuth.units import SECOND
from tests.lives.build import ANY

GONE, REFUSED = "(113)No route to host", "(111)Connection refused"


def lines(error: str, seconds: range, address: str = "172.20.0.4", name: str = "app:8000") -> Signal:
    """Attempts to connect that failed with this error."""
    moments = []
    for second in seconds:
        text = f"{error}: AH00957: http: attempt to connect to {address}:8000 ({name}) failed"
        line = Sighting(0, 0, second, 0, 0, "proxy", "error", 9, 0, 0, text, ())
        moments.append(Moment(second * SECOND, second * SECOND, 1, line))
    series = Series(replace(ANY, id=error), tuple(moments))
    return Signal(series, series.moments, Why.SURPRISE)


def incident(*signals: Signal, recovery: Recovery | None = None, restarts: tuple[Restart, ...] = ()) -> Incident:
    begin, end = min(one.begin for one in signals), max(one.end for one in signals)
    return Incident(signals, begin, end, recovery, restarts)


LATER = lines(REFUSED, range(1000, 4000, 10))


def test_an_address_that_another_container_has_taken() -> None:
    reason = stale_address(incident(lines(GONE, range(100, 900, 10)), LATER))
    assert reason is not None
    assert "an old address of app: at 172.20.0.4 first nobody answered (80 lines)" in reason.text
    assert "connections are refused (300 lines)" in reason.text
    assert reason.time == 100 * SECOND
    assert len(reason.sightings) == 2
    assert "getent hosts app" in reason.fix


@pytest.mark.parametrize(
    "other",
    [
        incident(lines(GONE, range(100, 900, 10)), lines(REFUSED, range(1000, 1100, 10))),
        incident(lines(GONE, range(100, 1500, 10)), LATER),
        incident(
            lines(GONE, range(100, 900, 10), "9.9.9.9"), lines(REFUSED, range(1000, 4000, 10), "9.9.9.9")
        ),
        incident(
            lines(GONE, range(100, 900, 10), name="172.20.0.4"), lines(REFUSED, range(1000, 4000, 10), name="172.20.0.4")
        ),
        incident(lines(GONE, range(100, 900, 10)), LATER, recovery=Recovery(4000 * SECOND, How.FADED)),
        incident(
            lines(GONE, range(100, 900, 10)),
            LATER,
            restarts=(Restart("stop", 2000 * SECOND, 2001 * SECOND, 9, (LATER.moments[0].sighting,)),),
        ),
        incident(LATER),
    ],
    ids=["it starts", "both at once", "a public address", "no name", "it ended by itself", "a restart did not help", "only refused"],
)  # fmt: skip
def test_any_other_order_shows_nothing_of_the_kind(other: Incident) -> None:
    assert stale_address(other) is None
