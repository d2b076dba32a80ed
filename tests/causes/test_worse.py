"""Restarts of httpd after which more requests failed than before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from logsleuth.causes.worse import restarts_that_worsened
from logsleuth.incidents.model import How, Incident, Recovery
from logsleuth.lives.requests import Requests, Seen
from logsleuth.lives.server.model import Restart
from logsleuth.signals.model import Signal, Why
from logsleuth.timeline.model import Counts, Traffic
from logsleuth.units import SECOND
from tests.lives.build import ANY, line, series

if TYPE_CHECKING:
    from collections.abc import Iterable

DOWN, UP, OVER = 1800, 1802, 3600


def counts(seconds: Iterable[int]) -> Counts:
    return Counts(SECOND, [(second * SECOND, 1) for second in seconds])


def worsened(failed: list[int], asked: list[int]) -> list[tuple[int, int, int, int]]:
    """(failed, seen) before and after the restart of an outage, if that made it worse."""
    requests = Requests(counts(()), {1: Traffic(counts(asked), counts(failed), counts(()))}, counts(asked))
    found = series(ANY, *failed)
    incident = Incident(
        (Signal(found, found.moments, Why.SURPRISE),), 600 * SECOND, OVER * SECOND,
        Recovery(OVER * SECOND, How.FADED),
        restarts=(Restart("stop", DOWN * SECOND, UP * SECOND, 1, (line(),)),),
        requests=Seen(1, len(failed), 0, len(asked)),
    )  # fmt: skip
    return [
        (one.before.failed, one.before.seen, one.after.failed, one.after.seen)
        for one in restarts_that_worsened(incident, requests)
    ]


BUSY = list(range(600, OVER, 4))
QUIET = list(range(600, OVER, 12))


@pytest.mark.parametrize("asked", [BUSY, QUIET], ids=["busy", "quiet"])
def test_what_failed_in_part_and_fails_for_all_after_a_restart_was_made_worse(asked: list[int]) -> None:
    few = [second for second in asked if second < DOWN and second % 5 == 0]
    ((failed, seen, later, of),) = worsened([*few, *(second for second in asked if second > UP)], asked)
    assert failed / seen == pytest.approx(0.2, abs=0.05)
    assert later == of


def test_what_had_risen_before_the_restart_was_not() -> None:
    grown = [second for second in BUSY if second % 5 == 0 or second > DOWN - 200]
    assert not worsened(grown, BUSY)


def test_what_goes_on_as_before_was_not() -> None:
    assert not worsened([second for second in BUSY if second % 5 == 0], BUSY)


def test_a_restart_with_few_requests_beside_it_says_nothing() -> None:
    asked = list(range(600, OVER, 100))
    assert not worsened([second for second in asked if second > UP], asked)
