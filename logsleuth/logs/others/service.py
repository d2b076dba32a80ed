"""Logs of the services behind a site: databases, Redis, Tomcat, PM2. Each line begins with a time in its own form.

A line without one (a stack trace, the second line of java.util.logging's records) goes with the line before it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from logsleuth.logs.httpd.record import Record
from logsleuth.logs.httpd.tokenize import MONTHS, midnight
from logsleuth.logs.wrappers.stamps import ISO, iso_stamp
from logsleuth.regexes import regex

if TYPE_CHECKING:
    from collections.abc import Iterable

_LEVEL = r"(?P<level>[A-Z][A-Za-z]{2,8})"
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d\d):(?P<second>\d\d)"
HEADS: dict[str, str] = {
    # log_line_prefix '%m [%p] ' and what packages make of it; src/backend/utils/error/elog.c
    "PostgreSQL": (
        rf"{ISO} (?P<abbreviation>[A-Z]{{2,5}}|[+-]\d\d) \[(?P<pid>\d{{1,10}})\](?:-?\d*:?)? (?:[^:\n]{{0,120}}? )?"
        r"(?P<level>LOG|FATAL|ERROR|WARNING|PANIC|HINT|DETAIL|STATEMENT|NOTICE|CONTEXT): +"
    ),
    # sql/log.cc, log_builtins: MySQL 5.7 and newer, MariaDB, MySQL 5.6, and older
    "MySQL": (rf"{ISO} +\d{{1,10}} \[{_LEVEL}\] "),
    "MariaDB": (
        r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d) {1,2}" + _CLOCK + rf" \d{{1,20}} \[{_LEVEL}\] "
    ),
    "MySQL before 5.6": (
        r"(?P<short>\d\d)(?P<month>\d\d)(?P<day>\d\d) {1,2}" + _CLOCK
        + rf" (?:\[{_LEVEL}\] |(?=mysqld_safe )| (?=\S))"  # InnoDB and the script that starts mysqld: two spaces
    ),
    # sql/log.cc, MYSQL_QUERY_LOG::write_slow: an entry has several lines, of which only the first has a time, that of
    # its end, and not even that if another one ended in the same second
    "MySQL's slow queries": (rf"# Time: {ISO}Z?"),
    "MySQL's slow queries before 5.7, and MariaDB's": (
        r"# Time: (?P<short>\d\d)(?P<month>\d\d)(?P<day>\d\d) {1,2}" + _CLOCK
    ),
    # src/server.c, serverLogRaw
    "Redis": (
        r"(?P<pid>\d{1,10}):[MSXC] (?P<day>\d\d) (?P<month>[A-Z][a-z]{2}) (?P<year>\d{4}) " + _CLOCK
        + r"\.\d{3} [.\-*#] "
    ),
    # Tomcat 8 and newer: org.apache.juli.OneLineFormatter
    "Tomcat": (
        r"(?P<day>\d\d)-(?P<month>[A-Z][a-z]{2})-(?P<year>\d{4}) " + _CLOCK
        + r"\.\d{3} (?P<level>[A-Z]{4,7}) \[[^\]\n]{1,200}\] "
    ),
    # java.util.logging.SimpleFormatter: the message is on the next line
    "Java": (
        r"(?P<month>[A-Z][a-z]{2}) (?P<day>\d{1,2}), (?P<year>\d{4}) " + _CLOCK
        + r" (?P<half>[AP]M) (?=[\w.$]+ )"
    ),
    "PM2": (rf"{ISO}: (?=PM2 )"),
    # an export of the event viewer or of Get-WinEvent: date, level, source, number, text
    "Windows (its event log)": (
        rf"{ISO}[\t,;] ?\"?(?P<level>Error|Warning|Information|Critical)\"?[\t,;] ?"
        r"(?=\"?[\w .\-]{1,80}\"?[\t,;] ?\"?\d{1,5}\"?[\t,;])"
    ),
    "Windows (its event log without levels)": (
        rf"{ISO}[\t ,;]{{1,3}}(?=(?:MsiInstaller|Application Error|Windows Error Reporting|Service Control Manager"
        r"|EventLog|Apache Service)[\t ,;]{1,3}\d{1,5}[\t ,;])"
    ),
}  # fmt: skip
"""A service and how its lines begin; the more special ones first."""
NAMED = regex(r"\?P<\w+>")
"""The name of a group."""
LEVELS = {
    "fatal": "crit", "panic": "emerg", "severe": "error", "error": "error", "warning": "warn", "note": "notice",
    "system": "notice", "log": "info", "info": "info", "information": "info", "critical": "crit",
}  # fmt: skip


def read(line: bytes) -> Record:
    """A line of a service's log; one without a time of its own is bare."""
    text = line.decode("utf-8", "backslashreplace").rstrip("\r")
    for head in _heads():
        found = head.match(text)
        if found is not None and (record := _dated(found, text)) is not None:
            return record
    return Record("bare", text)


@cache
def _heads() -> tuple[re.Pattern[str], ...]:
    """Made when a log of a service is read: most runs read none."""
    return tuple(re.compile(head, re.ASCII) for head in HEADS.values())


def shapes() -> Iterable[tuple[str, str]]:
    """Each service, and a regex of how its lines begin, to recognise a log by."""
    return ((name, NAMED.sub("?:", head)) for name, head in HEADS.items())


def _dated(found: re.Match[str], text: str) -> Record | None:
    fields = found.groupdict()
    if fields.get("date"):
        stamp = iso_stamp(found)
        time, offset, precision = stamp if stamp is not None else (None, None, 0)
        if fields.get("abbreviation") in {"UTC", "GMT"}:
            offset = 0
    else:
        time, offset, precision = _time(fields), None, 0
    if time is None:
        return None
    level = (fields.get("level") or "").lower()
    record = Record("foreign", text[found.end() :], time, precision, LEVELS.get(level) or None, offset=offset)
    record.pid = int(fields["pid"]) if fields.get("pid") else None
    return record


def _time(fields: dict[str, str | None]) -> int | None:
    """Local microseconds since 1970."""
    year = fields.get("year") or f"20{fields.get('short')}"
    month = fields["month"] or ""
    day = midnight(year, int(month) if month.isdigit() else MONTHS.get(month, 0), fields["day"] or "")
    hour, minute, second = (int(fields[name] or 0) for name in ("hour", "minute", "second"))
    if half := fields.get("half"):
        hour = hour % 12 + (12 if half == "PM" else 0)
    if day is None or hour > 23 or minute > 59 or second > 60:
        return None
    return (day + hour * 3600 + minute * 60 + second) * 1_000_000
