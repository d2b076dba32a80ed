"""Outages that come in waves, short ones within long ones, and causes that only another log reports."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path  # noqa: TC003 - pytest reads the annotations

import logsleuth

START = datetime(2026, 3, 3, tzinfo=UTC)
HEAD = "[{0:%a %b %d %H:%M:%S.%f %Y}] "
DENIED = (
    HEAD + "[authz_core:error] [pid 62] [client 192.0.2.{0:%M}:4000] AH01630: client denied by server configuration: /x"
)
REFUSED = HEAD + (
    "[proxy:error] [pid 61] (111)Connection refused: AH00957: http: attempt to connect to 192.0.2.5:8080 (192.0.2.5:8080) "
    "failed"
)
FATAL = HEAD + (
    "[php:error] [pid 63] [client 198.51.100.{0:%S}:4000] PHP Fatal error:  Uncaught Error: Call to undefined function "
    "pay() in /srv/www/shop/pay.php:12"
)
FULL = (
    HEAD
    + "[mpm_prefork:error] [pid 100] AH00161: server reached MaxRequestWorkers setting, consider raising the MaxRequestWorkers setting"
)
NO_MYSQL = HEAD + (
    "[php:error] [pid 63] [client 198.51.100.{0:%S}:4000] PHP Fatal error:  Uncaught PDOException: SQLSTATE[HY000] [2002] "
    "Connection refused in /srv/www/db.php:12"
)
SYSLOG = "{0:%b} {0.day:2d} {0:%H:%M:%S} web1 "
SILENT = SYSLOG + "kernel: nfs: server nas1 not responding, still trying"
RESPONDS = SYSLOG + "kernel: nfs: server nas1 OK"
KILLED = (
    SYSLOG + "kernel: Out of memory: Killed process 812 (mariadbd) total-vm:1823000kB, anon-rss:912000kB, file-rss:0kB"
)
ENDED = SYSLOG + "systemd[1]: mariadb.service: Main process exited, code=killed, status=9/KILL"
STARTED = SYSLOG + "systemd[1]: Started mariadb.service - MariaDB 10.11.6 database server."
ANSWERED = '198.51.100.{0:%S} - - [{0:%d/%b/%Y:%H:%M:%S} +0000] "GET /{0:%M} HTTP/1.1" STATUS 512'
TEN = 36000
QUIET = [(second, DENIED) for second in range(0, 86400, 97)]


def story(folder: Path, **logs: list[tuple[int, str]]) -> list[tuple[str | None, str, str]]:
    """(category, onset, end) of each incident in a day's logs, in order of time."""
    for name, lines in logs.items():
        rows = sorted(lines, key=lambda row: row[0])
        text = "".join(line.format(START + timedelta(seconds=second)) + "\n" for second, line in rows)
        (folder / f"{name}.log").write_text(text)
    report = logsleuth.analyze([str(folder / f"{name}.log") for name in logs], tz="UTC")
    found = sorted(report.incidents, key=lambda incident: incident.onset)
    return [(one.category, _clock(one.onset), _clock(one.end or 0)) for one in found]


def _clock(time: int) -> str:
    return f"{datetime.fromtimestamp(time / 1_000_000, UTC):%H:%M:%S}"


def test_outages_between_which_all_was_well_are_several(tmp_path: Path) -> None:
    waves = [(begin + second, REFUSED) for begin in (TEN, TEN + 1020, TEN + 3120) for second in range(45)]
    assert story(tmp_path, error=QUIET + waves) == [
        ("backend-down", "10:00:00", "10:00:44"),
        ("backend-down", "10:17:00", "10:17:44"),
        ("backend-down", "10:52:00", "10:52:44"),
    ]


def test_a_short_outage_within_a_long_fault_is_its_own(tmp_path: Path) -> None:
    long = [(second, FATAL) for second in range(9 * 3600, 21 * 3600, 19)]
    short = [(16 * 3600 + second, REFUSED) for second in range(600)]
    assert ("backend-down", "16:00:00", "16:09:59") in story(tmp_path, error=QUIET + long + short)


def test_a_silent_file_server_fills_the_workers_until_it_responds(tmp_path: Path) -> None:
    silence = [(TEN, SILENT), (TEN + 480, RESPONDS)]
    (found,) = story(tmp_path, error=[*QUIET, (TEN + 160, FULL)], messages=silence)
    assert found == ("storage-failure", "10:02:40", "10:08:00")


def test_a_database_that_the_kernel_killed_is_missed_minutes_later(tmp_path: Path) -> None:
    failed = [(TEN + 210 + second, NO_MYSQL) for second in range(0, 900, 7)]
    ((category, _, end),) = story(tmp_path, error=QUIET + failed, kern=[(TEN, KILLED)])
    assert (category, end) == ("oom-kill", "10:18:26")


def test_a_database_is_gone_until_systemd_has_started_it(tmp_path: Path) -> None:
    failed = [(TEN + 2 + second, NO_MYSQL) for second in range(0, 590, 3)]
    (found,) = story(tmp_path, error=QUIET + failed, syslog=[(TEN, ENDED), (TEN + 599, STARTED)])
    assert found == ("database-down", "10:00:00", "10:09:59")


def answers(failing: range) -> list[tuple[int, str]]:
    """A request each second second around ten, of which those within `failing` failed."""
    return [
        (second, ANSWERED.replace("STATUS", "500" if second in failing else "200"))
        for second in range(TEN - 3600, TEN + 7200, 2)
    ]


def test_a_file_server_that_is_away_while_all_is_well_again_is_none_of_an_outage(tmp_path: Path) -> None:
    failing = range(TEN, TEN + 600)
    failed = [(second, NO_MYSQL) for second in failing[::2]]
    silence = [(TEN - 120, SILENT), (TEN + 5400, RESPONDS)]
    found = story(tmp_path, error=QUIET + failed, access=answers(failing), messages=silence)
    assert found == [("database-down", "10:00:00", "10:09:58")]


def test_a_service_that_was_killed_is_one_with_the_requests_that_fail_seconds_later(tmp_path: Path) -> None:
    killed = [(TEN, KILLED), (TEN + 1, ENDED), (TEN + 600, STARTED)]
    found = story(tmp_path, error=QUIET, access=answers(range(TEN + 6, TEN + 600)), messages=killed)
    assert found == [("oom-kill", "10:00:00", "10:09:58")]
