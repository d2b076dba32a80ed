"""Request Tracker's own lines in the error log of the httpd that it runs in: `[pid] [time] [level]: message`.

RT writes its times in UTC on purpose, whatever zone the server is in (RT.pm, InitLogging: gmtime).
"""

from __future__ import annotations

from logsleuth.logs.httpd.record import Record
from logsleuth.logs.httpd.tokenize import MONTHS, midnight
from logsleuth.logs.wrappers.stamps import WEEKDAY_MONTH_DAY
from logsleuth.regexes import regex

LEVELS = {
    "debug": "debug", "info": "info", "notice": "notice", "warning": "warn", "error": "error", "critical": "crit",
    "alert": "alert", "emergency": "emerg",
}  # fmt: skip
HEAD = regex(
    rf"\[(?P<pid>\d{{1,10}})\] \[{WEEKDAY_MONTH_DAY} (?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d) "
    rf"(?P<year>\d{{4}})\] \[(?P<level>{'|'.join(LEVELS)})\]: "
)


def read(text: str) -> Record | None:
    """A line of RT's; None: it is not."""
    found = HEAD.match(text)
    if found is None:
        return None
    day = midnight(found["year"], MONTHS.get(found["month"], 0), found["day"])
    if day is None:
        return None
    seconds = day + (int(found["hour"]) * 60 + int(found["minute"])) * 60 + int(found["second"])
    level, pid = LEVELS[found["level"]], int(found["pid"])
    return Record("record", text[found.end() :], seconds * 1_000_000, 0, level, pid=pid, offset=0)
