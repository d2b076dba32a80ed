"""Logs that are named without anything else are analysed without click, and as with it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from logsleuth.cli import logs_alone, main

CRASH = Path(__file__).resolve().parents[2] / "sample_logs" / "crash-prefork.log"


@pytest.mark.parametrize(
    ("arguments", "logs"),
    [
        (["error.log"], ("error.log",)),
        (["analyze", "error.log", "scan"], ("error.log", "scan")),
        (["."], (".",)),
        ([], ()),
        (["analyze"], ()),
        (["scan"], ()),  # the command, though there is such a file
        (["help"], ()),
        (["-"], ()),
        (["--full", "error.log"], ()),
        (["error.log", "--full"], ()),
        (["error.log", "missing.log"], ()),
    ],
)
def test_which_arguments_are_logs_alone(
    arguments: list[str], logs: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("error.log", "scan", "help"):
        (tmp_path / name).touch()
    assert logs_alone(arguments) == logs


def test_a_shell_that_completes_is_no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_LOGSLEUTH_COMPLETE", "bash_complete")
    assert not logs_alone([str(CRASH)])


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as end:
        main(list(arguments))
    assert end.value.code == 0
    return capsys.readouterr().out


def test_the_report_is_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, str(CRASH)) == printed(capsys, "analyze", "--no-pager", str(CRASH))


def test_what_is_set_counts(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGSLEUTH_TZ", "Asia/Tokyo")
    assert "Asia/Tokyo" in printed(capsys, str(CRASH))


def test_click_is_not_imported() -> None:
    code = "import atexit, sys; atexit.register(lambda: print('click' in sys.modules)); from logsleuth.cli import main; main()"
    run = subprocess.run([sys.executable, "-c", code, str(CRASH)], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1] == "False"
