"""Lines of other programs' logs before an outage that no pattern knows: what is routine there is not shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import logsleuth
from logsleuth.report.compose.findings.as_it_ended import tells

if TYPE_CHECKING:
    from pathlib import Path

SYSLOG = "Mar  3 {:02}:{:02}:{:02} web1 {}\n"


def trigger(folder: Path, *lines: tuple[int, str]) -> str:
    """What is said of the trigger of a refused connection at noon; `lines`: seconds before noon, and syslog's text."""
    failing = (
        "[Tue Mar 03 12:00:{:02}.000000 2026] [proxy:error] [pid 77] (111)Connection refused: AH00957: http: attempt to "
        "connect to 127.0.0.1:3000 (127.0.0.1:3000) failed\n"
    )
    (folder / "error.log").write_text("".join(failing.format(second) for second in range(0, 60, 2)))
    at = sorted((12 * 3600 - before, text) for before, text in lines)
    text = "".join(SYSLOG.format(second // 3600, second // 60 % 60, second % 60, said) for second, said in at)
    (folder / "syslog").write_text(text)
    report = logsleuth.analyze([str(folder / "error.log"), str(folder / "syslog")], tz="UTC")
    return next(link.text for link in report.incidents[0].chain if link.role == "trigger")


ROUTINE = [(before, f"agent[{before}]: collected {before} values") for before in range(0, 36_000, 60)]


def test_the_last_line_that_is_not_routine_is_quoted(tmp_path: Path) -> None:
    said = trigger(tmp_path, *ROUTINE, (90, "widgetd[4711]: gave up after 16 tries"))
    assert said.startswith("Not known. Before it, syslog has a line that no pattern knows; the last, 1 min 30 s before")
    assert "“Mar  3 11:58:30 web1 widgetd[4711]: gave up after 16 tries”" in said


def test_a_line_that_names_a_failure_is_quoted_rather_than_a_later_one(tmp_path: Path) -> None:
    telling, later = (90, "widgetd[4711]: block limit reached on vol3"), (30, "widgetd[4711]: bob is logged in")
    said = trigger(tmp_path, *ROUTINE, telling, later)
    assert "the last, 1 min 30 s before the onset: “Mar  3 11:58:30 web1 widgetd[4711]: block limit" in said


@pytest.mark.parametrize(
    "lines", [(), ((1200, "widgetd[4711]: gave up after 16 tries"),), ((-5, "widgetd[4711]: up"),)]
)
def test_without_one_the_logs_are_named_in_which_nothing_was_found(
    tmp_path: Path, lines: tuple[tuple[int, str], ...]
) -> None:
    assert trigger(tmp_path, *ROUTINE, *lines).startswith(
        "None found: checked error.log and syslog for restarts and reported changes."
    )


@pytest.mark.parametrize(
    "line",
    [
        "sentinel[9]: +switch-master shop 10.0.3.11 6379 10.0.3.12 6379",
        "patroni[9]: promoted self to leader by acquiring session lock",
        "corosync[9]: stonith of node db1: killed",
    ],
)
def test_who_watches_a_service_notices_its_end_after_those_who_use_it(tmp_path: Path, line: str) -> None:
    said = trigger(tmp_path, *ROUTINE, (-9, line), (-20, "widgetd[4711]: up"), (30, "widgetd[4711]: odd"))
    assert said.startswith(
        "Not known. Around it, syslog has a line that no pattern knows; the last, 9 s after the onset"
    )
    assert line in said


def test_keepalived_notices_it_late_too_and_is_known(tmp_path: Path) -> None:
    moved = "Keepalived_vrrp[806]: (VI_1) Entering MASTER STATE"
    assert trigger(tmp_path, *ROUTINE, (-9, moved)) == (
        "Possibly: keepalived: VI_1 became master; this host took over the virtual address, 9 s after the onset."
    )


def test_what_another_program_ended_just_before_the_end_is_a_row_of_the_timeline(tmp_path: Path) -> None:
    aborted = "mysqld[12]: Aborted connection 88 to db: 'logs' user: 'kim'"
    trigger(tmp_path, *ROUTINE, (-40, aborted), (-41, "systemd-logind[1]: Removed session 12."))
    later = "[Tue Mar 03 13:00:00.000000 2026] [core:notice] [pid 1] AH00094: Command line: '/usr/sbin/apache2'\n"
    with (tmp_path / "error.log").open("a") as log:
        log.write(later)
    report = logsleuth.analyze([str(tmp_path / "error.log"), str(tmp_path / "syslog")], tz="UTC")
    rows = [row.text for row in report.incidents[0].timeline if row.kind == "recovery"]
    words = "Aborted connection 88 to db: 'logs' user: 'kim'"
    assert rows[0] == f"mysqld: {words}"
    assert not any("session 12" in row for row in rows)
    assert f"It ended without a restart of httpd, 18 s after “mysqld: {words}”" in report.incidents[0].summary[2]


def test_what_another_program_said_just_before_httpd_could_be_started_is_a_row_of_the_timeline(tmp_path: Path) -> None:
    head = "[Tue Mar 03 {}.000000 2026] [{}] [pid {}] {}\n"
    up, down = (
        "AH00163: Apache/2.4.62 (Unix) configured -- resuming normal operations",
        "AH00169: caught SIGTERM, shutting down",
    )
    lock = "(28)No space left on device: AH00023: Couldn't create the ssl-cache mutex"
    said = [
        *(("08:00:00", "mpm_event:notice", 10, up), ("11:59:00", "mpm_event:notice", 10, down)),
        *((f"12:0{minute}:00", "core:emerg", 20 + minute, lock) for minute in range(3)),
        *(("12:10:00", "mpm_event:notice", 40, up), ("13:00:00", "core:notice", 40, "AH00094: Command line: 'httpd'")),
    ]
    (tmp_path / "error.log").write_text("".join(head.format(*one) for one in said))
    lines = [*ROUTINE, (-540, "login[31]: ROOT LOGIN on tty1"), (-590, "sh[33]: starting Apache")]
    at = sorted((12 * 3600 - before, text) for before, text in lines)
    text = "".join(SYSLOG.format(second // 3600, second // 60 % 60, second % 60, words) for second, words in at)
    (tmp_path / "syslog").write_text(text)
    report = logsleuth.analyze([str(tmp_path / "error.log"), str(tmp_path / "syslog")], tz="UTC")
    rows = [row.text for row in report.incidents[0].timeline if row.kind == "recovery"]
    assert rows == ["login: ROOT LOGIN on tty1", "Server up again"]
    told = "The server was started again, 1 min after “login: ROOT LOGIN on tty1”; 3 starts before that had failed"
    assert report.incidents[0].summary[2].startswith(told)


@pytest.mark.parametrize(
    ("said", "is_told"),
    [
        ("setsebool: The httpd_can_network_connect policy boolean was changed to 1 by root", True),
        ("root: ipcs -s -> 128 arrays owned by apache; ipcrm'd all, see ticket 311", True),
        ("pkg[91402]: php80-pecl-imagick reinstalled: 3.5.1 -> 3.7.0", True),
        ("nodewatch[8]: Node ip-10-0-6-12 status is now: NodeReady", True),
        ("sshd[23310]: Accepted publickey for root from 192.0.2.9 port 51002 ssh2", False),
        ("cupsd[77]: REQUEST localhost - - POST / HTTP/1.1 200 186 Renew-Subscription successful-ok", False),
    ],
)
def test_what_tells_of_something_done_or_there_again(said: str, *, is_told: bool) -> None:
    assert tells(said) is is_told
