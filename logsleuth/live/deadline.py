"""Ends a run of a probe that takes too long: a supervisor waits for the answer."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

UNKNOWN = 3
"""The exit code of a run without an answer."""


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """End this process with one line and exit code 3 if what is inside takes longer; 0: it may take any time.

    The process ends at once, wherever it is: the state is replaced as a whole or not at all, so the next run goes on
    from the last one that was in time. (A signal's handler would wait for the compiled scan to return.)
    """
    if not seconds:
        yield
        return
    answer = threading.Lock()
    timer = threading.Timer(seconds, _give_up, [seconds, answer])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        answer.acquire()  # where the time has just run out, this waits for the end of the process: one line is enough


def _give_up(seconds: float, answer: threading.Lock) -> None:
    """Say that there is no answer, unless there just was one."""
    if not answer.acquire(blocking=False):
        return
    line = (
        f"LOGSLEUTH UNKNOWN - no answer within {seconds:g} s; a first run reads a day of log: allow more time with "
        "-t, or start later with --since 1h\n"
    )
    try:
        os.write(sys.stdout.fileno(), line.encode())
    finally:
        os._exit(UNKNOWN)
