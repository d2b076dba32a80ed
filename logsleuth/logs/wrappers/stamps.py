"""Time stamps as wrappers write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.logs.httpd.tokenize import MONTHS, midnight

if TYPE_CHECKING:
    import re
    from datetime import date

ISO = (
    r"(?P<date>\d{4}-\d\d-\d\d)[T ](?P<clock>\d\d:\d\d:\d\d)(?:[.,](?P<fraction>\d{1,9}))?"
    r"(?P<zone>Z|[+-]\d\d:?\d\d)?"
)
"""RFC 3339, also with the zone left out."""
DAY = r"[ \d]?\d"
"""A day of the month as ctime writes it, two wide, or what is left of it where runs of blanks became one."""
MONTH_DAY = rf"(?P<month>[A-Z][a-z]{{2}}) (?P<day>{DAY})"
WEEKDAY_MONTH_DAY = rf"[A-Z][a-z]{{2}} {MONTH_DAY}"
BSD = MONTH_DAY + r" (?P<bclock>\d\d:\d\d:\d\d)(?:\.(?P<bfraction>\d{1,6}))?"
"""RFC 3164: no year."""

Stamp = tuple[int, int | None, int]
"""Microseconds since 1970 as written, seconds east of UTC (None: no zone named), digits of the fraction."""


def iso_stamp(found: re.Match[str]) -> Stamp | None:
    """The time of a match of ISO; None: there is no such time."""
    date = found["date"]
    day = midnight(date[:4], int(date[5:7]), date[8:])
    seconds = _of_day(found["clock"])
    if day is None or seconds is None:
        return None
    fraction = found["fraction"] or ""
    micros = int(fraction[:6].ljust(6, "0")) if fraction else 0
    return (day + seconds) * 1_000_000 + micros, zone_offset(found["zone"]), len(fraction)


def bsd_stamp(found: re.Match[str], newest: date) -> Stamp | None:
    """The time of a match of BSD, in the last year that `newest`, the day of the log's last change, allows."""
    month = MONTHS.get(found["month"], 0)
    year = year_of(month, int(found["day"]), newest)
    day, seconds = midnight(str(year), month, found["day"]), _of_day(found["bclock"])
    if day is None or seconds is None:
        return None
    fraction = found["bfraction"] or ""
    return (day + seconds) * 1_000_000 + int(fraction.ljust(6, "0") or "0"), None, len(fraction)


def year_of(month: int, day: int, newest: date) -> int:
    """The year of a day that names none, in a log last changed on `newest`: no line is from the future.

    One day is allowed for, as the log's zone may be ahead of this machine's.
    """
    return newest.year if (month, day - 1) <= (newest.month, newest.day) else newest.year - 1


def zone_offset(zone: str | None) -> int | None:
    """Seconds east of UTC of 'Z', '+02:00' or '+0200'; None: no zone."""
    if not zone:
        return None
    if zone == "Z":
        return 0
    sign = -1 if zone[0] == "-" else 1
    return sign * (int(zone[1:3]) * 3600 + int(zone[-2:]) * 60)


def _of_day(clock: str) -> int | None:
    hour, minute, second = int(clock[:2]), int(clock[3:5]), int(clock[6:8] or 0)
    return None if hour > 23 or minute > 59 or second > 60 else hour * 3600 + minute * 60 + second
