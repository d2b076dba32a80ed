"""One match that is kept whole: the line that can be shown as evidence."""

from __future__ import annotations

from logsleuth.scan.line import MICRO, NO_TIME
from logsleuth.values import NamedTuple

LONGEST_TEXT = 2000
"""Characters of a line that evidence keeps."""

UNDATED = NO_TIME * MICRO


class Sighting(NamedTuple):
    """A line in its place. A tuple, because ten thousand of them are made in a run."""

    time: int
    """Local microseconds since 1970; UNDATED if neither the line nor a neighbour has a time."""
    log: int
    """Number of the log in the call."""
    offset: int
    """Byte offset of the line in the (decompressed) log."""
    block: int
    """Byte offset at which the block that owns the line begins."""
    nth: int
    """Which line of that block it is, from 0: with the blocks' line counts it gives the line number."""
    module: str
    level: str
    reporter: int
    """The pid that wrote it; 0 unknown."""
    tid: int
    subject: int
    """The pid that it is about; 0 unknown."""
    text: str
    """The whole line as it stands, cut at LONGEST_TEXT; bytes that are not UTF-8 as \\xhh."""
    fields: tuple[tuple[str, str], ...] = ()
    dated: bool = True
    """The line has its own time; else it borrowed a neighbour's."""
    inner: str = ""
    """Of a line in another format than httpd's own: its client and text, as httpd writes them by default."""

    @property
    def words(self) -> str:
        """The line as httpd writes it by default, though perhaps without its head."""
        return self.inner or self.text

    @property
    def place(self) -> tuple[int, int, int]:
        """What sightings are ordered by: time, then log, then offset."""
        return self[:3]


def earlier(a: Sighting | None, b: Sighting | None) -> Sighting | None:
    """The earlier of two by place; None counts as absent."""
    if a is None or b is None:
        return a or b
    return a if a.place <= b.place else b


def later(a: Sighting | None, b: Sighting | None) -> Sighting | None:
    """The later of two by place; None counts as absent."""
    if a is None or b is None:
        return a or b
    return a if a.place >= b.place else b
