"""Measure logsleuth beside other tools on the same log in the same run: CPU, wall and peak memory.

    python benchmarks/compare.py --size 500M --shapes quiet flood tracebacks unique --plot docs/performance.svg

The logs are made first (or give a log of your own), each with a planted incident, which logsleuth's report must
find. The tools run in turn, several rounds. Printed are medians, and the medians of the ratios of CPU and wall to
ripgrep's run of the same round, so that what slows down one round does not change the ratio; ripgrep only counts the
lines that hold a literal of the pattern library. --cold drops the log from the page cache before each run. Tools that
the machine lacks are named, with how to get them; slow ones get a cut of the log, and their figures are scaled up to
all of it.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.make_log import SHAPES, in_bytes, make
from benchmarks.measure import Run, measure, median
from benchmarks.peers import ALL_PROCESSES, PEERS, YARDSTICK, Peer
from benchmarks.realistic import REALISTIC

WRITE_LITERALS = """
import pathlib, sys
from logsleuth.library.load import load_library
patterns = [one for one in load_library().patterns if not one.scope.sources]
words = sorted({match.contains for one in patterns for match in one.matches})
pathlib.Path(sys.argv[1]).write_text("\\n".join(words) + "\\n")
"""
ONSET_SECONDS = 5
"""The report's onset may be so far from the planted one."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one tool took for one log, scaled to all of it."""

    peer: Peer
    run: Run
    scaled: bool
    cpu_ratio: float
    """CPU times ripgrep's, the median of the rounds; NaN where ripgrep was not run."""
    wall_ratio: float


def main() -> None:
    """Parse the arguments, make the logs, run the tools, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("logs", nargs="*", type=Path, help="logs of your own; default: logs are made")
    parser.add_argument("--size", default="100M")
    parser.add_argument("--shapes", nargs="+", choices=sorted(SHAPES), default=["quiet", *REALISTIC])
    parser.add_argument("--era", choices=("2.4", "2.2"), default="2.4")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--cold", action="store_true", help="read the log from the disk in each run")
    parser.add_argument("--only", nargs="+", metavar="TOOL", help="begins of the tools' names")
    parser.add_argument("--keep", type=Path, help="folder for the logs that are made; kept, and used again")
    parser.add_argument("--plot", type=Path, help="write a picture of the first log's speeds")
    options = parser.parse_args()
    wanted = tuple(options.only or ("",))
    for peer in PEERS:
        if not peer.is_there:
            print(f"missing: {peer.name} ({peer.install})")
    found = [peer for peer in PEERS if peer.is_there and peer.name.startswith(wanted)]
    compileall.compile_dir(ROOT / "logsleuth", quiet=1)  # as pip does; some environments keep runs from doing it
    measured: list[tuple[Path, list[Result]]] = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        logs = options.logs or [_made(folder, shape, options.size, options.era) for shape in options.shapes]
        for log in logs:
            _check(log, Path(scratch))
            measured.append((log, compare(log, found, options.rounds, Path(scratch), cold=options.cold)))
            print(table(*measured[-1], options.rounds, cold=options.cold), flush=True)
        if options.plot:
            plot(options.plot, *measured[0])


def _made(folder: Path, shape: str, size: str, era: str) -> Path:
    path = folder / f"{shape}-{era}-{size}.log"
    if not path.exists():
        make(path, in_bytes(size), shape, era)
    return path


def _check(log: Path, scratch: Path) -> None:
    """The speed of a wrong report is worth nothing: it must hold the planted incident."""
    truth = log.with_name(f"{log.name}.truth.json")
    if not truth.exists():
        return
    planted, report = json.loads(truth.read_text()), scratch / "report.json"
    ours = next(peer for peer in PEERS if peer.name == ALL_PROCESSES).command
    measure([word.format(log=log) for word in (*ours, "--format", "json", "-o", str(report))], scratch / "output")
    for incident in json.loads(report.read_text())["incidents"]:
        late = datetime.fromisoformat(incident["onset"]) - datetime.fromisoformat(planted["onset"])
        if incident["category"] == planted["category"] and abs(late.total_seconds()) <= ONSET_SECONDS:
            return
    sys.exit(f"{log}: the report does not hold the planted incident, {planted}")


def compare(log: Path, peers: list[Peer], rounds: int, scratch: Path, *, cold: bool) -> list[Result]:
    """Run all tools in turn, so that what disturbs the machine disturbs all alike."""
    literals = scratch / "literals.txt"
    # by a process of its own: a command's peak counts what its parent held when it started it
    subprocess.run([sys.executable, "-c", WRITE_LITERALS, str(literals)], check=True, cwd=ROOT)
    size, cuts = log.stat().st_size, {peer.name: _cut(log, peer.most, scratch) for peer in peers}
    runs: dict[str, list[Run]] = {peer.name: [] for peer in peers}
    for nth in range(rounds):
        for peer in peers:
            if nth and peer.most < size:
                continue  # minutes for a figure that is an order away
            command = [word.format(log=cuts[peer.name], literals=literals) for word in peer.command]
            if cold:
                _forget(cuts[peer.name])
            runs[peer.name].append(measure(command, scratch / "output"))
    yardstick = runs.get(YARDSTICK, [])
    return [_result(peer, runs[peer.name], yardstick, size / cuts[peer.name].stat().st_size) for peer in peers]


def _forget(log: Path) -> None:
    """Drop a file from the page cache."""
    with log.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _cut(log: Path, most: int, scratch: Path) -> Path:
    """The log, or its first bytes up to a line's end."""
    if log.stat().st_size <= most:
        return log
    path = scratch / f"{log.stem}-{most}.log"
    with log.open("rb") as whole:
        path.write_bytes(whole.read(most).rpartition(b"\n")[0] + b"\n")
    return path


