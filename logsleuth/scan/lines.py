"""All lines of a block at once: where each begins, when it was written, by whom, and where its text starts.

This is the part of the hot path that touches every line, so it is numpy from end to end: unaligned 8-byte
words are gathered at computed places, and only what has not been seen before is decoded in Python.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from logsleuth.logs.tokenize import MONTHS, midnight
from logsleuth.scan.tokens import Tokens, mix

if TYPE_CHECKING:
    from numpy.typing import NDArray

PAD = 64
"""Bytes of padding after a block's data, so that words may be read past its end."""

NO_TIME = -(1 << 40)
"""The second of a line that has no time and no neighbour to lend it one; as microseconds it still fits."""

NEWLINE, CLOSE, OPEN, SPACE, PAREN, RETURN = 10, 93, 91, 32, 40, 13
CLIENT = np.uint64(int.from_bytes(b"[client ", "little"))
REMOTE = np.uint64(int.from_bytes(b"[remote ", "little"))
PID = int.from_bytes(b"[pid ", "little")
LOW40 = (1 << 40) - 1
CTIME, CTIME_FRACTION, ISO, ISO_FRACTION = 25, 32, 20, 27
"""Offset of the time field's closing bracket, which tells the layout: `[Fri Sep 04 14:30:04 2009]`, …"""
ZONE = 6
"""Bytes of ` +0200`, which `%{z}t` puts before the bracket (httpd 2.4.58)."""
LAYOUTS = np.zeros(64, np.int64)
"""By the offset of the closing bracket: the layout, 0 if it is none."""
for _layout in (CTIME, CTIME_FRACTION, ISO, ISO_FRACTION):
    LAYOUTS[_layout] = LAYOUTS[_layout + ZONE] = _layout
MONTH_DAY = re.compile(rb" [A-Z][a-z]{2} [ \d]\d \d{4}")
YEAR_MONTH_DAY = re.compile(rb"\d{4}-\d\d--\d\d[ T]")

KIND = re.compile(rb"\[(?:([\w.\-]*):)?(emerg|alert|crit|error|warn(?:ing)?|notice|info|debug|trace[1-8])\]")
PROC = re.compile(rb"\[pid (\d{1,10})(?::tid (\d{1,19}))?\]")
SWALLOWED = re.compile(rb"\[pid (\d{1,10}):tid ")
"""An empty %T can take the closing bracket with it: `[pid 123:tid message`."""

LONGEST = 64
MASKS = tuple(
    np.array([(1 << (8 * min(max(length - place, 0), 8))) - 1 for length in range(LONGEST + 1)], np.uint64)
    for place in (0, 8, 16, 24)
)
"""For each of a field's first four words, by the field's length: which of its bits belong to the field."""

NIBBLES = np.uint64(0x0F0F0F0F0F0F0F0F)
CLOCK_ZERO = np.uint64(int.from_bytes(b"00:00:00", "little"))
CLOCK_FIXED = np.uint64(int.from_bytes(b"\xf0\xf0\xff\xf0\xf0\xff\xf0\xf0", "little"))
"""Bits of `HH:MM:SS` that are the same for all digits; those of a colon are all fixed."""
SIX = np.uint64(0x0606060606060606)
CARRY = np.uint64(0x1010101010101010)
"""A nibble above 9, with six added, carries."""

Kind = tuple[str, str]
"""Module ('' if the line names none) and level."""
Proc = tuple[int, int]
"""pid and tid; 0 where the line names none."""
NO_KIND: Kind = ("", "")
NO_PROC: Proc = (0, 0)


class Swallowed(tuple[int, int]):
    """A Proc whose field has lost its closing bracket."""

    __slots__ = ()


class Vocabulary:
    """The kinds and processes met so far: caches that live as long as a run."""

    def __init__(self) -> None:
        self.kinds: Tokens[Kind] = Tokens()
        self.procs: Tokens[Proc] = Tokens()


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
    kinds: list[Kind]
    procs: list[Proc]
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
    raw = np.frombuffer(data, np.uint8)
    words = np.ndarray((len(data) - 7,), np.dtype("<u8"), data, strides=(1,))
    start, end = split_lines(data, size, at_start=at_start)
    brackets = np.append(np.flatnonzero(raw[:size] == CLOSE), [size + 8] * 8)
    nth = np.searchsorted(brackets, start)
    closing = brackets[nth]
    width = LAYOUTS[np.minimum(closing - start, len(LAYOUTS) - 1)]
    second, dated = _seconds(words, start, end, closing, width)
    lines = Lines(
        data, start, end, second, second, dated,
        kind=np.full(len(start), -1, np.int64), proc=np.full(len(start), -1, np.int64), text=start.copy(),
        client=np.zeros(len(start), np.bool_), kinds=vocabulary.kinds.values, procs=vocabulary.procs.values,
    )  # fmt: skip
    _read_heads(lines, raw, words, brackets, nth, vocabulary, vhost=vhost)
    lend_times(lines, reach)
    fine = dated & ((width == CTIME_FRACTION) | (width == ISO_FRACTION))
    lines.time = lines.second * 1_000_000 + _fractions(words, start, fine)
    return lines


