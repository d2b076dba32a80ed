"""One reading on the cluster: what of it is to be scanned, being done, and done."""

from __future__ import annotations

from collections import Counter, deque
from typing import TYPE_CHECKING

from logsleuth.scan.tally import Tally
from logsleuth.values import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from distributed import Future

    from logsleuth.engines.cluster.pieces import Piece
    from logsleuth.engines.reading import Reading
    from logsleuth.errors import LogsleuthError

MERGED_AT_ONCE = 8
"""Tallies that one task merges: each level of the tree has an eighth of those below it."""


@dataclass(frozen=True, slots=True)
class Part:
    """A tally on the cluster, or one that will be there."""

    future: Future[bytes]
    pieces: tuple[Piece, ...]
    """What it covers: all that is lost with it."""
    inputs: tuple[Part, ...] = ()
    """What it merges; kept until it is done, so that an interrupt in between loses nothing."""


@dataclass(slots=True)
class UnderWay:
    """Each piece is at all times in exactly one of these: `todo`, a busy part, a done part, or `here`."""

    reading: Reading
    here: Tally = field(default_factory=Tally)
    """What was scanned by this process, or has come back."""
    todo: deque[Piece] = field(default_factory=deque)
    busy: dict[Hashable, Part] = field(default_factory=dict)
    """By the key of its task; the oldest first."""
    done: deque[Part] = field(default_factory=deque)
    failures: Counter[int] = field(default_factory=Counter)
    """By number of the piece."""
    counted: set[int] = field(default_factory=set)
    """Numbers of the pieces whose bytes were reported as progress."""
    error: LogsleuthError | None = None
    """A log can be read neither there nor here."""

    @property
    def is_done(self) -> bool:
        """At most one part is left to be fetched."""
        return self.error is not None or not (self.todo or self.busy or len(self.done) > 1)

    def to_merge(self) -> tuple[Part, ...]:
        """Parts that are worth a task of their own now; none, if more are to come."""
        enough = len(self.done) >= MERGED_AT_ONCE
        if enough or (len(self.done) > 1 and not self.todo and not self.busy):
            return tuple(self.done.popleft() for _ in range(min(MERGED_AT_ONCE, len(self.done))))
        return ()

    def finished(self) -> Iterator[Part]:
        """Parts whose tallies can be fetched now, no two of which cover the same piece."""
        yield from self.done
        for part in self.busy.values():
            yield from (one for one in part.inputs or (part,) if one.future.status == "finished")
