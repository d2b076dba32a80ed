"""The limits of a probe, as people write them: 25%, 10m, 3/1h."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logsleuth.errors import LogsleuthError
from logsleuth.live.guard import UNITS, Guard
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from logsleuth.live.ranges import Range

LASTING = re.compile(r"\s*(\d{1,6})\s*(s|min|m|h|d)\s*", re.ASCII)
LOST = re.compile(r"\s*(\d{1,9})\s*(%?)\s*", re.ASCII)
SMALLEST_POOL = 5
"""Workers that there are at least, where the log does not show how many: StartServers' default (prefork.c)."""


@dataclass(frozen=True, slots=True)
class Lost:
    """How many lost workers are critical."""

    number: int
    percent: bool

    @classmethod
    def of(cls, written: str) -> Lost:
        """What '25%' or '3' means. Raises LogsleuthError."""
        found = LOST.fullmatch(written)
        if found is None or not 0 < int(found[1]) <= (100 if found[2] else 10**9):
            raise LogsleuthError(f"not a share of the workers: '{written}'", "write it as --lost 25% or --lost 3")
        return cls(int(found[1]), bool(found[2]))

    def of_pool(self, pool: int | None) -> int:
        """The number of workers in a pool of this size; at least one."""
        if not self.percent:
            return self.number
        return max(-(-(pool or SMALLEST_POOL) * self.number // 100), 1)


@dataclass(frozen=True, slots=True)
class Limits:
    """When a probe is critical, and how long it waits."""

    lost: Lost
    critical: tuple[str, ...]
    """Patterns that are critical whenever they match: ids, or globs of ids."""
    grace: int
    """Seconds after a restart during which it is still recovering."""
    guard: Guard
    restart_only: bool = False
    """Critical only while a restart is advised: for supervisors that restart and do nothing else."""
    warning_range: Range | None = None
    """Of lost workers; None: each one is worth a warning."""
    critical_range: Range | None = None
    """Of lost workers, instead of `lost`."""

    def are_critical(self, lost: int, pool: int | None) -> bool:
        """Whether that many lost workers are critical; `pool`: how many there are, as far as the log shows it."""
        if self.critical_range is not None:
            return self.critical_range.alerts(lost, pool or SMALLEST_POOL)
        return lost >= self.lost.of_pool(pool)

    def are_worth_a_warning(self, lost: int, pool: int | None) -> bool:
        """Whether this number of lost workers is worth a warning, where they are not critical."""
        return self.warning_range is None or self.warning_range.alerts(lost, pool or SMALLEST_POOL)

    def written(self, pool: int | None) -> tuple[str, str]:
        """The ranges of warning and critical in workers, as performance data have them."""
        workers = pool or SMALLEST_POOL
        warning = str(self.warning_range.in_workers(workers)) if self.warning_range is not None else ""
        if self.critical_range is not None:
            return warning, str(self.critical_range.in_workers(workers))
        return warning, str(self.lost.of_pool(pool) - 1)


def seconds_of(written: str, option: str) -> int:
    """The seconds that '10m' means. Raises LogsleuthError."""
    found = LASTING.fullmatch(written)
    if found is None:
        raise LogsleuthError(f"{option} '{written}' is not a time span", f"write it as {option} 10m, 90s or 2h")
    return int(found[1]) * UNITS[found[2]]
