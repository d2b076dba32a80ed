"""Refusals that end an overload are what somebody did against it; a change that refuses everybody is none."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest

from logsleuth.incidents.countermeasures import ended_with, find_countermeasures
from logsleuth.lives.server.model import Restart
from logsleuth.signals.model import Signal, Why
from logsleuth.timeline.model import Counts, Traffic
from logsleuth.units import SECOND
from tests.lives.build import ANY, line, series

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from logsleuth.incidents.model import Countermeasure

SLOW = replace(ANY, id="slow", role="symptom", category="worker-exhaustion")
DENIED = replace(ANY, id="denied", category="config-error", about="request")
BEGIN, RULE, LAST = 4000, 6000, 9000
"""Seconds: requests begin to be slow, a rule is put in force, and the last log line."""
RELOAD = Restart("reload", (RULE - 2) * SECOND, RULE * SECOND, 1, (line(),))


def counts(*seconds: Iterable[int]) -> Counts:
    every = sorted(one for some in seconds for one in some)
    return Counts(SECOND, [(one * SECOND, every.count(one)) for one in dict.fromkeys(every)])


def found(
    slow: range = range(BEGIN, RULE + 20, 5),
    refused: range = range(RULE + 1, LAST, 4),
    served_after: range = range(RULE, LAST, 30),
    *,
    restart: Restart | None = RELOAD,
    denied_for: str = "config-error",
) -> list[Countermeasure]:
    """Of a site that serves a request each half minute, and then has a crawler that is refused from the rule on."""
    usual = range(0, BEGIN, 30)
    waits = series(SLOW, *slow)
    denied = series(replace(DENIED, category=denied_for), *refused)
    traffic = Traffic(counts(usual, slow, refused, served_after), counts(), counts(refused))
    signals = [Signal(waits, waits.moments, Why.SLOW), Signal(denied, denied.moments, Why.SURPRISE)]
    return find_countermeasures(signals, traffic, [restart] if restart is not None else [])


def test_what_is_refused_from_a_reload_on_with_which_an_overload_ends_is_the_cure() -> None:
    (one,) = found()
    assert one.time == RULE * SECOND
    assert one.restart is RELOAD
    assert [signal.name for signal in one.signals] == ["denied"]
    assert ended_with([one], BEGIN * SECOND, (RULE + 20) * SECOND) is one


def test_a_rule_that_needs_no_reload_is_one_too() -> None:
    (one,) = found(restart=None)
    assert one.time == (RULE + 1) * SECOND


def test_refusals_of_the_kind_that_the_overload_is_of_are_what_it_turned_into() -> None:
    assert not found(denied_for="worker-exhaustion", restart=None)


@pytest.mark.parametrize(
    "other",
    [
        partial(found, slow=range(BEGIN, RULE + 900, 5)),
        partial(found, slow=range(BEGIN, RULE - 900, 5)),
        partial(found, slow=range(RULE - 10, RULE + 20, 5)),
        partial(found, served_after=range(RULE, LAST, 200)),
    ],
    ids=["it went on for long", "it was over before", "it had hardly begun", "others are refused as well"],
)
def test_other_refusals_are_faults(other: Callable[[], list[Countermeasure]]) -> None:
    assert not other()


def test_without_an_access_log_nobody_knows_whether_others_are_served() -> None:
    waits, denied = series(SLOW, *range(BEGIN, RULE)), series(DENIED, *range(RULE, LAST))
    signals = [Signal(waits, waits.moments, Why.SLOW), Signal(denied, denied.moments, Why.SURPRISE)]
    assert not find_countermeasures(signals, None, [RELOAD])
