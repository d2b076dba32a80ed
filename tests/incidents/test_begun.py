"""Whether the logs begin in the midst of an incident: each kind of log that shows it is asked."""

from dataclasses import replace

from logsleuth.incidents.begun import begun_before
from logsleuth.signals.model import Signal, Why
from logsleuth.timeline.model import Moment, Opening, Series
from logsleuth.units import SECOND
from tests.lives.build import ANY, line

ERROR, ROTATED, ACCESS, FPM = 0, 1, 2, 3
EARLY = -60 * SECOND
"""A minute before the first failure."""


def failures(log: int, *seconds: float) -> Signal:
    """Lines of one log, the first at its very beginning."""
    moments = tuple(
        Moment(round(at * SECOND), round(at * SECOND), 1, line()._replace(log=log, offset=100 * nth))
        for nth, at in enumerate(seconds)
    )
    return Signal(Series(replace(ANY, id=f"of log {log}"), moments), moments, Why.SURPRISE)


def opening(kind: str, time: int, log: int, offset: int = 0) -> dict[int, Opening]:
    return {log: Opening(kind, time, (log, offset))}


def test_a_log_that_begins_with_a_failure_begins_in_the_midst_of_it() -> None:
    logged = [failures(ERROR, 0, 1, 2)]
    assert begun_before(logged, None, opening("error", 0, ERROR))
    assert not begun_before(logged, None, opening("error", EARLY, ERROR, offset=-100))
    assert not begun_before(logged, None, {})


def test_another_programs_log_that_shows_nothing_of_it_does_not_say_when_it_began() -> None:
    logged, fpm = [failures(ERROR, 0, 1, 2)], opening("log 3", EARLY, FPM)
    assert begun_before(logged, None, opening("error", 0, ERROR) | fpm)


def test_an_access_log_that_goes_further_back_shows_when_it_began() -> None:
    errors, failed = failures(ERROR, 0, 1, 2), failures(ACCESS, 0, 1, 2)
    late, early = opening("access", 0, ACCESS), opening("access", EARLY, ACCESS, offset=-100)
    assert begun_before([errors, failed], ACCESS, opening("error", 0, ERROR) | late)
    assert not begun_before([errors, failed], ACCESS, opening("error", 0, ERROR) | early)
    assert not begun_before([errors], ACCESS, opening("error", 0, ERROR) | early)
    assert begun_before([errors], None, opening("error", 0, ERROR) | early)


def test_the_rotated_part_of_a_log_goes_before_it() -> None:
    parts = opening("error", 0, ERROR) | opening("error", EARLY, ROTATED)
    assert not begun_before([failures(ERROR, 0, 1, 2)], None, parts)
