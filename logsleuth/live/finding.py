"""What a probe has found wrong, and remembers until it is fixed."""

from __future__ import annotations

from logsleuth.values import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """An incident, as far as a probe tells it. Times are UTC microseconds since 1970."""

    category: str
    """A slug such as 'stale-egg', or 'unknown'."""
    title: str
    """The likeliest cause, in words; text of a log may be in it."""
    confidence: str
    onset: int
    last: int
    """When it was last seen to go on."""
    critical: bool
    """It was, at some time."""
    workers_lost: int
    """Since the last restart."""
    workers_known: int | None
    """How many workers there are; None: the log has not shown it."""
    stays: bool
    """Silence does not prove it over: workers were lost, and only a restart brings them back."""
    log: str
    """Path of the log that shows it."""
    line: str
    """The line that proves it: hostile."""
