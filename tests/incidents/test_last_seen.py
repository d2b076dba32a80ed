"""When an outage was last seen by the time of a start: what the first pages of new workers say is no sign of it."""

from dataclasses import replace

import pytest

from logsleuth.incidents.recovery import _was_last_seen_by
from logsleuth.lives.requests import ANSWERED
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


@pytest.mark.parametrize(
    ("late", "took", "over"),
    [((110,), "15.001", True), ((103, 110), "15.001", True), ((110,), "2.000", False), ((110,), "", False)],
    ids=["began before it", "all of them did", "began after it", "nobody knows when it began"],
)
def test_what_a_proxy_gives_up_after_a_start_had_come_before_it(
    late: tuple[int, ...], took: str, *, over: bool
) -> None:
    found = series(replace(ANY, id=ANSWERED), 50, 60, *late)
    fields = (("took", took),) if took else ()
    asked = tuple(replace(one, sighting=one.sighting._replace(fields=fields)) for one in found.moments)
    named = series(replace(ANY, id="proxy", shows=frozenset({"front"})), 50, late[-1])
    signals = [Signal(found, asked, Why.SURPRISE), Signal(named, named.moments, Why.SURPRISE)]
    assert _was_last_seen_by(signals, UP) is over
