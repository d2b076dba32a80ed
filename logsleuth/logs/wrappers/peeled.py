"""What is left when a wrapper is taken off a line, and what the wrapper said."""

from __future__ import annotations

from dataclasses import dataclass, field


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
    extra: dict[str, str] = field(default_factory=dict)
    """What else it said: host, stream, facility, …"""
