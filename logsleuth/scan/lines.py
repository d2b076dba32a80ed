"""All lines of a block at once: where each begins, when it was written, by whom, and where its text starts.

This is the part of the hot path that touches every line, so it is numpy from end to end: unaligned 8-byte
words are gathered at computed places, and only what has not been seen before is decoded in Python.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from logsleuth.scan.heads import Heads, Kind, Proc, read_heads
from logsleuth.scan.times import LAYOUTS, NO_TIME, read_times
from logsleuth.scan.tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from logsleuth.logs.record import Request

LENDING = 2
"""An undated line may borrow the time of one behind it within a span divided by this, and an entry that begins
undated may fill as much: both together a block shows behind its own lines."""
NEWLINE, CLOSE, RETURN = 10, 93, 13
BEHIND = 9
"""More marks than a head has fields: so many stand behind the last one."""


class Vocabulary:
    """The kinds and processes met so far: caches that live as long as a run."""

    def __init__(self) -> None:
        self.heads = Heads()
        """Of httpd's default formats."""
        self.kinds: Tokens[Kind] = Tokens()
        self.procs: Tokens[Proc] = Tokens()
        """Of what other formats' readers give."""

    def trim(self) -> None:
        """Start anew where there is too much to remember."""
        if self.kinds.full or self.procs.full:
            self.kinds, self.procs = Tokens(), Tokens()


@dataclass(slots=True)
class Origin:
    """Where the lines of a log really stand, if `Lines.data` is not the log itself but was written anew."""

    data: bytes
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    """Without the newline (and a carriage return before it)."""
    unparsed: NDArray[np.bool_]
    """Lines that begin like a head and are none."""
    passed: NDArray[np.bool_]
    """Lines that are no business of this log's reader."""


