"""The values of this stage: a stretch of time in which the server failed its users, and any other fault."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from logsleuth.library.category import category_of
from logsleuth.signals.model import Why
from logsleuth.signals.tuning import ALMOST_ALL, BY_CHANCE, LEAST_EXPECTED, MOST
from logsleuth.units import SECOND
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection

    from logsleuth.library.pattern import Explain, Severity, WorkerState
    from logsleuth.lives.requests import Seen
    from logsleuth.lives.server.model import Absence, Restart
    from logsleuth.scan.sighting import Sighting
    from logsleuth.signals.model import Signal
    from logsleuth.timeline.model import Series

RoutineHow = Literal["recycled", "stopped", "replaced"]
Trend = Literal["once", "steady", "timed", "rising", "falling", "over"]


class How(StrEnum):
    """What ended an incident."""

    RESTART = "restart"
    RELOAD = "reload"
    FADED = "faded"


@dataclass(frozen=True, slots=True)
class Recovery:
    """How an incident ended."""

    time: int
    """UTC microseconds."""
    how: How
    restart: Restart | None = None


@dataclass(frozen=True, slots=True)
class Countermeasure:
    """Refusals by which somebody ended an overload."""

    time: int
    """UTC microseconds from when on requests were refused."""
    signals: tuple[Signal, ...]
    """The refusals; never empty."""
    restart: Restart | None = None
    """The restart or reload that put the rule in force; None: there was none."""


@dataclass(frozen=True, slots=True)
class Incident:
    """A stretch of time in which the server failed its users."""

    signals: tuple[Signal, ...]
    """In order of time; never empty."""
    onset: int
    """UTC microseconds of the first sign of it."""
    end: int
    """UTC microseconds of the last sign of it."""
    recovery: Recovery | None
    """None: it was still going on when the log ended."""
    restarts: tuple[Restart, ...] = ()
    """Restarts within, the recovering one included."""
    absences: tuple[Absence, ...] = ()
    """Stretches within in which the server was not up, those on request included."""
    period: float | None = None
    """Seconds after which it comes back again and again; None: it does not."""
    spells: tuple[tuple[int, int], ...] = ()
    """(begin, end) in UTC microseconds of the stretches in which users were failed, between which all was well; a
    single one if nothing shows a pause."""
    requests: Seen | None = None
    """What an access log shows of it; None: none covers it."""
    countermeasure: Countermeasure | None = None
    """What somebody did, and with which it ended; None: no line shows anything of the kind."""
    begun_before: bool = False
    """Whether the logs begin in the midst of it: its onset is then the first that is left of it."""

    @property
    def over(self) -> int:
        """UTC microseconds at which it was over, or of its last sign."""
        return self.recovery.time if self.recovery else self.end

    @property
    def returns(self) -> tuple[int, ...]:
        """UTC microseconds at which it came back after it had seemed to be over, its onset left out."""
        return tuple(begin for begin, _ in self.spells[1:])

    @property
    def was_down(self) -> bool:
        """Whether the server was not up at some time of it, so that no request could be answered."""
        return any(signal.why is Why.NOT_UP for signal in self.signals)

    @property
    def is_slow_only(self) -> bool:
        """Whether requests took long, and nothing says that any failed."""
        return all(signal.why is Why.SLOW for signal in self.signals)

    @property
    def only_waits(self) -> bool:
        """Whether requests waited for a worker or an answer, and nothing says that any failed."""
        return all(signal.why in {Why.SLOW, Why.LIMIT} for signal in self.signals)

    @property
    def can_swallow_requests(self) -> bool:
        """Whether requests can be lost without a line: the server was down, workers died or hung, or all were busy."""
        roles = {signal.meaning.role for signal in self.signals}
        about = {signal.meaning.about for signal in self.signals}
        return bool(roles & {"capacity", "death"}) or bool(about & {"server", "worker", "backend"})

    @property
    def was_starved(self) -> bool:
        """Whether almost none of the requests that were to be expected have a line: they were never answered."""
        return self._are_missing(ALMOST_ALL) and not self.stops_logging

    @property
    def lacks_requests(self) -> bool:
        """Whether most of the requests that were to be expected have no line."""
        return self._are_missing(MOST) and not self.stops_logging

    @property
    def stops_logging(self) -> bool:
        """Whether it may keep the server from writing its logs, so that what has no line may have been answered."""
        return any(category_of(signal.category).stops_logging for signal in self.signals)

    @property
    def lacks_lines(self) -> bool:
        """Whether it kept the server from writing almost any line of its access log."""
        return self._are_missing(ALMOST_ALL) and self.stops_logging

    def _are_missing(self, share: float) -> bool:
        """Whether at least this share of the requests that were to be expected has no line."""
        seen = self.requests
        if seen is None or seen.expected is None or seen.expected < LEAST_EXPECTED or not self.can_swallow_requests:
            return False
        return seen.seen <= (1 - share) * seen.expected

    @property
    def spells_down(self) -> tuple[Absence, ...]:
        """Stretches in which the server was not up though nobody had stopped it."""
        return tuple(absence for absence in self.absences if absence.why != "stopped")

    @property
    def is_up_for_now(self) -> bool:
        """Whether the server is up after it went down, and not yet for long enough to say that it stays so."""
        return self.recovery is None and bool(self.spells_down) and self.spells_down[-1].end is not None

    @property
    def restarts_in_vain(self) -> tuple[Restart, ...]:
        """Restarts within that did not end it, and that may have been meant to.

        One that was ordered before it, or in its first second, may have set it off; a timer's would have come anyway.
        """
        recovering = self.recovery.restart if self.recovery else None
        others = (r for r in self.restarts if r is not recovering and not self._is_of_a_timer(r))
        within = (r for r in others if r.up and self.onset < r.up < self.end)
        return tuple(r for r in within if r.down is None or r.down >= self.onset + SECOND)

    @property
    def restarts_of_a_timer(self) -> tuple[Restart, ...]:
        """Restarts within at a steady interval, which had begun before the incident."""
        return tuple(r for r in self.restarts if self._is_of_a_timer(r))

    def _is_of_a_timer(self, restart: Restart) -> bool:
        return restart.steady_since is not None and restart.steady_since < self.onset

    @property
    def seconds(self) -> float:
        """From onset to recovery, or to the last sign."""
        return (self.over - self.onset) / SECOND


LIVING_ON = frozenset({"poisoned", "hung"})
"""States of workers that live on without serving; the parent replaces those that died."""
PARENT = "the parent process"
"""The name in place of a pool where the parent itself is gone: it is listed, and no worker."""


@dataclass(frozen=True, slots=True)
class LostWorker:
    """A worker that no longer serves."""

    pid: int
    time: int
    """UTC microseconds at which it is known to be lost."""
    how: WorkerState
    inferred: bool
    sighting: Sighting
    failures: int
    rule: str
    """The rule (a function of lives/workers/rules.py) by which the loss is known."""
    pool: str = ""
    """'' for the server's own children; else such as 'mod_wsgi group shop'."""
    born: int | None = None
    """UTC microseconds, where a line reports its birth."""

    @property
    def lives_on(self) -> bool:
        """Whether it goes on without serving, and keeps its place in the pool until somebody ends it."""
        return self.how in LIVING_ON


