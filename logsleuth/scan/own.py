"""A block's own lines that are looked at, and what it takes to keep one of them whole in the tally."""

from __future__ import annotations

from copy import copy
from functools import partial
from typing import TYPE_CHECKING

from logsleuth.scan.line import NO_KIND
from logsleuth.scan.sighting import LONGEST_TEXT, Sighting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from logsleuth.logs.open.block import Block
    from logsleuth.scan.line import Line
    from logsleuth.scan.window import Window

Fields = tuple[tuple[str, str], ...]


class Own:
    """What a block owns: the lines that start between its own first and last byte."""

    def __init__(self, block: Block, lines: Sequence[Line], window: Window) -> None:
        self.block = block
        begin, end = block.own_begin - block.base, block.own_end - block.base
        own = [line for line in lines if begin <= line.place < end]
        self.begun = len(own)
        """Lines that start in what the block owns, looked at or not."""
        self._first = own[0].nth if own else 0
        self._window = window
        self._begin, self._end = begin, end
        self.lines = [line for line in own if not line.passed]
        if window.bounded:
            self.lines = [line for line in self.lines if window.holds(line.second)]
        self.is_whole = True
        """Whether these are all of the block's lines, not only one host's."""

    def among(self, lines: Sequence[Line]) -> Own:
        """What the block owns of these lines only, their places and numbers being those in the block."""
        part = copy(self)
        part.lines = [line for line in lines if self.holds(line)]
        part.is_whole = False
        return part

    def holds(self, line: Line) -> bool:
        """Whether a line is the block's own, and looked at."""
        return self._begin <= line.place < self._end and self.looked_at(line)

    def looked_at(self, line: Line) -> bool:
        """Whether a line is this log's reader's business, and within the stretch of time that is looked at."""
        return not line.passed and (not self._window.bounded or self._window.holds(line.second))

    def place(self, line: Line) -> tuple[int, int]:
        """The log's number and the line's byte offset in it: what decides between equal times."""
        return self.block.log, self.block.base + line.place

    def maker(self, line: Line, time: int, subject: int = 0, fields: Fields = ()) -> Callable[[], Sighting]:
        """What makes a line whole: most are counted only."""
        return partial(self.sighting, line, time, subject, fields)

    def sighting(self, line: Line, time: int, subject: int = 0, fields: Fields = ()) -> Sighting:
        """A line made whole, under the local time (microseconds) of the entry that it is shown for.

        `subject`: the pid that it is about; 0: the one that wrote it.
        """
        module, level = line.kind or NO_KIND
        log, offset = self.place(line)
        return Sighting(
            time, log, offset, self.block.own_begin, line.nth - self._first, module, level,
            reporter=line.pid, tid=line.tid, subject=subject or line.pid, text=_shown(line.raw), fields=fields,
            dated=line.dated, inner="" if line.inner is None else _shown(line.inner),
        )  # fmt: skip


def _shown(text: bytes) -> str:
    """Text as evidence keeps it."""
    return text[: 2 * LONGEST_TEXT].decode("utf-8", "backslashreplace")[:LONGEST_TEXT]
