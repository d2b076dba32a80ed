"""One line of a log, as the scan sees it: when, by whom, on whose behalf, and the text that patterns see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.values import dataclass

if TYPE_CHECKING:
    from logsleuth.logs.httpd.record import Request

NO_TIME = -(1 << 40)
"""The second of a line that has no time and no neighbour to lend it one; as microseconds it still fits 64 bits."""
MICRO = 1_000_000

Kind = tuple[str, str]
"""Module ('' if the line names none) and level."""
NO_KIND: Kind = ("", "")


@dataclass(slots=True)
class Line:
    """Not frozen, because one is made for every line, and lines without a time are lent one."""

    nth: int
    """Which line of its block it is, from 0."""
    place: int
    """Byte offset in the block at which it starts."""
    raw: bytes
    """All of it, without its newline and a carriage return before that."""
    time: int
    """Local microseconds since 1970; a line without a time borrows its neighbour's second."""
    dated: bool
    """It has a time of its own."""
    kind: Kind | None
    """None: it has no head."""
    pid: int
    tid: int
    """0 where it names none."""
    client: bytes
    """The client field before the text, such as `[client 192.0.2.7:40112]`; empty if there is none."""
    rest: bytes
    """What follows head and client: the message, and a referer perhaps."""
    parsed: bool
    """The head was understood."""
    damaged: bool = False
    """It starts like a line with a head, and has none that is understood."""
    inner: bytes | None = None
    """Of a line in another format than httpd's own: client and text, as httpd writes them by default."""
    passed: bool = False
    """This log's reader skips it."""
    request: Request | None = None
    """Of an access log: who asked for what."""
    took: int | None = None
    """Microseconds that the request took, where an access log says it."""
    host: str = ""
    """Who wrote it, where its shipper, syslog or the journal names a host; else ''."""

    @property
    def second(self) -> int:
        """Local seconds since 1970, or NO_TIME."""
        return self.time // MICRO

    @property
    def stop(self) -> int:
        """Byte offset in the block at which it ends, without its newline."""
        return self.place + len(self.raw)