@dataclass(frozen=True, slots=True)
class Pool:
    """Workers that serve one thing, around an incident."""

    name: str
    """'' for the server's own children; else such as 'FPM pool www'."""
    size: int | None
    """How many there are to serve; None: unknown."""
    source: str
    """How the size is known; empty where it is not."""
    lost: int


@dataclass(frozen=True, slots=True)
class RoutineEnd:
    """Workers that ended within an incident and are no loss."""

    how: RoutineHow
    pool: str
    rule: str
    count: int


@dataclass(frozen=True, slots=True)
class Workers:
    """What became of the workers in an incident."""

    lost: tuple[LostWorker, ...]
    """In order of time."""
    pool: int | None
    """How many there are to serve, in the pools that lost any; None: unknown."""
    pool_source: str
    """How the pool's size is known."""
    pools: tuple[Pool, ...] = ()
    """All that are known, by name."""
    routine: tuple[RoutineEnd, ...] = ()
    rules: tuple[tuple[str, int], ...] = ()
    """The rules by which losses and ends are known, and how often each was used."""

    @property
    def lost_workers(self) -> tuple[LostWorker, ...]:
        """Those that were lost and did serve: without the parent."""
        return tuple(worker for worker in self.lost if worker.pool != PARENT)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong that the log shows, whether or not users were failed."""

    series: Series
    severity: Severity
    count: int
    """Matches outside of every incident."""
    first: int | None
    """UTC microseconds; None: its lines have no time."""
    last: int | None
    names: frozenset[str]
    """The clients that met it, as far as the kept lines show; empty: its lines name none."""
    every_client: bool
    """Whether all of its lines are kept, so that it was no more clients: of a moment only the first line is."""
    trend: Trend
    lines: tuple[Sighting, ...]
    """A few of its lines, the first and the last among them."""
    incident: int | None = None
    """Number (from 0, in order of time) of the incident that it belongs to besides; None: to none."""
    also: tuple[Fault, ...] = ()
    """What reports the same events again in other words."""
    borrows: bool = False
    """The first or the last of its lines has no time of its own, but that of the line before it."""

    def has_begun(self, start: int, end: int) -> bool:
        """Whether it began between the first and last moment of the logs (UTC microseconds), rather than before.

        Where as many failures as it has, at random times, would hardly leave the beginning of the logs free of them.
        """
        if self.first is None or end <= start:
            return False
        return (1 - (self.first - start) / (end - start)) ** self.count < BY_CHANCE

    def explain(self, on: Collection[str]) -> Explain:
        """What explains its lines; `on`: names of what the server runs on, and of what the logs show beside them."""
        return self.series.meaning.explain.of((dict(line.fields) for line in self.lines), on=on)

    @property
    def clients(self) -> int | None:
        """How many clients met it, as far as the kept lines show; None: its lines name none."""
        return len(self.names) or None
