"""Which came first within a second: an order to restart httpd, or the first failure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from logsleuth.causes.came_first import failed_before
from logsleuth.lives.server.model import Restart
from logsleuth.signals.model import Signal, Why
from logsleuth.units import SECOND
from tests.lives.build import ANY, line, moment, series

ORDER = 1000.4
"""Seconds; the failures go on to second 1060."""


def of(second: float, log: int, offset: int = 0) -> Signal:
    """A failure at this second, in this log at this place."""
    first = moment(second)
    first = replace(first, sighting=first.sighting._replace(log=log, offset=offset))
    failing = series(ANY, 1060)
    return Signal(failing, (first, *failing.moments), Why.SURPRISE)


def restart(second: float) -> Restart:
    """One that httpd's error log, number 0, has at its byte 50."""
    return Restart("reload", int(second * SECOND), int((second + 0.2) * SECOND), 1, (line(offset=50),))


@pytest.mark.parametrize(
    ("failure", "is_before"),
    [
        (of(1000, log=1), False),  # an access log: it may have failed in any part of that second
        (of(999, log=1), True),
        (of(1001, log=1), False),
        (of(1000.3, log=1), True),
        (of(1000.7, log=1), False),
        (of(1000.4, log=0, offset=10), True),
        (of(1000.4, log=0, offset=90), False),
    ],
)
def test_fractions_of_a_second_or_places_tell_where_there_are_any(failure: Signal, is_before: bool) -> None:
    assert failed_before(restart(ORDER), [failure]) == is_before


def test_one_of_several_is_enough() -> None:
    assert failed_before(restart(ORDER), [of(1000, log=1), of(1000.2, log=2)])
