"""What set an outage off: the stop or start of a service behind the server, as its own log reports it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from logsleuth.causes.triggers import find_triggers
from logsleuth.incidents.model import Incident
from logsleuth.library.pattern import Explain
from logsleuth.lives.live import live
from logsleuth.signals.model import Signal, Why
from logsleuth.units import SECOND
from tests.lives.build import ANY, series, timeline

if TYPE_CHECKING:
    from logsleuth.library.pattern import About, Role

READY = replace(
    ANY, id="ready", title="PHP-FPM serves", role="recovery", category=None, explain=Explain(cause="PHP-FPM has started.")
)  # fmt: skip
ONSET = 40_000


def triggers(*seconds: float, role: Role = "recovery", about: About = "backend") -> list[tuple[str, float]]:
    """What may have set off an outage that began at ONSET, in a day with such lines at these seconds."""
    failing = series(ANY, *range(ONSET, ONSET + 60, 2))
    lives = live(timeline(failing, series(replace(READY, role=role, about=about), *seconds), end=86_400))
    signal = Signal(failing, failing.moments, Why.SURPRISE)
    found = find_triggers(Incident((signal,), signal.begin, signal.end, None), lives)
    return [(one.text, one.time / SECOND) for one in found]


@pytest.mark.parametrize("role", ["shutdown", "restart", "recovery"])
@pytest.mark.parametrize("second", [ONSET, ONSET - 1, ONSET - 300])
def test_a_service_behind_the_server_that_stops_or_starts_just_before_is_told(second: float, role: Role) -> None:
    assert triggers(second, role=role) == [("PHP-FPM has started", second)]


def test_the_last_of_several_is_told() -> None:
    assert triggers(1000, ONSET - 9, ONSET - 2) == [("PHP-FPM has started", ONSET - 2)]


@pytest.mark.parametrize(
    "seconds",
    [(ONSET + 5,), (ONSET - 1200,), tuple(range(300, 86_400, 1200))],
    ids=["after the onset", "long before", "every twenty minutes"],
)
def test_one_that_is_not_so_near_or_near_by_chance_is_not(seconds: tuple[float, ...]) -> None:
    assert triggers(*seconds) == []


def test_what_a_worker_or_a_client_says_is_no_such_thing() -> None:
    assert triggers(ONSET - 1, about="worker") == []
