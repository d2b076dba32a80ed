"""Times as JSON and CSV exports have them: ISO 8601, numbers since 1970 in any unit, and Kibana's own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logsleuth.logs.httpd.tokenize import MONTHS, midnight
from logsleuth.logs.wrappers.stamps import ISO, iso_stamp

if TYPE_CHECKING:
    from logsleuth.logs.wrappers.stamps import Stamp

WHOLE_ISO = re.compile(ISO.replace(r"(?P<zone>", r" ?(?P<zone>") + r"(?: [A-Z]{3,5})?\Z", re.ASCII)
"""As a whole value; some put a space before the zone, or name it by letters, of which only UTC is understood."""
NUMBER = re.compile(r"(?P<whole>\d{1,19})(?:\.(?P<fraction>\d{1,9}))?\Z", re.ASCII)
KIBANA = re.compile(
    r"(?P<month>[A-Z][a-z]{2}) (?P<day>\d{1,2}), (?P<year>\d{4}) @ (?P<clock>\d\d:\d\d:\d\d)"
    r"(?:\.(?P<fraction>\d{1,9}))?\Z",
    re.ASCII,
)
"""`Mar 3, 2026 @ 14:02:11.120`, in the zone of the browser."""
AMERICAN = re.compile(
    r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4}),? (?P<hour>\d{1,2}):(?P<minute>\d\d):(?P<second>\d\d)"
    r"(?:\.(?P<fraction>\d{1,9}))? (?P<half>[AP]M)(?P<utc> UTC)?\Z",
    re.ASCII,
)
"""`3/3/2026, 2:02:11.120 PM`, as Azure's portal exports it."""
SMALLEST = {0: 10**8, 3: 10**11, 6: 10**14, 9: 10**17}
"""By digits of the fraction that a unit has: from this number on it is taken for that unit since 1970."""


def stamp_of(value: object) -> Stamp | None:
    """The time that a value of JSON or a cell of CSV names; None: it names none."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        value = f"{value:.6f}" if isinstance(value, float) else str(value)
    if not isinstance(value, str) or len(value) > 40:
        return None
    text = value.strip()
    if found := WHOLE_ISO.match(text):
        stamp = iso_stamp(found)
        return (stamp[0], 0, stamp[2]) if stamp is not None and text.endswith("UTC") else stamp
    if found := NUMBER.match(text):
        return _since_1970(int(found["whole"]), found["fraction"] or "")
    return _kibana(text) or _american(text)


def _since_1970(number: int, fraction: str) -> Stamp | None:
    """A time in UTC from seconds, milli-, micro- or nanoseconds: only one unit brings it near our days."""
    digits = max((digits for digits, least in SMALLEST.items() if number >= least), default=None)
    if digits is None:
        return None
    if digits == 0 and fraction:
        return number * 10**6 + _micros(fraction), 0, len(fraction)
    return number * 10**6 // 10**digits, 0, digits


def _kibana(text: str) -> Stamp | None:
    found = KIBANA.match(text)
    if found is None:
        return None
    day = midnight(found["year"], MONTHS.get(found["month"], 0), found["day"])
    hour, minute, second = (int(found["clock"][at : at + 2]) for at in (0, 3, 6))
    return _stamp(day, hour, minute, second, found["fraction"] or "", None)


def _american(text: str) -> Stamp | None:
    found = AMERICAN.match(text)
    if found is None or not 1 <= int(found["hour"]) <= 12:
        return None
    day = midnight(found["year"], int(found["month"]), found["day"])
    hour = int(found["hour"]) % 12 + 12 * (found["half"] == "PM")
    offset = 0 if found["utc"] else None
    return _stamp(day, hour, int(found["minute"]), int(found["second"]), found["fraction"] or "", offset)


def _stamp(day: int | None, hour: int, minute: int, second: int, fraction: str, offset: int | None) -> Stamp | None:
    if day is None or hour > 23 or minute > 59 or second > 60:
        return None
    return (day + hour * 3600 + minute * 60 + second) * 1_000_000 + _micros(fraction), offset, len(fraction)


def _micros(fraction: str) -> int:
    return int(fraction[:6].ljust(6, "0"))
