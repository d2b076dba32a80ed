"""What is a fault of its own, and what belongs to an incident: on small values."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from logsleuth.incidents.faults import developing, find_faults, is_below, is_of_few, is_small
from logsleuth.incidents.model import Fault, How, Incident, Recovery
from logsleuth.lives.live import live
from logsleuth.signals.model import Signal, Why
from logsleuth.timeline.model import Asked, AskedBy, Counts, Series, Traffic
from logsleuth.units import HOUR, SECOND
from tests.lives.build import ANY, LEFT_OVER, REFUSED, STOP, UP, series, timeline, undated

if TYPE_CHECKING:
    from logsleuth.lives.live import Lives


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


CGI = replace(ANY, id="cgi", title="A script ended without an answer", role="symptom", category="cgi-failure")
MODULE = replace(ANY, id="module", title="A module is missing", role="cause", category="app-misconfigured")
EVERY_QUARTER = tuple(range(0, 18_000, 900))


def faults_of(*found: Series, mechanisms: dict[str, frozenset[str]] | None = None) -> list[tuple[str, list[str]]]:
    lives = live(timeline(*found, end=18_000))
    faults = find_faults(lives, [], mechanisms or {})
    return [(fault.series.name, [other.series.name for other in fault.also]) for fault in faults]


def test_what_reports_the_same_events_in_other_words_is_one_fault() -> None:
    both = (series(MODULE, *EVERY_QUARTER), series(CGI, *(second + 1 for second in EVERY_QUARTER)))
    assert faults_of(*both) == [("module", ["cgi"])]
    # at other times it is another fault
    assert len(faults_of(both[0], series(CGI, *(second + 60 for second in EVERY_QUARTER)))) == 2
    # a second reason is a fault of its own, unless the first is known to bring it about
    other = series(replace(MODULE, id="other", category="php-fatal"), *EVERY_QUARTER)
    assert len(faults_of(both[0], other)) == 2
    assert faults_of(both[0], other, mechanisms={"module": frozenset({"other"})}) == [("module", ["other"])]
    # two or three of a kind are a coincidence, and in a log full of failures everything is near
    assert len(faults_of(series(MODULE, 0, 900), series(CGI, 0, 900))) == 2
    # unless the one is known to bring the other about
    leads = {"module": frozenset({"cgi"})}
    assert faults_of(series(MODULE, 0, 900), series(CGI, 0, 900), mechanisms=leads) == [("module", ["cgi"])]
    assert len(faults_of(series(MODULE, *range(0, 18_000, 10)), series(CGI, *EVERY_QUARTER))) == 2


def test_failed_requests_that_several_faults_explain_are_none_of_their_own() -> None:
    first, second = EVERY_QUARTER[::2], EVERY_QUARTER[1::2]
    answered = series(replace(CGI, id="access.failed", category=None), *EVERY_QUARTER)
    other = replace(MODULE, id="other", category="php-fatal")
    assert dict(faults_of(series(MODULE, *first), series(other, *second), answered)) == {
        "module": ["access.failed"],
        "other": [],
    }
    assert len(faults_of(series(MODULE, *first), answered)) == 2


@pytest.mark.parametrize(
    ("count", "seen", "small"),
    [(26, 23_021, True), (44, 65_020, True), (183, 33_022, False), (19, 1000, True), (60, 1000, False), (3, 0, False)],
)
def test_few_of_very_many_requests_are_a_minor_matter(count: int, seen: int, small: bool) -> None:
    (fault,) = find_faults(live(timeline(series(CGI, *range(600, 600 + count * 60, 60)))), [], {})
    assert is_small(fault, seen, 5 * HOUR) == small


@pytest.mark.parametrize(("count", "below"), [(30, True), (31, False)])
def test_lines_without_a_time_that_are_as_many_as_an_incidents_stand_below_them(count: int, below: bool) -> None:
    failing = series(MODULE, *range(600, 600 + 30 * 10, 10))
    incident = Incident((Signal(failing, failing.moments, Why.SURPRISE),), 600 * SECOND, 900 * SECOND, None)
    (fault,) = find_faults(live(timeline(series(CGI, *range(600, 600 + count, 1)))), [], {})
    assert is_below(replace(fault, borrows=True), incident) == below
    assert not is_below(fault, incident)  # its lines have their own times


def traffic(**requests: int) -> Traffic:
    kept = tuple(Asked(name, count, 0, 0) for name, count in requests.items())
    return Traffic(Counts(SECOND, []), Counts(SECOND, []), Counts(SECOND, []), by_client=AskedBy(kept, len(kept)))


@pytest.mark.parametrize(
    ("names", "requests", "few"),
    [
        ({"a"}, {"a": 10, "b": 20, "c": 20, "d": 20}, True),
        ({"a"}, {"a": 10, "b": 20}, False),  # hardly anybody else is there
        ({"a"}, {"a": 900, "b": 20, "c": 20, "d": 20}, False),  # a proxy is everybody
        ({"a", "b"}, {"a": 10, "b": 20, "c": 20, "d": 20, "e": 1}, False),
        ({"::1", "127.0.0.1"}, {"::1": 10, "127.0.0.1": 20, "c": 20, "d": 20, "e": 30}, True),
        (set(), {"b": 20, "c": 20, "d": 20}, False),
    ],
)
def test_a_fault_is_of_few_if_one_client_of_many_or_this_machine_alone_has_it(
    names: set[str], requests: dict[str, int], few: bool
) -> None:
    assert is_of_few(names, [traffic(**requests)]) is few
    assert not is_of_few(names, [])


def test_what_the_terminal_repeats_of_a_failed_start_is_no_other_fault() -> None:
    echo = undated(replace(REFUSED, id="action-failed", role="symptom", category=None, proof="repeated"))
    lives = live(timeline(series(UP, 0, 900), series(REFUSED, 600), echo))
    refused = Signal(series(REFUSED, 600), series(REFUSED, 600).moments, Why.NOT_UP)
    incident = Incident((refused,), 600 * SECOND, 900 * SECOND, None, absences=lives.server.absences)
    assert [fault.series.name for fault in find_faults(lives, [incident], {})] == []
    assert [fault.series.name for fault in find_faults(lives, [], {}) if fault.series.name == echo.name] == [echo.name]


@pytest.mark.parametrize(
    ("name", "answered", "failed", "severity"),
    [
        ("cgi.premature-end", 1000, 0, "minor"),  # a job that no access log counts
        ("cgi.premature-end", 1000, 20, "major"),
        ("cgi", 1000, 0, "major"),  # not httpd's own answer
        ("cgi.premature-end", 0, 0, "major"),  # no access log
    ],
)
def test_what_httpd_would_have_answered_with_an_error_is_minor_where_no_request_got_one(
    name: str, answered: int, failed: int, severity: str
) -> None:
    whole = series(replace(CGI, id=name, severity="major", about="request"), *EVERY_QUARTER)
    every = Counts(SECOND, [(0, answered), (18_000 * SECOND, 1)])
    logs = {1: Traffic(every, Counts(SECOND, [(0, failed)]), Counts(SECOND, []))} if answered else {}
    found = find_faults(live(timeline(whole, end=18_000, traffic=logs), list(logs)), [], {})
    assert [fault.severity for fault in found if fault.series.name == name] == [severity]


@pytest.mark.parametrize(
    ("quarters", "served", "trend"),
    [
        ((1, 4, 6, 12), (0, 0, 0, 0), "rising"),
        ((12, 6, 4, 1), (0, 0, 0, 0), "falling"),
        ((1, 4, 6, 12), (100, 400, 600, 1200), "steady"),
        ((1, 14, 1, 8), (0, 0, 0, 0), "steady"),
        ((0, 1, 1, 3), (0, 0, 0, 0), "steady"),
        ((5, 22, 1, 1), (0, 0, 0, 0), "steady"),
        ((0, 0, 0, 9), (900, 900, 900, 100), "rising"),
    ],
    ids=["more each time", "less each time", "with the requests", "one burst", "few", "a burst early", "while few ask"],
)
def test_a_trend_goes_on_through_the_whole_log(quarters: tuple[int, ...], served: tuple[int, ...], trend: str) -> None:
    assert developing(quarters, served) == trend


@pytest.mark.parametrize(("requests", "severity"), [(0, "major"), (50, "major"), (600, "minor")])
def test_a_few_failed_requests_of_many_are_minor(requests: int, severity: str) -> None:
    none = Counts(SECOND, [])
    served = Counts(SECOND, [(second * SECOND, 1) for second in range(0, 30 * requests, 30)])
    logs = {1: Traffic(served, none, none)} if requests else {}
    few = series(replace(ANY, severity="major", about="request"), 0, 900, 3000)
    found = find_faults(live(timeline(few, traffic=logs), list(logs)), [], {})
    assert [fault.severity for fault in found] == [severity]


def lives_of(whole: Series, end: int, *, failed: int | None = 0) -> Lives:
    """A log with these lines in which a request comes each minute; `failed`: one a minute from that second on."""
    asked = Counts(SECOND, [(second * SECOND, 1) for second in range(0, end, 60)])
    wrong = Counts(SECOND, [(second * SECOND, 1) for second in range(failed or end, end, 60)])
    logs = {} if failed is None else {1: Traffic(asked, wrong, Counts(SECOND, []))}
    return live(timeline(whole, end=end, traffic=logs), list(logs))


@pytest.mark.parametrize(
    ("hours", "first", "severity"), [(40, 0, "minor"), (40, 20, "major"), (5, 0, "major")],
    ids=["from the first hour to the last", "since some time", "a short log"],
)  # fmt: skip
def test_what_fails_a_few_requests_from_the_first_hour_to_the_last_is_minor(
    hours: int, first: int, severity: str
) -> None:
    end = hours * 3600
    whole = series(replace(ANY, severity="major", about="request"), *range(first * 3600, end, end // 50))
    found = find_faults(lives_of(whole, end), [], {})
    assert [fault.severity for fault in found] == [severity]


DAY = 86_400


@pytest.mark.parametrize(
    ("seconds", "failed", "severity"),
    [
        ((9000, 70_000), 0, "minor"),
        ((9000, 70_000), 69_900, "critical"),  # requests failed with the second
        ((9000, 70_000), None, "critical"),  # nothing shows that none did
        ((9000, 9060, 9120), 0, "critical"),
    ],
)
def test_a_worker_that_dies_now_and_then_is_minor_where_no_request_fails_with_it(
    seconds: tuple[int, ...], failed: int | None, severity: str
) -> None:
    crash = series(replace(ANY, role="death", severity="critical", about="worker", category="segfault"), *seconds)
    found = find_faults(lives_of(crash, DAY, failed=failed), [], {})
    assert [fault.severity for fault in found] == [severity]


def test_what_goes_on_outside_of_an_incident_is_not_said_to_fall_off() -> None:
    whole = series(ANY, *range(0, 9000, 300), *range(9000, 9100, 2), 17_000)
    within = tuple(one for one in whole.moments if 9000 * SECOND <= one.time < 9100 * SECOND)
    signal = Signal(whole, within, Why.SURPRISE)
    incident = Incident((signal,), signal.begin, signal.end, Recovery(signal.end, How.FADED))
    found = find_faults(live(timeline(whole, end=18_000)), [incident], {})
    assert [fault.trend for fault in found] == ["steady"]


@pytest.mark.parametrize(
    ("count", "first", "begun"),
    [
        (1, 50, False),  # once: it may have come before, too
        (2, 90, True),
        (10, 5, False),  # so short a pause is chance
        (10, 50, True),
        (1000, 5, True),
        (10, 0, False),
        (10, None, False),
    ],
)
def test_a_fault_has_begun_in_the_time_of_the_logs_where_chance_would_hardly_leave_their_beginning_free(
    count: int, first: int | None, begun: bool
) -> None:
    whole = series(ANY, 0)
    fault = Fault(whole, "major", count, first, 100, frozenset(), every_client=True, trend="steady", lines=())
    assert fault.has_begun(0, 100) is begun
