"""What --exec gets when an incident begins, changes or ends."""

from __future__ import annotations

from typing import Literal

from logsleuth.values import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """The facts about an incident at its onset, change or end, as far as they are known then."""

    event: Literal["onset", "change", "end"]
    category: str
    """A slug such as 'stale-egg', or 'unknown'."""
    cause: str
    """The likeliest cause, in words."""
    confidence: str
    """'high', 'medium' or 'low'."""
    onset: str
    """ISO 8601, with the offset from UTC."""
    workers_lost: int
    workers_known: int | None
    """How many workers there are; None: the log has not shown it."""
    restart: Literal["advised", "withheld", "no"]
    summary: str
    """The incident in a line."""
    log: str
    """Path of the log that shows it."""
    report: str = ""
    """Path of the report that was written, if one was."""
