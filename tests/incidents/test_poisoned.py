"""Workers that fail every request while others serve: when that is known, and when all fail alike."""

from dataclasses import replace

import pytest

from logsleuth.incidents.model import Incident
from logsleuth.incidents.poisoned import others_serve, poisoned_workers
from logsleuth.lives.live import Lives, live
from logsleuth.signals.model import Signal, Why
from logsleuth.timeline.model import Moment, Series, Sign, Signs
from logsleuth.units import SECOND
from tests.lives.build import ANY, NOISE, moment, series, timeline

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


def test_workers_that_fail_while_others_serve_are_lost_from_their_first_failure_on() -> None:
    lost = list(poisoned_workers(*scene(41, 42, others=(51, 52))))
    assert [(worker.pid, worker.how, worker.failures) for worker in lost] == [
        (41, "poisoned", 40),
        (42, "poisoned", 40),
    ]
    assert {worker.rule for worker in lost} == {"fails_while_others_serve"}
    assert [worker.time // SECOND for worker in lost] == [600, 630]


def test_where_all_fail_alike_no_worker_is_to_blame() -> None:
    assert list(poisoned_workers(*scene(41, 42, 51, 52, others=()))) == []


def test_where_the_database_itself_is_gone_no_worker_is_to_blame() -> None:
    incident, lives = scene(41, 42, others=(51, 52))
    ended = series(replace(DEAD, id="ended"), 600)
    assert list(poisoned_workers(incident, lives)) != []
    both = (*incident.signals, Signal(ended, ended.moments, Why.PROOF))
    assert list(poisoned_workers(replace(incident, signals=both), lives)) == []


def test_that_httpd_s_children_write_says_nothing_of_the_daemons_of_an_application() -> None:
    incident, lives = scene(41, others=(51, 52))
    of_daemons = [replace(one, sighting=one.sighting._replace(module="wsgi")) for one in incident.signals[0].moments]
    series_of = replace(incident.signals[0].series, moments=tuple(of_daemons))
    daemons = replace(incident, signals=(replace(incident.signals[0], series=series_of, moments=tuple(of_daemons)),))
    told = replace(lives.timeline, series={**lives.timeline.series, "dead-connection": series_of})
    assert list(poisoned_workers(incident, lives))
    assert list(poisoned_workers(daemons, live(told))) == []
    own = series(NOISE, 900, 1500, 2100, pid=51)
    fine = replace(own, moments=tuple(replace(m, sighting=m.sighting._replace(module="wsgi")) for m in own.moments))
    others = replace(told, series={**told.series, "noise": fine})
    assert [worker.pid for worker in poisoned_workers(daemons, live(others))] == [41]


def test_a_child_that_reports_the_end_of_a_daemon_is_well() -> None:
    incident, lives = scene(41, 42, others=(51, 52))
    (signal,) = incident.signals
    crash = replace(signal.series, meaning=replace(DEAD, about="request", category="wsgi-daemon-crash"))
    assert not list(poisoned_workers(replace(incident, signals=(replace(signal, series=crash),)), lives))
