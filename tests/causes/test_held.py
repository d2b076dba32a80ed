"""Statements that a database worked on from before an outage until its end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from logsleuth.causes.held import held_through
from logsleuth.causes.triggers import changes_before
from logsleuth.incidents.model import How, Incident, Recovery
from logsleuth.library.pattern import Explain
from logsleuth.signals.model import Signal, Why
from logsleuth.timeline.model import Series
from logsleuth.units import SECOND
from tests.causes.test_same_object import line
from tests.lives.build import ANY, series, timeline

ONSET, OVER = 10_000, 11_000
STATEMENT = replace(
    ANY, id="slow", role="trigger", category=None, explain=Explain(summary="A statement began that took {seconds} s")
)  # fmt: skip


def slow(*ended: tuple[float, int]) -> Series:
    """Statements by the second at which each ended, and how long it had taken."""
    return Series(STATEMENT, tuple(line(second, seconds=str(took)) for second, took in ended))


@pytest.mark.parametrize(
    ("ended", "told"),
    [
        ([(11_000, 1_200)], [(9_800, 1_200)]),
        ([(10_600, 700)], [(9_900, 700)]),  # it ended in the second half
        ([(10_400, 500)], []),  # in the first: the outage went on without it
        ([(11_000, 900)], []),  # it began while the outage was there
        ([(9_990, 500)], []),  # it ended before
        ([(11_100, 1_500)], []),  # it went on
        ([(11_000, 9_000)], []),  # it had gone on for hours
        (
            [(10_999, 1_010), (11_000, 1_200), (11_001, 1_050)],  # the one, and the first that waited for it
            [(9_800, 1_200), (9_951, 1_050)],
        ),
    ],
)
def test_what_began_before_an_outage_and_ended_with_it_may_have_set_it_off(
    ended: list[tuple[float, int]], told: list[tuple[int, int]]
) -> None:
    failing = series(ANY, *range(ONSET, OVER, 10))
    one = Signal(failing, failing.moments, Why.SURPRISE)
    incident = Incident((one,), one.begin, one.end, Recovery(OVER * SECOND, How.FADED))
    found = [
        (trigger.time // SECOND, trigger.text) for trigger in held_through(incident, timeline(failing, slow(*ended)))
    ]
    assert found == [(begun, f"A statement began that took {took} s") for begun, took in told]


def test_what_had_ended_before_an_outage_did_not_set_it_off() -> None:
    assert not list(changes_before(ONSET * SECOND, timeline(slow((ONSET - 5, 60)), end=86_400)))
