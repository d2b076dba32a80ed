"""Looking again and again, until someone ends it; what is seen goes to the screen, a command and the metrics."""

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
from logsleuth.live.meant import refuse_if_closed
from logsleuth.live.metrics import exposition
from logsleuth.live.reports import Reports
from logsleuth.live.watcher import Watcher
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logsleuth.live.probe import Probe
    from logsleuth.live.watcher import Glance

UNHEALTHY = 30.0
"""Seconds without a look after which the health page says so, at the least."""
AT_ONCE = 0.5
"""Seconds that another watch of the same logs is given to end."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What to do with what is seen."""

    every: float = 1.0
    """Seconds between two looks."""
    command: str = ""
    """--exec; empty: none."""
    reports: str = ""
    """--report; empty: none."""
    style: str = "markdown"
    metrics: str = ""
    """--metrics; empty: none."""


def watch(probe: Probe, wishes: Wishes) -> None:
    """Watch until SIGINT or SIGTERM. Raises LogsleuthError if it can't begin, or the state can't be written."""
    refuse_if_closed(probe.logs)
    ending = threading.Event()
    with ExitStack() as stack:
        stack.enter_context(saved.locked(probe.state, AT_ONCE))
        reports = Reports(wishes.reports, wishes.style) if wishes.reports else None
        watcher = Watcher(probe, reports)
        server = None
        if wishes.metrics:
            limit = max(UNHEALTHY, 10 * wishes.every)
            server = stack.enter_context(exposition(Address.of(wishes.metrics), limit))
        output = stack.enter_context(_output(probe))
        if server is not None:
            output.say(f"metrics: {server.url}/metrics, health: {server.url}/healthz")
        actions = None
        if wishes.command:
            from logsleuth.live.actions import Actions  # noqa: PLC0415

            actions = stack.enter_context(Actions(wishes.command, output.say))
        stack.enter_context(_ended_by_signals(ending))
        while not ending.is_set():
            glance = watcher.glance(time.time())
            if server is not None:
                server.show(glance.snapshot)
            if actions is not None and glance.event is not None:
                actions.do(glance.event)
            output.show(glance)
            ending.wait(wishes.every)
        watcher.save()


class Output(AbstractContextManager["Output"], Protocol):
    """Where a watch shows what it sees."""

    def show(self, glance: Glance) -> None:
        """Show what one look gave."""

    def say(self, text: str) -> None:
        """Show a line from elsewhere."""


def _output(probe: Probe) -> Output:
    """A live view where someone sees it, else plain lines."""
    if not sys.stdout.isatty():
        return Lines(probe.clock.tz)
    from logsleuth.live.screen import Screen  # noqa: PLC0415

    return Screen(probe.clock.tz)


@contextmanager
def _ended_by_signals(ending: threading.Event) -> Iterator[None]:
    """SIGINT and SIGTERM end the watch between two looks, so that what it knows is saved."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        signal.signal(number, lambda *_: ending.set())
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
