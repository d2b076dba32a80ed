"""Limits how often a restart is advised: if restarts did not help, the next one will not."""

from __future__ import annotations

import re

from logsleuth.errors import LogsleuthError
from logsleuth.units import duration
from logsleuth.values import dataclass

SECOND = 1_000_000
"""Microseconds, in which the times of logs are counted."""
UNITS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}
UNDER_WAY = 60 * SECOND
"""How long a restart may take: httpd waits ten seconds for its children, then the new ones start the application."""
WRITTEN = re.compile(r"\s*(\d{1,4})\s*/\s*(\d{0,5})\s*(s|min|m|h|d)\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Guard:
    """At most `limit` restarts may be advised within `window` seconds."""

    limit: int
    window: int
    """Seconds."""

    @classmethod
    def of(cls, written: str) -> Guard:
        """The guard that '3/1h' means: at most three restarts an hour; 0 means none ever. Raises LogsleuthError."""
        found = WRITTEN.fullmatch(written)
        window = int(found[2] or "1") * UNITS[found[3]] if found else 0
        if found is None or window == 0:
            raise LogsleuthError(f"not a limit for restarts: '{written}'", "write it as 3/1h: three within one hour")
        return cls(int(found[1]), window)


@dataclass(frozen=True, slots=True)
class Advice:
    """Whether to restart the server now, and why or why not."""

    restart: bool
    sentence: str
    again: int | None = None
    """When a restart may be advised again, in local microseconds; None: now, or never."""


def advise(guard: Guard, restarts: tuple[int, ...], now: int) -> Advice:
    """Whether one more restart is advised, after those at these times (local microseconds, in any order).

    A restart later than `now` (the clock was set back) counts as one that has just been made.
    """
    recent = sorted(time for time in restarts if time > now - guard.window * SECOND)
    if len(recent) < guard.limit:
        return Advice(True, _advised(guard, recent, now))
    if not recent:
        return Advice(False, "no restart is advised: the limit allows none")
    again = recent[-guard.limit] + guard.window * SECOND if guard.limit else None
    return Advice(False, _withheld(guard, recent, now, again), again)


def under_way(ordered: int, now: int) -> Advice | None:
    """No advice to restart while the server is restarting, by an order of this time; None: that is too long ago."""
    if not abs(now - ordered) < UNDER_WAY:
        return None
    return Advice(False, f"a restart is under way, ordered {_ago([ordered], now)}", ordered + UNDER_WAY)


def _advised(guard: Guard, recent: list[int], now: int) -> str:
    if not recent:
        return "restart advised"
    return f"restart advised ({_counted(len(recent))} {_within(guard)} did not help, the last {_ago(recent, now)})"


def _withheld(guard: Guard, recent: list[int], now: int, again: int | None) -> str:
    did_not = "it did not help" if len(recent) == 1 else "they did not help"
    later = f"; the next may be advised in {duration((again - now) / SECOND)}" if again is not None else ""
    seen = f"{_counted(len(recent))} {_within(guard)}, the last {_ago(recent, now)}"
    return f"restart withheld: {seen}, and {did_not}{later}"


def _counted(restarts: int) -> str:
    return "one restart" if restarts == 1 else f"{restarts} restarts"


def _within(guard: Guard) -> str:
    return f"within {duration(guard.window)}"


def _ago(recent: list[int], now: int) -> str:
    ago = max(now - recent[-1], 0) / SECOND
    return f"{duration(ago)} ago" if ago >= 1 else "just now"
