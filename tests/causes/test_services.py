"""What services behind httpd say of their own restarts: the one that helped, those that did not, and what they cut."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from logsleuth.causes.ended import find_end
from logsleuth.causes.model import By, EndedBy
from logsleuth.causes.services import HELD_OFF, of_their_restarts, service_restarts
from logsleuth.incidents.model import How, Incident, Recovery
from logsleuth.lives.live import live
from logsleuth.lives.server.model import Restart
from logsleuth.signals.model import Signal, Why
from logsleuth.units import SECOND
from tests.lives.build import ANY, line, series, timeline

if TYPE_CHECKING:
    from logsleuth.timeline.model import Series, Timeline

OVER = 40_000
SLOW = replace(ANY, id="slow", category="backend-timeout", about="backend")
CUT = replace(ANY, id="cut", title="Connections are cut", category="backend-reset", about="backend")
REFUSED = replace(ANY, id="refused", category="backend-down", about="backend")
EXPIRED = replace(ANY, id="expired", category="tls-handshake", about="backend")
HELD = replace(ANY, id=HELD_OFF, category="backend-down", about="backend")
READY = replace(ANY, id="ready", title="PHP-FPM is ready", role="recovery", category=None, phase="start",
                about="backend")  # fmt: skip
ANSWERS = replace(READY, id="answers", title="The NFS server answers", phase="serving")


def of(*failing: Series, how: How = How.FADED, up: int = OVER, restart: Restart | None = None) -> Incident:
    """An outage with these failures; `up`: the second at which it was over."""
    signals = tuple(Signal(one, one.moments, Why.NOT_UP if up > OVER else Why.SURPRISE) for one in failing)
    begin, end = min(one.begin for one in signals), max(one.end for one in signals)
    return Incident(signals, begin, end, Recovery(up * SECOND, how, restart))


def end_of(incident: Incident, logs: Timeline) -> EndedBy:
    found = find_end(incident, incident.signals[0], (), (), live(logs))
    assert found is not None
    return found


@pytest.mark.parametrize(("before", "held_off", "by"), [(20, False, By.SERVICE), (50, True, By.SERVICE),
                                                        (50, False, By.ITSELF), (90, True, By.ITSELF)])  # fmt: skip
def test_a_service_may_be_back_for_as_long_as_httpd_does_not_ask_it(before: int, *, held_off: bool, by: By) -> None:
    slow, held = series(SLOW, *range(OVER - 600, OVER + 1)), series(HELD, *range(OVER - 100, OVER + 1))
    incident = of(slow, held) if held_off else of(slow)
    assert end_of(incident, timeline(slow, held, series(READY, OVER - before), end=86_400)).by is by


def test_a_server_that_is_started_once_what_it_waited_for_is_back_says_so() -> None:
    slow = series(SLOW, *range(OVER - 600, OVER + 1))
    back = series(ANSWERS, OVER + 10)
    found = end_of(of(slow, how=How.RESTART, up=OVER + 100), timeline(slow, back, end=86_400))
    assert (found.by, found.time) == (By.START, (OVER + 10) * SECOND)
    late = end_of(of(slow, how=How.RESTART, up=OVER + 900), timeline(slow, back, end=86_400))
    assert (late.by, late.text) == (By.START, "")


def test_a_service_that_is_back_ended_it_and_not_the_restart_of_httpd_just_after() -> None:
    slow = series(SLOW, *range(OVER - 600, OVER + 1))
    restart = Restart("reload", (OVER + 5) * SECOND, (OVER + 5) * SECOND, 9, (line(),))
    incident = of(slow, how=How.RELOAD, restart=restart)
    assert end_of(incident, timeline(slow, series(READY, OVER + 1), end=86_400)).by is By.SERVICE
    assert end_of(incident, timeline(slow, end=86_400)).by is By.AT_A_RESTART


@pytest.mark.parametrize(("cut", "only_then"), [([-602, -601, -1], True), ([-602, -300, -1], False)])
def test_connections_that_are_cut_at_each_restart_of_a_service_are_no_symptom(
    cut: list[int], *, only_then: bool
) -> None:
    slow, broken = series(SLOW, *range(OVER - 900, OVER + 1)), series(CUT, *(OVER + one for one in cut))
    incident, logs = of(slow, broken), timeline(slow, broken, series(READY, OVER - 600, OVER), end=86_400)
    ended = end_of(incident, logs)
    names = of_their_restarts(incident, incident.signals[0], service_restarts(incident, logs), ended.time)
    assert names == (frozenset({"cut"}) if only_then else frozenset())


def test_what_is_refused_from_the_stop_of_a_service_on_is_of_its_restart_however_slowly_it_starts() -> None:
    slow, broken = series(SLOW, *range(OVER - 900, OVER - 180)), series(CUT, *range(OVER - 178, OVER + 1))
    stop = replace(READY, id="stop", title="Told to stop", role="shutdown", phase="stop")
    incident = of(slow, broken)
    logs = timeline(slow, broken, series(stop, OVER - 180), series(READY, OVER + 1), end=86_400)
    ended = end_of(incident, logs)
    assert ended.by is By.SERVICE
    services = service_restarts(incident, logs)
    assert of_their_restarts(incident, incident.signals[0], services, ended.time) == frozenset({"cut"})


@pytest.mark.parametrize(("first", "seconds", "is_repair"), [(EXPIRED, 15, True), (EXPIRED, 500, False),
                                                             (REFUSED, 15, False)])  # fmt: skip
def test_a_backend_that_is_not_there_in_the_last_seconds_was_restarted(
    first: object, seconds: int, *, is_repair: bool
) -> None:
    failing = series(first, *range(OVER - 900, OVER - seconds))  # type: ignore[arg-type]
    refused = series(replace(REFUSED, id="last"), *range(OVER - seconds, OVER + 1))
    incident, logs = of(failing, refused), timeline(failing, refused, end=86_400)
    ended = end_of(incident, logs)
    assert ended.by is By.ITSELF
    assert ("perhaps restarted" in ended.text) is is_repair
    assert bool(of_their_restarts(incident, incident.signals[0], (), None)) is is_repair


STOPS = replace(READY, id="stops", title="PHP-FPM stops", role="shutdown", phase="stop")
FAILING = series(ANY, *range(1000, 2000, 5))
WHOLE = Signal(FAILING, FAILING.moments, Why.SURPRISE)
OUTAGE = Incident((WHOLE,), WHOLE.begin, WHOLE.end, None)


def test_a_restart_takes_from_its_stop_to_its_start_or_as_long_as_one_may_take() -> None:
    (one,) = service_restarts(OUTAGE, timeline(FAILING, series(STOPS, 1498), series(READY, 1500)))
    assert (one.restart.down, one.restart.up) == (1498 * SECOND, 1500 * SECOND)
    assert (one.title, one.window) == ("PHP-FPM is ready", (1496 * SECOND, 1502 * SECOND))
    (alone,) = service_restarts(OUTAGE, timeline(FAILING, series(READY, 1500, 1501)))
    assert alone.window == (1378 * SECOND, 1502 * SECOND)


def test_those_outside_are_none_of_its_own_and_a_service_that_dies_all_the_time_is_not_restarted_by_anybody() -> None:
    assert not service_restarts(OUTAGE, timeline(FAILING, series(READY, 500, 3000)))
    assert not service_restarts(OUTAGE, timeline(FAILING, series(READY, *range(1000, 2000, 100))))
