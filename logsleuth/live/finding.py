"""The incident that a probe has found, and remembers until it is over."""

from __future__ import annotations

from logsleuth.library.category import Restart  # noqa: TC001 - its fields are read back from a saved state
from logsleuth.values import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """What a probe keeps of an incident. Times are UTC microseconds since 1970."""

    category: str
    """A slug such as 'stale-egg', or 'unknown'."""
    title: str
    """The likeliest cause, in words; text of a log may be in it."""
    confidence: str
    onset: int
    last: int
    """The time of its last failure so far."""
    critical: bool
    """Whether it was critical at any time."""
    restart: Restart
    """What a restart of httpd does to it while it goes on."""
    workers_lost: int
    """Since the last restart."""
    workers_known: int | None
    """How many workers there are; None: the log has not shown it."""
    stays: bool
    """Whether only a restart can end it, because workers were lost; silence does not show that it is over."""
    log: str
    """Path of the log that shows it."""
    line: str
    """The line that proves it: hostile."""
