"""What is left when a wrapper is taken off a line, and what the wrapper said."""

from __future__ import annotations

from logsleuth.values import dataclass, field


@dataclass(frozen=True, slots=True)
class Peeled:
    """One line without its wrapper. The inner record wins where it has a field; the outer fills the rest."""

    inner: str
    time: int | None = None
    """Microseconds since 1970 of the clock that wrote the wrapper, as it has it."""
    offset: int | None = None
    """Seconds east of UTC that the wrapper names for its time; None: it names no zone."""
    precision: int = 0
    """Digits of the fraction of a second."""
    program: str | None = None
    """The syslog tag, without its pid."""
    pid: int | None = None
    host: str | None = None
    """The machine or container that wrote the line."""
    level: str | None = None
    """One of httpd's levels, in whatever words the wrapper names it."""
    module: str | None = None
    tid: int | None = None
    client: str | None = None
    """Address of the client, with its port where the wrapper has one."""
    split: bool = False
    """The shipper took httpd's head apart: level, module, pid and client are httpd's own, and `inner` has no head."""
    extra: dict[str, str] = field(default_factory=dict)
    """What else it said: container, file, stream, facility, …"""

    @property
    def utc(self) -> int | None:
        """Microseconds since 1970 in UTC; None: the wrapper has no time, or names no zone for it."""
        return None if self.time is None or self.offset is None else self.time - self.offset * 1_000_000
