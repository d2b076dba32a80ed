"""What one line of an error log says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from logsleuth.values import NamedTuple, dataclass, field

Kind = Literal["record", "continuation", "bare", "unparsed", "foreign"]
"""`record`: a line with a head. `continuation`: belongs to the line before, without a head of its own.
`bare`: written without a head (start-up errors, stderr of children). `unparsed`: begins like a head but
is not one. `foreign`: a line of another program's log."""

LEVELS: tuple[str, ...] = (
    "emerg", "alert", "crit", "error", "warn", "notice", "info", "debug",
    "trace1", "trace2", "trace3", "trace4", "trace5", "trace6", "trace7", "trace8",
)  # fmt: skip
"""httpd's levels, most severe first (include/http_log.h)."""


LONGEST_KEY = 100
"""Characters of a client, a path or a virtual host that requests are counted by: clients choose their length."""


@dataclass(frozen=True, slots=True)
class Errno:
    """An operating system's or APR's error, as httpd prints it: `(13)Permission denied`."""

    number: int
    text: str
    space: str = ""
    """'EAI', 'OS' or 'os' where httpd names the number's space: `(EAI 2)Name or service not known`."""

    def __str__(self) -> str:
        """As httpd prints it (`log_apr_status` in server/log.c)."""
        number = f"0x{self.number:08x}" if self.space == "os" else str(self.number)
        return f"({self.space} {number}){self.text}" if self.space else f"({number}){self.text}"


class Request(NamedTuple):
    """What an access log says of any request, answered well or not; '' where it does not say."""

    client: str
    vhost: str
    """In lower case."""
    path: str
    """The first segment of the path that was asked for, with its slash: `/shop`."""
    asks: bool = True
    """False: nothing was asked for until the connection timed out (408)."""
    switches: bool = False
    """The connection spoke another protocol from then on (101): what it took is how long it was open."""


@dataclass(slots=True)
class Record:
    """One line's fields; what the line lacks is None.

    Not frozen because one is made for every line that is looked at, and freezing costs five times as much.
    """

    kind: Kind
    message: str
    """What is left when all other fields are taken out."""
    time: int | None = None
    """Microseconds since 1970-01-01 00:00 of the local clock that wrote the log, as the line has it."""
    precision: int = 0
    """Digits of the fraction of a second that the log has."""
    level: str | None = None
    module: str | None = None
    pid: int | None = None
    tid: int | None = None
    client: str | None = None
    client_port: int | None = None
    errno: Errno | None = None
    code: str | None = None
    referer: str | None = None
    extra: dict[str, str] = field(default_factory=dict)
    offset: int | None = None
    """Seconds east of UTC that the line itself names for its time; None: it names no zone."""
    host: str | None = None
    """The machine or container that wrote the line, where a shipper, syslog or the journal names it."""
    logged: int | None = None
    """UTC microseconds at which a wrapper took the line in, where it names a zone; it may be later than `time`."""
    request: Request | None = None
    """Of a line of an access log only."""
    took: int | None = None
    """Microseconds that the request took, where an access log says it."""

    @property
    def text(self) -> str:
        """The text that patterns are matched on: errno, code and message, without the head and the client."""
        parts = []
        if self.errno is not None:
            parts.append(f"{self.errno}: ")
        if self.code is not None:
            parts.append(f"{self.code}: ")
        return "".join((*parts, self.message))


Reader = Callable[[bytes], Record | None]
"""Reads one line, without its newline. None: the line is not for this reader, and is skipped."""
