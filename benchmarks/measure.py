"""One run of one command, as the operating system accounts for it."""

from __future__ import annotations

import os
import statistics
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Run:
    """One run; of several processes, `peak` is that of the largest."""

    cpu: float
    """Seconds, with those of its children."""
    wall: float
    peak: float
    """MB."""


def measure(command: Sequence[str], output: Path, stdin: int = 0) -> Run:
    """Run a command once. Its output goes to a file: grep stops at the first match where it sees /dev/null."""
    began = time.perf_counter()
    writes = [(os.POSIX_SPAWN_OPEN, fd, str(output), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600) for fd in (1, 2)]
    child = os.posix_spawnp(
        command[0], list(command), os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, stdin, 0), *writes]
    )
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - began
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"{' '.join(command)} failed:\n{output.read_text(errors='replace')[-2000:]}")
    return Run(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * 1024 / 1e6)


def median(runs: Sequence[Run]) -> Run:
    """The median of each figure."""
    return Run(*(statistics.median(getattr(run, name) for run in runs) for name in ("cpu", "wall", "peak")))
