"""The log of WebSphere's plug-in for httpd (http_plugin.log), between IBM HTTP Server and its backends."""

from __future__ import annotations

import re

from logsleuth.logs.httpd.record import Record
from logsleuth.logs.httpd.tokenize import MONTHS, midnight
from logsleuth.logs.wrappers.stamps import WEEKDAY_MONTH_DAY, zone_offset

HEAD = re.compile(
    r"\[(?:(?P<cday>\d\d)/(?P<cmonth>[A-Z][a-z]{2})/(?P<cyear>\d{4}):"
    rf"|{WEEKDAY_MONTH_DAY} )"
    r"(?P<clock>\d\d:\d\d:\d\d)(?:\.(?P<fraction>\d{1,6}))?(?: (?P<year>\d{4})| (?P<zone>[+-]\d{4}))?\] "
    r"(?P<pid>[0-9a-f]{8}) (?P<tid>[0-9a-f]{8,16}) - "
    r"(?P<level>ERROR|WARNING|WARN|STATS|DETAIL|TRACE|DEBUG|PLUGIN): ", re.ASCII,
)  # fmt: skip
LEVELS = {"ERROR": "error", "WARNING": "warn", "WARN": "warn", "STATS": "info", "PLUGIN": "notice"}


def read(text: str) -> Record | None:
    """A line of the plug-in's log; None: it is not one."""
    found = HEAD.match(text)
    if found is None:
        return None
    day = midnight(
        found["cyear"] or found["year"] or "", MONTHS.get(found["cmonth"] or found["month"], 0),
        found["cday"] or found["day"],
    )  # fmt: skip
    hour, minute, second = (int(found["clock"][at : at + 2]) for at in (0, 3, 6))
    if day is None or hour > 23 or minute > 59 or second > 60:
        return None
    fraction = (found["fraction"] or "")[:6]
    micros = (day + (hour * 60 + minute) * 60 + second) * 1_000_000 + int(fraction.ljust(6, "0"))
    record = Record("record", text[found.end() :], micros, len(fraction), LEVELS.get(found["level"], "debug"))
    record.module, record.pid, record.tid = "was_ap", int(found["pid"], 16), int(found["tid"], 16)
    record.offset = zone_offset(found["zone"])
    return record
