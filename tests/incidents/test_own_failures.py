"""Failed requests belong to an outage where its other lines say why; the few of another fault do not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from logsleuth.incidents.find import is_of_a_chronic_fault
from logsleuth.incidents.own_failures import without_others_failures
from logsleuth.lives.live import live
from logsleuth.lives.requests import ANSWERED
from logsleuth.scan.sighting import Sighting
from logsleuth.signals.model import Signal, Why
from logsleuth.signals.scene import scene_of
from logsleuth.timeline.model import TIME, Moment, Series
from logsleuth.units import SECOND
from tests.lives.build import ANY, series, timeline

if TYPE_CHECKING:
    from collections.abc import Iterable

FAILED = replace(ANY, id=ANSWERED, role="symptom", category=None)
WAVES = [*range(1000, 1060), *range(1300, 1360)]


def moment(second: float, status: str) -> Moment:
    line = Sighting(0, 0, int(second), 0, 0, "", "", 0, 0, 0, "text", (("status", status),))
    return Moment(int(second * SECOND), int(second * SECOND), 1, line)


def own(failed: Iterable[float], lines: Iterable[float], others: Iterable[float] = ()) -> list[int]:
    """The seconds of the failed requests that are left, beside lines at these seconds; `others`: answered otherwise."""
    moments = sorted([*(moment(one, "503") for one in failed), *(moment(one, "502") for one in others)], key=TIME)
    requests, reasons = Series(FAILED, tuple(moments)), series(ANY, *lines)
    signals = [Signal(one, one.moments, Why.SURPRISE) for one in (requests, reasons)]
    found, other = without_others_failures(signals)
    assert other is signals[1]
    assert found.outside == 0
    return [one.time // SECOND for one in found.moments]


def test_a_failure_without_a_line_is_of_another_fault_if_it_is_answered_in_another_way() -> None:
    assert own(WAVES, WAVES, others=[900, 1200, 1500]) == WAVES


def test_a_request_may_wait_long_for_the_line_that_says_why() -> None:
    assert own([800, *WAVES], WAVES) == [800, *WAVES]
    assert own(WAVES, [second + 120 for second in WAVES]) == WAVES


def test_where_many_have_no_line_the_lines_do_not_tell_which_are_its_own() -> None:
    many = [*range(1100, 1160)]
    assert own(WAVES, WAVES, others=many) == sorted([*WAVES, *many])


def test_where_only_some_write_lines_those_without_one_are_its_own_all_the_same() -> None:
    assert own([*WAVES, 1500], WAVES[::2]) == [*WAVES, 1500]
    assert own(WAVES, WAVES[::2], others=[1500]) == [*WAVES, 1500]


def test_without_other_lines_all_are_its_own() -> None:
    requests = series(FAILED, *WAVES)
    signal = Signal(requests, requests.moments, Why.SURPRISE)
    assert without_others_failures([signal]) == [signal]


def test_requests_that_a_chronic_fault_explains_are_no_outage_though_they_stand_out() -> None:
    """An access log may have some of the failures of a fault only, so that those seem to come at once."""
    clients = [f"192.0.2.{nth}" for nth in range(16)]
    failed = series(replace(ANY, id="access.failed"), *range(6000, 7600, 100), clients=clients)
    timeouts = series(replace(ANY, id="timeout"), *range(6060, 7660, 100), clients=clients)
    scene = scene_of(live(timeline(failed, timeouts, end=18_000)), {})
    alone = Signal(failed, failed.moments, Why.SURPRISE)
    assert is_of_a_chronic_fault([alone], scene)
    assert not is_of_a_chronic_fault([alone, Signal(timeouts, timeouts.moments, Why.SURPRISE)], scene)
    others = series(replace(ANY, id="timeout"), *range(6060, 7660, 100), clients=["198.51.100.1"])
    assert not is_of_a_chronic_fault([alone], scene_of(live(timeline(failed, others, end=18_000)), {}))
