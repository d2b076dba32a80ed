"""The zone of an error log whose times name none: an access log beside it, written on the same host, names it.

httpd writes both in the host's own zone, but only the access log's `%t` says which (mod_log_config).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta, timezone
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from logsleuth.logs.block import stream_read
from logsleuth.logs.reader import reader_of
from logsleuth.logs.tokenize import tokenize

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logsleuth.logs.log import Log

SAMPLE = 32 * 1024
"""Bytes that are looked at, at the begin and at the end."""


@dataclass(frozen=True, slots=True)
class NamedZone:
    """The zone that an access log names."""

    zone: timezone
    path: str
    """That log."""

    def told(self, given: str | None) -> str:
        """What to know of it; `given`: the name of the zone that the user named."""
        if given is None:
            return f"Times are read in {self.zone}, the zone that {self.path} names; --tz names another."
        return f"Times are read in {given}, as --tz says, though {self.path} names {self.zone}."


@dataclass(frozen=True, slots=True)
class Ends:
    """The first and the last time of a log's samples, as written, in microseconds; and the offsets that lines name."""

    first: int
    last: int
    offsets: frozenset[int | None]


def named_zone(logs: Sequence[Log]) -> NamedZone | None:
    """The one zone that all access logs among these name; None: there is none, or error logs name theirs themselves.

    Only if the error logs' times, read in that zone, are of the same time: else the logs are of different hosts.
    """
    own = [ends for log in logs if log.format.kind == "httpd" and (ends := _ends(log)) is not None]
    others = [(log, ends) for log in logs if log.format.source == "access" and (ends := _ends(log)) is not None]
    offsets = {offset for _, ends in others for offset in ends.offsets}
    if not own or not others or any(ends.offsets != {None} for ends in own) or len(offsets) != 1:
        return None
    (offset,) = offsets
    if offset is None or not any(a.first <= b.last and b.first <= a.last for a in own for _, b in others):
        return None
    return NamedZone(timezone(timedelta(seconds=offset)), others[0][0].path)


def _ends(log: Log) -> Ends | None:
    """What the samples of a plain file say; None: it is none, or no line has a time."""
    if not log.is_plain:
        return None
    read = reader_of(log.format, log.newest) or partial(tokenize, vhost=log.format.vhost)
    records = [record for line in _lines(log) if (record := read(line)) is not None and record.time is not None]
    times = [record.time for record in records if record.time is not None]
    return Ends(min(times), max(times), frozenset(record.offset for record in records)) if times else None


def _lines(log: Log) -> Iterator[bytes]:
    with Path(log.path).open("rb") as stream:
        yield from stream_read(stream, SAMPLE).split(b"\n")
        stream.seek(max((log.size or 0) - SAMPLE, 0))
        yield from stream_read(stream, SAMPLE).split(b"\n")[1:]
