"""Logs in several threads of this process: the compiled scan holds no lock of Python's while it works.

Each thread tallies for itself; what they have is merged two by two, and since tallies are a commutative monoid, who
did what does not show.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from logsleuth.engines.source import tasks_of
from logsleuth.logs.open.block import Block
from logsleuth.scan.core import give_back
from logsleuth.scan.scanner import Partial

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from logsleuth.engines.source import Source
    from logsleuth.scan.scanner import Scanner

    Scanners = Callable[[int], Scanner]
    """The scanner for the log of this number."""
    Task = Source | Block
    """Read this and scan it; scan this."""


class _Work:
    """What the threads share: the tasks, one of which each takes at a time."""

    def __init__(self, tasks: Iterator[Task], scanners: Scanners, progress: Callable[[int], None] | None) -> None:
        self._tasks, self._scanners, self._progress = tasks, scanners, progress
        self._lock = threading.Lock()
        self.stopped = False

    def run(self, part: Partial) -> None:
        """Take tasks until there are none, in one thread. Raises Unreadable."""
        while not self.stopped:
            with self._lock:
                task = next(self._tasks, None)
            if task is None:
                return
            for block in (task,) if isinstance(task, Block) else task.blocks():
                part.update(self._scanners(block.log), block)
                self._tell(block)
                if self.stopped:
                    return

    def _tell(self, block: Block) -> None:
        if self._progress is not None:
            with self._lock:
                self._progress(block.own_end - block.own_begin)


def scan_threads(
    sources: Sequence[Source],
    scanners: Scanners,
    jobs: int,
    progress: Callable[[int], None] | None,
    into: Partial,
    *,
    meanwhile: Callable[[], None] = lambda: None,
) -> bool:
    """Scan with `jobs` threads, adding to `into`; true if it was interrupted. Raises Unreadable.

    `meanwhile` is done in this thread as soon as the others are busy.
    """
    work = _Work(tasks_of(sources, jobs), scanners, progress)
    parts = [Partial() for _ in range(jobs)]
    interrupted = False
    with ThreadPoolExecutor(jobs) as pool:
        try:
            running = [pool.submit(work.run, part) for part in parts]
            meanwhile()
            for one in running:
                one.result()
        except KeyboardInterrupt:
            work.stopped = interrupted = True
        except BaseException:
            work.stopped = True
            raise
    into.merge(_merged(parts))
    give_back()  # what the threads had; their tally is now made Python's
    return interrupted


def _merged(parts: Iterable[Partial]) -> Partial:
    """All parts in one, two by two."""
    left = list(parts)
    while len(left) > 1:
        pairs = zip(left[::2], left[1::2], strict=False)
        odd = left[-1:] if len(left) % 2 else []
        left = [_both(one, other) for one, other in pairs] + odd
    return left[0]


def _both(one: Partial, other: Partial) -> Partial:
    one.merge(other)
    return one