def _seconds(
    words: NDArray[np.uint64],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    closing: NDArray[np.int64],
    width: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The second of each line that begins with a time in one of the four layouts, and which lines do."""
    ctime = (width == CTIME) | (width == CTIME_FRACTION)
    dated = (width > 0) & (closing < end)
    second = np.full(len(start), NO_TIME, np.int64)
    which = np.flatnonzero(dated)
    if not len(which):
        return second, dated
    at = start[which]
    day = _days(words, at, width[which], ctime[which])
    clock = words[at + 12]  # HH:MM:SS stands there in all layouts
    odd = clock ^ CLOCK_ZERO
    ten = clock & NIBBLES
    pairs = ten * np.uint64(10) + (ten >> np.uint64(8))
    hour, minute, sec = (((pairs >> np.uint64(shift)) & np.uint64(0xFF)).astype(np.int64) for shift in (0, 24, 48))
    good = (day != NO_TIME) & ((odd & CLOCK_FIXED) == 0) & ((((odd & NIBBLES) + SIX) & CARRY) == 0)
    good &= (hour < 24) & (minute < 60) & (sec < 61) & ((words[at] & np.uint64(0xFF)) == np.uint64(OPEN))
    second[which] = np.where(good, day + hour * 3600 + minute * 60 + sec, NO_TIME)
    dated[which] = good
    return second, dated


def _fractions(words: NDArray[np.uint64], start: NDArray[np.int64], fine: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Microseconds of the lines that have six digits of them, 0 for the others."""
    total = np.zeros(len(start), np.int64)
    which = np.flatnonzero(fine)
    ten = words[start[which] + 21] & NIBBLES
    pairs = ten * np.uint64(10) + (ten >> np.uint64(8))
    value = np.zeros(len(which), np.int64)
    for shift in (0, 16, 32):
        value = value * 100 + ((pairs >> np.uint64(shift)) & np.uint64(0xFF)).astype(np.int64)
    total[which] = np.minimum(value, 999_999)  # damaged digits must not reach into the next second
    return total


def _days(
    words: NDArray[np.uint64], at: NDArray[np.int64], width: NDArray[np.int64], ctime: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Seconds to midnight of each line's day. Days change seldom: only the changes are parsed."""
    if ctime.all():
        month_day, year = words[at + 4], words[at + width - 4] & np.uint64(0xFFFFFFFF)
    else:
        month_day = np.where(ctime, words[at + 4], words[at + 1])
        year = words[at + np.where(ctime, width - 4, 8)] & np.uint64(0xFFFFFFFF)
    change = np.ones(len(at), np.bool_)
    change[1:] = (month_day[1:] != month_day[:-1]) | (year[1:] != year[:-1]) | (ctime[1:] != ctime[:-1])
    midnights = [
        _parse_day(int(month_day[i]).to_bytes(8, "little"), int(year[i]).to_bytes(4, "little"), ctime=bool(ctime[i]))
        for i in np.flatnonzero(change)
    ]
    by_change = np.array(midnights, np.int64)
    which: NDArray[np.int64] = by_change[np.cumsum(change) - 1]
    return which


def _parse_day(month_day: bytes, rest: bytes, *, ctime: bool) -> int:
    """' Sep 04 ' and '2009', or '2009-09-' and '-04 '."""
    both = month_day + rest
    if not (MONTH_DAY if ctime else YEAR_MONTH_DAY).fullmatch(both):
        return NO_TIME
    text = both.decode("ascii")
    if ctime:
        found = midnight(text[8:12], MONTHS.get(text[1:4], 0), text[5:7])
    else:
        found = midnight(text[:4], int(text[5:7]), text[9:11])
    return NO_TIME if found is None else found


def _read_heads(
    lines: Lines,
    raw: NDArray[np.uint8],
    words: NDArray[np.uint64],
    brackets: NDArray[np.int64],
    nth: NDArray[np.int64],
    vocabulary: Vocabulary,
    *,
    vhost: bool,
) -> None:
    """Walk the bracketed fields after the time: level, pid, (server name,) client. Fills kind, proc, text, client."""
    which = np.flatnonzero(lines.dated)
    nth = nth[which]
    at = brackets[nth] + 2
    which, nth, at = _keep((raw[at] == OPEN) & (brackets[nth + 1] < lines.end[which]), which, nth, at)
    close = brackets[nth + 1]
    ids = vocabulary.kinds.ids(_hash_fields(words, at, close), lambda i: _kind(lines.data[at[i] : close[i] + 1]))
    lines.kind[which] = ids
    nth, at = nth + 1, close + 2
    lines.text[which] = np.minimum(at, lines.end[which])

    _read_procs(lines, words, brackets, which, nth, at, vocabulary)
    _skip_name(lines, raw, words, brackets, which, nth, at, always=vhost)
    lines.text[which] = np.minimum(at, lines.end[which])

    word = words[np.minimum(at, len(words) - 1)]
    client = np.flatnonzero((word == CLIENT) | (word == REMOTE))
    client = client[brackets[nth[client] + 1] < lines.end[which[client]]]
    after = brackets[nth[client] + 1] + 1
    after = after + (raw[after] == SPACE)
    lines.text[which[client]] = np.minimum(after, lines.end[which[client]])
    lines.client[which[client]] = True


def _read_procs(
    lines: Lines,
    words: NDArray[np.uint64],
    brackets: NDArray[np.int64],
    which: NDArray[np.int64],
    nth: NDArray[np.int64],
    at: NDArray[np.int64],
    vocabulary: Vocabulary,
) -> None:
    """Read the pid and tid field where there is one, and pass over it, in place."""
    pid = np.flatnonzero((words[np.minimum(at, len(words) - 1)] & np.uint64(LOW40)) == np.uint64(PID))
    pid = pid[at[pid] < lines.end[which[pid]]]
    begin, close = at[pid], np.minimum(brackets[nth[pid] + 1], lines.end[which[pid]] - 1)
    procs = vocabulary.procs.ids(
        _hash_fields(words, begin, close), lambda i: _proc(lines.data[begin[i] : close[i] + 1])
    )
    known = np.array([proc is not NO_PROC for proc in lines.procs] + [False], np.bool_)[procs]
    pid, close, procs = pid[known], close[known], procs[known]
    lines.proc[which[pid]] = procs
    whole = np.array([type(proc) is not Swallowed for proc in lines.procs] + [True], np.bool_)[procs]
    nth[pid] += whole
    at[pid] = close + 2
    for i, proc in zip(pid[~whole].tolist(), procs[~whole].tolist(), strict=True):
        at[i] = lines.text[which[i]] + len(f"[pid {lines.procs[proc][0]}:tid ")


def _keep(good: NDArray[np.bool_], *arrays: NDArray[np.int64]) -> tuple[NDArray[np.int64], ...]:
    return arrays if good.all() else tuple(array[good] for array in arrays)


def _skip_name(
    lines: Lines,
    raw: NDArray[np.uint8],
    words: NDArray[np.uint64],
    brackets: NDArray[np.int64],
    which: NDArray[np.int64],
    nth: NDArray[np.int64],
    at: NDArray[np.int64],
    *,
    always: bool,
) -> None:
    """Pass over a server name in brackets, in place: where the format has one, or a client field stands behind it."""
    word = words[np.minimum(at, len(words) - 1)]
    name = np.flatnonzero((raw[np.minimum(at, len(raw) - 1)] == OPEN) & (word != CLIENT) & (word != REMOTE))
    name = name[brackets[nth[name] + 1] < lines.end[which[name]]]
    if not always and len(name):
        behind = words[np.minimum(brackets[nth[name] + 1] + 2, len(words) - 1)]
        name = name[(behind == CLIENT) | (behind == REMOTE)]
    at[name] = brackets[nth[name] + 1] + 2
    nth[name] += 1


def _hash_fields(words: NDArray[np.uint64], begin: NDArray[np.int64], close: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Hash of the bytes of each bracketed field: its words, the last one cut off at the field's end.

    Fields of up to 40 bytes are hashed whole, which is longer than any level and pid field of httpd's. How many
    words are hashed hangs on the longest field of the block: the hash is a key of a cache and means nothing else.
    """
    if not len(begin):
        return np.zeros(0, np.uint64)
    length = np.minimum(close - begin + 1, LONGEST)
    longest = int(length.max())
    begin = np.minimum(begin, len(words) - 1 - 8 * len(MASKS))
    used = range(min((longest + 7) // 8, len(MASKS)))
    parts = [words[begin + 8 * place] & MASKS[place][length] for place in used]
    if longest > 8 * len(MASKS):
        parts.append(words[np.maximum(close - 7, 0)])
    return mix(parts)


def _kind(field: bytes) -> Kind:
    found = KIND.fullmatch(field)
    if found is None:
        return NO_KIND
    module = (found[1] or b"").decode("ascii", "replace")
    level = found[2].decode("ascii")
    return ("" if module == "-" else module, "warn" if level == "warning" else level)


def _proc(field: bytes) -> Proc:
    if found := PROC.fullmatch(field):
        return (int(found[1]), int(found[2] or 0))
    found = SWALLOWED.match(field)
    return Swallowed((int(found[1]), 0)) if found else NO_PROC


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
    near_after = (place < len(dated)) & (seen - begin[bare] <= reach)
    lines.second[bare] = np.where(near_before, lines.second[before], np.where(near_after, lines.second[after], NO_TIME))
