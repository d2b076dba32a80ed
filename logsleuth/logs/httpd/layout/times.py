"""What `%t` prints, as a regex whose groups name the pieces of a time, and a time put together from pieces.

httpd prints ctime (`%t`), with microseconds (`u`), compact (`c`, like ISO 8601 with a space), with the offset
from UTC (`z`, since 2.4.58), or whatever strftime makes of an argument that holds a `%` (since 2.4.58), always in
the C locale. Sources: `log_ctime` in server/log.c, `ap_recent_ctime_ex` in server/util_time.c.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logsleuth.logs.httpd.tokenize import MONTHS, midnight

if TYPE_CHECKING:
    from collections.abc import Iterable

WEEKDAY = r"[A-Z][a-z]{2}"
CLOCK = r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)"
FULL_MONTHS = {
    name: number for number, name in enumerate(
        ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
         "December"), 1)
}  # fmt: skip

STRFTIME = {
    "a": WEEKDAY,
    "A": r"[A-Z][a-z]+day",
    "b": r"(?P<month>[A-Z][a-z]{2})",
    "B": r"(?P<month>[A-Z][a-z]+)",
    "c": rf"{WEEKDAY} (?P<month>[A-Z][a-z]{{2}}) (?P<day>[ \d]\d) {CLOCK} (?P<year>\d{{4}})",
    "C": r"\d\d",
    "d": r"(?P<day>\d\d)",
    "D": r"(?P<month>\d\d)/(?P<day>\d\d)/(?P<short>\d\d)",
    "e": r"(?P<day>[ \d]\d)",
    "F": r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)",
    "G": r"\d{4}",
    "g": r"\d\d",
    "h": r"(?P<month>[A-Z][a-z]{2})",
    "H": r"(?P<hour>\d\d)",
    "I": r"(?P<hour>\d\d)",
    "j": r"\d{3}",
    "k": r"(?P<hour>[ \d]\d)",
    "l": r"(?P<hour>[ \d]\d)",
    "m": r"(?P<month>\d\d)",
    "M": r"(?P<minute>\d\d)",
    "n": r"\n",
    "p": r"(?P<half>[AP]M)",
    "P": r"(?P<half>[ap]m)",
    "r": rf"{CLOCK} (?P<half>[AP]M)",
    "R": r"(?P<hour>\d\d):(?P<minute>\d\d)",
    "s": r"(?P<epoch>\d{1,12})",
    "S": r"(?P<second>\d\d)",
    "t": r"\t",
    "T": CLOCK,
    "u": r"[1-7]",
    "U": r"\d\d",
    "V": r"\d\d",
    "w": r"[0-6]",
    "W": r"\d\d",
    "x": r"(?P<month>\d\d)/(?P<day>\d\d)/(?P<short>\d\d)",
    "X": CLOCK,
    "y": r"(?P<short>\d\d)",
    "Y": r"(?P<year>\d{4})",
    "z": r"(?P<zone>[+-]\d{4})",
    "Z": r"[A-Za-z]{1,6}|[+-]\d{2,4}",
    "%": "%",
}
"""strftime's conversions in the C locale, and what they print."""
CONVERSION = re.compile(r"(?P<flagged>%[EO_0^#\-]?)(?P<letter>.)", re.DOTALL)
GROUP = re.compile(r"\(\?P<(\w+)>")


def time_regex(argument: str | None) -> re.Pattern[str]:
    """What `%{argument}t` prints."""
    pattern = _strftime(argument) if argument is not None and "%" in argument else _ctime(argument or "")
    return re.compile(pattern, re.ASCII)


def _ctime(options: str) -> str:
    fraction = r"\.(?P<fraction>\d{6})" if "u" in options else ""
    zone = r" (?P<zone>[+-]\d{4})" if "z" in options else ""
    if "c" in options:
        return rf"(?P<year>\d{{4}})-(?P<month>\d\d)-(?P<day>\d\d) {CLOCK}{fraction}{zone}"
    return rf"{WEEKDAY} (?P<month>[A-Z][a-z]{{2}}) (?P<day>\d\d) {CLOCK}{fraction} (?P<year>\d{{4}}){zone}"


def _strftime(argument: str) -> str:
    parts: list[str] = []
    seen: set[str] = set()
    at = 0
    for found in CONVERSION.finditer(argument):
        parts.append(re.escape(argument[at : found.start()]))
        parts.append(_once(_conversion(found), seen))
        at = found.end()
    parts.append(re.escape(argument[at:]))
    return "".join(parts)


def _conversion(found: re.Match[str]) -> str:
    """What one conversion prints.

    One that strftime does not know is printed as it stands by glibc, and without the percent sign by BSD. What was
    read once is not tried otherwise (an atomic group): hundreds of `%s` side by side could share digits in more
    ways than can be tried.
    """
    known = STRFTIME.get(found["letter"])
    if known is None:
        return f"(?:{re.escape(found['flagged'])})?{re.escape(found['letter'])}"
    return f"(?>{known})"


def _once(pattern: str, seen: set[str]) -> str:
    """A group's name may stand once in a regex; what is said twice is read once."""

    def named(group: re.Match[str]) -> str:
        if group[1] in seen:
            return "(?:"
        seen.add(group[1])
        return group[0]

    return GROUP.sub(named, pattern)


class Moment:
    """A time, put together from the pieces that one or several `%t` of a line name."""

    def __init__(self, pieces: Iterable[dict[str, str | None]]) -> None:
        self._pieces: dict[str, str] = {}
        for some in pieces:
            for name, value in some.items():
                if value is not None:
                    self._pieces.setdefault(name, value)

    @property
    def offset(self) -> int | None:
        """Seconds east of UTC; None if the line names no zone."""
        zone = self._pieces.get("zone")
        if zone is None:
            return 0 if "epoch" in self._pieces and self._day() is None else None
        seconds = int(zone[1:3]) * 3600 + int(zone[3:5]) * 60
        return -seconds if zone[0] == "-" else seconds

    @property
    def precision(self) -> int:
        """Digits of the fraction of a second."""
        return len(self._pieces.get("fraction", ""))

    @property
    def micros(self) -> int | None:
        """Local microseconds since 1970; None if no day or hour is named, or there is no such time."""
        day, hour = self._day(), self._hour()
        if day is None or hour is None:
            epoch = self._pieces.get("epoch")
            return None if epoch is None else int(epoch) * 1_000_000
        minute, second = int(self._pieces.get("minute", "0")), int(self._pieces.get("second", "0"))
        if hour > 23 or minute > 59 or second > 60:
            return None
        fraction = int(self._pieces.get("fraction", "0").ljust(6, "0"))
        return (day + hour * 3600 + minute * 60 + second) * 1_000_000 + fraction

    def _day(self) -> int | None:
        """Seconds from 1970 to that day's begin."""
        month, day = self._pieces.get("month", ""), self._pieces.get("day")
        number = int(month) if month.isdigit() else MONTHS.get(month) or FULL_MONTHS.get(month, 0)
        year = self._year()
        return None if year is None or day is None else midnight(year, number, day)

    def _year(self) -> str | None:
        """The year; two digits are those of 1969 to 2068, as POSIX has it."""
        short = self._pieces.get("short")
        if "year" in self._pieces or short is None:
            return self._pieces.get("year")
        return f"{'19' if int(short) > 68 else '20'}{short}"

    def _hour(self) -> int | None:
        """0 to 23, from a clock of 24 or 12 hours."""
        if "hour" not in self._pieces:
            return None
        hour, half = int(self._pieces["hour"]), self._pieces.get("half", "").upper()
        return hour % 12 + (12 if half == "PM" else 0) if half else hour
