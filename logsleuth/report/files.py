"""The files that were read, each once: one in which several programs write is read by one reader for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.report.words import plural
from logsleuth.values import replace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.report.model import LogFacts

OWN: Final = ("httpd", "access")
"""How the names of formats begin whose every line has a time of its own, or none."""


def files(logs: Iterable[LogFacts]) -> tuple[LogFacts, ...]:
    """The logs, those of one file together: it has the lines of all, and its bytes once."""
    found: dict[tuple[str, str], LogFacts] = {}
    for log in logs:
        known = found.get((log.host, log.path))
        found[log.host, log.path] = log if known is None else _together(known, log)
    return tuple(found.values())


def _together(one: LogFacts, other: LogFacts) -> LogFacts:
    firsts = [time for time in (one.first, other.first) if time is not None]
    lasts = [time for time in (one.last, other.last) if time is not None]
    return replace(
        one,
        lines=one.lines + other.lines,
        bytes=max(one.bytes, other.bytes),
        format=f"{one.format} and {other.format}",
        format_reason=f"{one.format_reason}; {other.format_reason}",
        first=min(firsts, default=None),
        last=max(lasts, default=None),
        unparsed=one.unparsed + other.unparsed,
        bare=one.bare + other.bare,
        joined=one.joined + other.joined,
        long=one.long + other.long,
        odd_bytes=one.odd_bytes + other.odd_bytes,
        unparsed_samples=(*one.unparsed_samples, *other.unparsed_samples),
    )


def how_read(log: LogFacts) -> str:
    """How its lines were read, in figures.

    In other programs' logs, and behind what a shipper puts before each line, a line that is none of httpd's may have a
    time all the same: how many have none is not known.
    """
    undated = f", {log.bare:,} without a timestamp" if log.format.startswith(OWN) else ""
    return f"{plural(log.joined, 'line')} joined to entries{undated}, {log.unparsed:,} unreadable"
