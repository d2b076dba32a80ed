"""A watch: it reads the logs again and again, and reports what has changed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from logsleuth.live import saved
from logsleuth.live.announcer import Announcer
from logsleuth.live.history import History
from logsleuth.live.judging import judge_all
from logsleuth.live.plugin_line import fault_sentence
from logsleuth.live.verdict import Judgement, Status
from logsleuth.logs.follow.siblings import RotatedError
from logsleuth.values import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Callable

    from logsleuth.live.event import Event
    from logsleuth.live.probe import Probe
    from logsleuth.live.reports import Reports
    from logsleuth.live.snapshot import Snapshot

SHARE = 20
"""After a judgement we wait this many times as long as it took: a flood of errors must not use up the CPU."""
AGAIN = 10.0
"""Seconds after which a finding is judged again even if no line is new, since its age matters."""


@dataclass(frozen=True, slots=True)
class Update:
    """What there is to show after reading the logs once."""

    time: float
    """Seconds since 1970, UTC."""
    judgement: Judgement
    snapshot: Snapshot
    event: Event | None = None
    messages: tuple[str, ...] = ()
    """Rotations, logs that cannot be read, and new severe faults; they may contain text of a log."""
    rates: tuple[int, ...] = ()
    """Error lines in each of the last minutes, the current one last."""


class Watcher:
    """Reads the logs of a probe, and remembers what was announced."""

    def __init__(
        self, probe: Probe, reports: Reports | None = None, spent: Callable[[], float] = time.process_time
    ) -> None:
        """`spent`: the clock, in seconds, that measures what a judgement costs. Raises LogsleuthError.

        It is the process's CPU time: on a busy machine wall time would make the watch wait even longer.
        """
        self._probe = probe
        self._spent = spent
        self._ledger, self._notes = probe.ledger()
        self._announcer = Announcer(probe, reports, self._ledger.state.finding)
        self._history = History()
        self._judgement = Judgement(Status.UNKNOWN, None)
        self._grave: frozenset[str] = frozenset()
        """Names of the severe faults at the last judgement."""
        self._last_read: dict[str, float] = {}
        self._trouble: tuple[str, ...] = ()
        """Why logs cannot be read now."""
        self._new = True
        self._next = 0.0
        self._again = 0.0

    def update(self, now: float) -> Update:
        """Read and judge once; `now`: seconds since 1970, UTC. Raises LogsleuthError if the state can't be written."""
        messages, self._notes = [*self._notes, *self._read(now)], ()
        event = None
        if now >= self._again or (self._new and now >= self._next):
            event = self._judge(now)
            messages += [self._announcer.failure] if event is not None and self._announcer.failure else []
            messages += self._new_faults(now)
        judgement = replace(self._judgement, status=Status.UNKNOWN) if self._trouble else self._judgement
        snapshot = self._history.snapshot(self._last_read, unknown=bool(self._trouble))
        return Update(now, judgement, snapshot, event, tuple(messages), self._history.totals.rates(now))

    def _new_faults(self, now: float) -> list[str]:
        """A sentence on each severe fault that was not there at the last judgement."""
        grave = {fault.name: fault for fault in self._judgement.faults if fault.is_grave}
        new = [fault for name, fault in grave.items() if name not in self._grave]
        self._grave = frozenset(grave)
        return [f"FAULT {fault_sentence(fault, int(now * 1_000_000), self._probe.clock.tz)}" for fault in new]

    def save(self) -> None:
        """Remember for the next watch. Raises LogsleuthError."""
        saved.save(self._probe.state, self._ledger.state)

    def _read(self, now: float) -> list[str]:
        """Read new lines; returns sentences on rotations, and on logs that can no longer be read."""
        before = self._trouble
        try:
            read = self._ledger.read(self._probe.logs, now)
        except RotatedError:  # it was read in part: start again from the saved state
            self._ledger, _ = self._probe.ledger()
            return []
        self._new = self._new or read.size > 0
        self._trouble = tuple(read.trouble.values())
        self._last_read |= {path: now for path in read.found if path not in read.trouble}
        return [*read.moves, *(trouble for trouble in self._trouble if trouble not in before)]

    def _judge(self, now: float) -> Event | None:
        began = self._spent()
        known = judge_all(self._probe, self._ledger, now)
        self._judgement = known.judgement
        was_open = self._announcer.is_open
        event = self._announcer.announce(known, now)
        self._history.add(known, self._ledger.names(), None if was_open else event, now)
        self._new = False
        self._next = now + SHARE * (self._spent() - began)
        self._again = max(now + AGAIN, self._next) if known.judgement.lasts else float("inf")
        self.save()
        return event
