"""What an error log's lines are in, as plain data: also a probe's saved state holds it."""

from __future__ import annotations

from logsleuth.values import dataclass

Paths = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """The records of one shipper: dotted paths to what is read, those tried first standing first."""

    name: str
    """As reports name it."""
    marks: Paths
    """A record must have all of these, and a message, to be of this shape."""
    message: Paths
    time: Paths = ()
    utc: bool = False
    """A time that names no zone is in UTC."""
    host: Paths = ()
    stream: Paths = ()
    """A name that begins with the host's, and may go on with the log's."""
    container: Paths = ()
    file: Paths = ()
    level: Paths = ()
    program: Paths = ()
    pid: Paths = ()
    module: Paths = ()
    tid: Paths = ()
    client: Paths = ()
    port: Paths = ()
    split: bool = False
    """The shipper's parser took httpd's head apart; the message is what was left."""
    envelope: str = ""
    """Path of the object that all other paths begin at: what a store put around the shipper's record."""


@dataclass(frozen=True, slots=True)
class Wrapper:
    """What an error log's lines are in."""

    name: str
    """A name of `wrapped.WRAPPERS` if it has no shape."""
    shape: Shape | None = None
    """Where the fields of a record are."""
    programs: frozenset[str] = frozenset()
    """Tags under which the error log is sent, besides those that are like the server's name."""
    columns: tuple[str, ...] | None = None
    """The records are rows of CSV under this header (see `columns.py`); None: they are JSON objects."""
    inside: Wrapper | None = None
    """What the line within is wrapped in itself: one shipper's record in another's."""

    @property
    def title(self) -> str:
        """As reports name it."""
        return self.name if self.inside is None else f"{self.inside.title} in {self.name}"
