"""Ranges of thresholds, by the table of the Monitoring Plugins Development Guidelines."""

from __future__ import annotations

import pytest

from logsleuth.errors import LogsleuthError
from logsleuth.live.ranges import Range, is_range


@pytest.mark.parametrize(
    ("written", "alerting", "quiet"),
    [
        ("10", (11, 500), (0, 10)), ("0:10", (11,), (0, 10)), ("~:10", (11,), (0, 5, 10)),
        ("@10:20", (10, 15, 20), (0, 9, 21)), ("@5:", (5, 900), (0, 4)), ("0", (1, 2), (0,)),
        ("25%", (26, 100), (0, 25)), ("@50:100%", (50, 100), (49,)),
    ],
)  # fmt: skip
def test_what_alerts(written: str, alerting: tuple[int, ...], quiet: tuple[int, ...]) -> None:
    made = Range.of(written)
    assert all(made.alerts(lost, 100) for lost in alerting)
    assert not any(made.alerts(lost, 100) for lost in quiet)


@pytest.mark.parametrize("written", ["10", "~:10", "@10:20", "@5:", "25%", "@1.5:2"])
def test_a_range_is_written_as_it_was(written: str) -> None:
    assert str(Range.of(written)) == written


def test_a_share_is_of_the_workers_that_there_are() -> None:
    assert Range.of("25%").alerts(6, 20)
    assert not Range.of("25%").alerts(5, 20)
    assert str(Range.of("25%").in_workers(20)) == "5"


@pytest.mark.parametrize("written", ["", "@", "x", "1:2:3", "-1", "5:2", "1e9", "٣", "%", "~"])
def test_what_is_not_a_range_is_refused(written: str) -> None:
    with pytest.raises(LogsleuthError):
        Range.of(written)


@pytest.mark.parametrize("written", ["10:", "1:2", "@30%", "@0:5", "@~:3"])
def test_a_range_that_alerts_on_a_healthy_server_is_refused(written: str) -> None:
    with pytest.raises(LogsleuthError, match="while no worker is lost"):
        Range.of(written)


def test_a_pattern_is_not_a_range() -> None:
    assert not is_range("egg.*")
    assert not is_range("*")
    assert is_range("@3:")
    assert is_range("25%")
