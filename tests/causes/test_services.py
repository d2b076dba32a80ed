"""Restarts of a service behind httpd within an outage, and what they cut off."""

from __future__ import annotations

from dataclasses import replace

from logsleuth.causes.services import service_restarts
from logsleuth.incidents.model import Incident
from logsleuth.signals.model import Signal, Why
from logsleuth.units import SECOND
from tests.lives.build import ANY, series, timeline

READY = replace(
    ANY, id="ready", title="PHP-FPM is ready", role="recovery", category=None, about="backend", phase="start"
)
STOPS = replace(READY, id="stops", title="PHP-FPM stops", role="shutdown", phase="stop")
RESET = replace(ANY, id="reset", category="backend-reset")
FAILING = series(ANY, *range(1000, 2000, 5))
WHOLE = Signal(FAILING, FAILING.moments, Why.SURPRISE)
OUTAGE = Incident((WHOLE,), WHOLE.begin, WHOLE.end, None)


def signal(*seconds: float) -> Signal:
    found = series(RESET, *seconds)
    return Signal(found, found.moments, Why.COMPANION)


def test_a_restart_with_its_stop_covers_what_falls_into_its_seconds() -> None:
    (one,) = service_restarts(OUTAGE, timeline(FAILING, series(STOPS, 1498), series(READY, 1500)))
    assert (one.restart.down, one.restart.up) == (1498 * SECOND, 1500 * SECOND)
    assert one.title == "PHP-FPM is ready"
    assert one.covers(signal(1497, 1501))
    assert not one.covers(signal(1400, 1500))


def test_a_start_alone_covers_nothing() -> None:
    (one,) = service_restarts(OUTAGE, timeline(FAILING, series(READY, 1500)))
    assert one.restart.down is None
    assert not one.covers(signal(1500))


def test_those_outside_are_none_of_its_own_and_a_service_that_dies_all_the_time_is_not_restarted_by_anybody() -> None:
    assert not service_restarts(OUTAGE, timeline(FAILING, series(READY, 500, 3000)))
    assert not service_restarts(OUTAGE, timeline(FAILING, series(READY, *range(1000, 2000, 100))))
