"""Bad input: one clear line that says what it is and what to do, and the right exit code."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLE = ROOT / "sample_logs" / "quiet-day.log"
ERROR = "[Tue Mar 03 14:02:11.120001 2020] [core:error] [pid 1:tid 1] [client 192.0.2.7:1] AH00126: Invalid URI in request x\n"


def run(*arguments: str | Path, stdin: bytes | None = None) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "logsleuth", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        check=False,
        cwd=ROOT,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def bad_files(folder: Path) -> dict[str, tuple[list[str | Path], str, str]]:
    """Name of a case to arguments, what must be said of it, and the way out."""
    (folder / "empty-folder").mkdir()
    (folder / "binary.log").write_bytes(bytes(range(256)) * 100)
    (folder / "other.log").write_text("the quick brown fox\n" * 50)
    (folder / "error.log").write_text(ERROR)
    return {
        "missing": ([folder / "access"], "no such file", "check the path"),
        "misspelt": ([folder / "eror.log"], "no such file", f"did you mean '{folder / 'error.log'}'?"),
        "elsewhere": (["www1:/var/log/error.log"], "no such file", "ssh www1 'cat /var/log/error.log' |"),
        "folder": ([folder / "empty-folder"], "directory without error logs", "name the file"),
        "binary": ([folder / "binary.log"], "binary file", "name an Apache error log"),
        "other": ([folder / "other.log"], "no log of httpd", "name an Apache error log"),
        "zone": ([folder / "error.log", "--tz", "Mars/Base"], "unknown time zone", "Europe/Berlin"),
        "city": ([folder / "error.log", "--tz", "lisbon"], "unknown time zone", "did you mean 'Europe/Lisbon'?"),
        "window": ([folder / "error.log", "--since", "1h", "--until", "2h"], "not before --until", "exchange"),
        "since": ([folder / "error.log", "--since", "foo"], "not a time", "write it as"),
        "output": ([folder / "error.log", "-o", folder / "none" / "r.md"], "cannot write", "folder of yours"),
        "patterns": ([folder / "error.log", "--patterns", folder / "none"], "no such pattern", "--patterns"),
    }


CASES = (
    "missing", "misspelt", "elsewhere", "folder", "binary", "other", "zone", "city", "window", "since", "output",
    "patterns",
)  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_bad_input_ends_in_one_clear_line(case: str, tmp_path: Path) -> None:
    arguments, what, way_out = bad_files(tmp_path)[case]
    done = run("analyze", *arguments)
    assert done.returncode == 2
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith("logsleuth: ")
    assert what in line
    assert way_out in line
    assert done.stdout == ""


def test_an_empty_log_is_no_error_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "empty.log").touch()
    done = run("analyze", tmp_path / "empty.log")
    assert (done.returncode, done.stderr) == (0, "")
    assert "the log is empty" in done.stdout


def test_a_file_that_is_left_out_beside_an_error_log_is_named(tmp_path: Path) -> None:
    bad_files(tmp_path)
    done = run("analyze", tmp_path / "error.log", tmp_path / "other.log")
    assert done.returncode == 0
    assert "left out" in done.stderr
    assert "other.log" in done.stderr


def test_the_exit_code_tells_of_incidents_only_if_asked_to() -> None:
    incident = ROOT / "sample_logs" / "crash-prefork.log"
    assert run("analyze", incident).returncode == 0
    assert run("analyze", incident, "--exit-code").returncode == 1
    assert run("analyze", SAMPLE, "--exit-code").returncode == 0


def test_standard_input_is_read() -> None:
    assert "97 lines" in run("analyze", "-", stdin=SAMPLE.read_bytes()).stdout


def test_since_and_until_choose_lines() -> None:
    log = ROOT / "sample_logs" / "crash-prefork.log"
    assert "Routine lines: no fault" in run("analyze", log, "--until", "2026-11-23 12:16:30").stdout
    assert "1 incident" in run("analyze", log, "--since", "2026-11-23 12:16:30").stdout


@pytest.mark.parametrize(("name", "begin"), [("r.md", "# Incident"), ("r.json", "{"), ("r.txt", "1 incident")])
def test_the_suffix_of_the_output_chooses_the_format(name: str, begin: str, tmp_path: Path) -> None:
    assert run("analyze", ROOT / "sample_logs" / "crash-prefork.log", "-o", tmp_path / name).stdout == ""
    assert (tmp_path / name).read_text().startswith(begin)
    assert os.listdir(tmp_path) == [name]  # noqa: PTH208 - no temporary file is left


def test_a_dash_as_the_output_is_standard_output() -> None:
    assert run("analyze", SAMPLE, "-o", "-").stdout == run("analyze", SAMPLE).stdout != ""


def test_a_pipe_gets_no_escape_codes_and_may_be_closed_early() -> None:
    done = run("analyze", ROOT / "sample_logs" / "stale-egg-24.log")
    assert "\x1b" not in done.stdout
    command = f"{sys.executable} -m logsleuth analyze sample_logs/stale-egg-24.log --full | head -1"
    closed = subprocess.run(["bash", "-c", command], capture_output=True, check=False, cwd=ROOT)
    assert closed.stderr == b""


@pytest.mark.parametrize(
    "command", [(), ("analyze",), ("parse",), ("patterns",), ("patterns", "list"), ("patterns", "test")]
)
def test_every_command_has_help(command: tuple[str, ...]) -> None:
    done = run(*command, "--help")
    assert done.returncode == 0
    assert "Usage:" in done.stdout


def test_an_unknown_pattern_is_met_with_a_guess() -> None:
    done = run("patterns", "show", "httpd.child.segfalt")
    assert done.returncode == 2
    assert "did you mean 'httpd.child.segfault'?" in done.stderr


def test_a_misspelt_option_is_answered_with_the_nearest(tmp_path: Path) -> None:
    done = run("analyze", tmp_path / "error.log", "--sicne", "2h")
    assert done.stderr == "logsleuth: no such option '--sicne'; did you mean '--since'? See logsleuth analyze --help\n"


def test_a_missing_choice_is_answered_with_all_choices() -> None:
    done = run("probe")
    assert done.stderr.startswith("logsleuth: name one of monit, systemd, nagios, icinga, prometheus; see ")


def test_a_log_of_iis_is_named(tmp_path: Path) -> None:
    log = tmp_path / "u_ex260303.log"
    log.write_text(
        "#Software: Microsoft Internet Information Services 10.0\n#Fields: date time s-ip cs-method cs-uri-stem\n"
        "2026-03-03 14:02:11 192.0.2.1 GET /shop - 443 - 192.0.2.7 - 500 0 0 187\n"
    )
    done = run("analyze", log)
    assert (done.returncode, "it is a log of IIS, not of Apache" in done.stderr) == (2, True)


def test_a_format_is_asked_for_only_where_there_are_lines(tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(bytes(range(256)) * 20)
    assert "--log-format" not in run("analyze", tmp_path / "picture.png").stderr


@pytest.mark.skipif(os.name == "nt", reason="there such a path is a usual one")
def test_a_windows_path_is_answered_with_its_place_in_wsl() -> None:
    assert "/mnt/c/Apache24/logs/error.log" in run("analyze", "C:\\Apache24\\logs\\error.log").stderr


def test_an_access_log_alone_names_the_zone(tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    lines = [f'192.0.2.7 - - [03/Mar/2026:14:02:{at} +0200] "GET / HTTP/1.1" 500 312' for at in range(10, 40)]
    log.write_text("\n".join(lines))
    assert "from 2026-03-03 14:02:10 to 14:02:39 UTC+02:00" in " ".join(run("analyze", log).stdout.split())


def test_a_line_without_its_quotation_marks_is_explained() -> None:
    assert (
        "Segmentation faults"
        in run("explain", "child", "pid", "7", "exit", "signal", "Segmentation", "fault", "(11)").stdout
    )
