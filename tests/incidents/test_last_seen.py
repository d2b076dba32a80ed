"""When an outage was last seen by the time of a start: what the first pages of new workers say is no sign of it."""

import pytest

from logsleuth.incidents.recovery import _was_last_seen_by
from logsleuth.signals.model import Signal, Why
from logsleuth.units import SECOND
from tests.lives.build import ANY, series

UP = 100 * SECOND


@pytest.mark.parametrize(
    ("why", "last", "over"),
    [(Why.SURPRISE, 100, True), (Why.SURPRISE, 108, False), (Why.SLOW, 108, True), (Why.SLOW, 160, False)],
    ids=["failures up to it", "failures after it", "slow pages just after it", "slow pages for long after it"],
)
def test_slow_pages_just_after_a_start_are_those_of_new_workers(why: Why, last: int, *, over: bool) -> None:
    found = series(ANY, 50, 60, last)
    assert _was_last_seen_by([Signal(found, found.moments, why)], UP) is over
