"""Whose failures they are: of a backend that is always dead, of clients that always fail."""

from dataclasses import replace

import pytest

from logsleuth.library.pattern import About
from logsleuth.signals.baseline import edge
from logsleuth.signals.clients import Clients, are_a_crowd, are_regulars
from logsleuth.signals.detectors.everybody import between_reloads, by_configuration
from logsleuth.signals.model import Signal, Why
from logsleuth.signals.scene import is_standing
from logsleuth.signals.targets import are_of_one_target, by_health
from logsleuth.signals.tuning import NEAR_GAPS
from logsleuth.timeline.model import Moment, Series
from logsleuth.units import SECOND
from tests.lives.build import ANY, NOISE, line, series, timeline

HOUR = 3600
DAY = timeline(end=24 * HOUR)


def of_backend(name: str, *seconds: float) -> tuple[Moment, ...]:
    fields = (("backend", name),) if name else ()
    return tuple(
        Moment(int(s * SECOND), int(s * SECOND), 1, line(offset=nth)._replace(fields=fields))
        for nth, s in enumerate(seconds)
    )


def split(*moments: tuple[Moment, ...], about: About = "backend") -> list[list[int]]:
    """The seconds of each series that these moments are taken apart into."""
    ordered = tuple(sorted((one for found in moments for one in found), key=lambda moment: moment.time))
    whole = Series(replace(ANY, about=about), ordered)
    return [
        [moment.time // SECOND for moment in one.moments]
        for one in by_health(whole, lambda found: is_standing(found, DAY))
    ]


ALWAYS = of_backend("127.0.0.1:3000", *range(0, 24 * HOUR, 600))
NEW = of_backend("192.0.2.21:8080", *range(13 * HOUR, 13 * HOUR + 300, 20))


def test_a_backend_that_is_always_dead_is_a_series_of_its_own() -> None:
    others, chronic = split(ALWAYS, NEW)
    assert others == [moment.time // SECOND for moment in NEW]
    assert len(chronic) == len(ALWAYS)


@pytest.mark.parametrize(
    "moments",
    [(ALWAYS,), (NEW, of_backend("192.0.2.22:8080", 13 * HOUR + 5)), (NEW, of_backend("", *range(0, 24 * HOUR, 600)))],
    ids=["the only one", "two that died together", "unnamed"],
)
def test_what_is_not_dead_all_the_time_stays_one_series(moments: tuple[tuple[Moment, ...], ...]) -> None:
    assert len(split(*moments)) == 1


def test_only_failures_of_back_ends_are_taken_apart() -> None:
    assert len(split(ALWAYS, NEW, about="request")) == 1


SCANNERS, USERS = ("198.51.100.1", "198.51.100.2"), ("203.0.113.1", "203.0.113.2", "203.0.113.3")


@pytest.mark.parametrize(
    ("within", "at_other_times", "own"),
    [(SCANNERS, SCANNERS, True), (USERS, SCANNERS, False), (USERS, (), False), (("",), ("",), True)],
    ids=["scanners all day", "users, beside scanners", "users, and nobody else", "nobody is named"],
)
def test_clients_that_fail_all_day_make_no_outage(
    within: tuple[str, ...], at_other_times: tuple[str, ...], own: bool
) -> None:
    storm = series(ANY, *range(100, 200, 10), clients=within).moments
    rest = series(ANY, *range(1000, 1300, 10), clients=at_other_times).moments if at_other_times else ()
    moved = tuple(replace_offset(moment, 1000 + nth) for nth, moment in enumerate(rest))
    assert are_regulars(Series(ANY, (*storm, *moved)), storm) is own


def replace_offset(moment: Moment, offset: int) -> Moment:
    return replace(moment, sighting=moment.sighting._replace(offset=offset))


def test_the_edge_of_a_stretch_is_nearer_the_more_of_it_is_there_at_other_times() -> None:
    gap = 2.0 * SECOND
    assert edge(gap, 0.0) == NEAR_GAPS * gap
    assert edge(gap, 0.0001) == NEAR_GAPS * gap
    assert gap < edge(gap, 0.2) < edge(gap, 0.05) <= NEAR_GAPS * gap


@pytest.mark.parametrize(
    ("ups", "parts"),
    [
        ((), [[1, 2, 3, 4]]),
        ((0, 9), [[1, 2, 3, 4]]),
        ((2, 4), [[1], [2, 3], [4]]),
        ((3, 3), [[1, 2], [3, 4]]),
    ],
    ids=["no start", "before and after", "within", "two at once"],
)
def test_refusals_are_judged_by_the_configuration_under_which_they_came(
    ups: tuple[int, ...], parts: list[list[int]]
) -> None:
    found = by_configuration([up * SECOND for up in ups], of_backend("", 1, 2, 3, 4))
    assert [[moment.time // SECOND for moment in part] for part in found] == parts


@pytest.mark.parametrize(
    ("seconds", "found"),
    [
        ((0, 20, 40, *range(60, 90), 95, 110), [tuple(range(60, 90))]),
        ((*range(60, 90), 95, 110), []),
        ((0, 20, 40, *range(60, 90)), []),
    ],
    ids=["a rule that was undone", "no start before", "no end yet"],
)
def test_what_an_error_log_alone_shows_of_a_configuration_lies_between_two_reloads(
    seconds: tuple[int, ...], found: list[tuple[int, ...]]
) -> None:
    parts = between_reloads([60 * SECOND, 90 * SECOND], of_backend("", *seconds))
    assert [tuple(moment.time // SECOND for moment in part) for part in parts] == found


@pytest.mark.parametrize(
    ("clients", "users", "crowd"),
    [(20, 20, True), (20, 0, True), (20, 1, False), (2, 20, False)],
    ids=["many users", "no line names a user", "one user from everywhere: an attack", "a list of names tried by two"],
)
def test_those_who_are_refused_are_a_crowd_if_they_are_many_clients_and_many_users(
    clients: int, users: int, *, crowd: bool
) -> None:
    moments = tuple(
        Moment(
            nth, nth, 1, line()._replace(fields=(("user", f"u{nth % users}"),) if users else ()), f"c{nth % clients}"
        )
        for nth in range(40)
    )
    assert are_a_crowd(moments) is crowd


@pytest.mark.parametrize(
    ("seen", "proxies"),
    [
        ({"a": 40, "b": 38, "c": 3, "d": 2}, {"a", "b"}),  # a pair
        ({"a": 60, "b": 20, "c": 10, "d": 10}, {"a"}),
        ({"a": 20, "b": 20, "c": 20, "d": 20, "e": 20}, set()),  # users, or too many proxies to tell
    ],
)
def test_behind_the_few_addresses_that_make_most_of_the_traffic_is_everybody(
    seen: dict[str, int], proxies: set[str]
) -> None:
    names = [name for name, count in seen.items() for _ in range(count)]
    moments = tuple(Moment(n * SECOND, n * SECOND, 1, line(offset=n), name) for n, name in enumerate(names))
    assert Clients(timeline(Series(NOISE, moments))).proxies == proxies


@pytest.mark.parametrize(
    ("all_day", "few"),
    [({"in-1": 15, "in-2": 15}, False), ({"u1": 15, "u2": 15, "in-1": 2}, True), ({"in-1": 3}, True)],
    ids=["two proxies, with other failures all day", "others have those", "too few to tell"],
)
def test_a_fault_that_only_two_meet_is_everybodys_if_they_speak_for_most_of_the_log(
    all_day: dict[str, int], *, few: bool
) -> None:
    names = [name for name, number in all_day.items() for _ in range(number)]
    chronic = tuple(Moment(n * 60 * SECOND, n * 60 * SECOND, 1, line(offset=n), name) for n, name in enumerate(names))
    fault = series(replace(ANY, id="other"), *range(1000, 1100, 10), clients=("in-1", "in-2"))
    visitors = series(NOISE, 1010, 1020, 1030, clients=("v1", "v2", "v3"))
    found = Clients(timeline(Series(ANY, chronic), fault, visitors))
    assert found.are_few(fault, fault.moments) is few


@pytest.mark.parametrize(
    ("failing", "further"), [(USERS, True), (USERS[:1], False), (SCANNERS, False)], ids=["all", "one", "others"]
)
def test_who_meets_another_failure_meanwhile_was_not_turned_away(failing: tuple[str, ...], further: bool) -> None:
    missing = series(NOISE, *range(100, 200, 10), clients=USERS)
    crashing = series(ANY, *range(100, 200, 10), clients=failing)
    seen = Clients(timeline(missing, crashing))
    assert seen.get_further(set(USERS), 100 * SECOND, 200 * SECOND) is further


def test_who_is_only_refused_in_another_way_gets_no_further() -> None:
    denied = replace(ANY, id="denied", if_everybody=ANY)
    seen = Clients(timeline(series(NOISE, 100, clients=USERS), series(denied, 101, 102, 103, clients=USERS)))
    assert not seen.get_further(set(USERS), 100 * SECOND, 200 * SECOND)


def failing(about: About, *names: str, begin: int = 0, until: int = 0) -> Signal:
    """A signal whose lines name these backends in turn."""
    moments = tuple(one for nth, name in enumerate(names) for one in of_backend(name, begin + nth))
    meaning = replace(ANY, id=f"failing-{begin}", about=about)
    return Signal(Series(meaning, moments), moments, Why.SURPRISE, until=until)


@pytest.mark.parametrize(
    ("one", "other", "are"),
    [
        (failing("backend", "127.0.0.1:8009"), failing("backend", "localhost", begin=60), True),
        (failing("backend", "ajp://app1:8009/"), failing("backend", "app1:8009", begin=60), True),
        (failing("backend", "app1:8009"), failing("backend", "app1:8080", begin=60), False),
        (failing("backend", "app1:8009"), failing("request", "app1:8009", begin=60), False),
        (failing("backend", "app1", "app2", "app3"), failing("backend", "app1", begin=60), False),
        (failing("backend", "app1:8009", until=30 * SECOND), failing("backend", "app1:8009", begin=60), False),
    ],
    ids=["this machine", "a url", "another port", "no backend's failure", "hardly any of it", "answered in between"],
)
def test_failures_of_one_backend(one: Signal, other: Signal, are: bool) -> None:
    assert are_of_one_target(one, other) is are
    assert are_of_one_target(other, one) is are


@pytest.mark.parametrize(("about", "own"), [("client", True), ("request", False)])
def test_what_is_a_clients_own_by_nature_needs_no_others_that_are_spared(about: About, own: bool) -> None:
    refused = series(replace(ANY, about=about), 100, 101, 102, clients=SCANNERS[:1])
    assert Clients(timeline(refused)).are_few(refused, refused.moments) is own
