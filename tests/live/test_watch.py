"""`logsleuth watch`, run as a user runs it in a pipe."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path  # noqa: TC003 - pytest reads the annotations

from tests.live.fed import SAMPLES

PATIENCE = 30.0
"""Seconds: a machine that runs many tests at once is slow."""


def command(log: Path, *options: str) -> list[str]:
    state = str(log.with_name("state"))
    return [sys.executable, "-m", "logsleuth", "watch", str(log), "--state", state, "--tz", "UTC", "--since", "begin",
            "--every", "0.1", *options]  # fmt: skip


def wait_for(path: Path, text: str) -> str:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if path.exists() and text in (told := path.read_text()):
            return told
        time.sleep(0.05)
    raise AssertionError(f"'{text}' was not written to {path}: {path.read_text() if path.exists() else 'no file'}")


def test_it_tells_and_runs_the_command_and_writes_the_report_while_it_happens(tmp_path: Path) -> None:
    log, out, facts = tmp_path / "error.log", tmp_path / "out", tmp_path / "facts"
    log.touch()
    lines = (SAMPLES / "stale-egg-24.log").read_text().splitlines(keepends=True)
    stop = next(number for number, line in enumerate(lines) if "AH00169" in line or "AH00171" in line)
    tell = f'echo "$LOGSLEUTH_EVENT $LOGSLEUTH_CATEGORY $LOGSLEUTH_RESTART $LOGSLEUTH_REPORT" >> {facts}'
    with (
        out.open("w") as stream,
        subprocess.Popen(command(log, "--exec", tell, "--report", str(tmp_path / "told")), stdout=stream) as watch,
    ):
        time.sleep(0.5)
        log.write_text("".join(lines[:stop]))
        assert "CRITICAL stale-egg: " in wait_for(out, " ONSET ")
        assert wait_for(facts, "onset").startswith("onset stale-egg advised ")
        with log.open("a") as more:
            more.write("".join(lines[stop:]))
        wait_for(facts, "end stale-egg")
        watch.send_signal(signal.SIGTERM)
        assert watch.wait(PATIENCE) == 0
    (report,) = (tmp_path / "told").iterdir()
    assert report.name.endswith("-stale-egg.md")
    assert "bad local file header" in report.read_text()


def test_two_watches_of_one_log_need_two_states(tmp_path: Path) -> None:
    log = tmp_path / "error.log"
    log.write_text((SAMPLES / "quiet-day.log").read_text())
    with subprocess.Popen(command(log), stdout=subprocess.DEVNULL) as watch:
        wait_for_state(log)
        second = subprocess.run(command(log), capture_output=True, text=True, timeout=PATIENCE, check=False)
        watch.terminate()
    assert second.returncode == 3
    assert second.stderr.startswith("logsleuth: another run uses the state ")
    assert second.stderr.count("\n") == 1


def wait_for_state(log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while not log.with_name("state").exists():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_in_a_terminal_there_is_a_live_view_that_log_text_cannot_act_on(tmp_path: Path) -> None:
    log = tmp_path / "error\x1b[41m.log"
    log.write_text((SAMPLES / "stale-egg-24.log").read_text()[:200_000])
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "400"}  # no path of a temporary folder is folded
    with subprocess.Popen(command(log), stdout=theirs, stderr=theirs, env=environment) as watch:
        os.close(theirs)
        shown = b""
        end = time.monotonic() + PATIENCE
        while b"Ctrl-C" not in shown and time.monotonic() < end:
            shown += os.read(ours, 65536)
        watch.send_signal(signal.SIGINT)
        while True:
            try:
                shown += os.read(ours, 65536)
            except OSError:
                break
        assert watch.wait(PATIENCE) == 0
    os.close(ours)
    assert b"CRITICAL" in shown
    assert b"stale-egg" in shown
    assert b"error\\x1b[41m.log" in shown
    assert b"error\x1b[41m" not in shown
