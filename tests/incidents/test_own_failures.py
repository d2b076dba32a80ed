"""Failed requests belong to an outage where its other lines say why; the few of another fault do not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from logsleuth.incidents.own_failures import without_others_failures
from logsleuth.lives.requests import ANSWERED
from logsleuth.signals.model import Signal, Why
from logsleuth.units import SECOND
from tests.lives.build import ANY, series

if TYPE_CHECKING:
    from collections.abc import Iterable

FAILED = replace(ANY, id=ANSWERED, role="symptom", category=None)
WAVES = [*range(1000, 1060), *range(1300, 1360)]


def own(failed: Iterable[float], lines: Iterable[float]) -> list[int]:
    """The seconds of the failed requests that are left, beside lines at these seconds."""
    requests, reasons = series(FAILED, *failed), series(ANY, *lines)
    signals = [Signal(one, one.moments, Why.SURPRISE) for one in (requests, reasons)]
    found, other = without_others_failures(signals)
    assert other is signals[1]
    assert found.outside == 0
    return [moment.time // SECOND for moment in found.moments]


def test_a_failure_that_no_line_explains_is_of_another_fault_where_nearly_all_have_one() -> None:
    assert own([900, *WAVES, 1200, 1500], WAVES) == WAVES


def test_a_request_may_wait_before_the_line_that_says_why() -> None:
    assert own(WAVES, [second + 40 for second in WAVES]) == WAVES


def test_where_many_have_no_line_the_lines_do_not_tell_which_are_its_own() -> None:
    assert own(WAVES, WAVES[:60]) == WAVES


def test_where_only_some_write_lines_those_without_one_are_its_own_all_the_same() -> None:
    assert own([*WAVES, 1500], WAVES[::2]) == [*WAVES, 1500]


def test_without_other_lines_all_are_its_own() -> None:
    requests = series(FAILED, *WAVES)
    signal = Signal(requests, requests.moments, Why.SURPRISE)
    assert without_others_failures([signal]) == [signal]
