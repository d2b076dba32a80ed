"""Saved tallies of 10 to 10,000 hosts, merged into one report: python benchmarks/merging.py.

The tallies are those of a replayed fleet of 200 hosts (see benchmarks/fleet.py), a fifth of them hit; beyond that they
are used again under other names. With --size, each host has a log of so many bytes besides, in one of the shapes of
benchmarks/make_log.py. Each row is measured in a process of its own. Exits with 1 if 1,000 hosts take more than 2 s of
CPU to load and merge, or 500 MB for the whole report.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.fleet import play
from benchmarks.make_log import SHAPES, in_bytes, write
from logsleuth.fleet.merge import merged
from logsleuth.fleet.saved import load, of_scanned, saved
from logsleuth.library.load import load_library
from logsleuth.options import Options
from logsleuth.pipeline import merge, scan_to
from logsleuth.report.render import render

if TYPE_CHECKING:
    from collections.abc import Sequence

DISTINCT = 200
"""Hosts that are replayed; further ones have the tally of one of these under another name."""
BOUND_HOSTS, BOUND_SECONDS, BOUND_MB = 1000, 2.0, 500


def main() -> None:
    """Make the tallies, merge them in processes of their own, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, nargs="+", default=[10, 100, 1000, 10_000])
    parser.add_argument("--size", default="0", help="bytes of a further log of each host, with K, M or G")
    parser.add_argument("--measure", nargs=2, metavar=("WHAT", "FOLDER"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.measure:
        print(json.dumps(measured(chosen.measure[0], sorted(map(str, Path(chosen.measure[1]).glob("*.tally"))))))
        return
    broken = False
    print("| hosts | tallies MB | load and merge CPU s | whole report CPU s | a host ms | peak MB |", flush=True)
    print("|---:|---:|---:|---:|---:|---:|")
    for hosts in chosen.hosts:
        with tempfile.TemporaryDirectory() as scratch:
            size = make(Path(scratch), hosts, in_bytes(chosen.size))
            (load_seconds, _), (seconds, peak) = (in_a_process(what, scratch) for what in ("load", "report"))
        row = f"| {hosts:,} | {size / 1e6:.1f} | {load_seconds:.2f} | {seconds:.1f} | {seconds / hosts * 1e3:.1f} |"
        print(f"{row} {peak:.0f} |", flush=True)
        broken |= hosts == BOUND_HOSTS and (load_seconds > BOUND_SECONDS or peak > BOUND_MB)
    sys.exit(int(broken))


def make(folder: Path, hosts: int, size: int) -> int:
    """A file with the tally of each host; the bytes of all."""
    digest = load_library([]).digest
    logs = folder / "logs"
    logs.mkdir()
    distinct = min(hosts, DISTINCT)
    play(logs, distinct, distinct // 5, 0.0, random.Random(1))
    shapes = list(SHAPES)
    names = sorted(path.name for path in logs.iterdir() if path.name.startswith("web"))
    total = 0
    for nth, name in enumerate(names):
        if size:
            with (logs / name / "app-error.log").open("wb") as out:
                write(out, size, shapes[nth % len(shapes)], "2.4", random.Random(nth), plant=False)
        paths = tuple(sorted(str(path) for path in (logs / name).iterdir()))
        path = folder / f"{name}.tally"
        path.write_bytes(scan_to(Options(paths, tz="UTC", host_from="", jobs=1), name, "none"))
        total += path.stat().st_size
        (scanned,) = load(path, digest)
        for copy in range(nth + distinct, hosts, distinct):
            # a copy of a log is known by its path
            own = replace(scanned, logs=tuple(replace(log, path=f"{copy}/{log.path}") for log in scanned.logs))
            data = saved([replace(of_scanned(own, name), name=f"web{copy:05}")], digest, "none")
            (folder / f"web{copy:05}.tally").write_bytes(data)
            total += len(data)
    return total


def in_a_process(what: str, folder: str) -> tuple[float, float]:
    """Seconds of CPU and peak MB of loading, or of the whole report, beyond what a start takes."""
    command = [sys.executable, __file__, "--measure", what, folder]
    found = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return float(found[0]), float(found[1])


def measured(what: str, paths: Sequence[str]) -> tuple[float, float]:
    """Do it, in this process."""
    digest = load_library([]).digest
    render(merge(paths[:1]), "json")  # what is imported and loaded once
    began = time.process_time()
    if what == "load":
        merged(part for path in paths for part in load(Path(path), digest))
    else:
        render(merge(paths), "json")
    seconds = time.process_time() - began
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    return seconds, peak * 1024 / 1e6


if __name__ == "__main__":
    main()
