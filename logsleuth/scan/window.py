"""The stretch of time that is looked at."""

from __future__ import annotations

from logsleuth.values import dataclass


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of local time; lines without any time are outside of a bounded one."""

    since: int | None = None
    """Local seconds since 1970, inclusive."""
    until: int | None = None
    """Exclusive."""

    @property
    def bounded(self) -> bool:
        """Whether any line is out of it."""
        return self.since is not None or self.until is not None

    def holds(self, second: int) -> bool:
        """Whether this local second lies within."""
        return (self.since is None or second >= self.since) and (self.until is None or second < self.until)
