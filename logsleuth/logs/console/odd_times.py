"""Times that no httpd writes by itself, and that stand before a level all the same: translated, configured, typed."""

from __future__ import annotations

import re

from logsleuth.logs.console.months import month_of
from logsleuth.logs.httpd.tokenize import midnight
from logsleuth.logs.wrappers.stamps import zone_offset
from logsleuth.values import NamedTuple

CLOCK = re.compile(
    r"(?<!\d)(?P<hour>\d{1,2}):(?P<minute>\d\d):(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?"
    r"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?"
)
YEAR_FIRST = re.compile(r"(?<!\d)(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)")
YEAR_LAST = re.compile(r"(?<!\d)(?P<one>\d{1,2})(?P<sign>[-/.])(?P<two>\d{1,2})(?P=sign)(?P<year>\d{4}|\d\d)(?!\d)")
WORD_AFTER = re.compile(r"(?<!\d)(?P<day>\d{1,2})\.?[ /-](?P<month>[^\W\d_]{3,10})\.?[ /-](?P<year>\d{4})(?!\d)")
WORD_BEFORE = re.compile(r"(?P<month>[^\W\d_]{3,10})\.? {1,2}(?P<day>\d{1,2}),?(?: .{0,30}?)? (?P<year>\d{4})(?!\d)")
ZONE = re.compile(r"(?:Z|(?<=[ \d])[+-]\d\d:?\d\d)\b")
CENTURY = 2000


class Moment(NamedTuple):
    """A time that could be read for certain."""

    micros: int
    """Since 1970, of the local clock."""
    precision: int
    offset: int | None


def moment(text: str) -> Moment | None:
    """The time that a text names; None: it names none, or a date that could be of two days (`09/05/15`)."""
    clock = CLOCK.search(text)
    start = _day(text)
    if clock is None or start is None:
        return None
    hour, minute, second = int(clock["hour"]), int(clock["minute"]), int(clock["second"])
    if clock["half"]:
        hour = hour % 12 + (12 if clock["half"] in "Pp" else 0)
    if hour > 23 or minute > 59 or second > 60:
        return None
    fraction = (clock["fraction"] or "")[:6]
    micros = (start + (hour * 60 + minute) * 60 + second) * 1_000_000 + int(fraction.ljust(6, "0"))
    zone = ZONE.search(text, clock.end())
    return Moment(micros, len(fraction), zone_offset(zone[0]) if zone else None)


def _day(text: str) -> int | None:
    """Seconds since 1970 of the day's start."""
    if found := YEAR_FIRST.search(text):
        return midnight(found["year"], int(found["month"]), found["day"])
    if found := YEAR_LAST.search(text):
        return _day_or_month_first(found)
    for regex in (WORD_AFTER, WORD_BEFORE):
        if (found := regex.search(text)) and (month := month_of(found["month"])) is not None:
            return midnight(found["year"], month, found["day"])
    return None


def _day_or_month_first(found: re.Match[str]) -> int | None:
    one, two, year = int(found["one"]), int(found["two"]), int(found["year"])
    year += CENTURY if year < 100 else 0
    if found["sign"] == "." or one > 12:
        return midnight(str(year), two, str(one))
    return midnight(str(year), one, str(two)) if two > 12 or one == two else None
