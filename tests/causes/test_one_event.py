"""Signals that report one event in other words: on small values."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from logsleuth.causes.one_event import is_one_event, with_one_events
from logsleuth.incidents.model import Incident
from logsleuth.scan.sighting import Sighting
from logsleuth.signals.model import Signal, Why
from logsleuth.timeline.model import Moment, Series
from logsleuth.units import SECOND
from tests.lives.build import ANY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.library.meaning import Meaning

MODULE = replace(ANY, id="module", category="wsgi-load-failure")
SPAWN = replace(ANY, id="spawn", category="app-misconfigured")
TRACE = replace(ANY, id="trace", role="symptom", names="failure", category=None)
UNKNOWN = replace(ANY, id="unknown", role="symptom", names="failure", category=None, known_by="level")
ACCEPT = replace(ANY, id="accept", category="config-error")
BUFFERS = replace(ANY, id="buffers", category="memory-exhausted")


def at(second: float, offset: int, text: str = "x" * 99, pid: int = 0, client: str = "") -> Moment:
    """One line of 99 characters, if no other text is given, at a place of its log."""
    time = int(second * SECOND)
    return Moment(time, time, 1, Sighting(time, 0, offset, 0, 0, "", "error", pid, 0, 0, text), client)


def signal(meaning: Meaning, moments: Iterable[Moment]) -> Signal:
    found = tuple(moments)
    return Signal(Series(meaning, found), found, Why.SURPRISE)


def named(*signals: Signal) -> dict[str, frozenset[str]]:
    """What is found to report the same event once more, by what names it."""
    ordered = tuple(sorted(signals, key=lambda one: one.begin))
    onset, end = ordered[0].begin, max(one.end for one in ordered)
    return {name: then for name, then in with_one_events(Incident(ordered, onset, end, None), {}, {}).items() if then}


def test_of_two_patterns_that_know_the_same_lines_the_one_of_the_systems_error_is_the_cause() -> None:
    text = "[Mon Dec 09 15:42:16 2013] [error] (OS 10055)An operation on a socket could not be performed.  : Child 2304"
    lines = [at(10 * nth, 200 * nth, text) for nth in range(1, 6)]
    assert named(signal(ACCEPT, lines), signal(BUFFERS, lines)) == {"buffers": frozenset({"accept"})}


@pytest.mark.parametrize(("gap", "is_one"), [(1, True), (2, True), (60, False)])
def test_lines_right_below_one_another_are_one_event(gap: int, *, is_one: bool) -> None:
    above = signal(MODULE, (at(nth, 5_000 * nth) for nth in range(1, 9)))
    below = signal(SPAWN, (at(nth, 5_000 * nth + 99 + gap) for nth in range(1, 9)))
    assert (named(above, below) == {"module": frozenset({"spawn"})}) is is_one


def test_what_is_beside_lines_that_fill_the_log_is_there_by_chance() -> None:
    flood = signal(MODULE, (at(nth, 100 * nth) for nth in range(1, 90) if nth % 30))
    few = signal(SPAWN, (at(nth, 100 * nth) for nth in (30, 60)))
    assert not is_one_event(flood, few)


def test_two_faults_in_step_of_which_one_comes_twice_as_often_are_two() -> None:
    each = signal(MODULE, (at(nth, 150 * nth) for nth in range(1, 60)))
    every_second = signal(SPAWN, (at(nth, 150 * nth + 100) for nth in range(1, 60, 2)))
    assert named(each, every_second) == {}


def test_lines_that_one_process_writes_for_one_client_are_one_event_and_the_first_is_the_cause() -> None:
    other = replace(UNKNOWN, id="then")
    one = signal(UNKNOWN, (at(nth, 900 * nth, pid=nth, client="192.0.2.7") for nth in range(1, 5)))
    then = signal(other, (at(nth + 0.01, 900 * nth + 300, pid=nth, client="192.0.2.7") for nth in range(1, 5)))
    elsewhere = signal(other, (at(nth + 0.01, 900 * nth + 300, pid=nth, client="192.0.2.8") for nth in range(1, 5)))
    assert named(one, then) == {"unknown": frozenset({"then"})}
    assert named(one, elsewhere) == {}


def test_an_unknown_message_beside_one_that_names_no_reason_stays_a_candidate() -> None:
    spawn = signal(replace(SPAWN, names="failure"), (at(nth, 900 * nth, pid=nth) for nth in range(1, 5)))
    reason = signal(UNKNOWN, (at(nth, 900 * nth + 300, pid=nth) for nth in range(1, 5)))
    assert named(spawn, reason) == {}


def test_half_a_line_of_a_record_is_a_part_of_it() -> None:
    module = signal(MODULE, (at(nth, 900 * nth, pid=nth) for nth in range(1, 40)))
    trace = signal(TRACE, (at(nth, 900 * nth + 300, pid=nth) for nth in range(1, 42)))
    half = signal(UNKNOWN, (at(nth, 900 * nth + 600, pid=nth) for nth in (40, 41)))
    assert named(module, trace, half)["module"] == {"trace", "unknown"}


def test_what_only_follows_may_have_other_reasons_besides_but_a_second_fault_may_not() -> None:
    module = signal(MODULE, (at(nth, 900 * nth, pid=nth) for nth in range(1, 7)))
    later = [at(nth, 900 * nth + 300, pid=nth) for nth in range(1, 10)]
    assert named(module, signal(TRACE, later)) == {"module": frozenset({"trace"})}
    assert named(module, signal(SPAWN, later)) == {}
