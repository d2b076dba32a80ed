"""Two hundred logs of 1 MB in one call, against each of them alone: python benchmarks/many.py.

As hosts of a fleet, and as the logs of one host. The bound: at most 1.3 times the CPU of each alone in the same
process (which needs no start, so that the bound is strict), stories and reports included, and 300 MB. Exits with 1 if
it is broken.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.make_log import make
from logsleuth.pipeline import analyze
from logsleuth.report.render import render

if TYPE_CHECKING:
    from collections.abc import Sequence

SHAPES = ("quiet", "flood", "tracebacks")
SIZE = 1 << 20
MOST_CPU = 1.3
MOST_MEMORY = 300
"""MB."""


def main() -> None:
    """Make the logs, read them in each way, and print what that took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--logs", type=int, default=200)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        logs = made(Path(folder), chosen.logs)
        cpu([logs[0]])  # what is imported and loaded once
        fleet = cpu(logs)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
        alone = sum(cpu([log]) for log in logs)
        one_host = cpu(logs, host_from="")
    print(f"{chosen.logs} logs of 1 MB: each alone {alone:.1f} s of CPU; as a fleet {fleet:.1f} s, {fleet / alone:.2f}")
    print(f"times as much, {memory:.0f} MB; as one host's {one_host:.1f} s, {one_host / alone:.2f} times as much")
    sys.exit(int(max(fleet, one_host) > MOST_CPU * alone or memory > MOST_MEMORY))


def made(folder: Path, count: int) -> list[str]:
    """A log in each host's folder."""
    paths = []
    for number in range(count):
        (folder / f"web{number:03}").mkdir()
        path = folder / f"web{number:03}" / "error.log"
        make(path, SIZE, SHAPES[number % len(SHAPES)], seed=number + 1)
        paths.append(str(path))
    return paths


def cpu(logs: Sequence[str], host_from: str | None = None) -> float:
    """Seconds of CPU from the paths to the report in JSON."""
    began = time.process_time()
    render(analyze(logs, tz="UTC", jobs=1, host_from=host_from), "json")
    return time.process_time() - began


if __name__ == "__main__":
    main()
