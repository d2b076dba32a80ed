"""`--exec`: runs the user's command at an incident's onset, changes and end.

The command is the user's, the facts come from a log that anyone may write to: so they never become part of the
command. They are in its environment, without control characters, and as JSON on its standard input.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import tempfile
import threading
import time
import unicodedata
from collections import deque
from dataclasses import asdict
from typing import TYPE_CHECKING, BinaryIO, Self

from logsleuth.report.escape import visible
from logsleuth.report.words import plural

if TYPE_CHECKING:
    from collections.abc import Callable

    from logsleuth.live.event import Event

SHELL = ["cmd.exe", "/d", "/s", "/c"] if os.name == "nt" else ["/bin/sh", "-c"]
LIMIT = 60.0
"""Seconds that a command may take."""
GRACE = 2.0
"""Seconds between the request to end (SIGTERM) and the end (SIGKILL)."""
WAITING = 64
"""Events that may wait while a command runs; with more, changes are left out first."""
STEP = 0.2
"""Seconds until a watch that ends is noticed."""
LONGEST = 1000
"""Characters of one fact: all of them fit into a pipe, so that nobody waits for a command that does not read."""
STRIPPED = frozenset({"Cc", "Cf", "Zl", "Zp"})
"""Unicode's control and format characters and line separators."""


class Actions:
    """Runs the command for each event, one after the other, while the caller goes on."""

    def __init__(self, command: str, warn: Callable[[str], None], limit: float = LIMIT) -> None:
        """`warn` is called with a line on each run that failed, from another thread."""
        self._command = command
        self._warn = warn
        self._limit = limit
        self._events: deque[Event] = deque()
        self._news = threading.Condition()
        self._ending = threading.Event()
        self._running: subprocess.Popen[bytes] | None = None
        self._closing = False
        self._thread = threading.Thread(target=self._work, name="logsleuth --exec", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def do(self, event: Event) -> None:
        """Run the command for this event, when those before it have ended; returns at once."""
        with self._news:
            if len(self._events) >= WAITING:
                left_out = next((waiting for waiting in self._events if waiting.event == "change"), self._events[0])
                self._events.remove(left_out)
                self._warn(f"--exec is too slow: one {left_out.event} was left out")
            self._events.append(event)
            self._news.notify()

    def close(self, patience: float | None = None) -> None:
        """Wait this many seconds (default: the limit of one command) for pending events, then end the command."""
        with self._news:
            self._closing = True
            self._news.notify()
        self._thread.join(self._limit + GRACE if patience is None else patience)
        self._ending.set()
        with self._news:
            if self._events:
                self._warn(f"--exec took too long: it was not run for the last {plural(len(self._events), 'event')}")
                self._events.clear()
        self._thread.join(2 * GRACE)

    def _work(self) -> None:
        while (event := self._next()) is not None:
            with contextlib.suppress(Exception):  # whatever the command does, the watch goes on
                failure = run(self._command, event, self._limit, self._ending)
                if failure:
                    self._warn(failure)

    def _next(self) -> Event | None:
        with self._news:
            self._news.wait_for(lambda: self._events or self._closing)
            return self._events.popleft() if self._events else None


def run(command: str, event: Event, limit: float = LIMIT, ending: threading.Event | None = None) -> str:
    """Run a command for one event, at most `limit` seconds long or until `ending`; a line if that failed, or ''."""
    with _output() as output:
        try:
            process = subprocess.Popen(
                [*SHELL, command],
                stdin=subprocess.PIPE, stdout=output, stderr=output,
                env={**os.environ, **facts(event)}, start_new_session=True,
            )  # fmt: skip
        except (OSError, ValueError) as error:
            return f"--exec could not be started: {visible(str(error))}"
        with process:
            _feed(process, document(event))
            ended = _wait(process, limit, ending or threading.Event())
            if not ended:
                _end(process)
                return f"--exec on {event.event} was ended after {limit:g} s: it took too long{_last_words(output)}"
        if process.returncode:
            return f"--exec on {event.event} {_failed(process.returncode)}{_last_words(output)}"
    return ""


def facts(event: Event) -> dict[str, str]:
    """An event as variables of the environment; what is unknown is empty."""
    return {f"LOGSLEUTH_{name.upper()}": "" if value is None else plain(str(value)) for name, value in _values(event)}


def document(event: Event) -> bytes:
    """An event as one line of JSON, in ASCII; what is unknown is null."""
    made = {name: plain(value) if isinstance(value, str) else value for name, value in _values(event)}
    return json.dumps(made).encode("ascii") + b"\n"


def _values(event: Event) -> list[tuple[str, str | int | None]]:
    return list(asdict(event).items())


def plain(text: str) -> str:
    """A text without control characters, that can stand in an environment; bytes of file names stay as they are."""
    kept = "".join(char for char in text[:LONGEST] if unicodedata.category(char) not in STRIPPED)
    return kept.encode("utf-8", "surrogateescape" if _is_bytes(kept) else "replace").decode("utf-8", "surrogateescape")


def _is_bytes(text: str) -> bool:
    """Whether all surrogates in it are such as Python makes of bytes that are no UTF-8."""
    return all("\udc80" <= char <= "\udcff" for char in text if unicodedata.category(char) == "Cs")


def _output() -> BinaryIO:
    """Where the command writes to; it must run even if the disk is full, as that may be the incident."""
    try:
        return tempfile.TemporaryFile()
    except OSError:
        return open(os.devnull, "r+b")  # noqa: PTH123 - the caller closes it


def _feed(process: subprocess.Popen[bytes], text: bytes) -> None:
    """Most commands do not read it."""
    if process.stdin is not None:
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(text)
            process.stdin.close()


def _wait(process: subprocess.Popen[bytes], limit: float, ending: threading.Event) -> bool:
    """Whether the command has ended by itself."""
    end = time.monotonic() + limit
    while (left := end - time.monotonic()) > 0 and not ending.is_set():
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(min(left, STEP))
            return True
    return process.poll() is not None


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a command and all that it has started."""
    if not hasattr(os, "killpg"):  # Windows
        process.kill()
        return
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)


def _failed(status: int) -> str:
    if status > 0:
        return f"failed with exit status {status}"
    try:
        return f"was killed by {signal.Signals(-status).name}"
    except ValueError:
        return f"was killed by signal {-status}"


def _last_words(output: BinaryIO) -> str:
    """The last line that the command has written, for the one who looks for why it failed."""
    with contextlib.suppress(OSError):
        end = output.seek(0, os.SEEK_END)
        output.seek(max(end - 1000, 0))
        lines = output.read(1000).decode("utf-8", "replace").split("\n")
        words = [line.strip() for line in lines if line.strip()]
        return f": {visible(words[-1])[:200]}" if words else ""
    return ""
