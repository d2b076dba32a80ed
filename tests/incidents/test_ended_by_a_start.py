"""Which signs after a start of the server do not speak against its having ended the outage."""

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from logsleuth.incidents.recovery import _ended_by
from logsleuth.lives.requests import ANSWERED
from logsleuth.units import SECOND

if TYPE_CHECKING:
    from logsleuth.signals.model import Signal

UP = 1_000 * SECOND


@pytest.mark.parametrize(
    ("name", "seconds", "is_over"),
    [
        ("a message", 0, True),
        ("a message", 2, False),
        (ANSWERED, 4, True),  # a proxy in front sends requests again when its next checks succeed
        (ANSWERED, 900, False),
    ],
)
def test_failed_requests_may_go_on_for_seconds_after_a_start(name: str, seconds: int, is_over: bool) -> None:
    signal = cast("Signal", SimpleNamespace(name=name, end=UP + seconds * SECOND))
    assert _ended_by([signal], UP) is is_over
