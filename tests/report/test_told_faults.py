"""A fault that only says that the server is down, while it is down in an incident, is no other fault."""

from dataclasses import replace

import pytest

from logsleuth.incidents.model import Fault, Incident
from logsleuth.report.compose.story.faults import is_told
from logsleuth.signals.model import Signal, Why
from logsleuth.units import SECOND
from tests.lives.build import ANY, REFUSED, series

FAILED = series(replace(ANY, id="unit", about="server"), 100, 160)


def down(begin: int, end: int) -> Incident:
    found = series(REFUSED, begin, end)
    return Incident((Signal(found, found.moments, Why.NOT_UP),), begin * SECOND, end * SECOND, None)


def fault(about: str) -> Fault:
    of = replace(FAILED, meaning=replace(FAILED.meaning, about=about))  # type: ignore[arg-type]
    return Fault(
        of, "critical", 2, 100 * SECOND, 160 * SECOND, frozenset(), every_client=False, trend="steady", lines=()
    )


@pytest.mark.parametrize(
    ("about", "begin", "end", "told"),
    [
        ("server", 90, 170, True), ("server", 100, 160, True), ("server", 120, 170, False),
        ("server", 90, 150, False), ("backend", 90, 170, False),
    ],
)  # fmt: skip
def test_it_is_told_where_all_of_its_lines_lie_within(about: str, begin: int, end: int, told: bool) -> None:
    assert is_told(fault(about), [down(begin, end)]) == told
    assert not is_told(fault(about), [])
