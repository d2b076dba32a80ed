"""A log entry by entry, with what the library makes of each: for authors, who look at lines one by one.

It is the scan's own reading (the same lines, the same joining, the same matcher), without the tally, which
keeps only what a report needs.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from logsleuth.logs.format.reader import reader_of
from logsleuth.logs.open.block import PAD, SPAN, Block, read_blocks
from logsleuth.scan.clock import WallClock
from logsleuth.scan.entries import join
from logsleuth.scan.head import HeadReader
from logsleuth.scan.line import NO_KIND
from logsleuth.scan.lines import default_lines, record_lines
from logsleuth.scan.matcher import LONGEST_MATCHED
from logsleuth.scan.own import Own
from logsleuth.scan.text import message_of
from logsleuth.scan.window import Window
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from logsleuth.logs.httpd.record import Reader
    from logsleuth.logs.open.log import Log
    from logsleuth.scan.line import Kind, Line
    from logsleuth.scan.matcher import Hit, Matcher

ANY_DAY = date(2000, 12, 31)
"""For readers of single lines: it only tells the year of times that name none, and no time is asked for."""


@dataclass(frozen=True, slots=True)
class Said:
    """One entry of a log: a line, or a joined traceback."""

    kind: Kind
    """Module ('' if the line names none) and level."""
    text: str
    """What patterns are matched on."""
    raw: tuple[bytes, ...]
    """Its lines, as the log has them."""
    exception: int
    """Which line names what went wrong."""
    hits: tuple[Hit, ...]


class EntryReader:
    """Reads logs with one library. Holds the matcher, and remembers what it made of each text."""

    def __init__(
        self, matcher: Matcher, *, source: str = "httpd", vhost: bool = False, reader: Reader | None = None
    ) -> None:
        self.matcher = matcher
        self._source, self._reader = source, reader
        self._heads = HeadReader(vhost=vhost)

    def read(self, blocks: Iterable[Block]) -> Iterator[Said]:
        """All entries that the blocks own; of a block, tracebacks first."""
        for block in blocks:
            yield from self._read_block(block)

    def read_bytes(self, data: bytes) -> list[Said]:
        """All entries of a short log."""
        return list(self._read_block(Block(0, 0, data + bytes(PAD), 0, len(data))))

    def _read_block(self, block: Block) -> Iterator[Said]:
        lines = self._index(block)
        own = Own(block, lines, Window())
        entries = join(lines, SPAN)
        joined = {line.nth for entry in entries for line in entry.lines}
        for entry in entries:
            if own.holds(entry.lines[0]):
                yield self._said(entry.lines, entry.text, entry.exception)
        for line in own.lines:
            if line.nth not in joined and line.raw:
                yield self._said((line,), message_of(line.rest[:LONGEST_MATCHED]), 0)

    def _index(self, block: Block) -> list[Line]:
        if self._reader is not None:
            return record_lines(block, self._reader, WallClock(), SPAN)
        return default_lines(block, self._heads)

    def _said(self, lines: Sequence[Line], text: bytes, exception: int) -> Said:
        kind = lines[0].kind or NO_KIND
        text = text[:LONGEST_MATCHED]
        hits = self.matcher.match(text, kind, self._source)
        raw = tuple(line.raw for line in lines)
        return Said(kind, text.decode("utf-8", "backslashreplace"), raw, exception, hits)


def read_log(log: Log, matcher: Matcher) -> Iterator[Said]:
    """All entries of a log. Raises OSError and its like if it cannot be read."""
    reader = EntryReader(
        matcher, source=log.format.source or "httpd", vhost=log.format.vhost, reader=reader_of(log.format, log.newest)
    )
    with log.open() as stream:
        yield from reader.read(read_blocks(stream, 0))
