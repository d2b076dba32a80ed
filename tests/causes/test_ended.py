"""What ended an outage: a restart of httpd, a service behind it, what somebody did, or nothing that is known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from logsleuth.causes.ended import find_end, helped_for, switched_off
from logsleuth.causes.model import By, EndedBy
from logsleuth.incidents.model import How, Incident, Recovery
from logsleuth.lives.live import live
from logsleuth.lives.requests import ANSWERED
from logsleuth.lives.server.model import Restart
from logsleuth.signals.model import Signal, Why
from logsleuth.units import SECOND
from tests.lives.build import ANY, RELOAD, UP, line, series, timeline

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.lives.server.model import RestartKind
    from logsleuth.timeline.model import Series

OVER = 40_000
EGG = replace(ANY, id="egg", category="stale-egg", about="worker")
KILL = replace(ANY, id="kill", title="Somebody did something", role="trigger", category=None)
READY = replace(ANY, id="ready", title="PHP-FPM is ready", role="recovery", category=None, phase="start")
ANSWERS = replace(READY, id="answers", title="The NFS server answers", phase="serving")
STOPS = replace(READY, id="stops", title="PHP-FPM stops", role="shutdown", phase="stop")


def end_of(
    *others: Series, how: How = How.FADED, failing: Iterable[float] = range(OVER - 60, OVER + 1), down: bool = False
) -> EndedBy:
    """What ended an outage with failures at these seconds, in a day with these other lines."""
    of_it = series(ANY, *failing)
    one = Signal(of_it, of_it.moments, Why.NOT_UP if down else Why.SURPRISE)
    incident = Incident((one,), one.begin, one.end, Recovery(OVER * SECOND, how))
    found = find_end(incident, one, (), (), live(timeline(of_it, *others, end=86_400)))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("done", "by"),
    [
        ([-1], By.CHANGE),
        ([2], By.CHANGE),  # to the second it came with the last failure
        ([-60], By.ITSELF),
        ([9], By.ITSELF),  # the next failure would have come before
        ([*range(-7200, 0, 20)], By.ITSELF),  # it is done all the time
    ],
)
def test_what_was_done_as_it_ended_may_have_ended_it(done: list[float], by: By) -> None:
    assert end_of(series(KILL, *(OVER + one for one in done))).by is by


@pytest.mark.parametrize("pattern", ["changes.command", "changes.ban"])
def test_a_command_is_logged_as_it_begins_and_some_wait_on_when_others_are_banned(pattern: str) -> None:
    what = replace(KILL, id=pattern)
    assert [end_of(series(what, OVER - before)).by for before in (60, 600)] == [By.CHANGE, By.ITSELF]


def test_of_many_bans_it_is_told_how_many_there_were() -> None:
    bans = series(replace(KILL, id="changes.ban"), *range(OVER - 40, OVER - 30), count=5)
    assert end_of(bans).text == "Somebody did something, the last of 50 lines like this within 9 s"


def test_where_failures_come_seldom_what_ended_it_may_come_later() -> None:
    seldom = range(OVER - 600, OVER + 1, 20)
    found = end_of(series(KILL, OVER + 23), failing=seldom)
    assert (found.by, found.time, found.text) == (By.CHANGE, (OVER + 23) * SECOND, "Somebody did something")


def test_where_a_restart_ended_it_nothing_else_did() -> None:
    assert end_of(series(KILL, OVER - 1), how=How.RESTART).by in {By.RESTART, By.AT_A_RESTART}


@pytest.mark.parametrize(("meaning", "by"), [(READY, By.SERVICE), (ANSWERS, By.BACK)])
def test_what_is_behind_httpd_and_is_back_as_it_ends_comes_before_what_somebody_did(meaning: object, by: By) -> None:
    found = end_of(series(meaning, OVER - 9), series(KILL, OVER - 10))  # type: ignore[arg-type]
    assert (found.by, len(found.sightings)) == (by, 1)


def test_a_service_that_was_told_to_stop_before_was_restarted() -> None:
    assert len(end_of(series(READY, OVER), series(STOPS, OVER - 200)).sightings) == 2
    assert len(end_of(series(READY, OVER), series(STOPS, OVER - 2_000)).sightings) == 1


def test_a_service_that_was_told_to_reload_was_not_started() -> None:
    reloads = replace(STOPS, id="reloads", role="restart")
    assert end_of(series(READY, OVER), series(reloads, OVER - 1)).reloaded
    assert not end_of(series(READY, OVER), series(reloads, OVER - 5), series(STOPS, OVER - 1)).reloaded


@pytest.mark.parametrize(
    ("what", "second", "text"),
    [
        ("Command by kim: systemctl stop nginx", OVER - 1, "Command by kim: systemctl stop nginx"),
        ("Command by kim: systemctl start apache2", OVER - 1, ""),
        ("Command by kim: systemctl stop nginx", OVER + 1, ""),
        (
            "Command by kim: cp /tmp/a.pem /etc/apache2/a.pem",
            OVER - 90,
            "Command by kim: cp /tmp/a.pem /etc/apache2/a.pem",
        ),
        ("Command by kim: /usr/sbin/apachectl -k start", OVER - 1, ""),
        ("Command by kim: /etc/init.d/httpd start", OVER - 1, ""),
    ],
)
def test_what_was_done_before_the_start_that_succeeded_may_have_made_it_possible(
    what: str, second: float, text: str
) -> None:
    change = series(replace(KILL, title=what), second)
    found = end_of(change, how=How.RESTART, failing=range(OVER - 600, OVER - 300, 60), down=True)
    assert (found.by, found.text) == (By.START, text)


def test_a_restart_soon_after_what_faded_is_told() -> None:
    for minutes, by in ((5, By.BEFORE_A_RESTART), (30, By.ITSELF)):
        second = OVER + 60 * minutes
        assert end_of(series(RELOAD, second), series(UP, 100, second + 1)).by is by


@pytest.mark.parametrize(("seconds", "helped"), [(320, 320), (5, 0)])
def test_a_restart_after_which_it_is_quiet_for_long_helped_for_a_while(seconds: int, helped: int) -> None:
    failing = series(EGG, *range(1_000, 1_500, 5), *range(1_500 + seconds, 2_500, 5))
    one = Signal(failing, failing.moments, Why.SURPRISE)
    restart = Restart("stop", 1_499 * SECOND, 1_500 * SECOND, 9, (line(),))
    assert helped_for(restart, Incident((one,), one.begin, one.end, None)) == helped * SECOND


@pytest.mark.parametrize(("second", "is_off"), [(OVER + 1, True), (OVER + 20, True), (OVER - 50, False)])
def test_what_is_refused_from_when_it_no_longer_fails_was_switched_off(second: int, *, is_off: bool) -> None:
    failed = series(replace(ANY, id=ANSWERED, role="symptom", category=None), *range(OVER - 60, OVER + 1))
    refused = series(replace(ANY, id="refused", category="permission-denied", about="request"), second, second + 2)
    both = tuple(Signal(one, one.moments, Why.SURPRISE) for one in (failed, refused))
    incident = Incident(both, both[0].begin, both[1].end, Recovery(both[1].end, How.FADED))
    assert (switched_off(incident) is both[1]) is is_off
    found = find_end(incident, both[0], (), (), live(timeline(failed, refused, end=86_400)))
    assert found is not None
    assert (found.by, found.pattern) == ((By.CHANGE, "refused") if is_off else (By.ITSELF, None))


@pytest.mark.parametrize(
    ("before", "last", "by"),
    [
        ("stop", "reload", By.WITH_A_RESTART),  # the one before replaced more
        ("stop", "stop", By.WITH_A_RESTART),
        ("reload", "reload", By.WITH_A_RESTART),
        ("reload", "stop", By.RESTART),  # after a graceful one old workers may have gone on
    ],
)
@pytest.mark.parametrize("minutes", [None, 2, 30])
def test_a_restart_like_one_in_vain_did_not_end_it_alone(
    before: RestartKind, last: RestartKind, by: By, minutes: int | None
) -> None:
    failing = series(EGG, *range(OVER - 1_200, OVER))
    one = Signal(failing, failing.moments, Why.SURPRISE)
    vain = Restart(before, (OVER - 601) * SECOND, (OVER - 600) * SECOND, 9, (line(),))
    ending = Restart(last, OVER * SECOND, (OVER + 1) * SECOND, 9, (line(),))
    recovery = Recovery(ending.up or 0, How.RELOAD if last == "reload" else How.RESTART, ending)
    incident = Incident((one,), one.begin, one.end, recovery, restarts=(vain, ending))
    done = [] if minutes is None else [series(KILL, OVER - 60 * minutes)]
    found = find_end(incident, one, (), (), live(timeline(failing, *done, end=86_400)))
    assert found is not None
    assert (found.by, found.text) == (by, "Somebody did something" if by is By.WITH_A_RESTART and minutes == 2 else "")


def test_that_httpd_was_away_for_long_alone_says_nothing_of_the_machine() -> None:
    failing = series(EGG, *range(OVER - 1_200, OVER))
    one = Signal(failing, failing.moments, Why.SURPRISE)
    vain = Restart("stop", (OVER - 604) * SECOND, (OVER - 600) * SECOND, 9, (line(),))
    ending = Restart("stop", OVER * SECOND, (OVER + 148) * SECOND, 9, (line(),))
    incident = Incident((one,), one.begin, one.end, Recovery(ending.up or 0, How.RESTART, ending), restarts=(vain,))
    found = find_end(incident, one, (), (), live(timeline(failing, end=86_400)))
    assert found is not None
    assert (found.by, found.text) == (By.WITH_A_RESTART, "")


def test_a_pause_after_a_restart_is_its_own_only_if_failures_pause_for_less_at_other_times() -> None:
    waves = [second for begin in range(1_000, 4_000, 200) for second in range(begin, begin + 60, 5)]
    failing = series(EGG, *waves)
    one = Signal(failing, failing.moments, Why.SURPRISE)
    incident = Incident((one,), one.begin, one.end, None)
    assert not helped_for(Restart("stop", 1_259 * SECOND, 1_260 * SECOND, 9, (line(),)), incident)
