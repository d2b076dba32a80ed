"""What `logsleuth completion` prints completes commands, options and logs in the real shells, and man pages read well."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PATIENCE = 30
"""Seconds."""


def needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"there is no {program}")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with a log, the command on a PATH of its own, and the scripts of all shells."""
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin" / "logsleuth"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m logsleuth "$@"\n')
    command.chmod(0o755)
    (tmp_path / "shop-error.log").touch()
    for shell in ("bash", "zsh", "fish"):
        script = subprocess.run([command, "completion", shell], capture_output=True, check=True, text=True).stdout
        (tmp_path / f"_logsleuth.{shell}").write_text(script)
    return tmp_path


def environment(home: Path) -> Mapping[str, str]:
    return {**os.environ, "HOME": str(home), "PATH": f"{home / 'bin'}:{os.environ['PATH']}", "TERM": "dumb"}


TYPED = [
    ("ana", "analyze"),
    ("analyze --sin", "--since"),
    ("patterns cov", "coverage"),
    ("analyze shop", "shop-error.log"),
]


@needs("fish")
@pytest.mark.parametrize(("typed", "completed"), TYPED)
def test_fish(home: Path, typed: str, completed: str) -> None:
    script = f"source ./_logsleuth.fish; complete --do-complete 'logsleuth {typed}'"
    done = subprocess.run(
        ["fish", "--no-config", "-c", script],
        cwd=home,
        env=environment(home),
        capture_output=True,
        text=True,
        check=True,
    )
    assert completed in [line.split("\t")[0] for line in done.stdout.splitlines()]


INTERACTIVE = {
    "bash": (["bash", "--norc", "-i"], "source ./_logsleuth.bash"),
    "zsh": (["zsh", "-f", "-i"], "autoload -U compinit; compinit -u -d ./dump; source ./_logsleuth.zsh"),
}


@pytest.mark.parametrize("shell", [pytest.param(shell, marks=needs(shell)) for shell in INTERACTIVE])
@pytest.mark.parametrize(("typed", "completed"), TYPED)
def test_the_tab_key_in_bash_and_zsh(shell: str, home: Path, typed: str, completed: str) -> None:
    """In a terminal, as a person would: neither completes anywhere else."""
    command, source = INTERACTIVE[shell]
    set_up = f"{source}; PS1='ready> '\n"
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(home)
        os.execve(shutil.which(shell) or shell, command, environment(home))
    try:
        os.write(terminal, set_up.encode())
        shown = _shown_until(terminal, "\nready> ")
        os.write(terminal, f"logsleuth {typed}\t".encode())
        shown = _shown_until(terminal, completed)
        assert completed in shown
    finally:
        os.close(terminal)
        os.waitpid(child, 0)


def _shown_until(terminal: int, text: str) -> str:
    """What a terminal shows, up to a text or the end of our patience."""
    shown, end = "", time.monotonic() + PATIENCE
    while text not in shown and time.monotonic() < end:
        ready, _, _ = select.select([terminal], [], [], 0.2)
        if ready:
            shown += os.read(terminal, 4096).decode("utf-8", "replace").replace("\r", "")
    return shown


@pytest.mark.parametrize(
    ("formatter", "strict"),
    [
        ("mandoc", ["mandoc", "-T", "lint", "-W", "error"]),
        ("man", ["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z"]),
    ],
)
def test_manual_pages_are_formatted_without_errors(formatter: str, strict: list[str], tmp_path: Path) -> None:
    if shutil.which(formatter) is None:
        pytest.skip(f"there is no {formatter}")
    for name in ("", "analyze", "check", "watch", "patterns", "explain"):
        page = tmp_path / f"logsleuth{'-' if name else ''}{name}.1"
        made = subprocess.run(
            [sys.executable, "-m", "logsleuth", "man", *name.split()], capture_output=True, check=True
        )
        page.write_bytes(made.stdout)
        done = subprocess.run([*strict, page], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr if formatter == "man" else done.stdout) == (0, ""), name
