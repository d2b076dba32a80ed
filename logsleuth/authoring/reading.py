"""A log entry by entry, with what the library makes of each: for authors, who look at lines one by one.

It is the scan's own reading (the same lines, the same joining, the same matcher), without the tally, which
keeps only what a report needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from logsleuth.logs.block import PAD, SPAN, Block, read_blocks
from logsleuth.logs.reader import reader_of
from logsleuth.scan.entries import join
from logsleuth.scan.heads import NO_KIND
from logsleuth.scan.lines import Lines, Vocabulary, index_lines
from logsleuth.scan.records import WallClock, index_records
from logsleuth.scan.scanner import LONGEST_MATCHED
from logsleuth.scan.text import cut, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logsleuth.logs.log import Log
    from logsleuth.logs.reader import Reader
    from logsleuth.scan.entries import Entry
    from logsleuth.scan.heads import Kind
    from logsleuth.scan.matcher import Hit, Matcher

ANY_DAY = date(2000, 12, 31)
"""For readers of single lines: it only tells the year of times that name none, and no time is asked for."""
KEPT = 100_000
"""Texts whose hits are remembered."""


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
        self._source, self._vhost, self._reader = source, vhost, reader
        self._known: dict[tuple[Kind, str], tuple[Hit, ...]] = {}
        self._vocabulary = Vocabulary()

    def read(self, blocks: Iterable[Block]) -> Iterator[Said]:
        """All entries that the blocks own; of a block, tracebacks first."""
        for block in blocks:
            yield from self._read_block(block)

    def read_bytes(self, data: bytes) -> list[Said]:
        """All entries of a short log."""
        return list(self._read_block(Block(0, 0, data + bytes(PAD), 0, len(data))))

    def _read_block(self, block: Block) -> Iterator[Said]:
        lines = self._index(block)
        places = lines.place + block.base
        owned = (places >= block.own_begin) & (places < block.own_end)
        if lines.origin is not None:
            owned &= ~lines.origin.passed
        ends, literals = self.matcher.find(lines.data)
        at = np.searchsorted(lines.start, ends, side="right") - 1
        openers = sorted(set(at[(literals == self.matcher.traceback) & (at >= 0)].tolist()))
        entries = join(lines, openers, SPAN)
        joined = set(entries.members.tolist())
        for nth in np.flatnonzero(owned[entries.firsts]).tolist():
            yield self._entry(lines, entries[nth])
        for line in np.flatnonzero(owned).tolist():
            if line not in joined and lines.end[line] > lines.start[line]:
                yield self._line(lines, line)

    def _index(self, block: Block) -> Lines:
        if self._reader is not None:
            return index_records(
                block.data, block.size, at_start=block.at_start, vocabulary=self._vocabulary,
                reader=self._reader, clock=WallClock(), reach=SPAN,
            )  # fmt: skip
        return index_lines(
            block.data, block.size, at_start=block.at_start, vocabulary=self._vocabulary, vhost=self._vhost, reach=SPAN
        )

    def _entry(self, lines: Lines, entry: Entry) -> Said:
        kind = _kind(lines, entry.lines[0])
        text = entry.text[:LONGEST_MATCHED].decode("utf-8", "backslashreplace")
        raw = tuple(lines.raw(line) for line in entry.lines)
        return Said(kind, text, raw, entry.exception, self._match(kind, text))

    def _line(self, lines: Lines, line: int) -> Said:
        kind, text = _kind(lines, line), text_of(cut(lines.rest(line)[:LONGEST_MATCHED]))
        return Said(kind, text, (lines.raw(line),), 0, self._match(kind, text))

    def _match(self, kind: Kind, text: str) -> tuple[Hit, ...]:
        hits = self._known.get((kind, text))
        if hits is None:
            if len(self._known) > KEPT:
                self._known.clear()
            encoded = text.encode("utf-8", "replace")
            _, literals = self.matcher.find(encoded)
            hits = self.matcher.match(text, kind, sorted(set(literals.tolist())), self._source)
            self._known[kind, text] = hits
        return hits


def read_log(log: Log, matcher: Matcher) -> Iterator[Said]:
    """All entries of a log. Raises OSError and its like if it cannot be read."""
    reader = EntryReader(
        matcher, source=log.format.source or "httpd", vhost=log.format.vhost, reader=reader_of(log.format, log.newest)
    )
    with log.open() as stream:
        yield from reader.read(read_blocks(stream, 0))


def _kind(lines: Lines, line: int) -> Kind:
    number = int(lines.kind[line])
    return lines.kinds[number] if number >= 0 else NO_KIND
