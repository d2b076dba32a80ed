"""What set an outage off: the stop or start of a service behind the server, as its own log reports it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from logsleuth.causes.triggers import changes_before, find_triggers, last_of_how_many
from logsleuth.incidents.model import Incident
from logsleuth.library.pattern import Case, Explain
from logsleuth.lives.live import live
from logsleuth.lives.server.model import Absence, Restart, ServerLife
from logsleuth.scan.sighting import Sighting
from logsleuth.signals.model import Signal, Why
from logsleuth.timeline.model import Opening
from logsleuth.units import MINUTE, SECOND
from tests.lives.build import ANY, REFUSED, RELOAD, STOP, UP, line, series, timeline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.library.pattern import About, Lasts, Role
    from logsleuth.timeline.model import Series

READY = replace(
    ANY, id="ready", title="PHP-FPM serves", role="recovery", category=None, explain=Explain(cause="PHP-FPM has started.")
)  # fmt: skip
ONSET = 40_000


def triggers(*seconds: float, role: Role = "recovery", about: About = "backend") -> list[tuple[str, float]]:
    """What may have set off an outage that began at ONSET, in a day with such lines at these seconds."""
    failing = series(ANY, *range(ONSET, ONSET + 60, 2))
    lives = live(timeline(failing, series(replace(READY, role=role, about=about), *seconds), end=86_400))
    signal = Signal(failing, failing.moments, Why.SURPRISE)
    found = find_triggers(Incident((signal,), signal.begin, signal.end, None), signal, lives, {})
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


SUDO = replace(
    ANY, id="changes.command", title="Somebody ran a command", role="trigger", category=None,
    explain=Explain(summary="Command by {user}."),
)  # fmt: skip
EXPIRY = replace(ANY, id="renewal", title="A renewal failed", role="symptom", about="backend", lasts="until-restart")


def said(what: Series, user: str) -> Series:
    """The same lines, each with this user in it."""
    names = Sighting(0, 0, 0, 0, 0, "", "", 0, 0, 0, "text", (("user", user),))
    return replace(what, moments=tuple(replace(moment, sighting=names) for moment in what.moments))


def changes(*seconds: float, lasts: Lasts = "event") -> list[str]:
    """What is said of commands at these seconds of a day in which an outage began at ONSET."""
    lines = said(series(replace(SUDO, lasts=lasts), *seconds), "kim")
    return [one.text for one in changes_before(ONSET * SECOND, timeline(lines, end=86_400))]


def test_what_somebody_did_is_told_in_the_words_of_its_lines() -> None:
    assert changes(ONSET - 30) == ["Command by kim"]


def test_what_is_true_of_some_lines_only_is_told_of_those() -> None:
    master = Case(("user",), ("root",), (), Explain(summary="Command by the system."))
    cron = replace(SUDO, explain=replace(SUDO.explain, cases=(master,)))
    lines = [said(series(cron, ONSET - 30), name) for name in ("root", "kim")]
    found = [[one.text for one in changes_before(ONSET * SECOND, timeline(line, end=86_400))] for line in lines]
    assert found == [["Command by the system"], ["Command by kim"]]


def test_without_its_values_it_is_told_by_its_title() -> None:
    what = timeline(series(SUDO, ONSET - 30), end=86_400)
    assert [one.text for one in changes_before(ONSET * SECOND, what)] == ["Somebody ran a command"]


def test_a_command_acts_at_once_and_a_package_later_too() -> None:
    assert changes(ONSET - 1800) == []
    assert changes(ONSET - 1800, lasts="until-restart") == ["Command by kim"]


def test_the_last_line_is_told_first_and_how_long_before_it_the_others_were_written() -> None:
    lines = series(SUDO, ONSET - 300, ONSET - 3)
    by = ("ann", "kim")
    names = [one.sighting._replace(fields=(("user", user),)) for one, user in zip(lines.moments, by, strict=True)]
    lines = replace(
        lines, moments=tuple(replace(one, sighting=name) for one, name in zip(lines.moments, names, strict=True))
    )
    (one,) = changes_before(ONSET * SECOND, timeline(lines, end=86_400))
    assert (one.text, one.time) == ("Command by kim (4 min 57 s before it: Command by ann)", (ONSET - 3) * SECOND)


@pytest.mark.parametrize(("log", "before", "is_told"), [(0, 300, True), (1, 300, False), (1, 5, True)])
def test_what_another_program_reports_minutes_after_a_reload_httpd_did_not_bring_about(
    log: int, before: int, *, is_told: bool
) -> None:
    failing = series(ANY, *range(ONSET, ONSET + 60, 2))
    failing = replace(
        failing, moments=tuple(replace(one, sighting=one.sighting._replace(log=log)) for one in failing.moments)
    )
    openings = {0: Opening("error", 0, (0, 0)), 1: Opening("log 1", 0, (1, 0))}
    reload, up = series(RELOAD, ONSET - before), series(UP, ONSET - before + 0.2)
    lives = live(timeline(failing, reload, up, end=86_400, openings=openings))
    first = Signal(failing, failing.moments, Why.SURPRISE)
    found = find_triggers(Incident((first,), first.begin, first.end, None), first, lives, {})
    assert [one.kind for one in found] == (["reload"] if is_told else [])


@pytest.mark.parametrize(("gone_for", "is_told"), [(5, True), (20_000, False)], ids=["at once", "perhaps hours later"])
def test_a_reload_before_the_last_sign_of_life_set_nothing_off_that_may_have_come_hours_later(
    gone_for: int, *, is_told: bool
) -> None:
    back = series(UP, ONSET + gone_for)
    reload, up = series(RELOAD, ONSET - 300), series(UP, ONSET - 299.8)
    lives = live(timeline(back, reload, up, end=86_400))
    last, again = ONSET * SECOND, (ONSET + gone_for) * SECOND
    first = Signal(back, back.moments, Why.NOT_UP)
    incident = Incident((first,), last, again, None, absences=(Absence("killed", again, last, again, ()),))
    found = find_triggers(incident, first, lives, {})
    assert [one.kind for one in found] == (["reload"] if is_told else [])


def test_what_is_done_all_the_time_is_near_by_chance() -> None:
    assert changes(*range(100, 86_400, 600)) == []


def led(*seconds: float, mechanism: bool = True, within: bool = False) -> list[str]:
    """What is said of renewals that failed at these seconds, if a mechanism leads from there to the outage."""
    failing = series(ANY, *range(ONSET, ONSET + 60, 2))
    renewals = series(EXPIRY, *seconds)
    lives = live(timeline(failing, renewals, end=86_400))
    signal = Signal(failing, failing.moments, Why.SURPRISE)
    signals = (signal, Signal(renewals, renewals.moments, Why.COMPANION)) if within else (signal,)
    found = find_triggers(
        Incident(signals, signal.begin, signal.end, None), signal, lives,
        {EXPIRY.id: frozenset({ANY.id})} if mechanism else {},
    )  # fmt: skip
    return [one.text for one in found]


def test_a_state_from_which_a_mechanism_leads_to_the_cause_is_told_however_old_it_is() -> None:
    assert led(5) == ["A renewal failed"]
    assert led(5, mechanism=False) == []
    assert led(ONSET + 100) == []


def test_such_a_state_is_told_though_its_lines_belong_to_the_outage_if_they_began_before_it() -> None:
    assert led(ONSET - 7, within=True) == ["A renewal failed"]
    assert led(ONSET - 7, ONSET + 20, within=True) == ["A renewal failed"]
    assert led(ONSET + 20, within=True) == []


def unit(what: str, *seconds: float) -> Series:
    return series(replace(ANY, id="changes.unit", title=what, role="trigger", category=None), *seconds)


@pytest.mark.parametrize(("what", "told"), [("Stopping nginx.service", False), ("Reloading nginx.service", True)])
def test_a_service_that_stops_frees_a_port_and_does_not_take_it(what: str, told: bool) -> None:
    taken = series(replace(ANY, category="port-in-use"), *range(ONSET, ONSET + 60, 2))
    for failing, is_told in ((taken, told), (series(ANY, *range(ONSET, ONSET + 60, 2)), True)):
        lives = live(timeline(failing, unit(what, ONSET - 1), end=86_400))
        first = Signal(failing, failing.moments, Why.SURPRISE)
        found = find_triggers(Incident((first,), first.begin, first.end, None), first, lives, {})
        assert [one.text for one in found] == ([what] if is_told else [])


def test_what_was_over_before_the_first_failure_may_have_left_what_fails() -> None:
    failing = series(ANY, *range(ONSET + 40, ONSET + 100, 2))
    silent = series(replace(ANY, id="silent", title="The file server was silent", about="backend"), ONSET)
    first, before = (Signal(one, one.moments, Why.SURPRISE) for one in (failing, silent))

    def said(until: int) -> list[str]:
        signals = (replace(before, until=until * SECOND), first)
        found = find_triggers(
            Incident(signals, before.begin, first.end, None), first, live(timeline(failing, silent, end=86_400)),
            {"silent": frozenset({ANY.id})},
        )  # fmt: skip
        return [one.text for one in found]

    assert said(ONSET + 20) == ["The file server was silent"]
    assert said(ONSET + 60) == []
    assert said(0) == []


def jobs(*done: tuple[float, str]) -> list[str]:
    """What is told of jobs, each with its command, in a day in which an outage began at ONSET."""
    lines = series(replace(SUDO, id="changes.job"), *(second for second, _ in done))
    named = [line()._replace(fields=(("user", command),)) for _, command in done]
    moments = tuple(replace(one, sighting=what) for one, what in zip(lines.moments, named, strict=True))
    return [one.text for one in changes_before(ONSET * SECOND, timeline(replace(lines, moments=moments), end=86_400))]


EVERY_FIVE_MINUTES = [(float(second), "cron.php") for second in range(250, 86_400, 300)]


@pytest.mark.parametrize(
    ("before", "others", "is_told"),
    [
        (760, 0, True),
        (3_000, 0, True),
        (4_000, 0, False),  # too long before
        (760, 9, False),  # as many are seen once as may be near by chance
    ],
)
def test_a_job_that_is_seen_once_among_those_that_repeat_is_told(before: int, others: int, *, is_told: bool) -> None:
    once = [(1_000.0 * nth + 7, f"job {nth}") for nth in range(1, others + 1)]
    told = jobs(*sorted([*EVERY_FIVE_MINUTES, *once, (ONSET - before, "backup")]))
    assert told == (["Command by backup, only this once in the log"] if is_told else [])


def test_where_all_are_seen_once_none_stands_out() -> None:
    assert jobs(*((1_000.0 * nth, f"job {nth}") for nth in range(1, 40))) == []


@pytest.mark.parametrize(
    ("starts", "stops", "is_told"),
    [
        ((1_000, 9_000, 17_000, 30_000), (), True),
        ((1_000, 9_000, 17_000), (), False),  # of the run before the first start nothing is known
        ((1_000, 9_000, 17_000, 30_000), (29_990,), False),
    ],
)
def test_starts_without_a_stop_before_one_that_is_refused(
    starts: tuple[int, ...], stops: tuple[int, ...], *, is_told: bool
) -> None:
    refused = series(REFUSED, ONSET)
    lives = live(timeline(refused, series(UP, *starts), series(STOP, *stops), end=86_400))
    first = Signal(refused, refused.moments, Why.NOT_UP)
    incident = Incident((first,), first.begin, first.end, None, absences=lives.server.absences)
    found = [one.text for one in find_triggers(incident, first, lives, {}) if "no line says" in one.text]
    assert found == (
        [
            "httpd was started 3 times within 5 h 50 min, and no line says that it had been stopped: each time it was "
            "killed (SIGKILL), or the machine crashed"
        ]
        if is_told
        else []
    )


def test_what_a_service_said_before_its_last_start_led_to_nothing() -> None:
    left = replace(ANY, id="left", title="A thread is left", role="trigger", category=None, lasts="until-restart")
    failing = series(ANY, *range(ONSET, ONSET + 60, 2))
    first = Signal(failing, failing.moments, Why.SURPRISE)
    incident = Incident((first,), first.begin, first.end, None)
    seen = series(left, *(ONSET - one for one in (9_000, 8_000, 7_000, 6_000)))
    for started, times in ((20_000, 4), (8_500, 3), (5_000, 0)):
        told = [f"A thread is left ({times} times by then)"] if times else []
        lives = live(timeline(failing, seen, series(READY, ONSET - started), end=86_400))
        assert [one.text for one in find_triggers(incident, first, lives, {"left": frozenset({"any"})})] == told


@pytest.mark.parametrize(
    ("done", "is_told"), [([-600], True), ([-20_000, -9_000], False), ([-20_000, -9_000, -8_000], True)]
)
def test_what_was_done_hours_before_tells_only_as_a_series(done: list[int], *, is_told: bool) -> None:
    redeploy = replace(
        ANY, id="redeploy", title="It was redeployed", role="trigger", category=None, lasts="until-restart"
    )
    redeploy = replace(redeploy, about="backend")
    failing = series(ANY, *range(ONSET, ONSET + 60, 2))
    first = Signal(failing, failing.moments, Why.SURPRISE)
    incident = Incident((first,), first.begin, first.end, None)
    lives = live(timeline(failing, series(redeploy, *(ONSET + one for one in done)), end=86_400))
    found = [
        one for one in find_triggers(incident, first, lives, {"redeploy": frozenset({"any"})}) if one.kind == "state"
    ]
    assert bool(found) is is_told


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(range(0, 24, 2), " (the last of 12 within 22 min)"), ((0, 10, 20), ""), ((20,), "")],
    ids=["every two minutes", "a few", "one"],
)
def test_of_restarts_that_are_one_after_the_other_it_is_said_how_many_they_are(
    minutes: Sequence[int], said: str
) -> None:
    restarts = tuple(Restart("reload", one * MINUTE, one * MINUTE + 1, 1, ()) for one in minutes)
    assert last_of_how_many(restarts[-1], ServerLife(restarts)) == said
