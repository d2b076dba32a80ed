"""The requests of a host's access logs, for comparing clocks: who asked for what, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.logs.open.block import stream_read
from logsleuth.scan.bykey import key_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from logsleuth.logs.open.log import Log
    from logsleuth.timeline.clock import Clock

SAMPLE = 1 << 20
"""Bytes that are read at the start of an access log, and as many at the end of a plain file."""
KEPT = 8192
"""Requests that are kept of a host: those of the lowest hash, so that two hosts keep the same ones."""
LONGEST = 300
"""Characters of a client and what it asked for."""


def requests_of(logs: Sequence[Log], clock: Clock) -> dict[str, tuple[int, ...]]:
    """By client and request, the UTC microseconds at which the access logs of a host have it.

    Streams are not read, since they can be read only once.
    """
    seen: dict[str, list[int]] = {}
    for log in logs:
        if log.format.source == "access" and log.stream is None:
            for key, time in _requests(log, clock):
                seen.setdefault(key, []).append(time)
    kept = sorted(seen, key=lambda key: (key_hash(key), key))[:KEPT]
    return {key: tuple(seen[key]) for key in kept}


def _requests(log: Log, clock: Clock) -> Iterator[tuple[str, int]]:
    from logsleuth.logs.others.access.layout import KNOWN  # noqa: PLC0415 - only fleets with access logs need it
    from logsleuth.logs.others.access.reader import access_reader  # noqa: PLC0415

    read = access_reader(log.format.layouts or KNOWN, whole=True)
    for line in _lines(log):
        record = read(line)
        if record is None or record.time is None or record.client is None or record.kind != "foreign":
            continue
        time = clock.utc(record.time) if record.offset is None else record.time - record.offset * 1_000_000
        request = record.message[: record.message.rfind('" ')]
        yield f"{record.client} {request}"[:LONGEST], time


def _lines(log: Log) -> Iterable[bytes]:
    """The lines at a log's start and end; none of a log that cannot be read any more."""
    try:
        with log.open() as stream:
            head = stream_read(stream, SAMPLE)
            if not log.is_plain or (log.size or 0) <= SAMPLE:
                return head.split(b"\n")
            stream.seek(max((log.size or 0) - SAMPLE, SAMPLE))
            return [*head.split(b"\n")[:-1], *stream_read(stream, SAMPLE).split(b"\n")[1:]]
    except OSError:
        return []
