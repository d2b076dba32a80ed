"""Ranges of thresholds, as the Monitoring Plugins Development Guidelines have them.

`10` is 0 to 10, `10:` is 10 and more, `~:10` is 10 and less, `10:20` is from 10 to 20. A value outside of it alerts;
behind `@`, a value inside of it does. The ends belong to the range. Ours may be shares of the workers: `25%`.
"""

from __future__ import annotations

import re
from math import inf

from logsleuth.errors import LogsleuthError
from logsleuth.values import dataclass, replace

NUMBER = r"\d{1,9}(?:\.\d{1,3})?"
WRITTEN = re.compile(rf"(@?)(?:({NUMBER}|~)?(:))?({NUMBER})?(%?)", re.ASCII)
HINT = "write it as 5, 2:5, @3:9 or 25%: see docs/probes.md"


@dataclass(frozen=True, slots=True)
class Range:
    """A range of lost workers, in workers or, with `percent`, in shares of all that there are."""

    start: float
    end: float
    alerts_inside: bool = False
    percent: bool = False

    @classmethod
    def of(cls, written: str) -> Range:
        """The range that is written; one that would alert while no worker is lost is refused. Raises LogsleuthError."""
        found = WRITTEN.fullmatch(written)
        if found is None or not (found[3] or found[4]):
            raise LogsleuthError(f"not a range: '{written}'", HINT)
        start = -inf if found[2] == "~" else float(found[2] or 0)
        made = cls(start, float(found[4]) if found[4] else inf, bool(found[1]), bool(found[5]))
        if made.start > made.end:
            raise LogsleuthError(f"not a range: '{written}' ends before it starts", HINT)
        if made.alerts(0, 100):
            raise LogsleuthError(f"the range '{written}' alerts while no worker is lost", HINT)
        return made

    def alerts(self, lost: int, pool: int) -> bool:
        """Whether this number of lost workers, of a pool of this size, is worth an alert."""
        workers = self.in_workers(pool)
        inside = workers.start <= lost <= workers.end
        return inside is self.alerts_inside

    def in_workers(self, pool: int) -> Range:
        """The same in workers of a pool of this size."""
        if not self.percent:
            return self
        share = pool / 100
        return replace(self, start=self.start * share, end=self.end * share, percent=False)

    def __str__(self) -> str:
        """As it is written in performance data."""
        start = "~:" if self.start == -inf else f"{self.start:g}:" if self.start else ""
        end = "" if self.end == inf else f"{self.end:g}"
        return (
            f"{'@' if self.alerts_inside else ''}{start}{end or ('' if start else '0:')}{'%' if self.percent else ''}"
        )


def is_range(written: str) -> bool:
    """Whether a word is a range: it has no letter, unlike the names of patterns."""
    return not any(map(str.isalpha, written)) and "*" not in written and "?" not in written
