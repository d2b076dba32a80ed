"""Whatever the streams, folders and sizes of a run are: one line at most, and never the exit code of an answer."""

import ctypes
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
LOG = str(ROOT / "sample_logs" / "crash-prefork.log")
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("analyze", LOG), ("analyze", LOG, "-f", "json"), ("analyze", LOG, "-f", "html"), ("check", LOG, "--state", "STATE"), ("diff", LOG, LOG), ("formats", LOG),
    ("parse", LOG), ("explain", "AH00161"), ("explain", "--each", LOG), ("probe", "monit", LOG, "--no-verify"), ("patterns", "list"), ("patterns", "where"),
    ("patterns", "schema"), ("patterns", "search", "egg"), ("patterns", "show", "httpd.child.segfault"), ("patterns", "coverage", LOG), ("report-bug", LOG, "-o", "STATE"), ("--help",), ("--version",),
)  # fmt: skip
NOBODY = 65534
PR_CAPBSET_DROP = 24


def run(*arguments: str, folder: Path, redirect: str = "", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command in a shell, with redirections; the state of probes is in a folder."""
    command = [str(folder / "state") if word == "STATE" else word for word in arguments]
    return subprocess.run(
        ["/bin/sh", "-c", f'"$@" {redirect}', "sh", sys.executable, "-m", "logsleuth", *command],
        stdin=subprocess.DEVNULL, capture_output=True, cwd=ROOT, env={**os.environ, **environment}, check=False,
    )  # fmt: skip


def lines_of(text: bytes) -> list[str]:
    return text.decode().splitlines()


@pytest.mark.parametrize(
    ("command", "redirect"),
    [*((words, ">/dev/full") for words in COMMANDS), *((words, ">&-") for words in COMMANDS[::4])],
)
def test_output_that_cannot_be_written_is_one_line_and_never_an_answer(
    command: tuple[str, ...], redirect: str, tmp_path: Path
) -> None:
    done = run(*command, folder=tmp_path, redirect=redirect)
    assert done.returncode == (3 if command[0] == "check" else 2), done
    (line,) = lines_of(done.stderr)
    assert "standard" in line


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_broken_pipe_is_silent_and_never_an_answer(command: tuple[str, ...], tmp_path: Path) -> None:
    words = [str(tmp_path / "state") if word == "STATE" else word for word in command]
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "logsleuth", *words], stdout=writing, stderr=subprocess.PIPE, cwd=ROOT, check=False
    )
    os.close(writing)
    assert done.returncode == (3 if command[0] == "check" else 141), done
    assert len(lines_of(done.stderr)) == (1 if command[0] == "check" else 0), done


@pytest.mark.parametrize(
    "command",
    [
        ("analyze", "-"),
        ("parse", "-"),
        ("formats", "-"),
        ("explain", "-"),
        ("patterns", "explain", "-"),
        ("patterns", "new", "--line", "-"),
    ],
)
def test_a_closed_standard_input_is_said(command: tuple[str, ...], tmp_path: Path) -> None:
    done = run(*command, folder=tmp_path, redirect="<&-")
    assert (done.returncode, done.stdout) == (2, b"")
    (line,) = lines_of(done.stderr)
    assert "standard input" in line


def test_all_streams_may_be_closed(tmp_path: Path) -> None:
    out = tmp_path / "report.md"
    assert run("analyze", LOG, "-o", str(out), folder=tmp_path, redirect="<&- >&- 2>&-").returncode == 0
    assert out.read_text().startswith("# Incident")
    assert run("analyze", LOG, folder=tmp_path, redirect="<&- >&- 2>&-").returncode == 2
    assert run("analyze", "/none", folder=tmp_path, redirect="2>/dev/full").returncode == 2


@pytest.mark.parametrize("columns", ["0", "-7", "1", "abc", "²", "99999999999", "9" * 5000, "80.5", ""])
def test_odd_sizes_of_the_terminal_are_passed_over(columns: str, tmp_path: Path) -> None:
    for command in (("analyze", LOG), ("explain", "AH00161"), ("--help",)):
        done = run(*command, folder=tmp_path, COLUMNS=columns, LINES=columns)
        assert (done.returncode, done.stderr) == (0, b""), (command, done.stderr)
        assert max(map(len, done.stdout.decode().splitlines())) < 400


@pytest.mark.parametrize(
    "command",
    [("analyze", LOG), ("patterns", "show", "wsgi.script.unreadable"), ("explain", "stale-egg"), ("formats", LOG)],
)
def test_an_encoding_without_most_letters_is_no_reason_to_fail(command: tuple[str, ...], tmp_path: Path) -> None:
    done = run(*command, folder=tmp_path, PYTHONIOENCODING="ascii", PYTHONUTF8="0", LC_ALL="C")
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    "command",
    [("analyze", "\x1b[31m"), ("\x1b[31m",), ("analyze", LOG, "--\x1b[31m"), ("analyze", LOG, "--tz", "\x1b[31m"), ("parse", "\x1b[31m"), ("diff", "\x1b[31m", LOG),
     ("formats", "\x1b[31m"), ("patterns", "show", "\x1b[31m"), ("analyze", LOG, "-o", "/none/\x1b[31m"), ("analyze", LOG, "--patterns", "\x1b[31m"), ("probe", "\x1b[31m"),
     ("analyze", LOG, "--httpd-conf", "\x1b[31m"), ("packs", "install", "\x1b[31m"), ("check", "\x1b[31m"), ("check", LOG, "--state", "/dev/null/\x1b[31m")],
)  # fmt: skip
def test_names_do_not_act_on_the_terminal(command: tuple[str, ...], tmp_path: Path) -> None:
    done = run(*command, folder=tmp_path)
    assert done.returncode == (3 if command[0] == "check" else 2)
    assert b"\x1b" not in done.stdout + done.stderr
    assert len(lines_of(done.stdout + done.stderr)) == 1


def test_a_name_that_is_no_text_is_shown(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "logsleuth", "analyze", b"/none/\xff\xfe"], capture_output=True, check=False
    )
    assert (done.returncode, done.stderr.startswith(b"logsleuth: no such file: /none/\\udcff\\udcfe")) == (2, True)


@pytest.mark.skipif(os.geteuid() != 0, reason="files of another user are needed")
@pytest.mark.parametrize(
    "command",
    [
        *(words for words in COMMANDS if LOG in words and words[0] != "probe"),
        ("watch", LOG),
        ("patterns", "draft", LOG),
        ("analyze", "FOLDER"),
        ("formats", "FOLDER"),
    ],
    ids=" ".join,
)
def test_what_is_closed_is_one_line_with_the_way_in(command: tuple[str, ...], tmp_path: Path) -> None:
    """As on Debian: `/var/log/apache2` is open to root and group adm."""
    closed = folder_of_another(tmp_path)
    (closed / "error.log").write_bytes(Path(LOG).read_bytes())
    named = {LOG: str(closed / "error.log"), "FOLDER": str(closed)}
    done = without_privileges(*(named.get(word, word) for word in command), folder=tmp_path)
    assert done.returncode == (3 if command[0] == "check" else 2)
    (line,) = lines_of(done.stdout + done.stderr)
    assert "no permission" in line
    assert "sudo, or as a member of group adm" in line


@pytest.mark.skipif(os.geteuid() != 0, reason="files of another user are needed")
@pytest.mark.parametrize("way", ["file", "folder", "in a folder", "damaged"])
def test_one_unreadable_log_of_several_is_told_in_the_report(way: str, tmp_path: Path) -> None:
    closed = folder_of_another(tmp_path) / "error.log"
    closed.write_bytes(Path(LOG).read_bytes())
    (tmp_path / "error.log").write_bytes(Path(LOG).read_bytes())
    (tmp_path / "other-error.log").write_bytes(b"\x1f\x8b damaged" if way == "damaged" else b"")
    os.chown(tmp_path / "other-error.log", NOBODY, NOBODY)
    (tmp_path / "other-error.log").chmod(0o644 if way == "damaged" else 0o600)
    other = {"file": str(closed), "folder": str(closed.parent)}.get(way, str(tmp_path / "other-error.log"))
    done = without_privileges("analyze", str(tmp_path / "error.log"), other, "-f", "json", folder=tmp_path)
    assert done.returncode == 0, done
    (left_out,) = json.loads(done.stdout)["left_out"]
    assert other.rpartition("/")[2] in left_out
    assert (
        "damaged" if way == "damaged" else "no permission to read it; run it with sudo, or as a member of group adm"
    ) in left_out
    assert b"left out" in done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="files of another user are needed")
@pytest.mark.parametrize(
    "command",
    [("analyze", LOG), ("patterns", "where"), ("explain", "AH00161"), ("packs", "list"), ("patterns", "list")],
    ids=" ".join,
)
def test_a_closed_home_is_no_reason_to_fail(command: tuple[str, ...], tmp_path: Path) -> None:
    done = without_privileges(*command, folder=tmp_path, HOME=str(folder_of_another(tmp_path)))
    assert (done.returncode, done.stderr.count(b"\n")) in ((0, 0), (0, 1)), done


def test_who_has_no_home_has_no_place_for_a_state_either(tmp_path: Path) -> None:
    done = run("patterns", "where", folder=tmp_path, HOME="/dev/null")
    assert done.returncode == 0
    assert run("analyze", LOG, folder=tmp_path, HOME="/dev/null").returncode == 0


def folder_of_another(folder: Path) -> Path:
    """A folder that only somebody else may enter."""
    closed = folder / "closed"
    closed.mkdir()
    os.chown(closed, NOBODY, NOBODY)
    closed.chmod(0o700)
    return closed


def without_privileges(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run as a root that may do no more than any owner of its own files."""
    words = [str(folder / "state") if word == "STATE" else word for word in arguments]
    clean = {key: value for key, value in os.environ.items() if not key.startswith("XDG_")}
    return subprocess.run(
        [sys.executable, "-m", "logsleuth", *words],
        stdin=subprocess.DEVNULL, capture_output=True, cwd=ROOT, env={**clean, **environment}, preexec_fn=_drop_privileges, check=False,
    )  # fmt: skip


def _drop_privileges() -> None:
    """Of what root may do more than others, nothing is left after the next exec (capabilities(7))."""
    libc = ctypes.CDLL(None)
    for number in range(64):
        libc.prctl(PR_CAPBSET_DROP, number, 0, 0, 0)
