"""mod_jk's log, in the forms of 1.2.0 to 1.2.50 (native/common/jk_util.c)."""

from __future__ import annotations

import re

from logsleuth.logs.httpd.record import Record
from logsleuth.logs.httpd.tokenize import MONTHS, midnight
from logsleuth.logs.wrappers.stamps import WEEKDAY_MONTH_DAY

_TIME = (
    rf"\[{WEEKDAY_MONTH_DAY} "
    r"(?P<clock>\d\d:\d\d:\d\d)(?:\.(?P<fraction>\d{1,6}))?"
    r" (?P<year>\d{4})\] {0,2}"
)
NEW = re.compile(
    _TIME + r"(?:\[[\w.\-]{1,80}\] ?)?\[(?P<pid>\d{1,10}):(?P<tid>\d{1,20})\] \[(?P<level>\w{4,6})\] {1,2}", re.ASCII
)
OLD = re.compile(
    _TIME + r"\[(?P<source>\w{1,60}\.c(?:pp)? \(\d{1,6}\))\]: (?:(?P<level>ERROR|WARN|INFO|DEBUG|EMERG)(?::|,| -)? )?",
    re.ASCII,
)


def read(text: str) -> Record | None:
    """A line of mod_jk's; None: it is not one."""
    found = NEW.match(text) or OLD.match(text)
    if found is None:
        return None
    day = midnight(found["year"], MONTHS.get(found["month"], 0), found["day"])
    hour, minute, second = (int(found["clock"][at : at + 2]) for at in (0, 3, 6))
    if day is None or hour > 23 or minute > 59 or second > 60:
        return None
    fraction = (found["fraction"] or "")[:6]
    micros = (day + (hour * 60 + minute) * 60 + second) * 1_000_000 + int(fraction.ljust(6, "0"))
    fields = found.groupdict()
    record = Record("foreign", text[found.end() :], micros, len(fraction), (fields["level"] or "").lower() or None)
    record.pid = int(fields["pid"]) if fields.get("pid") else None
    if fields.get("source"):
        record.extra["source"] = fields["source"]
    return record
