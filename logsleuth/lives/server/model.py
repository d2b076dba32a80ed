"""The values of the server's life: what its parent wrote, when it was not up, how its workers were ended."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate
from operator import attrgetter
from typing import TYPE_CHECKING, Literal

from logsleuth.values import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.scan.sighting import Sighting
    from logsleuth.timeline.model import Series

EventKind = Literal["up", "stop", "reload", "hup", "refused", "kept", "died", "unclean", "word"]
"""'up': resuming normal operations; 'stop': told to stop; 'reload': told to restart gracefully; 'hup': told to restart;
'refused': would not start or go on; 'kept': a configuration was refused before the running server was signalled, which
goes on (server/main.c checks it first); 'died': gave up; 'unclean': found the pid file of a parent that left it behind;
'word': something grave that nothing knows, which it may have ended with."""

RestartKind = Literal["stop", "reload", "hup", "start"]
"""How a generation of workers ended; 'start': nothing says how."""

WHOLE = frozenset({"stop", "hup"})
"""The kinds of restart at which all workers end; at a graceful one they finish their requests."""

Why = Literal["stopped", "refused", "died", "killed"]
"""Why the server was not up: told to stop, would not start, gave up, or ended without a word."""


PARENT_FIELD = "parent"
"""The capture of a pattern that holds the pid of the parent that writes its message; digits only."""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the parent's, in time."""

    time: int
    """UTC microseconds; of a line without a time, the earliest that is possible."""
    kind: EventKind
    series: Series
    sighting: Sighting
    dated: bool = True

    @property
    def parent(self) -> int:
        """The pid of the parent that wrote it; 0: unknown, or another program reports it.

        Before 2.4 the head of a line has no pid, and few messages name it: a lock's file is called by it.
        """
        if self.series.meaning.witnessed:
            return 0
        return self.sighting.reporter or int(dict(self.sighting.fields).get(PARENT_FIELD) or 0)


@dataclass(frozen=True, slots=True)
class Restart:
    """One generation of workers ended, and (perhaps) another began."""

    kind: RestartKind
    down: int | None
    """UTC microseconds of the order, or of the end; None: no line says when it ended."""
    up: int | None
    """UTC microseconds of 'resuming normal operations'; None: not within the log."""
    parent: int
    """pid of the parent that went; 0: unknown."""
    sightings: tuple[Sighting, ...]
    refusals: tuple[Event, ...] = ()
    """Attempts to start in between that failed."""
    steady_since: int | None = None
    """UTC microseconds of the first of the restarts at a steady interval that it is one of; None: it is of none."""

    @property
    def time(self) -> int:
        """UTC microseconds of the order; of one without an order, when the server was up."""
        return self.down if self.down is not None else self.up or 0


def counted(restarts: Sequence[Restart]) -> str:
    """'1 graceful restart', '2 restarts', '3 restarts (2 graceful)': what workers do at each differs."""
    graceful = sum(restart.kind == "reload" for restart in restarts)
    kind = "graceful " if graceful == len(restarts) else ""
    inside = f" ({graceful:,} graceful)" if graceful and not kind else ""
    return f"{len(restarts):,} {kind}restart{'' if len(restarts) == 1 else 's'}{inside}"


@dataclass(frozen=True, slots=True)
class Absence:
    """A stretch in which the server was not up."""

    why: Why
    begin: int
    """UTC microseconds at which it is known to be down."""
    not_before: int
    """UTC microseconds of its last sign of life: it went between the two."""
    end: int | None
    """UTC microseconds of the next successful start; None: it was down when the log ended."""
    lines: tuple[Event, ...]
    """Why it ended and what kept it from starting, in order of time."""
    up: Sighting | None = None
    """The line of the start that ended it."""
    ordered: bool = False
    """A reload or restart had been ordered before it."""
    parent: int = 0
    """pid of the parent that ended without an order; 0: unknown, or it was told to stop."""

    @property
    def refusals(self) -> tuple[Event, ...]:
        """Failed attempts to start, and what made the server give up."""
        return tuple(event for event in self.lines if event.kind in {"refused", "died", "word"})

    def until(self, log_end: int) -> int:
        """UTC microseconds of the start that ended it, or of the end of the log (`log_end`)."""
        return log_end if self.end is None else self.end


