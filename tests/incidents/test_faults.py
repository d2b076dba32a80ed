"""What is a fault of its own, and what belongs to an incident: on small values."""

import pytest

from logsleuth.incidents.faults import find_faults
from logsleuth.incidents.model import How, Incident, Recovery
from logsleuth.lives.live import live
from logsleuth.signals.model import Signal, Why
from logsleuth.units import SECOND
from tests.lives.build import ANY, LEFT_OVER, REFUSED, STOP, UP, series, timeline


@pytest.mark.parametrize(
    ("late", "faults"), [((200,), 0), ((200, 900), 1)], ids=["a request that had waited", "much later"]
)
def test_what_fails_until_a_timeout_after_an_incident_is_no_fault_of_its_own(
    late: tuple[float, ...], faults: int
) -> None:
    whole = series(ANY, *range(100, 161, 5), *late)
    signal = Signal(whole, whole.moments[: -len(late)], Why.SURPRISE)
    over = 160 * SECOND
    incident = Incident((signal,), 100 * SECOND, over, Recovery(over, How.FADED))
    found = find_faults(live(timeline(whole)), [incident], {})
    assert [fault.count for fault in found] == [1] * faults


@pytest.mark.parametrize(
    ("stops", "refusals", "faults"),
    [((590,), (), []), ((), (590,), []), ((), (), [1])],
    ids=["told to stop", "would not start", "nobody told it"],
)
def test_a_pid_file_is_a_fault_only_if_nothing_says_why_the_server_before_ended(
    stops: tuple[float, ...], refusals: tuple[float, ...], faults: list[int]
) -> None:
    lives = live(timeline(series(UP, 0, 600), series(STOP, *stops), series(REFUSED, *refusals), series(LEFT_OVER, 600)))
    assert [fault.count for fault in find_faults(lives, [], {}) if fault.series.name == LEFT_OVER.id] == faults
