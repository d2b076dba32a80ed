"""Long output is paged on a terminal, as the user's PAGER says, and never lost."""

import os
import pty
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from click.testing import CliRunner

from logsleuth.cli.commands import cli
from logsleuth.cli.pager import pager_command

ROOT = Path(__file__).resolve().parent.parent.parent
LONG = ("analyze", "sample_logs/stale-egg-24.log", "--tz", "UTC")


def on_a_terminal(*arguments: str, **environment: str) -> tuple[int, str]:
    """The exit code of a run, and what its terminal of 8 lines showed."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (8, 100))
    env = {"PATH": os.environ["PATH"], "TERM": "xterm", "LANG": "C.UTF-8"}
    process = subprocess.Popen(
        [sys.executable, "-m", "logsleuth", *arguments], stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT,
        env=env | environment, close_fds=True,
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    while part := _read(ours):
        shown += part
    os.close(ours)
    return process.wait(timeout=60), shown.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # the other side is closed
        return b""


@pytest.mark.parametrize(
    "arguments", [LONG, ("explain", "worker-exhaustion"), ("patterns", "show", "httpd.child.segfault")]
)
def test_what_is_longer_than_the_screen_goes_through_the_pager(arguments: tuple[str, ...]) -> None:
    code, shown = on_a_terminal(*arguments, PAGER="sed s/^/paged:/")
    assert code == 0
    assert all(line.startswith("paged:") for line in shown.splitlines())
    assert "\x1b" not in shown, "a pager that is not known to show colours gets none"


def test_what_fits_is_printed_as_it_is() -> None:
    assert "paged:" not in on_a_terminal("explain", "AH00161", PAGER="sed s/^/paged:/", LINES="500")[1]


@pytest.mark.parametrize(
    ("pager", "options"),
    [("sed s/^/paged:/", ("--no-pager",)), ("cat", ()), ("", ()), ("/nosuch/pager", ()), ("false", ()), ("'", ())],
)
def test_without_a_pager_that_works_the_report_is_printed(pager: str, options: tuple[str, ...]) -> None:
    code, shown = on_a_terminal(*LONG, *options, PAGER=pager)
    assert code == 0
    assert "Zipped egg replaced" in shown
    assert "paged:" not in shown
    assert "Traceback" not in shown


def test_the_reader_may_leave_early_and_the_exit_code_stays() -> None:
    code, shown = on_a_terminal(*LONG, "--exit-code", PAGER="head -n 1")
    assert (code, len(shown.splitlines())) == (1, 1)


def test_a_pipe_is_never_paged() -> None:
    command = [sys.executable, "-m", "logsleuth", *LONG]
    env = {**os.environ, "PAGER": "sed s/^/paged:/"}
    assert "paged:" not in subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True).stdout


def test_which_pager() -> None:
    assert pager_command({"PAGER": "cat"}) == pager_command({"PAGER": " "}) == ()
    assert pager_command({"PAGER": "head -n '1'"}) == ("head", "-n", "1")


@pytest.mark.parametrize("words", ["logsleuth", "logsleuth analyze", "logsleuth explain", "logsleuth sample.log"])
def test_the_shell_completes_names_of_logs(words: str) -> None:
    environment = {"_LOGSLEUTH_COMPLETE": "bash_complete", "COMP_WORDS": f"{words} err", "COMP_CWORD": "1"}
    environment["COMP_CWORD"] = str(len(words.split()))
    result = CliRunner().invoke(cli, prog_name="logsleuth", env=environment)
    assert result.output.splitlines() == ["file,err"]