def _result(peer: Peer, runs: list[Run], yardstick: list[Run], factor: float) -> Result:
    """The medians of one tool's runs; `factor`: how many times as large as its cut the log is."""
    run = median(runs)
    pairs = list(zip(runs, yardstick, strict=False))  # a tool that gets a cut has fewer runs
    cpu, wall = (
        statistics.median(getattr(one, name) * factor / getattr(other, name) for one, other in pairs)
        if pairs else float("nan")
        for name in ("cpu", "wall")
    )  # fmt: skip
    return Result(peer, Run(run.cpu * factor, run.wall * factor, run.peak), factor > 1, cpu, wall)


def table(log: Path, results: list[Result], rounds: int, *, cold: bool) -> str:
    """The figures as a table in markdown."""
    size = log.stat().st_size / 1e6
    rows = [
        f"\n{log.name}, {size:.0f} MB, medians of {rounds}, page cache {'cold' if cold else 'warm'}\n",
        "| tool | CPU s | MB/s CPU | CPU x rg | wall s | wall x rg | peak MB |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for one in results:
        run = one.run
        rows.append(
            f"| {one.peer.name}{' *' if one.scaled else ''} | {run.cpu:.2f} | {size / run.cpu:.0f} "
            f"| {one.cpu_ratio:.2f} | {run.wall:.2f} | {one.wall_ratio:.2f} | {run.peak:.0f} |"
        )
    if any(one.scaled for one in results):
        rows.append("\n\\* one run on the first 8 MB, scaled to the whole")
    return "\n".join(rows)


def plot(path: Path, log: Path, results: list[Result]) -> None:
    """Bars of CPU speed, on a logarithmic scale."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "logsleuth"
    from matplotlib import pyplot as plt

    size = log.stat().st_size / 1e6
    ordered = sorted(results, key=lambda one: one.run.cpu, reverse=True)
    names = [f"{one.peer.name}{' (cut)' if one.scaled else ''}" for one in ordered]
    speeds = [size / one.run.cpu for one in ordered]
    colours = ["#b5523b" if one.peer.name.startswith("logsleuth") else "#8a97a5" for one in ordered]
    figure, axes = plt.subplots(figsize=(8, 0.42 * len(ordered) + 1))
    bars = axes.barh(names, speeds, color=colours)
    axes.bar_label(bars, [f"{speed:,.0f}" if speed >= 10 else f"{speed:.1f}" for speed in speeds], padding=3)
    axes.set_xscale("log")
    axes.set_xlabel(f"MB of log per second of CPU ({log.stem}, {size:.0f} MB)")
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    main()
