"""Probes that are killed at any moment, while their log grows and is rotated: `python -m tests.live.killed --times 500`.

After each kill the next run reads on from the state that was left. In the end every line must have been counted once.
"""

from __future__ import annotations

import argparse
import gzip
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from logsleuth.live import saved
from logsleuth.live.ledger import Ledger
from logsleuth.logs.httpd.layout.given import no_layouts
from tests.live.fed import MATCHER

LINE = "[{:%a %b %d %H:%M:%S.%f %Y}] [core:info] [pid 61] [client 192.0.2.9:40001] AH00128: File does not exist: /srv/www/{}\n"
UNSEEN = 2
"""Rotations after which a probe is let live: what has been rotated away before any look is gone, and it says so."""
OPTIONS = {"check": ("--since", "begin"), "watch": ("--since", "begin", "--every", "0.05")}


@dataclass
class Server:
    """Writes a log, and rotates it as logrotate does."""

    log: Path
    choose: random.Random
    written: int = 0

    def write(self, lines: int) -> None:
        """Write so many lines."""
        begin = datetime.now(UTC) - timedelta(seconds=1)
        with self.log.open("a") as stream:
            for number in range(lines):
                stream.write(LINE.format(begin + timedelta(microseconds=number), self.written + number))
        self.written += lines

    def rotate(self) -> str:
        """Move the log on, by one of the ways that there are."""
        way = self.choose.choice(("rename", "copytruncate", "compress"))
        for number in (3, 2, 1):
            for suffix in ("", ".gz"):
                part = self.log.with_name(f"{self.log.name}.{number}{suffix}")
                if part.exists():
                    part.rename(self.log.with_name(f"{self.log.name}.{number + 1}{suffix}"))
        first = self.log.with_name(self.log.name + ".1")
        if way == "copytruncate":
            first.write_bytes(self.log.read_bytes())
            with self.log.open("r+") as stream:
                stream.truncate(0)
        else:
            self.log.rename(first)
            self.log.touch()
        second = self.log.with_name(self.log.name + ".2")
        if way == "compress" and second.exists():
            with gzip.open(second.with_name(second.name + ".gz"), "wb") as packed:
                packed.write(second.read_bytes())
            second.unlink()
        return way


def killed(kind: str, times: int, folder: Path, seed: int) -> tuple[int, int, int]:
    """Kill a probe so many times; the lines that were written and counted, and how often the log was rotated."""
    choose = random.Random(seed)
    server, state, rotations = Server(folder / "error.log", choose), folder / "state", 0
    server.write(50)
    whole, unseen = _seconds_of_a_check(server.log, state), 0
    for _ in range(times):
        process = _start(kind, server.log, state)
        life = whole * choose.uniform(0.3, 1.2 if kind == "check" else 2.5)
        for _ in range(3):
            time.sleep(life / 4)
            server.write(choose.randrange(1, 40))
        if choose.random() < 0.3:
            server.rotate()
            rotations, unseen = rotations + 1, unseen + 1
            server.write(choose.randrange(1, 40))
        time.sleep(life / 4)
        process.kill()
        process.wait()
        if unseen == UNSEEN or choose.random() < 0.3:
            whole, unseen = _seconds_of_a_check(server.log, state), 0
    _seconds_of_a_check(server.log, state)
    return server.written, counted(state), rotations


def _seconds_of_a_check(log: Path, state: Path) -> float:
    """How long a run takes that nobody kills: the kills are to hit all of its parts."""
    begin = time.monotonic()
    _start("check", log, state).wait()
    return time.monotonic() - begin


def _start(kind: str, log: Path, state: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "logsleuth", kind, str(log), "--state", str(state), "--tz", "UTC", *OPTIONS[kind]]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def counted(path: Path) -> int:
    """The lines that a state knows of."""
    state, note = saved.load(path)
    assert not note, note
    tally = Ledger(state, MATCHER, UTC, no_layouts, None).tally()
    return sum(log.lines for log in tally.logs.values())


def main() -> int:
    """Kill probes of both kinds, and print what became of the lines."""
    options = argparse.ArgumentParser(prog="python -m tests.live.killed", description=__doc__)
    options.add_argument("--times", type=int, default=500)
    options.add_argument("--seed", type=int, default=7)
    given = options.parse_args()
    wrong = 0
    for kind in OPTIONS:
        with tempfile.TemporaryDirectory() as folder:
            written, found, rotations = killed(kind, given.times // len(OPTIONS), Path(folder), given.seed)
        wrong += written != found
        print(
            f"{kind}: killed {given.times // len(OPTIONS)} times, {rotations} rotations, {written:,} lines written, {found:,} counted",
            flush=True,
        )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
