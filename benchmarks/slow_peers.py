"""Run a Python library over a log as its documentation shows: `slow_peers.py drain3|searchkit LOG LITERALS`."""

from __future__ import annotations

import re
import sys
from pathlib import Path


def drain3(log: Path) -> int:
    """How many templates Drain3 finds, each line without its time."""
    from drain3 import TemplateMiner  # type: ignore[import-untyped, import-not-found, unused-ignore]

    miner = TemplateMiner()
    with log.open() as lines:
        for line in lines:
            miner.add_log_message(line.partition("] ")[2].rstrip("\n"))
    return len(miner.drain.clusters)


def searchkit(log: Path, literals: Path) -> int:
    """How many matches searchkit finds, one search for each literal, as hotsos does."""
    from searchkit import FileSearcher, SearchDef  # type: ignore[import-untyped, import-not-found, unused-ignore]

    searcher = FileSearcher()
    for literal in literals.read_text().splitlines():
        searcher.add(SearchDef(rf".*{re.escape(literal)}", tag=literal), str(log))
    return len(searcher.run())


if __name__ == "__main__":
    name, path, words = sys.argv[1:]
    print(drain3(Path(path)) if name == "drain3" else searchkit(Path(path), Path(words)))
