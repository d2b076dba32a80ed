"""What is to be done now that it is over, or while it goes on."""

from __future__ import annotations

import pytest

from logsleuth.causes.model import By, Cause, Diagnosis, EndedBy, Trigger
from logsleuth.incidents.model import How, Incident, Recovery, Workers
from logsleuth.report.compose.story.actions import _as_it_ended
from logsleuth.report.compose.story.what_now import (
    HELPED,
    HELPED_FOR_NOW,
    HELPED_SOMEHOW,
    SERVICE_STARTED,
    STOPPED,
    UNFIXED,
    UNKNOWN,
    UP_AGAIN_FOR_GOOD,
    UP_AND_FIXED,
    _calm,
    _up_again,
    after_a_restart,
)
from logsleuth.signals.model import Signal, Why
from logsleuth.units import SECOND
from logsleuth.values import replace
from tests.lives.build import ANY, REFUSED, line, series

DEPLOY = Trigger(0, "change", "A deploy", (line(),))
SURGE = Trigger(0, "surge", "Requests rose", (line(),))
ITSELF = EndedBy(By.ITSELF, 60 * SECOND)


def over(why: str = "high", *triggers: Trigger, by: EndedBy = ITSELF) -> Diagnosis:
    """A minute of failures of a backend, which ended in this way."""
    found = series(replace(ANY, category="backend-down", about="backend"), 0, 60)
    signal = Signal(found, found.moments, Why.SURPRISE)
    recovery = Recovery(60 * SECOND, How.FADED)
    incident = Incident((signal,), 0, 60 * SECOND, recovery)
    cause = Cause(signal, (), 1.0, "high", ())
    return Diagnosis(
        incident, (cause,), Workers((), None, ""), "major", "backend-down", "high", why, "pointless",  # type: ignore[arg-type]
        triggers=triggers, ended_by=by,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("category", "why", "set_off", "advice"),
    [
        ("stale-egg", True, False, HELPED), ("stale-egg", False, False, HELPED_SOMEHOW),
        ("fd-exhaustion", True, False, HELPED_FOR_NOW), ("segfault", False, False, HELPED_FOR_NOW),
        (None, False, False, HELPED_SOMEHOW),
        # nobody is sent to look for what the logs name
        ("segfault", False, True, HELPED), (None, False, True, HELPED),
    ],
)  # fmt: skip
def test_a_restart_that_only_resets_a_fault_leaves_something_to_do(
    category: str | None, why: bool, set_off: bool, advice: str
) -> None:
    assert after_a_restart(category, why=why, set_off=set_off) == advice


def test_what_nothing_explains_may_come_back() -> None:
    assert _calm(over("low")) == f"{STOPPED}{UNKNOWN}"


def test_nobody_is_sent_to_find_out_what_a_trigger_names() -> None:
    assert UNKNOWN not in _calm(over("low", DEPLOY))


def test_what_ended_by_itself_was_not_fixed() -> None:
    assert _calm(over("high")) == f"{STOPPED}{UNFIXED}"
    assert _calm(over("low", SURGE)) == STOPPED  # it ended with the requests
    done = EndedBy(By.CHANGE, 60 * SECOND, "Command with sudo by kim: setsebool", (line(),), "changes.command")
    assert _calm(over("high", by=done)) == STOPPED


def test_a_service_that_came_back_is_told() -> None:
    started = EndedBy(By.SERVICE, 60 * SECOND, "ready", (line(),), "service.ready")
    assert _calm(over("low", by=started)) == f"{SERVICE_STARTED}{UNKNOWN}"
    assert _calm(over("low", DEPLOY, by=started)) == SERVICE_STARTED


@pytest.mark.parametrize(
    ("category", "advice"),
    [("config-error", UP_AND_FIXED), ("tls-config", UP_AND_FIXED), ("lock-failure", UP_AGAIN_FOR_GOOD)],
)
def test_a_server_that_starts_has_found_its_configuration_right(category: str, advice: str) -> None:
    found = series(replace(REFUSED, category=category), 0)
    signal = Signal(found, found.moments, Why.NOT_UP)
    one = over()
    assert _up_again(replace(one, causes=(replace(one.causes[0], signal=signal),), category=category)) == advice


@pytest.mark.parametrize(
    ("by", "text", "pattern", "is_said"),
    [
        (By.CHANGE, "Command with sudo by kim: setsebool", "changes.command", True),
        (By.START, "Command with sudo by kim: a2enmod", "changes.command", True),
        (By.CHANGE, "httpd refuses x.cgi from here on", "cgi.not-executable", False),
        (By.SERVICE, "ready to handle connections", "service.ready", False),
        (By.CHANGE, "systemd: Started Booking", "changes.unit-started", False),  # it may be one start of many
        (By.CHANGE, "setsebool: httpd_can_network_connect was changed to 1 by root", None, True),
        (By.AT_A_RESTART, "pkg: php74-intl reinstalled", None, True),
        (By.CHANGE, "kubelet: node is ready", None, False),  # it came back
        (By.RESTART, "", None, False),
    ],
)
def test_what_somebody_did_as_it_ended_is_tried_first(by: By, text: str, pattern: str | None, is_said: bool) -> None:
    ended = EndedBy(by, 60 * SECOND, text, (line(),), pattern)
    said = list(_as_it_ended(over(by=ended)))
    assert said == ([f"Try first what was done as it ended this time: “{text}”."] if is_said else [])