_TIME, _BEGIN = attrgetter("time"), attrgetter("begin")


@dataclass(frozen=True, slots=True)
class ServerLife:
    """All that the log says of the parent process."""

    restarts: tuple[Restart, ...] = ()
    """In order of time."""
    absences: tuple[Absence, ...] = ()
    parents: frozenset[int] = field(default_factory=frozenset)
    """pids known to be parents: no worker is one of them."""
    ups: tuple[int, ...] = ()
    """UTC microseconds of each start or reload that succeeded."""
    unclean: tuple[Event, ...] = ()
    """Pid files that a start found left over."""
    _over: tuple[int, ...] = field(default=(), init=False, repr=False, compare=False)
    """For each restart, UTC microseconds at which it and all before it were over."""
    _starts: tuple[int, ...] = field(default=(), init=False, repr=False, compare=False)
    """UTC microseconds of each start with new workers, in order."""
    _ordered: tuple[Restart, ...] = field(default=(), init=False, repr=False, compare=False)
    """The restarts in order of `Restart.time`."""
    stops: tuple[int, ...] = field(default=(), init=False, repr=False, compare=False)
    """UTC microseconds of each order at which all workers end, in order."""

    def __post_init__(self) -> None:
        """Put in order what is asked for in each of hundreds of incidents."""
        starts = (one.up for one in self.restarts if one.up is not None and one.kind != "reload")
        stops = (one.down for one in self.restarts if one.down is not None and one.kind in WHOLE)
        object.__setattr__(self, "_over", tuple(accumulate((one.up or one.down or 0 for one in self.restarts), max)))
        object.__setattr__(self, "_starts", tuple(sorted(starts)))
        object.__setattr__(self, "_ordered", tuple(sorted(self.restarts, key=_TIME)))
        object.__setattr__(self, "stops", tuple(sorted(stops)))

    def restarts_since(self, time: int) -> list[Restart]:
        """The restarts that were not over before a moment, in order of time."""
        first = bisect_left(self._over, time)
        return [one for one in self.restarts[first:] if time <= (one.up or one.down or 0)]

    def ordered_between(self, begin: int, end: int) -> tuple[Restart, ...]:
        """The restarts of which `Restart.time` lies between two moments, both included (UTC microseconds)."""
        first, after = bisect_left(self._ordered, begin, key=_TIME), bisect_right(self._ordered, end, key=_TIME)
        return self._ordered[first:after]

    def absences_between(self, begin: int, end: int) -> tuple[Absence, ...]:
        """The stretches without a server that touch a stretch of time, in order (UTC microseconds)."""
        until = bisect_right(self.absences, end, key=_BEGIN)
        return tuple(one for one in self.absences[:until] if one.end is None or one.end >= begin)

    def started_before(self, time: int) -> int | None:
        """UTC microseconds of the last start with new workers up to a moment; None: there is none."""
        place = bisect_right(self._starts, time)
        return self._starts[place - 1] if place else None

    @property
    def down_at_the_end(self) -> Absence | None:
        """The stretch without a server that the log ends with; None: it is up, or nothing says that it is not."""
        last = self.absences[-1] if self.absences else None
        return last if last is not None and last.end is None else None

    def up_after(self, time: int) -> int | None:
        """UTC microseconds of the first successful start or reload at or after a moment; None: there is none."""
        place = bisect_left(self.ups, time)
        return self.ups[place] if place < len(self.ups) else None

    def up_before(self, time: int) -> int | None:
        """UTC microseconds of the last successful start or reload before a moment; None: there is none."""
        place = bisect_left(self.ups, time)
        return self.ups[place - 1] if place else None
