"""What a watch knows at one moment: all that its metrics show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.values import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Seen:
    """An incident that the watch has seen: the labels of its metric."""

    category: str
    """A slug such as 'stale-egg', or 'unknown'."""
    cause: str
    """The likeliest cause, in words; text of a log may be in it."""
    confidence: str
    active: bool
    """False: it has ended."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The watch's figures at one moment; those that are totals count since it began."""

    verdict: int = 3
    """As monitoring plugins exit: 0 fine, 1 warning, 2 critical, 3 nothing is known."""
    workers_lost: int = 0
    workers_known: int | None = None
    """How many workers there are; None: the log has not shown it."""
    restart_advised: bool = False
    incidents: tuple[Seen, ...] = ()
    """The latest last."""
    incidents_total: Mapping[str, int] = field(default_factory=dict)
    """By category."""
    lines_total: Mapping[str, int] = field(default_factory=dict)
    """By path of the log."""
    error_lines_total: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """By path of the log, and level: of errors and worse."""
    last_read: Mapping[str, float] = field(default_factory=dict)
    """By path of the log: when it was last looked at with success, in seconds since 1970, UTC."""
