"""A watch: look after look at the logs, and what each one changes."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from logsleuth.live import saved
from logsleuth.live.history import History
from logsleuth.live.judging import judge_all
from logsleuth.live.plugin_line import fault_sentence
from logsleuth.live.telling import Teller
from logsleuth.live.verdict import Judgement, Status
from logsleuth.logs.follow.siblings import RotatedError
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from logsleuth.live.event import Event
    from logsleuth.live.probe import Probe
    from logsleuth.live.reports import Reports
    from logsleuth.live.snapshot import Snapshot

SHARE = 20
"""How much longer than a judgement took we wait before the next one: a flood must not take the server's processor."""
AGAIN = 10.0
"""Seconds after which what was found is judged anew though nothing is new: time passes, too."""


@dataclass(frozen=True, slots=True)
class Glance:
    """What there is to show after one look."""

    time: float
    """Seconds since 1970, UTC."""
    judgement: Judgement
    snapshot: Snapshot
    event: Event | None = None
    told: tuple[str, ...] = ()
    """What became of the logs, and grave faults that are new; text of a log may be in it."""
    rates: tuple[int, ...] = ()
    """Error lines of each of the last minutes, the present one last."""


class Watcher:
    """Looks at the logs of a probe, and remembers between two looks what was told."""

    def __init__(
        self, probe: Probe, reports: Reports | None = None, spent: Callable[[], float] = time.process_time
    ) -> None:
        """`spent`: the clock, in seconds, by which it is measured what a judgement costs. Raises LogsleuthError.

        It is the processor's: where others have the processor, we wait long enough as it is.
        """
        self._probe = probe
        self._spent = spent
        self._ledger, self._notes = probe.ledger()
        self._teller = Teller(probe, reports, self._ledger.state.finding)
        self._history = History()
        self._judgement = Judgement(Status.UNKNOWN, None)
        self._grave: frozenset[str] = frozenset()
        """Names of the grave faults that went on at the last judgement."""
        self._last_read: dict[str, float] = {}
        self._trouble: tuple[str, ...] = ()
        """Why some log can't be read now."""
        self._new = True
        self._next = 0.0
        self._again = 0.0

    def glance(self, now: float) -> Glance:
        """Look once; `now`: seconds since 1970, UTC. Raises LogsleuthError if the state can't be written."""
        told, self._notes = [*self._notes, *self._look(now)], ()
        event = None
        if now >= self._again or (self._new and now >= self._next):
            event = self._judge(now)
            told += [self._teller.failure] if event is not None and self._teller.failure else []
            told += self._new_faults(now)
        judgement = replace(self._judgement, status=Status.UNKNOWN) if self._trouble else self._judgement
        snapshot = self._history.snapshot(self._last_read, unknown=bool(self._trouble))
        return Glance(now, judgement, snapshot, event, tuple(told), self._history.totals.rates(now))

    def _new_faults(self, now: float) -> list[str]:
        """A sentence on each grave fault that did not go on at the last judgement."""
        grave = {fault.name: fault for fault in self._judgement.faults if fault.is_grave}
        new = [fault for name, fault in grave.items() if name not in self._grave]
        self._grave = frozenset(grave)
        return [f"FAULT {fault_sentence(fault, int(now * 1_000_000), self._probe.clock.tz)}" for fault in new]

    def save(self) -> None:
        """Remember for the next watch. Raises LogsleuthError."""
        saved.save(self._probe.state, self._ledger.state)

    def _look(self, now: float) -> list[str]:
        """Read what is new; sentences on what is worth telling. What lasts is told once."""
        before = self._trouble
        try:
            looked = self._ledger.look(self._probe.logs, now)
        except RotatedError:  # what was read by halves is read again, from what was saved
            self._ledger, _ = self._probe.ledger()
            return []
        self._new = self._new or looked.size > 0
        self._trouble = tuple(looked.trouble.values())
        self._last_read |= {path: now for path in looked.found if path not in looked.trouble}
        return [*looked.moves, *(trouble for trouble in self._trouble if trouble not in before)]

    def _judge(self, now: float) -> Event | None:
        began = self._spent()
        known = judge_all(self._probe, self._ledger, now)
        self._judgement = known.judgement
        goes_on = self._teller.has_told
        event = self._teller.tell(known, now)
        self._history.add(known, self._ledger.names(), None if goes_on else event, now)
        self._new = False
        self._next = now + SHARE * (self._spent() - began)
        self._again = max(now + AGAIN, self._next) if known.judgement.lasts else float("inf")
        self.save()
        return event
