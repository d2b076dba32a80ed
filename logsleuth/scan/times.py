"""When each line of a block was written, for the four layouts of httpd's time field.

A time stands at a line's very begin and its layout follows from where its bracket closes; so the words of all
lines are gathered at once, and digits are turned into numbers eight bytes at a time.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from logsleuth.logs.tokenize import MONTHS, midnight

if TYPE_CHECKING:
    from numpy.typing import NDArray

NO_TIME = -(1 << 40)
"""The second of a line that has no time and no neighbour to lend it one; as microseconds it still fits."""

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

OPEN = np.uint64(ord("["))
BYTE = np.uint64(0xFF)
LOW32 = np.uint64(0xFFFFFFFF)
NIBBLES = np.uint64(0x0F0F0F0F0F0F0F0F)
CLOCK_ZERO = np.uint64(int.from_bytes(b"00:00:00", "little"))
CLOCK_FIXED = np.uint64(int.from_bytes(b"\xf0\xf0\xff\xf0\xf0\xff\xf0\xf0", "little"))
"""Bits of `HH:MM:SS` that are the same for all digits; those of a colon are all fixed."""
SIX = np.uint64(0x0606060606060606)
CARRY = np.uint64(0x1010101010101010)
"""A nibble above 9, with six added, carries."""
HEAD = 32
"""Bytes from a line's begin in which all digits of its time stand."""

Columns = list["NDArray[np.uint64]"]
"""The first HEAD bytes of some lines, as one array for each eight bytes."""


def read_times(
    data: bytes, start: NDArray[np.int64], closing: NDArray[np.int64], end: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Second and microsecond of each line that begins with a time, NO_TIME and 0 for the others.

    `closing`: where the first bracket closes behind each line's begin.
    """
    heads = np.ndarray((len(data) - HEAD + 1,), np.dtype(f"V{HEAD}"), data, strides=(1,))
    layout = LAYOUTS[np.minimum(closing - start, len(LAYOUTS) - 1)]
    layout[closing >= end] = 0
    second, micro = np.full(len(start), NO_TIME, np.int64), np.zeros(len(start), np.int64)
    for number in np.flatnonzero(np.bincount(layout)).tolist():  # nearly always the same for all lines
        if number:
            which = chosen(layout == number)
            rows = heads[start[which]].view(np.uint64).reshape(-1, HEAD // 8)
            second[which], micro[which] = _read_layout(number, list(np.ascontiguousarray(rows.T)))
    return second, micro


def chosen(good: NDArray[np.bool_]) -> NDArray[np.int64] | slice:
    """What picks the good ones out of an array: a slice, which costs nothing, if all are."""
    return slice(None) if good.all() else np.flatnonzero(good)


def _read_layout(layout: int, head: Columns) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Second and microsecond of lines whose times are all of one layout."""
    clock = _word(head, 12)  # HH:MM:SS stands there in all layouts
    odd = clock ^ CLOCK_ZERO
    hour, minute, sec = _pairs(clock, (0, 24, 48))
    day = _days(layout, head)
    good = ((odd & CLOCK_FIXED) == 0) & ((((odd & NIBBLES) + SIX) & CARRY) == 0)
    good &= (hour < 24) & (minute < 60) & (sec < 61) & ((head[0] & BYTE) == OPEN) & (day != NO_TIME)
    second = np.where(good, day + (hour * 60 + minute) * 60 + sec, NO_TIME)
    if layout in (CTIME, ISO):
        return second, np.zeros(len(second), np.int64)
    ten_thousands, hundreds, ones = _pairs(_word(head, 21), (0, 16, 32))
    micro = (ten_thousands * 100 + hundreds) * 100 + ones
    np.minimum(micro, 999_999, out=micro)  # damaged digits must not reach into the next second
    micro[~good] = 0
    return second, micro


def _word(head: Columns, at: int) -> NDArray[np.uint64]:
    """The eight bytes that begin `at` bytes behind the lines' begins; zeros behind HEAD."""
    nth, shift = at // 8, np.uint64(at % 8 * 8)
    if not at % 8:
        return head[nth]
    word: NDArray[np.uint64] = head[nth] >> shift
    return word if nth + 1 == len(head) else word | (head[nth + 1] << (np.uint64(64) - shift))


def _pairs(word: NDArray[np.uint64], shifts: tuple[int, int, int]) -> list[NDArray[np.int64]]:
    """Numbers of two digits, each standing so many bits into the word."""
    tens = word & NIBBLES
    pairs = tens * np.uint64(10) + (tens >> np.uint64(8))
    return [((pairs >> np.uint64(shift)) & BYTE).view(np.int64) for shift in shifts]


def _days(layout: int, head: Columns) -> NDArray[np.int64]:
    """Seconds to midnight of each line's day. Days change seldom: only the changes are parsed."""
    ctime = layout in (CTIME, CTIME_FRACTION)
    month_day = _word(head, 4 if ctime else 1)
    year = _word(head, layout - 4 if ctime else 8) & LOW32
    change = np.flatnonzero((month_day[1:] != month_day[:-1]) | (year[1:] != year[:-1])) + 1
    begins = np.concatenate(([0], change))
    midnights = [
        _parse_day(day.to_bytes(8, "little"), rest.to_bytes(4, "little"), ctime=ctime)
        for day, rest in zip(month_day[begins].tolist(), year[begins].tolist(), strict=True)
    ]
    return np.repeat(np.array(midnights, np.int64), np.diff(begins, append=len(year)))


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
