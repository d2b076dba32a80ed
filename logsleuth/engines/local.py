"""Blocks of one big file in several processes of this machine, their tallies merged.

The processes are forked, so that they have the compiled library already. Each takes every n-th range of the
file and sends back one tally; since tallies are a commutative monoid, who did what does not show.
"""

from __future__ import annotations

import multiprocessing
from multiprocessing import connection
from typing import TYPE_CHECKING, cast

from logsleuth.logs.block import BLOCK, read_range
from logsleuth.scan.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    from logsleuth.logs.log import Log
    from logsleuth.logs.seek import Stretch
    from logsleuth.scan.scanner import Scanner

RANGE = 4 * BLOCK
"""Bytes that a process takes at a time."""


def scan_parallel(
    log: Log,
    number: int,
    stretch: Stretch,
    scanner: Scanner,
    jobs: int,
    progress: Callable[[int], None] | None,
    into: Tally,
) -> bool:
    """Scan a stretch of a plain file with `jobs` processes, adding to `into`; true if it was interrupted.

    Raises OSError if a process could not read the file.
    """
    context = multiprocessing.get_context("fork")
    pipes = [context.Pipe(duplex=False) for _ in range(jobs)]
    workers = [
        context.Process(target=_work, args=(log, number, scanner, stretch, (job, jobs), sender), daemon=True)
        for job, (_, sender) in enumerate(pipes)
    ]
    for worker in workers:
        worker.start()
    for _, sender in pipes:
        sender.close()
    interrupted = _collect([receiver for receiver, _ in pipes], progress, into)
    for worker in workers:
        worker.join()
    return interrupted


def _collect(receivers: list[Connection], progress: Callable[[int], None] | None, into: Tally) -> bool:
    """Take what the processes send: bytes done, and at the end a tally each."""
    interrupted = False
    waiting = list(receivers)
    while waiting:
        try:
            ready = cast("list[Connection]", connection.wait(waiting))
        except KeyboardInterrupt:
            interrupted = True  # the processes got it too: they send what they have
            continue
        for receiver in ready:
            try:
                message: int | str | tuple[Tally, bool] = receiver.recv()
            except EOFError:
                raise OSError("a reading process ended early (out of memory?)") from None
            if isinstance(message, int):
                if progress is not None:
                    progress(message)
                continue
            waiting.remove(receiver)
            if isinstance(message, str):
                raise OSError(message)
            tally, cut_short = message
            into.merge(tally)
            interrupted |= cut_short
    return interrupted


def _work(
    log: Log, number: int, scanner: Scanner, stretch: Stretch, share: tuple[int, int], sender: Connection
) -> None:
    """Scan every n-th range; runs in a process of its own."""
    tally, interrupted = Tally(), False
    job, jobs = share
    try:
        with log.open() as stream:
            for begin in range(stretch.begin + job * RANGE, stretch.end, jobs * RANGE):
                for block in read_range(stream, number, begin, min(begin + RANGE, stretch.end)):
                    scanner.update(tally, block)
                    sender.send(block.own_end - block.own_begin)
    except KeyboardInterrupt:
        interrupted = True
    except OSError as error:
        sender.send(str(error))
        return
    sender.send((tally, interrupted))
