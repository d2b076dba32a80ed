"""What a report says of how far it can be trusted, and of what is no incident and still to be known."""

from pathlib import Path

import pytest

import logsleuth
from logsleuth.lives.server.model import Restart, RestartKind, counted
from tests.middle.shop import BROWSE, CLOSE, HOUR, OPEN, Log, told


def stopped(*spans: tuple[float, float]) -> Log:
    log = Log().every(97, 0, 16 * HOUR, BROWSE)
    for down, up in spans:
        log.own(CLOSE, down).own(OPEN, up)
    return log


def of_downtime(log: Log, folder: Path) -> list[str]:
    report = told(log, folder)
    assert report.incidents == ()
    return [note for note in report.notes if "stop" in note]


def test_a_stop_for_longer_than_a_restart_takes_is_noted(tmp_path: Path) -> None:
    (note,) = of_downtime(stopped((3 * HOUR, 3 * HOUR + 26), (5 * HOUR, 5 * HOUR + 2)), tmp_path)
    assert note == "The server was stopped on request from 2026-03-03 09:00:00 to 09:00:26 (26 s)."


def test_only_the_longest_are_listed_one_by_one(tmp_path: Path) -> None:
    spans = [(hour * HOUR, hour * HOUR + 10 + hour) for hour in range(1, 7)]
    first, _, _, rest = of_downtime(stopped(*spans), tmp_path)
    assert "from 2026-03-03 12:00:00 to 12:00:16" in first
    assert rest == "There were 3 more stops, each of them shorter."


@pytest.mark.parametrize(("children", "told_so"), [(6, True), (2, False)])
def test_children_that_are_slow_to_exit_are_noted(children: int, told_so: bool, tmp_path: Path) -> None:
    log = stopped((3 * HOUR, 3 * HOUR + 4))
    for number in range(children):
        text = f"AH00045: child process {300 + number} still did not exit, sending a SIGTERM"
        log.add(text, 3 * HOUR + 2, pid=100, client="", level="warn", module="core")
    notes = [note for note in told(log, tmp_path).notes if "children were slow to exit" in note]
    assert len(notes) == told_so
    assert all("of 2026-03-03 09:00:00 6 children were slow to exit" in note for note in notes)


@pytest.mark.parametrize(
    ("kinds", "told_as"),
    [
        (["reload"], "1 graceful restart"),
        (["stop", "hup"], "2 restarts"),
        (["reload", "stop", "reload"], "3 restarts (2 graceful)"),
    ],
)
def test_restarts_are_told_with_their_kind(kinds: list[RestartKind], told_as: str) -> None:
    assert counted([Restart(kind, 1, 2, 100, ()) for kind in kinds]) == told_as


def test_no_level_is_proposed_of_a_module_that_may_not_be_loaded(tmp_path: Path) -> None:
    """httpd refuses to start with one (“Cannot find module wsgi”), and 2.2 with any level by module."""
    path = tmp_path / "error_log"
    crashes = (f"[Tue Mar 03 15:0{n // 60}:{n % 60:02} 2020] [notice] child pid {900 + n} exit signal "
               "Segmentation fault (11)" for n in range(90))  # fmt: skip
    up = "[Tue Mar 03 14:00:00 2020] [notice] Apache/2.2.15 (Unix){} configured -- resuming normal operations"
    lines = list(crashes)
    path.write_text("\n".join([up.format(" mod_wsgi/3.2 Python/2.6.6"), *lines, ""]))
    (note,) = [note for note in logsleuth.analyze([path]).notes if "LogLevel" in note]
    assert "`LogLevel info`" in note
    assert "mod_fcgid" not in note
    of_passenger = '[Tue Mar 03 14:00:09 2020] [error] App 4711 output: File "/srv/app/passenger_wsgi.py", line 3'
    path.write_text("\n".join([up.format(" Phusion_Passenger/6.0.17"), of_passenger, *lines, ""]))
    assert not [note for note in logsleuth.analyze([path]).notes if "LogLevel" in note]
