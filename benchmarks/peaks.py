"""Peak memory of logsleuth on what could fill it: each log is written into a pipe, however large it is.

    python benchmarks/peaks.py

The bound is 150 MB a process, whatever the log. Exits with 1 if a log breaks it.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.measure import measure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BOUND = 150
"""MB a process."""
START = datetime(2016, 1, 1, tzinfo=UTC)
CHUNK = 4 << 20


def stamped(seconds: float, pid: int, client: str, text: str) -> str:
    """One line, so many seconds after START."""
    when = START + timedelta(seconds=seconds)
    return f"[{when:%a %b %d %H:%M:%S.%f %Y}] [wsgi:error] [pid {pid}:tid {pid}] [client {client}] {text}\n"


def unique() -> Iterator[str]:
    """Two million lines, no message and no shape twice."""
    rng = random.Random(1)
    for number in range(2_000_000):
        words = "".join(rng.choices("abcdefghijklmnopqrstuvwxyz ", k=60))
        yield stamped(number / 40, 4000 + number % 64, "192.0.2.7:4000", words)


def unique_matches() -> Iterator[str]:
    """A million known lines, each with another path."""
    for number in range(1_000_000):
        text = f"AH01630: client denied by server configuration: /srv/www/{number:x}"
        yield stamped(number / 40, 4000 + number % 64, "192.0.2.7:4000", text)


def one_line() -> Iterator[str]:
    """A single line of two gigabytes."""
    yield stamped(0, 4000, "192.0.2.7:4000", "begin").rstrip("\n")
    for _ in range(512):
        yield "x" * CHUNK
    yield "\n"


def pids() -> Iterator[str]:
    """A million processes."""
    for number in range(1_000_000):
        yield stamped(number / 40, 2 + number, "192.0.2.7:4000", "zipimport.ZipImportError: bad local file header: 'a'")


def clients() -> Iterator[str]:
    """A million clients."""
    for number in range(1_000_000):
        client = f"198.{18 + (number >> 16)}.{number >> 8 & 255}.{number & 255}:{1024 + number % 60_000}"
        yield stamped(number / 40, 4000 + number % 64, client, "AH00036: access to /a failed")


def minutes() -> Iterator[str]:
    """A line a minute for ten years."""
    for number in range(10 * 365 * 24 * 60):
        yield stamped(
            60 * number, 4000 + number // 10_000, "192.0.2.7:4000", f"AH00036: access to /{number % 7} failed"
        )


def tracebacks() -> Iterator[str]:
    """Four hundred thousand tracebacks, each exception another."""
    frame = '  File "/srv/app/views.py", line 41, in call'
    for number in range(400_000):
        for text in ("Traceback (most recent call last):", frame, "    return f()", f"KeyError: 'k{number:x}z'"):
            yield stamped(number / 10, 4000 + number % 64, f"192.0.2.7:{1024 + number % 60_000}", text)


LOGS: dict[str, Callable[[], Iterator[str]]] = {
    one.__name__: one for one in (unique, unique_matches, one_line, pids, clients, minutes, tracebacks)
}


def write(lines: Iterator[str]) -> None:
    """Write a log to standard output, some lines at a time."""
    batch: list[str] = []
    for number, line in enumerate(lines):
        batch.append(line)
        if not number % 2000 or len(line) >= CHUNK:
            sys.stdout.write("".join(batch))
            batch.clear()
    sys.stdout.write("".join(batch))


def main() -> None:
    """Run logsleuth on each log and print the peaks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("logs", nargs="*", choices=[*LOGS, []], help="default: all")
    parser.add_argument("--jobs", default="1")
    parser.add_argument("--write", choices=LOGS, help="only write this log to standard output")
    options = parser.parse_args()
    if options.write:
        write(LOGS[options.write]())
        return
    command = (sys.executable, "-m", "logsleuth", "analyze", "--tz", "UTC", "--jobs", options.jobs, "-")
    worst = 0.0
    print("| log | peak MB | CPU s |\n|---|---:|---:|")
    with tempfile.TemporaryDirectory() as scratch:
        for name in options.logs or LOGS:
            with subprocess.Popen([sys.executable, __file__, "--write", name], stdout=subprocess.PIPE) as writer:
                assert writer.stdout is not None
                run = measure(command, Path(scratch) / "output", stdin=writer.stdout.fileno())
            print(f"| {(LOGS[name].__doc__ or '').rstrip('.')} | {run.peak:.0f} | {run.cpu:.1f} |", flush=True)
            worst = max(worst, run.peak)
    sys.exit(int(worst > BOUND))


if __name__ == "__main__":
    main()
