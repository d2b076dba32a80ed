"""Whose advice stands: that of the causes, or of what the logs show to be behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from logsleuth.causes.advised import advised, is_known_what_to_do
from logsleuth.causes.model import Cause, Diagnosis, Reason, Trigger
from logsleuth.incidents.model import Incident, Workers
from logsleuth.library.pattern import Explain
from logsleuth.signals.model import Signal, Why
from logsleuth.values import replace
from tests.lives.build import ANY, line, series

if TYPE_CHECKING:
    from logsleuth.causes.model import CauseKind, Confidence

BUSY = replace(ANY, id="busy", category="worker-exhaustion")
SLOW = replace(ANY, id="slow", category="backend-timeout")
CRASH = replace(ANY, id="crash", category="segfault")


def diagnosis(*categories: str, kind: CauseKind = "contributing") -> Diagnosis:
    """An outage with a cause of each of these kinds; the others than the first are of one kind of cause."""
    found = [series(replace(ANY, id=category, category=category), 0, 60) for category in categories]
    signals = [Signal(one, one.moments, Why.SURPRISE) for one in found]
    causes = tuple(
        Cause(signal, (), 1.0, "high", (), kind=kind if nth else "root cause") for nth, signal in enumerate(signals)
    )
    incident = Incident(tuple(signals), 0, 60, None)
    return Diagnosis(incident, causes, Workers((), None, ""), "major", categories[0], "high", "high", "pointless")


def reason(sure: Confidence = "medium", fix: str = "Do this.", explain: Explain | None = None) -> Reason:
    return Reason(0, "The directory is down", (line(),), sure, fix, explain)


SURGE = Trigger(0, "surge", "Requests rose", (line(),), fix="Refuse them.")
DEPLOY = Trigger(0, "change", "A deploy", (line(),))


def whose(one: Diagnosis) -> list[tuple[str, bool]]:
    return [(cause.signal.name, in_full) for cause, in_full in advised(one)]


def test_without_anything_behind_it_the_first_causes_advise() -> None:
    assert whose(diagnosis("a", "b", "c")) == [("a", True), ("b", True)]


def test_a_reason_with_its_own_words_is_asked_alone() -> None:
    assert whose(replace(diagnosis("a", "b"), reason=reason(explain=Explain(fix="That.")))) == []


def test_a_reason_that_says_what_to_do_leaves_the_causes_their_checks() -> None:
    assert whose(replace(diagnosis("a", "b"), reason=reason())) == [("a", False)]


def test_a_fault_of_its_own_keeps_its_advice_beside_a_reason() -> None:
    known = replace(diagnosis("a", "b", kind="link not known"), reason=reason())
    assert whose(known) == [("a", False), ("b", True)]


@pytest.mark.parametrize(
    ("category", "trigger", "known"),
    [
        ("worker-exhaustion", SURGE, True),  # more requests than workers: what else they wait for does not matter
        ("backend-overloaded", SURGE, True),
        ("worker-exhaustion", DEPLOY, False),
        ("worker-exhaustion", replace(SURGE, fix=""), False),
        ("segfault", SURGE, False),  # more requests crash no worker that is sound
    ],
)
def test_a_rise_in_requests_answers_what_to_do_about_an_overload(category: str, trigger: Trigger, known: bool) -> None:
    assert is_known_what_to_do(replace(diagnosis(category), triggers=(trigger,))) is known


@pytest.mark.parametrize(
    ("found", "known"), [(reason(), True), (reason("low"), False), (reason(fix=""), False), (None, False)]
)
def test_a_reason_that_is_hardly_one_answers_nothing(found: Reason | None, known: bool) -> None:
    assert is_known_what_to_do(replace(diagnosis("a"), reason=found)) is known
