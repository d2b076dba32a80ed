"""What a probe remembers from one run to the next."""

from __future__ import annotations

from logsleuth.live.finding import Finding  # noqa: TC001 - a saved state is read by these annotations
from logsleuth.live.part import Part  # noqa: TC001
from logsleuth.logs.follow.follow import Bookmark  # noqa: TC001
from logsleuth.scan.tally import Tally
from logsleuth.values import dataclass, field


@dataclass(slots=True)
class Followed:
    """One log: up to where it was read, and its files that may still grow."""

    bookmark: Bookmark | None = None
    open: list[Part] = field(default_factory=list)
    """The present file last; before it the one that a graceful restart's old children still write to."""


@dataclass(slots=True)
class State:
    """Everything that is kept between two runs."""

    logs: dict[str, Followed] = field(default_factory=dict)
    """By path as it was named."""
    closed: list[Part] = field(default_factory=list)
    """Files to which nothing more is written, and which are still in the tallies."""
    older: Tally = field(default_factory=Tally)
    recent: Tally = field(default_factory=Tally)
    """What is settled, in two chapters: the older one is dropped when the recent one is long enough."""
    begun: float = 0.0
    """When the recent chapter began, in seconds since 1970, UTC."""
    numbers: int = 0
    """How many numbers were given to readings of files."""
    finding: Finding | None = None
    """The last finding; None: nothing is wrong."""
    answers: list[int] = field(default_factory=list)
    """Restarts that came after something critical was found, in UTC microseconds: those that did not help are among
    them."""
    lost: list[str] = field(default_factory=list)
    """A sentence on each time that something was written and could not be read any more, the last few."""
