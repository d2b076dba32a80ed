"""Logs in several processes of this machine, their tallies merged.

On Linux the processes are forked, so that they have the library and share memory with this one; elsewhere a fork is
missing or unsafe, and they are started afresh. Plain files they read themselves, range by range; and if there are many
logs, whole logs. What only one process can read (standard input, a single compressed file) this one reads, and hands
on block by block. Each sends back one tally; since tallies are
a commutative monoid, who did what does not show.
"""

from __future__ import annotations

import mmap
import multiprocessing
import sys
from contextlib import suppress
from itertools import islice
from multiprocessing import connection
from typing import TYPE_CHECKING, Literal, cast

from logsleuth.engines.source import Source, Unreadable, tasks_of
from logsleuth.errors import LogsleuthError
from logsleuth.logs.open.block import BLOCK, PAD, SPAN, Block
from logsleuth.scan.scanner import Partial
from logsleuth.values import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from multiprocessing.connection import Connection

    from logsleuth.scan.scanner import Scanner
    from logsleuth.scan.tally import Tally

    Scanners = Callable[[int], Scanner]
    """The scanner for the log of this number."""
    Task = Source | Block | tuple[Block, int] | None
    """Read this yourself; this block; this block, whose data (its size in bytes) lies in the next slot; no more."""

METHOD: Literal["fork", "spawn"] = "fork" if sys.platform == "linux" else "spawn"
"""How processes are started."""
AHEAD = 2
"""Tasks that a process has at hand: the one that it works on, and the next."""
SLOT = BLOCK + 4 * SPAN + PAD
"""Bytes of shared memory for one block."""


class _Worker:
    """A process, as this one sees it."""

    def __init__(self, scanners: Scanners, others: Sequence[_Worker]) -> None:
        forked = METHOD == "fork"
        context = multiprocessing.get_context("fork") if forked else multiprocessing.get_context("spawn")
        self.slots = mmap.mmap(-1, AHEAD * SLOT) if forked else None
        """Memory that both see; None: blocks are sent."""
        self.connection, other = context.Pipe()
        inherited = [self.connection, *(worker.connection for worker in others)] if forked else []
        self.process = context.Process(target=_work, args=(other, inherited, self.slots, scanners), daemon=True)
        self.process.start()
        other.close()
        self.at_hand = 0
        self.blocks = 0

    def send(self, task: Source | Block) -> None:
        """Give it a task; a block's data goes into the slot whose turn it is."""
        if isinstance(task, Block) and self.slots is not None:
            begin = self.blocks % AHEAD * SLOT
            self.slots[begin : begin + len(task.data)] = task.data
            self.blocks += 1
            self.connection.send((replace(task, data=b""), len(task.data)))
        else:
            self.connection.send(task)
        self.at_hand += 1


def scan_parallel(
    sources: Sequence[Source],
    scanners: Scanners,
    jobs: int,
    progress: Callable[[int], None] | None,
    into: Partial,
    *,
    meanwhile: Callable[[], None] = lambda: None,
) -> bool:
    """Scan with `jobs` processes, adding to `into`; true if it was interrupted. Raises Unreadable.

    `meanwhile` is done in this process as soon as the others are busy.
    """
    workers: list[_Worker] = []
    for _ in range(jobs):
        workers.append(_Worker(scanners, workers))
    interrupted = False
    try:
        tasks = tasks_of(sources, jobs)
        for task in islice(tasks, jobs * AHEAD):
            _free(workers, progress).send(task)
        meanwhile()
        for task in tasks:
            _free(workers, progress).send(task)
    except KeyboardInterrupt:
        interrupted = True  # the processes got it too: they send what they have
    try:
        return _collect(workers, progress, into) or interrupted
    finally:
        for worker in workers:
            worker.process.terminate()
            worker.process.join()
            if worker.slots is not None:
                worker.slots.close()


def _free(workers: Sequence[_Worker], progress: Callable[[int], None] | None) -> _Worker:
    """A process with the least to do, once one has less at hand than it may."""
    while (worker := min(workers, key=lambda worker: worker.at_hand)).at_hand >= AHEAD:
        for ready in connection.wait([worker.connection for worker in workers]):
            _hear(next(worker for worker in workers if worker.connection is ready), progress)
    return worker


def _hear(worker: _Worker, progress: Callable[[int], None] | None) -> tuple[Tally, bool] | None:
    """Take what a process sends: bytes done, that a task is done (None), at the end its tally, or why it can't."""
    try:
        message: int | Unreadable | tuple[Tally, bool] | None = worker.connection.recv()
    except (EOFError, OSError):
        raise LogsleuthError("a reading process ended early", "out of memory? Try it with --jobs 1") from None
    if isinstance(message, Unreadable):
        raise message
    if isinstance(message, tuple):
        return message
    if message is None:
        worker.at_hand -= 1
    elif progress is not None:
        progress(message)
    return None


def _collect(workers: Sequence[_Worker], progress: Callable[[int], None] | None, into: Partial) -> bool:
    """Let all come to their ends and merge their tallies; true if one was interrupted."""
    for worker in workers:
        with suppress(OSError):  # an interrupted one has ended already
            worker.connection.send(None)
    interrupted, waiting = False, {worker.connection: worker for worker in workers}
    while waiting:
        try:
            for ready in connection.wait(list(waiting)):
                one = cast("Connection", ready)
                if (last := _hear(waiting[one], progress)) is not None:
                    del waiting[one]
                    into.add(last[0])
                    interrupted |= last[1]
        except KeyboardInterrupt:
            interrupted = True
    return interrupted


def _work(parent: Connection, inherited: Sequence[Connection], slots: mmap.mmap | None, scanners: Scanners) -> None:
    """Do what the parent sends; runs in a process of its own."""
    for unused in inherited:
        unused.close()  # so that this process sees the end if the parent is killed
    part, interrupted, handed = Partial(), False, 0
    try:
        while (task := cast("Task", parent.recv())) is not None:
            if isinstance(task, Source):
                blocks: Iterable[Block] = task.blocks()
            elif isinstance(task, Block):
                blocks = (task,)
            else:
                assert slots is not None
                begin = handed % AHEAD * SLOT
                blocks = (replace(task[0], data=slots[begin : begin + task[1]]),)
                handed += 1
            for block in blocks:
                part.update(scanners(block.log), block)
                parent.send(block.own_end - block.own_begin)
            parent.send(None)
    except KeyboardInterrupt:
        interrupted = True
    except EOFError:
        return
    except Unreadable as error:
        parent.send(error)
        return
    parent.send((part.tally(), interrupted))
