"""`logsleuth check`, run as a supervisor runs it."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path  # noqa: TC003 - pytest reads the annotations

import pytest

from logsleuth.live import saved
from logsleuth.live.ledger import Ledger
from logsleuth.live.named_logs import logs_named
from logsleuth.live.state import Followed
from logsleuth.logs.follow.follow import Bookmark
from logsleuth.logs.httpd.layout.given import no_layouts
from tests.live.fed import MATCHER, SAMPLES

STARTED = (
    "[{}] [mpm_prefork:notice] [pid 40] AH00163: Apache/2.4.57 (Debian) configured -- resuming normal operations\n"
)
STOPPED = "[{}] [mpm_prefork:notice] [pid 40] AH00169: caught SIGTERM, shutting down\n"
EGG = "[{}] [wsgi:error] [pid {}] [client 192.0.2.9:40001] zipimport.ZipImportError: bad local file header in /srv/a.egg\n"
MISSING = "[{}] [core:info] [pid 61] [client 192.0.2.9:40001] AH00128: File does not exist: /srv/www/{}\n"


def at(minutes: float) -> str:
    """So many minutes before now, as httpd writes it."""
    return f"{datetime.now(UTC) - timedelta(minutes=minutes):%a %b %d %H:%M:%S.%f %Y}"


def quiet(begin: int, end: int) -> str:
    """A line every six seconds, from so many minutes ago until so many."""
    return "".join(MISSING.format(at(tenth / 10), tenth) for tenth in range(10 * begin, 10 * end, -1))


def poisoned() -> str:
    """A server whose workers go bad half an hour ago."""
    eggs = "".join(EGG.format(at(30 - tenth / 10), 50 + tenth % 6) for tenth in range(250))
    return STARTED.format(at(300)) + quiet(299, 30) + eggs


def restarted() -> str:
    """It is restarted four minutes ago, less than the time for which it counts as recovering."""
    return STOPPED.format(at(4)) + STARTED.format(at(3.9)) + quiet(3, 0)


class Supervisor:
    """Runs the probe of one log."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "error.log"
        self.state = folder / "state"
        self.log.write_bytes(b"")

    def write(self, text: str) -> None:
        with self.log.open("a") as stream:
            stream.write(text)

    def start(self, *options: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "logsleuth", "check", str(self.log), "--state", str(self.state), "--tz", "UTC"]
        return subprocess.Popen([*command, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def run(self, *options: str) -> tuple[int, str]:
        with self.start(*options) as process:
            out, err = process.communicate(timeout=60)
        assert not err
        assert out.count("\n") == 1
        return process.returncode, out


@pytest.fixture
def supervisor(tmp_path: Path) -> Supervisor:
    return Supervisor(tmp_path)


def test_a_finding_stays_until_a_restart_and_then_it_is_recovering(supervisor: Supervisor) -> None:
    supervisor.write(poisoned())
    status, line = supervisor.run()
    assert status == 2
    assert line.startswith("LOGSLEUTH CRITICAL - stale-egg: 6 workers lost since ")
    assert "restart advised" in line
    assert " | lost=6;" in line
    supervisor.write(quiet(4, 3))
    status, line = supervisor.run()
    assert (status, "6 workers lost" in line) == (2, True), "the second run forgot"
    supervisor.write(restarted())
    status, line = supervisor.run()
    assert status == 1
    assert line.startswith("LOGSLEUTH WARNING - recovering: restarted ")
    status, line = supervisor.run("--grace", "1s")
    assert (status, line.startswith("LOGSLEUTH OK - no outage |")) == (0, True)


def test_restarts_that_do_not_help_are_not_advised_for_ever(supervisor: Supervisor) -> None:
    supervisor.write(poisoned() + STOPPED.format(at(4)) + STARTED.format(at(3.9)))
    supervisor.write("".join(EGG.format(at(3.5 - tenth / 10), 150 + tenth % 6) for tenth in range(35)))
    status, line = supervisor.run("--restarts", "2/1h")
    assert (status, "restart advised (one restart within 1 h did not help" in line) == (2, True)
    status, line = supervisor.run("--restarts", "1/1h")
    assert (status, "restart withheld: one restart within 1 h" in line) == (1, True)
    assert "it did not help" in line


def test_quiet_is_fine_and_a_misspelt_option_is_unknown(supervisor: Supervisor) -> None:
    supervisor.write(quiet(20, 0))
    assert supervisor.run()[0] == 0
    assert supervisor.run()[0] == 0
    status, line = supervisor.run("--lost")
    assert (status, line) == (
        3, "LOGSLEUTH UNKNOWN - Option '--lost' requires an argument. See logsleuth check --help.\n",
    )  # fmt: skip
    status, line = supervisor.run("--lost", "many")
    assert (status, line.startswith("LOGSLEUTH UNKNOWN - not a share of the workers: 'many'")) == (3, True)


def test_ranges_of_lost_workers_decide_as_the_guidelines_have_it(supervisor: Supervisor) -> None:
    supervisor.write(poisoned())
    status, line = supervisor.run("-w", "2", "-c", "@7:9")  # 6 are lost
    assert status == 1
    assert "lost=6;2;@7:9;0;" in line
    assert supervisor.run("-c", "5", "--state", f"{supervisor.state}2")[0] == 2
    status, line = supervisor.run("-w", "6", "-c", "10", "--state", f"{supervisor.state}3")
    assert status == 0
    assert "OK - stale-egg: 6 workers lost" in line


@pytest.mark.parametrize("options", [("-c", "10:"), ("-w", "5:2"), ("-c", "3", "-c", "4"), ("-t", "soon"), ("-w", "x")])
def test_a_range_that_is_none_is_unknown(supervisor: Supervisor, options: tuple[str, ...]) -> None:
    assert supervisor.run(*options)[0] == 3


def test_a_run_that_takes_too_long_is_unknown_and_the_next_one_answers(supervisor: Supervisor) -> None:
    supervisor.write(poisoned())
    status, line = supervisor.run("-t", "0.001")
    assert status == 3
    assert line.startswith("LOGSLEUTH UNKNOWN - no answer within 0.001 s;")
    assert supervisor.run("-t", "0")[0] == 2


def test_what_proves_it_follows_in_lines_of_its_own(supervisor: Supervisor) -> None:
    supervisor.write(poisoned().replace("192.0.2.9", "203.0.113.77"))
    with supervisor.start("-vv") as process:
        first, *more = process.communicate(timeout=60)[0].splitlines()
    assert "| lost=6;" in first
    assert [line.partition(":")[0] for line in more] == ["log", "line", "logs", "state", "lost workers", "library"]
    assert "zipimport.ZipImportError" in more[1]
    assert "203.0.113.77" not in "".join(more)
    assert "|" not in "".join(more)


def test_its_version() -> None:
    command = [sys.executable, "-m", "logsleuth", "check", "-V"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.startswith("logsleuth check v")


def test_what_the_user_calls_critical_is(supervisor: Supervisor) -> None:
    supervisor.write(quiet(20, 0) + EGG.format(at(0), 50))
    assert supervisor.run("--lost", "99")[0] < 2
    assert supervisor.run("--lost", "99", "--critical", "python.zipimport.*")[0] == 2
    status, line = supervisor.run("--critical", "python.zipimport")
    assert (status, "is not a pattern" in line) == (3, True)


def test_a_log_that_vanishes_is_unknown_and_what_was_found_is_not_forgotten(supervisor: Supervisor) -> None:
    supervisor.write(poisoned())
    assert supervisor.run()[0] == 2
    supervisor.log.unlink()
    status, line = supervisor.run()
    assert (status, f"{supervisor.log} is not there" in line) == (3, True)
    supervisor.write(quiet(1, 0))
    status, line = supervisor.run()
    assert (status, "stale-egg" in line) == (2, True)


def test_no_log_at_all(supervisor: Supervisor) -> None:
    supervisor.log.unlink()
    status, line = supervisor.run()
    assert (status, line.startswith("LOGSLEUTH UNKNOWN - no such file: ")) == (3, True)


def test_hostile_text_stays_on_its_line(supervisor: Supervisor) -> None:
    hostile = "Uncaught Exception: \x1b[2J|lost=0 \u202e boom\n"
    line = f"[{at(1)}] [php:error] [pid 66] [client 192.0.2.9:1] PHP Fatal error:  {hostile}"
    supervisor.write(quiet(300, 2) + line * 50)
    _, said = supervisor.run("--critical", "php.*")
    assert said.count("|") == 1
    assert said.strip().isprintable()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_as_a_user(supervisor: Supervisor) -> None:
    supervisor.write(quiet(2, 0))
    supervisor.state.parent.chmod(0o500)
    status, line = supervisor.run()
    supervisor.state.parent.chmod(0o700)
    assert (status, "cannot write the state" in line) == (3, True)


@pytest.mark.parametrize("place", ["/proc/logsleuth/state", "/dev/null/state"])
def test_a_state_that_cannot_be_written(supervisor: Supervisor, place: str) -> None:
    supervisor.write(quiet(2, 0))
    status, line = supervisor.run("--state", place)
    assert (status, "cannot write the state" in line, "--state FILE" in line) == (3, True, True)


def test_a_full_disk_is_unknown_and_the_state_stays_as_it_was(supervisor: Supervisor) -> None:
    supervisor.write(quiet(200, 20))
    assert supervisor.run()[0] == 0
    before = supervisor.state.read_bytes()
    supervisor.write(poisoned())
    command = [sys.executable, "-m", "logsleuth", "check", str(supervisor.log), "--state", str(supervisor.state)]
    small = f"ulimit -f 8; exec {' '.join(command)} --tz UTC"  # no file may grow beyond 8 blocks
    environment = {**os.environ, "LOGSLEUTH_CACHE": str(supervisor.log.parent / "cache")}
    process = subprocess.run(
        ["bash", "-c", small], capture_output=True, text=True, timeout=60, check=False, env=environment
    )
    assert (process.returncode, "cannot write the state" in process.stdout) == (3, True), process
    assert supervisor.state.read_bytes() == before
    assert supervisor.run()[0] == 2


def test_a_damaged_state_is_put_aside_and_told(supervisor: Supervisor) -> None:
    supervisor.write(poisoned())
    assert supervisor.run()[0] == 2
    supervisor.state.write_bytes(supervisor.state.read_bytes()[:-20])
    status, line = supervisor.run()
    assert (status, "the state was not usable" in line) == (2, True)
    assert supervisor.run()[0] == 2


@pytest.mark.parametrize("left", [b"", b"\0" * 4096, b"logsleuth state 0\nof another version"])
def test_a_state_of_no_use_is_never_good_news(supervisor: Supervisor, left: bytes) -> None:
    supervisor.write(quiet(20, 0))
    supervisor.state.write_bytes(left)
    status, line = supervisor.run()
    assert (status, "the state was not usable, and is now" in line) == (3, True)
    assert supervisor.run()[0] == 0


def test_a_log_that_is_named_as_the_state_is_left_alone(supervisor: Supervisor) -> None:
    text = poisoned()
    supervisor.write(text)
    status, line = supervisor.run("--state", str(supervisor.log))
    assert (status, "is not a state file of logsleuth" in line) == (3, True)
    assert supervisor.log.read_text() == text
    assert [path.name for path in supervisor.log.parent.iterdir() if "bad" in path.name] == []


@pytest.mark.parametrize("options", [(), ("--tz", "Nowhere")])
def test_a_line_that_cannot_be_written_is_unknown(supervisor: Supervisor, options: tuple[str, ...]) -> None:
    supervisor.write(quiet(20, 0))
    command = [sys.executable, "-m", "logsleuth", "check", str(supervisor.log), "--state", str(supervisor.state)]
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device
        done = subprocess.run([*command, *options], stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
    assert (done.returncode, b"No space left" in done.stderr, b"Traceback" in done.stderr) == (3, True, False)


def test_a_glob_follows_what_comes_and_misses_what_goes(supervisor: Supervisor) -> None:
    """Systemd and monit know no globs, and virtual hosts come and go."""
    folder = supervisor.log.parent
    supervisor.log.rename(folder / "blog-error.log")
    (folder / "blog-error.log.1").write_text(quiet(30, 20))
    (folder / "blog-error.log").write_text(quiet(20, 0))
    supervisor.log = folder / "*error.log*"
    status, line = supervisor.run("--since", "begin")
    assert (status, f"new={len(quiet(20, 0))}B" in line) == (0, True), "the rotated part is none of its own"
    (folder / "shop-error.log").write_text(poisoned())
    status, line = supervisor.run("--since", "begin")
    assert (status, "stale-egg" in line) == (2, True)
    (folder / "blog-error.log").unlink()
    status, line = supervisor.run()
    assert (status, "blog-error.log is not there" in line) == (3, True)


def test_a_log_that_was_tidied_away_is_not_missed() -> None:
    mark = Bookmark("/l/error.20260101.log", "", 1, 1, 10**18, 0, "", 0, "")
    followed = {mark.path: Followed(mark), "/l/other.log": Followed(mark)}
    assert logs_named(["/l/error.*.log"], followed, 10**9 + 3600) == [mark.path]
    assert logs_named(["/l/error.*.log"], followed, 10**9 + 90_000) == ["/l/error.*.log"]


def test_killed_at_any_moment_nothing_is_lost_or_counted_twice(supervisor: Supervisor) -> None:
    """Whoever reads on from the state that a killed run left must count each line once."""
    chance = random.Random(7)
    lines = (SAMPLES / "stale-egg-2009.log").read_text().splitlines(keepends=True)
    step = len(lines) // 10
    for begin in range(0, len(lines), step):
        supervisor.write("".join(lines[begin : begin + step]))
        with supervisor.start("--since", "begin") as process:
            time.sleep(chance.uniform(0.05, 0.4))
            process.kill()
    supervisor.run("--since", "begin")
    state, note = saved.load(supervisor.state)
    assert not note
    tally = Ledger(state, MATCHER, UTC, no_layouts, None).tally()
    assert [log.lines for log in tally.logs.values()] == [len(lines)]
    (followed,) = state.logs.values()
    (part,) = followed.open
    assert part.size == supervisor.log.stat().st_size


def test_several_runs_at_once_do_not_damage_the_state(supervisor: Supervisor) -> None:
    supervisor.write(poisoned())
    running = [supervisor.start() for _ in range(4)]
    told = [process.communicate(timeout=60)[0] for process in running]
    assert [process.returncode for process in running] == [2, 2, 2, 2], told
    assert saved.load(supervisor.state)[1] == ""
