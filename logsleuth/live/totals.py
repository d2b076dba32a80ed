"""How many lines a watch has read, and how many of them report an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from logsleuth.scan.tally import Tally

ERRORS = ("emerg", "alert", "crit", "error")
MINUTES = 60
"""Minutes whose rates are kept."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a tally said of one file."""

    lines: int
    errors: dict[str, int]
    """By level."""


class Totals:
    """Grows with each tally that it is shown. What a tally has dropped for its age is not taken away."""

    def __init__(self) -> None:
        self.lines: dict[str, int] = {}
        """By path of the log, as it was named."""
        self.errors: dict[tuple[str, str], int] = {}
        """By path and level."""
        self._before: dict[int, Seen] = {}
        self._minutes: dict[int, int] = {}
        self._begun = False
        """What was there before the watch began does not count."""

    def add(self, tally: Tally, names: Mapping[int, str], now: float) -> None:
        """Take in what is new in a tally; `names`: the log that each number belongs to, `now`: seconds since 1970."""
        before, self._before = self._before, {}
        for number, name in names.items():
            self.lines.setdefault(name, 0)
            found = tally.logs.get(number)
            if found is None or found.foreign:
                continue
            self._before[number] = Seen(found.lines, _errors(found.kinds))
            if self._begun:
                self._grow(name, self._before[number], before.get(number, Seen(0, {})), now)
        self._begun = True

    def rates(self, now: float) -> tuple[int, ...]:
        """Error lines of each of the last minutes, the present one last."""
        minute = int(now // 60)
        return tuple(self._minutes.get(number, 0) for number in range(minute - MINUTES + 1, minute + 1))

    def _grow(self, name: str, seen: Seen, before: Seen, now: float) -> None:
        self.lines[name] += max(seen.lines - before.lines, 0)
        minute = int(now // 60)
        self._minutes = {number: count for number, count in self._minutes.items() if number > minute - MINUTES}
        for level, count in seen.errors.items():
            more = max(count - before.errors.get(level, 0), 0)
            self.errors[name, level] = self.errors.get((name, level), 0) + more
            self._minutes[minute] = self._minutes.get(minute, 0) + more


def _errors(kinds: Mapping[tuple[str, str], int]) -> dict[str, int]:
    """Lines that report an error, by level."""
    levels: dict[str, int] = {}
    for (_, level), count in kinds.items():
        if level in ERRORS:
            levels[level] = levels.get(level, 0) + count
    return levels
