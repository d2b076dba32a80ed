"""What happens to logs and clocks of servers: permissions lost and given back, inodes used again, clocks that are set."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path  # noqa: TC003 - pytest reads the annotations

import pytest

from logsleuth.live.check import check
from logsleuth.live.probe import Options, Probe
from tests.cli.test_ending import NOBODY, without_privileges
from tests.live.killed import LINE, counted

NOW = 1_583_244_200.0


def lines(number: int, begin: int = 0) -> str:
    at = datetime(2020, 3, 3, 14, 2, 11, tzinfo=UTC)
    return "".join(LINE.format(at + timedelta(milliseconds=nth), nth) for nth in range(begin, begin + number))


def look(log: Path, now: float = NOW) -> tuple[int, str]:
    options = Options((str(log),), state=str(log.with_name("state")), tz="UTC")
    return check(Probe.of(options, None), now)


@pytest.mark.skipif(os.geteuid() != 0, reason="files of another user are needed")
def test_a_log_that_loses_its_permissions_is_unknown_and_read_on_when_it_has_them_again(tmp_path: Path) -> None:
    log, state = tmp_path / "error.log", tmp_path / "state"
    log.write_text(lines(20))
    os.chown(log, NOBODY, NOBODY)
    for mode, status in ((0o644, 0), (0o600, 3), (0o600, 3), (0o644, 0)):
        log.chmod(mode)
        done = without_privileges("check", str(log), "--state", str(state), "--tz", "UTC", folder=tmp_path)
        assert done.returncode == status, done
        with log.open("a") as stream:
            stream.write(lines(10, 20))
    assert counted(state) == 20 + 3 * 10


def test_a_new_log_in_a_used_inode_is_read_from_its_begin(tmp_path: Path) -> None:
    log = tmp_path / "error.log"
    log.write_text(lines(50))
    assert look(log)[0] == 0
    inode, reused = log.stat().st_ino, False
    for attempt in range(50):  # file systems give an inode again soon
        log.unlink()
        log.write_text(lines(30 + attempt, 1000))
        reused = log.stat().st_ino == inode
        if reused:
            break
    assert look(log)[0] == 0
    assert counted(tmp_path / "state") == 50 + 30 + attempt, f"the inode was {'used again' if reused else 'another'}"


@pytest.mark.parametrize("step", [-10 * 365 * 86_400, -3600, -1, 3600, 400 * 86_400])
def test_a_clock_that_is_set_loses_nothing(tmp_path: Path, step: float) -> None:
    log = tmp_path / "error.log"
    log.write_text(lines(20))
    assert look(log)[0] == 0
    with log.open("a") as stream:
        stream.write(lines(20, 20))
    assert look(log, NOW + step)[0] == 0
    assert look(log, NOW + 1)[0] == 0
    assert counted(tmp_path / "state") in ((40,) if step < 86_400 else (40, 20, 0)), (
        "what is older than two tallies is dropped"
    )


@pytest.mark.parametrize(
    "use", ["env | grep ^LOGSLEUTH_", "eval echo \"'$LOGSLEUTH_EVENT'\"", 'printf "%s\\n" "$LOGSLEUTH_LOG"', "cat"]
)
def test_what_a_command_is_given_is_data_to_any_shell(tmp_path: Path, use: str) -> None:
    """`--exec`: facts are variables and standard input, never part of the command."""
    log = tmp_path / "error.log"
    log.write_text("")
    command = [
        sys.executable,
        "-m",
        "logsleuth",
        "watch",
        str(log),
        "--state",
        str(tmp_path / "state"),
        "--tz",
        "UTC",
        "--every",
        "0.1",
    ]
    with subprocess.Popen(
        [*command, "--exec", f"cd {tmp_path} && {use} >>out"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as watch:
        time.sleep(2)
        at = datetime.now(UTC)
        hostile = "/srv/$(>PWN)`>PWN`';>PWN;'\";>PWN;\".egg"
        head = "[{:%a %b %d %H:%M:%S.%f %Y}] [wsgi:error] [pid {}] [client 192.0.2.9:40001] zipimport.ZipImportError: bad local file header in {}\n"
        with log.open("a") as stream:
            stream.write(
                "".join(head.format(at + timedelta(milliseconds=nth), 50 + nth % 9, hostile) for nth in range(90))
            )
        for _ in range(300):
            if (tmp_path / "out").exists() and (tmp_path / "out").stat().st_size:
                break
            time.sleep(0.1)
        watch.terminate()
        watch.communicate(timeout=30)
    assert (tmp_path / "out").read_text().strip()
    assert not (tmp_path / "PWN").exists()
    if use == "cat":
        assert json.loads((tmp_path / "out").read_text().split("\n")[0])["event"] == "onset"
