"""Worker lives: which lines of a pid belong to one worker, and by which rule its end is known."""

from dataclasses import replace
from pathlib import Path

import pytest

import logsleuth
from logsleuth.library.pattern import Worker
from logsleuth.lives.server.life import server_life
from logsleuth.lives.server.model import Restart
from logsleuth.lives.workers.generations import generations
from logsleuth.lives.workers.life import Life, Mark, at_once
from logsleuth.lives.workers.lives import find_lives, lives_of
from logsleuth.lives.workers.rules import RULES, reason
from logsleuth.report.model import IncidentReport
from logsleuth.scan.sighting import Sighting
from logsleuth.timeline.model import Moment, OfPid, Series
from logsleuth.units import SECOND
from tests.lives.build import ANY, timeline

MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
GRACEFUL = Restart("reload", HOUR, HOUR + SECOND, 100, ())
AGAIN = Restart("reload", 2 * HOUR, 2 * HOUR + SECOND, 100, ())
STOPPED = Restart("stop", HOUR, HOUR + SECOND, 100, ())


def line(reporter: int, subject: int) -> Sighting:
    return Sighting(0, 0, 0, 0, 0, "core", "notice", reporter, 0, subject, "")


def told(*restarts: Restart, marks: list[tuple[int, str]], reporter: int = 100) -> list[tuple[int, int, str, str]]:
    """(first, last, how, rule) of the lives of pid 200, in seconds."""
    given = [Mark(time, kind, None if kind == "sign" else line(reporter, 200)) for time, kind in marks]
    with_lines = [
        Restart(one.kind, one.down, one.up, one.parent, (line(100, 100),)) for one in restarts
    ]  # evidence is a line of the parent's
    lives = lives_of(200, "", given, generations(with_lines))
    return [(life.first // SECOND, life.last // SECOND, life.how, life.rule) for life in lives]


def test_a_pid_that_writes_is_one_worker_whose_end_is_not_known() -> None:
    assert told(marks=[(0, "sign"), (5 * HOUR, "sign")]) == [(0, 18000, "", "")]


@pytest.mark.parametrize(
    ("kind", "reporter", "rule"),
    [
        ("crashed", 100, "exit_line"),
        ("exited", 200, "own_last_word"),
        ("recycled", 200, "recycling_line"),
        ("stopped", 200, "ordered_end_line"),
    ],
)
def test_a_line_tells_of_the_end(kind: str, reporter: int, rule: str) -> None:
    lives = told(marks=[(0, "sign"), (MINUTE, kind)], reporter=reporter)
    assert lives == [(0, 60, kind, rule)]


def test_last_words_after_the_end_are_of_the_same_worker() -> None:
    assert told(marks=[(0, "sign"), (MINUTE, "killed"), (MINUTE + 5 * SECOND, "sign")]) == [
        (0, 65, "killed", "exit_line")
    ]


def test_the_gravest_of_several_ends_counts() -> None:
    (life,) = told(marks=[(0, "sign"), (MINUTE, "stopped"), (MINUTE + SECOND, "crashed")])
    assert life[2] == "crashed"


def test_a_pid_that_writes_long_after_its_end_is_another_worker() -> None:
    lives = told(marks=[(0, "sign"), (MINUTE, "crashed"), (HOUR, "sign")])
    assert [life[:3] for life in lives] == [(0, 60, "crashed"), (3600, 3600, "")]


@pytest.mark.parametrize(
    ("reporter", "later", "ends"),
    [
        pytest.param(100, 20 * SECOND, [60, 80], id="the parent reports each child once"),
        pytest.param(100, SECOND, [60], id="two logs have the same line"),
        pytest.param(200, 20 * SECOND, [60], id="a worker may say twice that it gives up"),
    ],
)
def test_a_pid_whose_end_is_reported_again_is_another_worker(reporter: int, later: int, ends: list[int]) -> None:
    first, last = (Mark(MINUTE + time, "crashed", line(reporter, 200)) for time in (0, later))
    marks = [Mark(0, "sign"), first, last._replace(again=True)]
    found = lives_of(200, "", marks, generations([]))
    assert [life.died is not None and life.died // SECOND for life in found] == ends


def test_other_lines_on_the_same_end_are_of_the_same_worker() -> None:
    lives = told(marks=[(0, "sign"), (MINUTE, "crashed"), (MINUTE + 5 * SECOND, "killed")])
    assert [life[2] for life in lives] == ["crashed"]


def test_a_pid_that_is_born_again_had_ended_before() -> None:
    lives = told(marks=[(0, "spawned"), (MINUTE, "sign"), (HOUR, "spawned")])
    assert lives == [(0, 60, "replaced", "born_again"), (3600, 3600, "", "")]


def test_one_graceful_restart_leaves_time_to_finish_and_two_do_not() -> None:
    once = [(HOUR - MINUTE, "sign"), (HOUR + MINUTE, "sign")]
    assert len(told(GRACEFUL, marks=once)) == 1
    assert len(told(GRACEFUL, AGAIN, marks=[*once, (3 * HOUR, "sign")])) == 2


def test_nothing_outlives_a_stop() -> None:
    lives = told(STOPPED, marks=[(HOUR - MINUTE, "sign"), (HOUR + MINUTE, "sign")])
    assert lives == [(3540, 3540, "replaced", "replaced_by_restart"), (3660, 3660, "", "")]


def test_a_pool_is_at_least_as_large_as_the_workers_that_lived_at_the_same_time() -> None:
    lives = [Life(1, "", 0, 10), Life(2, "", 5, 20), Life(3, "", 10, 12), Life(4, "", 30, 30)]
    assert at_once(lives) == 3
    assert at_once([]) == 0


def test_every_rule_has_its_reason_in_one_sentence() -> None:
    for rule in RULES:
        assert reason(rule.__name__).endswith("."), rule.__name__
        assert len(reason(rule.__name__)) < 130, rule.__name__


HEAD = "[Tue Mar 03 14:{:02d}:{:02d}.000000 2020] "
UP = "[mpm_event:notice] [pid 100:tid 100] AH00489: Apache/2.4.62 (Debian) configured -- resuming normal operations"
BORN = (
    "[wsgi:info] [pid {pid}:tid {pid}] mod_wsgi (pid={pid}): Starting process 'shop' with uid=33, gid=33 and threads=4."
)
SERVED = "[wsgi:info] [pid {pid}:tid {pid}] mod_wsgi (pid={pid}): Maximum requests reached, triggering immediate shutdown 'shop'."
KILLED = "[wsgi:info] [pid 100:tid 100] mod_wsgi (pid={pid}): Process 'shop' terminated by signal 11"
CRASHED = "[core:notice] [pid 100:tid 100] AH00052: child pid {pid} exit signal Segmentation fault (11)"
CUT = "[wsgi:error] [pid 150:tid 150] [client 203.0.113.{pid}:4711] Truncated or oversized response headers received from daemon process 'shop': /srv/app.wsgi"


@pytest.fixture
def crashed(tmp_path: Path) -> IncidentReport:
    """Six daemon processes of one group crash within half a minute, and a seventh is recycled."""
    rows = [(0, 0, UP)]
    for nth in range(7):
        pid = 200 + nth
        end = SERVED if nth == 3 else KILLED
        rows += [(20, nth, BORN.format(pid=pid)), (21, 5 * nth, end.format(pid=pid))]
        rows += [(21, 5 * nth, CUT.format(pid=pid))] if end is KILLED else []
    path = tmp_path / "error.log"
    path.write_text("".join(f"{HEAD.format(minute, second)}{text}\n" for minute, second, text in rows))
    return logsleuth.analyze([path], tz="UTC").incidents[0]


def test_the_report_tells_recycling_from_dying(crashed: IncidentReport) -> None:
    assert {worker.pid for worker in crashed.lost} == {200, 201, 202, 204, 205, 206}
    assert [(end.how, end.pool, end.count) for end in crashed.routine] == [("recycled", "mod_wsgi group shop", 1)]


def test_the_report_names_pools_births_and_rules(crashed: IncidentReport) -> None:
    daemons = next(pool for pool in crashed.pools if pool.name == "mod_wsgi group shop")
    assert (daemons.size, daemons.lost) == (None, 6), "no line says how many there are"
    assert all(worker.born is not None and worker.pool == daemons.name for worker in crashed.lost)
    assert {(known.rule, known.count) for known in crashed.how_known} == {("exit_line", 6), ("recycling_line", 1)}
    assert "6 workers of the mod_wsgi group shop were killed" in crashed.summary[0]


def test_a_worker_is_lost_once_and_a_pid_as_often_as_it_is_a_worker(tmp_path: Path) -> None:
    dying = ((5, 20), (10, 21), (15, 22), (25, 20), (30, 21))
    rows = [(0, 0, UP), *((20, second, CRASHED.format(pid=pid)) for second, pid in dying)]
    path = tmp_path / "error.log"
    path.write_text("".join(f"{HEAD.format(minute, second)}{text}\n" for minute, second, text in rows))
    (incident,) = logsleuth.analyze([path], tz="UTC").incidents
    assert [worker.pid for worker in incident.lost] == [20, 21, 22, 20, 21]


def test_the_parent_is_no_worker(crashed: IncidentReport) -> None:
    own = next(pool for pool in crashed.pools if not pool.name)
    assert own.lost == 0


def test_a_pid_that_crashed_three_times_was_three_workers() -> None:
    crash = replace(ANY, id="crash", role="death", about="worker", worker=Worker("crashed", "pid"))
    times = [60 * SECOND, 3000 * SECOND, 3020 * SECOND]
    moments = tuple(Moment(time, time, 1, line(100, 200)._replace(time=time)) for time in times)
    deaths = Series(crash, moments, {200: OfPid(3, moments[0], moments[2])})
    assert [moment.time for moment in deaths.moments_of(200)] == times
    found = find_lives(timeline(deaths), server_life(timeline(deaths)))
    assert [(life.pid, life.died) for life in found] == [(200, time) for time in times]