@dataclass(slots=True)
class Lines:
    """One array item a line."""

    data: bytes
    """What the texts stand in: the block itself, or what `scan/records.py` wrote."""
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    """Without the newline (and a carriage return before it)."""
    second: NDArray[np.int64]
    """Local seconds since 1970; a line without a time borrows its neighbour's; NO_TIME if there is none."""
    time: NDArray[np.int64]
    """The same in microseconds, with the fraction where the line has one."""
    dated: NDArray[np.bool_]
    kind: NDArray[np.int64]
    """Index into `kinds`, -1: the line has no head that is understood."""
    proc: NDArray[np.int64]
    """Index into `procs`, -1: no pid."""
    text: NDArray[np.int64]
    """Where what follows the head and a client field begins."""
    client: NDArray[np.bool_]
    """A client field stands just before `text`."""
    field: NDArray[np.int64]
    """Where that client field begins; `text` where there is none."""
    kinds: list[Kind]
    procs: list[Proc]
    requests: Sequence[Request | None] = ()
    """Of an access log: what each line says of its request."""
    origin: Origin | None = None
    """None: `data` is the block itself."""

    @property
    def place(self) -> NDArray[np.int64]:
        """Where each line begins in the block."""
        return self.start if self.origin is None else self.origin.start

    @property
    def stop(self) -> NDArray[np.int64]:
        """Where each line ends in the block, without its newline."""
        return self.end if self.origin is None else self.origin.end

    def __len__(self) -> int:
        return len(self.start)

    def micros(self, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
        """Local microseconds since 1970 of the chosen lines."""
        times: NDArray[np.int64] = self.time[chosen]
        return times

    def rest(self, line: int) -> bytes:
        """What stands behind a line's head and client."""
        return self.data[self.text[line] : self.end[line]]

    def raw(self, line: int, most: int = sys.maxsize) -> bytes:
        """The first `most` bytes of a line, as the log has it."""
        data = self.data if self.origin is None else self.origin.data
        begin = int(self.place[line])
        return data[begin : min(int(self.stop[line]), begin + most)]


def split_lines(data: bytes, size: int, *, at_start: bool) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where each line that begins in `data[:size]` begins and ends, without its newline."""
    raw = np.frombuffer(data, np.uint8)
    newlines = np.flatnonzero(raw[:size] == NEWLINE)
    start, end = np.append(0, newlines + 1), np.append(newlines, size)
    if not at_start:
        start, end = start[1:], end[1:]
    if len(start) and start[-1] >= size:
        start, end = start[:-1], end[:-1]
    return start, end - ((raw[end - 1] == RETURN) & (end > start))


def index_lines(data: bytes, size: int, *, at_start: bool, vocabulary: Vocabulary, vhost: bool, reach: int) -> Lines:
    """Find and read the heads of all lines that begin in `data[:size]`; `data` has PAD bytes more.

    `at_start`: data begins with a line's first byte (else the bytes up to the first newline belong to a
    line that began earlier, and are passed over). `vhost`: the format has a server name in brackets after
    the pid. `reach`: how many bytes away a neighbour may be to lend its time.
    """
    marks, first, start, end = _find_marks(data, size, at_start=at_start)
    second, micro = read_times(data, start, marks[first], end)
    heads = vocabulary.heads
    lines = Lines(
        data, start, end, second, second, second != NO_TIME,
        kind=np.full(len(start), -1, np.int64), proc=np.full(len(start), -1, np.int64), text=start.copy(),
        client=np.zeros(len(start), np.bool_), field=start.copy(), kinds=heads.kinds, procs=heads.procs,
    )  # fmt: skip
    read_heads(lines, marks, first, heads, vhost=vhost)
    lines.kinds, lines.procs = heads.kinds, heads.procs  # new lists, if the cache started anew
    lend_times(lines, reach)
    lines.time = lines.second * 1_000_000 + micro
    return lines


def _find_marks(data: bytes, size: int, *, at_start: bool) -> tuple[NDArray[np.int64], ...]:
    """Where brackets close and lines end, in one list; by line, which of them comes first; lines' begins and ends.

    Both are looked for at once, since a search for few bytes among many costs as much as a search for more.
    """
    raw = np.frombuffer(data, np.uint8)
    found = np.ones(size + BEHIND, np.bool_)
    np.equal(raw[:size], CLOSE, out=found[:size])
    found[:size] |= raw[:size] == NEWLINE
    marks = np.flatnonzero(found)
    newlines = np.flatnonzero(raw[marks[:-BEHIND]] == NEWLINE)
    first = np.append(0, newlines + 1)
    start, end = np.append(0, marks[newlines] + 1), np.append(marks[newlines], size)
    if not at_start:
        first, start, end = first[1:], start[1:], end[1:]
    if len(start) and start[-1] >= size:
        first, start, end = first[:-1], start[:-1], end[:-1]
    if RETURN in data:  # a look at every byte costs less than one at each line's last
        end = end - ((raw[end - 1] == RETURN) & (end > start))
    return marks, first, start, end


def lend_times(lines: Lines, reach: int) -> None:
    """Give each undated line the time of the last dated line before it, or of the next one after it."""
    if lines.dated.all() or not len(lines):
        return
    begin = lines.place
    index = np.arange(len(lines))
    dated = np.flatnonzero(lines.dated)
    bare = np.flatnonzero(~lines.dated)
    if not len(dated):
        return
    place = np.searchsorted(dated, index[bare])
    before = dated[np.maximum(place - 1, 0)]
    after = dated[np.minimum(place, len(dated) - 1)]
    near_before = (place > 0) & (begin[bare] - begin[before] <= reach)
    # the time itself must lie within reach, not only the line's first byte; other formats may have it at the end
    seen = begin[after] + len(LAYOUTS) if lines.origin is None else lines.stop[after]
    near_after = (place < len(dated)) & (seen - begin[bare] <= reach // LENDING)
    lines.second[bare] = np.where(near_before, lines.second[before], np.where(near_after, lines.second[after], NO_TIME))
