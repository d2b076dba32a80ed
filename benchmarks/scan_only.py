"""CPU of the scan alone, without start-up, story and report, beside ripgrep's on the same log.

    python benchmarks/scan_only.py error.log other.log --rounds 5

One thread, the log in memory; ripgrep runs as a whole process, in turn with the scan. Medians of the rounds.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.compare import WRITE_LITERALS
from benchmarks.measure import measure
from benchmarks.peers import PEERS, YARDSTICK
from logsleuth.library.load import load_library
from logsleuth.logs.open.block import Block, read_blocks
from logsleuth.scan.core import scan_in_use
from logsleuth.scan.matcher import Matcher
from logsleuth.scan.scanner import Partial, Scanner


def main() -> None:
    """Parse the arguments, run both in turn, print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("logs", nargs="+", type=Path, help="error logs in httpd's default formats")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    scanner = Scanner(Matcher(load_library()))
    print(f"{scan_in_use()} scan, medians of {options.rounds}\n")
    print("| log | MB | scan CPU s | MB/s | ripgrep CPU s | CPU x rg |\n|---|---:|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as scratch:
        literals = Path(scratch) / "literals.txt"
        subprocess.run([sys.executable, "-c", WRITE_LITERALS, str(literals)], check=True, cwd=ROOT)
        for log in options.logs:
            print(_row(log, scanner, literals, options.rounds), flush=True)


def _row(log: Path, scanner: Scanner, literals: Path, rounds: int) -> str:
    """One line of the table."""
    yardstick = next(peer for peer in PEERS if peer.name == YARDSTICK)
    command = [word.format(log=log, literals=literals) for word in yardstick.command]
    with log.open("rb") as stream:
        blocks = list(read_blocks(stream, 0))
    pairs = [(_scan_cpu(scanner, blocks), measure(command, literals.with_name("output")).cpu) for _ in range(rounds)]
    ours, theirs = (statistics.median(figures) for figures in zip(*pairs, strict=True))
    ratio, size = statistics.median(one / other for one, other in pairs), log.stat().st_size / 1e6
    return f"| {log.name} | {size:.0f} | {ours:.2f} | {size / ours:.0f} | {theirs:.2f} | {ratio:.2f} |"


def _scan_cpu(scanner: Scanner, blocks: list[Block]) -> float:
    """Seconds for all blocks, and for handing the tally over."""
    began = time.process_time()
    part = Partial()
    for block in blocks:
        part.update(scanner, block)
    part.tally()
    return time.process_time() - began


if __name__ == "__main__":
    main()
