"""Units of time: everything after the scan counts in microseconds since 1970; and a duration in words."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def is_near(times: Sequence[int], time: int, within: int) -> bool:
    """Whether one of these moments, which are in order, is at most `within` before or after another one."""
    place = bisect_left(times, time - within)
    return place < len(times) and times[place] <= time + within


def median(lengths: Iterable[float]) -> float:
    """The middle one of some lengths of time; of two in the middle, their mean.

    The standard library's imports decimal numbers, fractions and chance: a thirtieth of a run on a small log.
    """
    ordered = sorted(lengths)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def duration(seconds: float) -> str:
    """'12 s', '4 min 10 s', '2 h 22 min', '3 d 4 h'."""
    whole = round(seconds)
    if whole < 1:
        return "less than a second"
    days, hours, minutes, rest = whole // 86400, whole // 3600 % 24, whole // 60 % 60, whole % 60
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    if minutes:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    return f"{rest} s"


def elapsed(begin: int, end: int) -> str:
    """The time between two moments (microseconds) in words: what a reader gets who subtracts their clock times."""
    return duration(end // SECOND - begin // SECOND)
