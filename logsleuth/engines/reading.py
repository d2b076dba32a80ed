"""What an engine is asked to do, and what it returns."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol

from logsleuth.engines.source import Source, Unreadable
from logsleuth.logs.format.reader import reader_of
from logsleuth.logs.httpd.tokenize import tokenize
from logsleuth.logs.open.block import count_lines
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo

    from logsleuth.errors import LogsleuthError
    from logsleuth.logs.open.log import Log
    from logsleuth.scan.scanner import Partial
    from logsleuth.scan.tally import Tally
    from logsleuth.scan.window import Window

    Read = tuple[Tally, bool] | LogsleuthError
    """The tally of a reading, and whether it was interrupted; or why a log of it cannot be read."""

WORTH_SEEKING = 48 * 1024 * 1024
"""Bytes of a plain file: a smaller one is read as a whole, whatever --since says."""
WORTH_COUNTING = 1 << 31
"""Bytes of a local file passed over by --since whose lines are counted; else evidence is cited by byte offset alone."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Logs that go into one tally, which numbers them from 0 in this order: those of one host."""

    logs: Sequence[Log]
    window: Window
    zone: tzinfo
    by_host: bool = False
    """Where lines name their hosts, each host's are counted apart, in the tally's `hosts`."""


class Engine(Protocol):
    """Where blocks are scanned."""

    def read_all(self, readings: Sequence[Reading]) -> Iterator[Read]:
        """The result of each reading, in their order. An interrupt (Ctrl-C) ends it after what is known by then."""


def sources_of(reading: Reading, into: Partial) -> list[Source]:
    """What of each log is looked at. What --since passes over is counted in `into`. Raises Unreadable."""
    return [_source(log, number, reading.window, into) for number, log in enumerate(reading.logs)]


def _source(log: Log, number: int, window: Window, into: Partial) -> Source:
    """What of a log is looked at; what --since passes over is only counted, for the lines' numbers."""
    size = log.size or 0
    if not log.is_plain or not size:
        return Source(number, log)
    if not window.bounded or size < WORTH_SEEKING:
        return Source(number, log, 0, size)
    from logsleuth.logs.open.seek import find_stretch  # noqa: PLC0415 - few runs name a time

    read = reader_of(log.format, log.newest) or partial(tokenize, vhost=log.format.vhost)
    try:
        with log.open() as stream:
            stretch = find_stretch(stream, size, read, window.since, window.until)
            worth = log.is_local and stretch.begin <= WORTH_COUNTING
            passed = count_lines(stream, stretch.begin) if worth else None
    except OSError as error:
        raise Unreadable(number, error) from None
    into.pass_over(number, passed)
    return Source(number, log, stretch.begin, stretch.end)
