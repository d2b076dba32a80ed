"""Workers that fail every request while others serve: when that is known, and when all fail alike."""

from dataclasses import replace

import pytest

from logsleuth.incidents.model import Incident, LostWorker
from logsleuth.incidents.poisoned import may_live_on, others_serve, poisoned_workers, were_replaced
from logsleuth.lives.live import Lives, live
from logsleuth.signals.model import Signal, Why
from logsleuth.timeline.model import Moment, Series, Sign, Signs
from logsleuth.units import SECOND
from tests.lives.build import ANY, NOISE, moment, series, timeline

MINUTES = 60
DEAD = replace(ANY, id="dead-connection", title="Dead connection", category="database-down", about="backend")


@pytest.mark.parametrize(
    ("failures", "served", "signs", "spared"),
    [(95, 5, 3, True), (95, 5, 2, False), (50, 50, 9, False), (50, 50, 10, True), (0, 50, 90, False), (9, 0, 0, False)],
)
def test_others_serve_if_chance_would_hardly_have_spared_them(
    failures: int, served: int, signs: int, spared: bool
) -> None:
    assert others_serve(failures, served, signs) is spared


def at(second: int, pid: int) -> Moment:
    return moment(second, pid, "203.0.113.7", second)


def scene(*failing: int, others: tuple[int, ...]) -> tuple[Incident, Lives]:
    """Forty minutes in which some workers fail every half minute in turn, and others write now and then."""
    failures = Series(DEAD, tuple(at(s, failing[n % len(failing)]) for n, s in enumerate(range(600, 3000, 30))))
    signs: dict[int, tuple[Sign, ...]] = {pid: (Sign(600 * SECOND, 2970 * SECOND, 80),) for pid in failing}
    signs |= {pid: tuple(Sign(s * SECOND, s * SECOND, 1) for s in (900, 1500, 2100)) for pid in others}
    told = replace(timeline(failures, series(NOISE, 900, 1500, 2100), end=3600), signs=Signs(signs))
    signal = Signal(failures, failures.moments, Why.SURPRISE)
    return Incident((signal,), signal.begin, signal.end, None), live(told)


def lost_of(incident: Incident, lives: Lives) -> list[LostWorker]:
    return list(poisoned_workers(incident.signals, lives))


def test_workers_that_fail_while_others_serve_are_lost_from_their_first_failure_on() -> None:
    lost = list(lost_of(*scene(41, 42, others=(51, 52))))
    assert [(worker.pid, worker.how, worker.failures) for worker in lost] == [
        (41, "poisoned", 40),
        (42, "poisoned", 40),
    ]
    assert {worker.rule for worker in lost} == {"fails_while_others_serve"}
    assert [worker.time // SECOND for worker in lost] == [600, 630]


def test_that_others_serve_while_nobody_fails_shows_nothing() -> None:
    incident, lives = scene(41, 42, others=(51, 52))
    (signal,) = incident.signals
    twice = tuple(one for one in signal.moments if not 890 < one.time // SECOND < 2110)  # it was well in between
    paused = replace(signal, series=replace(signal.series, moments=twice), moments=twice)
    assert not lost_of(replace(incident, signals=(paused,)), lives)


def test_where_all_fail_alike_no_worker_is_to_blame() -> None:
    assert list(lost_of(*scene(41, 42, 51, 52, others=()))) == []


def test_where_the_database_itself_is_gone_no_worker_is_to_blame() -> None:
    incident, lives = scene(41, 42, others=(51, 52))
    ended = series(replace(DEAD, id="ended"), 600)
    assert lost_of(incident, lives) != []
    both = (*incident.signals, Signal(ended, ended.moments, Why.PROOF))
    assert lost_of(replace(incident, signals=both), lives) == []


def test_that_httpd_s_children_write_says_nothing_of_the_daemons_of_an_application() -> None:
    incident, lives = scene(41, others=(51, 52))
    of_daemons = [replace(one, sighting=one.sighting._replace(module="wsgi")) for one in incident.signals[0].moments]
    series_of = replace(incident.signals[0].series, moments=tuple(of_daemons))
    daemons = replace(incident, signals=(replace(incident.signals[0], series=series_of, moments=tuple(of_daemons)),))
    told = replace(lives.timeline, series={**lives.timeline.series, "dead-connection": series_of})
    assert list(lost_of(incident, lives))
    assert list(lost_of(daemons, live(told))) == []
    own = series(NOISE, 900, 1500, 2100, pid=51)
    fine = replace(own, moments=tuple(replace(m, sighting=m.sighting._replace(module="wsgi")) for m in own.moments))
    others = replace(told, series={**told.series, "noise": fine})
    assert [worker.pid for worker in lost_of(daemons, live(others))] == [41]


def test_a_child_that_reports_the_end_of_a_daemon_is_well() -> None:
    incident, lives = scene(41, 42, others=(51, 52))
    (signal,) = incident.signals
    crash = replace(signal.series, meaning=replace(DEAD, about="request", category="wsgi-daemon-crash"))
    assert not list(lost_of(replace(incident, signals=(replace(signal, series=crash),)), lives))


def by_pid(*failing: tuple[int, int, int]) -> dict[int, list[Moment]]:
    """`failing`: a worker, and the minutes from which and up to which it fails, once in two minutes."""
    return {pid: [at(minute * MINUTES, pid) for minute in range(begin, end, 2)] for pid, begin, end in failing}


@pytest.mark.parametrize(
    ("failing", "replaced"),
    [
        (by_pid((41, 0, 30), (42, 0, 40), (43, 0, 60)), True),
        (by_pid((41, 0, 60), (42, 0, 60), (43, 0, 60)), False),
        (by_pid((41, 0, 30), (42, 0, 60), (51, 32, 60)), False),
        (by_pid((41, 0, 56), (42, 0, 60)), False),
        (by_pid((41, 0, 60)), False),
    ],
    ids=["one by one", "all to the end", "a new one fails too", "silent for a while", "one worker"],
)
def test_workers_that_end_one_by_one_and_are_replaced_by_others_that_serve(
    failing: dict[int, list[Moment]], replaced: bool
) -> None:
    assert were_replaced(failing) is replaced


def test_most_of_the_workers_may_be_broken_where_those_in_their_place_serve() -> None:
    incident, lives = scene(41, 42, 43, 44, others=(51, 52))
    (signal,) = incident.signals
    ends = {41: 1200, 42: 1700, 43: 2200, 44: 3000}
    some = tuple(m for m in signal.moments if m.time <= ends[m.sighting.reporter] * SECOND)
    ending = replace(signal, moments=some, series=replace(signal.series, moments=some))
    assert not lost_of(incident, lives)
    assert [one.pid for one in lost_of(replace(incident, signals=(ending,)), lives)] == [41, 42, 43, 44]


@pytest.mark.parametrize(("minutes_later", "alive"), [(2, True), (30, False)])
def test_a_broken_worker_may_live_until_a_restart_if_it_is_silent_for_no_longer_than_before(
    minutes_later: int, alive: bool
) -> None:
    incident, lives = scene(41, 42, others=(51, 52))
    assert may_live_on(incident.signals, lives, incident.end + minutes_later * MINUTES * SECOND) is alive
