"""The loop of a watch: read, then update the screen, the command and the metrics, until a signal ends it."""

from __future__ import annotations

import signal
import sys
import threading
import time
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import TYPE_CHECKING, Protocol

from logsleuth.live import saved
from logsleuth.live.address import Address
from logsleuth.live.lines import Lines
from logsleuth.live.metrics import exposition
from logsleuth.live.named_logs import refuse_if_closed
from logsleuth.live.reports import Reports
from logsleuth.live.watcher import Watcher
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logsleuth.live.probe import Probe
    from logsleuth.live.watcher import Update

UNHEALTHY = 30.0
"""Seconds without a read after which /healthz reports a failure; more if --every is long."""
AT_ONCE = 0.5
"""Seconds to wait for another watch of the same logs to end."""


@dataclass(frozen=True, slots=True)
class WatchOptions:
    """The options of `watch` that do not concern the probe."""

    every: float = 1.0
    """Seconds between two reads."""
    command: str = ""
    """--exec; empty: none."""
    reports: str = ""
    """--report; empty: none."""
    style: str = "markdown"
    metrics: str = ""
    """--metrics; empty: none."""


def watch(probe: Probe, options: WatchOptions) -> None:
    """Watch until SIGINT or SIGTERM. Raises LogsleuthError if it cannot start, or cannot write the state."""
    refuse_if_closed(probe.logs)
    ending = threading.Event()
    with ExitStack() as stack:
        stack.enter_context(saved.locked(probe.state, AT_ONCE))
        reports = Reports(options.reports, options.style) if options.reports else None
        watcher = Watcher(probe, reports)
        server = None
        if options.metrics:
            limit = max(UNHEALTHY, 10 * options.every)
            server = stack.enter_context(exposition(Address.of(options.metrics), limit))
        output = stack.enter_context(_output(probe))
        if server is not None:
            output.say(f"metrics: {server.url}/metrics, health: {server.url}/healthz")
        actions = None
        if options.command:
            from logsleuth.live.actions import Actions  # noqa: PLC0415

            actions = stack.enter_context(Actions(options.command, output.say))
        stack.enter_context(_ended_by_signals(ending))
        while not ending.is_set():
            update = watcher.update(time.time())
            if server is not None:
                server.show(update.snapshot)
            if actions is not None and update.event is not None:
                actions.do(update.event)
            output.show(update)
            ending.wait(options.every)
        watcher.save()


class Output(AbstractContextManager["Output"], Protocol):
    """Where a watch shows its updates."""

    def show(self, update: Update) -> None:
        """Show an update."""

    def say(self, text: str) -> None:
        """Show any other line."""


def _output(probe: Probe) -> Output:
    """A live view on a terminal, else plain lines."""
    if not sys.stdout.isatty():
        return Lines(probe.clock.tz)
    from logsleuth.live.screen import Screen  # noqa: PLC0415

    return Screen(probe.clock.tz)


@contextmanager
def _ended_by_signals(ending: threading.Event) -> Iterator[None]:
    """SIGINT and SIGTERM end the watch between two reads, so that its state is saved."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        signal.signal(number, lambda *_: ending.set())
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
