"""How often a fault was seen, and when."""

from dataclasses import replace
from datetime import UTC

import pytest

from logsleuth.report.fault_words import how_often
from logsleuth.report.model import ReportFault
from logsleuth.units import MINUTE, SECOND

NOON = 1_772_539_200 * SECOND
"""2026-03-03 12:00:00 UTC."""
FAULT = ReportFault(
    id=1, category=None, pattern=None, title="", severity="minor", about="request", count=58, first=NOON,
    last=NOON + 5 * MINUTE, clients=None, every_client=False, trend="over", meaning="", confirm=(), fix="", prevent="",
    evidence=(),
)  # fmt: skip
BORROWED = replace(FAULT, borrows=True)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (FAULT, "58 times from 2026-03-03 12:00:00 to 12:05:00; none since then"),
        (
            BORROWED,
            "58 times; its lines have no time: the first stands after a line of 2026-03-03 12:00:00, the last after "
            "one of 12:05:00",
        ),
        (
            replace(BORROWED, count=1, last=NOON),
            "1 time; its line has no time, and stands after one of 2026-03-03 12:00:00",
        ),
        (replace(FAULT, first=None, last=None), "58 times; its lines have no time"),
    ],
)
def test_lines_without_a_time_of_their_own_are_given_no_other_s(fault: ReportFault, said: str) -> None:
    assert how_often(fault, UTC) == said
