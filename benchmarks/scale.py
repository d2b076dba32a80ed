"""Twice the size, twice the time, and the same memory: logsleuth on logs from 100 MB to 8 GB.

    python benchmarks/scale.py --sizes 100M 1G 8G

A log of one morning is written again for each following day until the size is reached; the first morning has an
incident.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.make_log import START, in_bytes, write
from benchmarks.measure import measure, median

if TYPE_CHECKING:
    from collections.abc import Iterator

MORNING = 100 * 2**20
"""Bytes that are made line by line; the rest are its copies under later dates."""


def main() -> None:
    """Make the logs one after the other, run logsleuth on each, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", default=["100M", "200M", "400M", "800M"])
    parser.add_argument("--jobs", default="1")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--make", nargs=2, metavar=("SIZE", "PATH"), help="only make the log")
    options = parser.parse_args()
    if options.make:
        with Path(options.make[1]).open("wb") as out:
            out.writelines(mornings(int(options.make[0])))
        return
    print("| size MB | CPU s | wall s | peak MB | MB/s CPU |\n|---:|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "error.log"
        for size in map(in_bytes, options.sizes):
            # by a process of its own: a command's peak counts what its parent held when it started it
            subprocess.run([sys.executable, __file__, "--make", str(size), str(path)], check=True)
            command = (sys.executable, "-m", "logsleuth", "analyze", "--tz", "UTC", "--jobs", options.jobs, str(path))
            run = median([measure(command, Path(scratch) / "output") for _ in range(options.rounds)])
            print(
                f"| {size / 1e6:.0f} | {run.cpu:.2f} | {run.wall:.2f} | {run.peak:.0f} | {size / 1e6 / run.cpu:.0f} |",
                flush=True,
            )


def mornings(size: int) -> Iterator[bytes]:
    """Pieces of the log, together of this size."""
    for nth in range(-(-size // MORNING)):
        if nth < 2:
            with tempfile.TemporaryFile() as out:
                write(out, min(size, MORNING), "quiet", "2.4", random.Random(nth), plant=not nth)
                out.seek(0)
                morning = out.read()
        date = START + timedelta(days=nth)
        yield morning.replace(f"[{START:%a %b %d} ".encode(), f"[{date:%a %b %d} ".encode())[: size - nth * MORNING]


if __name__ == "__main__":
    main()
