"""Measure logsleuth beside other tools on the same file in the same run: CPU, wall and peak memory.

    python benchmarks/make_log.py --size 100M --out /tmp/quiet.log
    python benchmarks/compare.py /tmp/quiet.log

The tools run in turn, several rounds; medians are printed, and ratios of CPU to ripgrep's, which only counts the
lines that hold a literal of the pattern library. `logsleuth -1` runs in one process. Tools that the machine lacks
are named, with how to get them.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from logsleuth.library.load import load_library

OUTPUT = str(Path(tempfile.gettempdir()) / f"logsleuth-compare-{os.getpid()}.out")


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one tool."""

    cpu: float
    wall: float
    peak: float
    """MB."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A command to measure, and where to get it."""

    name: str
    command: tuple[str, ...]
    install: str


def tools(log: Path, literals: Path) -> list[Tool]:
    """What is compared."""
    ours = (sys.executable, "-m", "logsleuth", "analyze", "--tz", "UTC")
    return [
        Tool("logsleuth -1", (*ours, "--jobs", "1", str(log)), "this project"),
        Tool("logsleuth", (*ours, str(log)), "this project"),
        Tool("rg -c -F -f", ("rg", "-c", "-F", "-f", str(literals), str(log)), "apt install ripgrep"),
        Tool("grep -c -F -f", ("grep", "-c", "-F", "-f", str(literals), str(log)), "apt install grep"),
        Tool("wc -l", ("wc", "-l", str(log)), "apt install coreutils"),
        Tool("lnav -n", ("lnav", "-n", "-N", "-c", ";SELECT count(*) FROM all_logs", str(log)), "apt install lnav"),
    ]


def measure(command: tuple[str, ...]) -> Run:
    """Run a command once. Its output goes to a file: grep stops at the first match where it sees /dev/null."""
    began = time.perf_counter()
    child = os.posix_spawnp(
        command[0],
        command,
        os.environ,
        file_actions=[(os.POSIX_SPAWN_OPEN, fd, OUTPUT, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600) for fd in (1, 2)],
    )
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - began
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"compare: {' '.join(command)} failed")
    return Run(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)


def main() -> None:
    """Parse the arguments, run all tools in turn, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("log", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    size = options.log.stat().st_size / 1e6
    patterns = load_library().patterns
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as literals:
        literals.write(
            "\n".join(sorted({m.contains for p in patterns if not p.scope.sources for m in p.matches})) + "\n"
        )
        literals.flush()
        found = [tool for tool in tools(options.log, Path(literals.name)) if shutil.which(tool.command[0])]
        for tool in tools(options.log, Path(literals.name)):
            if tool not in found:
                print(f"missing: {tool.name} ({tool.install})")
        runs: dict[str, list[Run]] = {tool.name: [] for tool in found}
        for _ in range(options.rounds):
            for tool in found:
                runs[tool.name].append(measure(tool.command))
    yardstick = statistics.median(run.cpu for run in runs.get("rg -c -F -f", [Run(float("nan"), 0, 0)]))
    print(f"{size:.0f} MB, {options.rounds} rounds, medians")
    print(f"{'tool':16} {'CPU s':>7} {'MB/s CPU':>9} {'x rg':>6} {'wall s':>7} {'peak MB':>8}")
    for name, several in runs.items():
        cpu, wall, peak = (statistics.median(getattr(run, key) for run in several) for key in ("cpu", "wall", "peak"))
        print(f"{name:16} {cpu:7.2f} {size / cpu:9.0f} {cpu / yardstick:6.2f} {wall:7.2f} {peak:8.0f}")


if __name__ == "__main__":
    main()
