"""Heads of syslog and the journal as people paste them: in the month names of any language; `systemctl status`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logsleuth.logs.console.months import month_of
from logsleuth.logs.record import Record
from logsleuth.logs.tokenize import midnight
from logsleuth.logs.wrappers.peeled import Peeled
from logsleuth.logs.wrappers.stamps import year_of, zone_offset
from logsleuth.logs.wrappers.syslog import peel_new, peel_old

if TYPE_CHECKING:
    from datetime import date

_AFTER = (
    r" (?P<clock>\d\d:\d\d:\d\d)(?:[.,](?P<fraction>\d{1,9}))?"
    r" (?P<host>[\w.\-:]{1,255}) (?P<tag>[\w./\-()@]{1,64}?)(?:\[(?P<pid>\d{1,10})\])?: ?"
)
HEAD = re.compile(r"(?P<month>[^\W\d_]{2,10}\.?|\d{1,2}[月월]) {1,2}(?P<day>\d{1,2})\.?" + _AFTER)
DAY_FIRST = re.compile(r"(?P<day>\d{1,2})\.? (?P<month>[^\W\d_]{2,10}\.?)" + _AFTER)
STATUS = re.compile(
    r"\s*(?:[●○×*↻] (?P<unit>[\w@.\\\-]{1,100}\.(?:service|target|socket|timer|slice|scope|mount))"
    r"|(?P<field>Loaded|Active|Drop-In|Process|Main PID|Tasks|Memory|CPU|CGroup|Docs|Status|Condition|Invocation"
    r"|TriggeredBy|Triggers|IP|IO|FD Store|Limit): |[└├]─\d+ "
    r"|-- (?:Subject|Defined-By|Support|Documentation|Unit|The (?:job|start|unit|result)|Logs begin|Journal begins"
    r"|Reboot|No entries)"
    r"|░░ |Hint: Some lines were ellipsized)"
)
ACTIVE = re.compile(r"since \w{2,9} (?P<date>\d{4}-\d\d-\d\d) (?P<clock>\d\d:\d\d:\d\d)(?: (?P<zone>\w+|[+-]\d\d))?;")
SYSTEMD = "systemd"
LEVELS = frozenset(
    {"TRACE", "DEBUG", "INFO", "NOTICE", "WARN", "WARNING", "ERROR", "ERR", "CRITICAL", "FATAL", "SEVERE"}
)
"""No host's names: what stands there is an application's own log, `2020-03-03 14:02:11,120 ERROR django.request: …`."""


def peel_journal_line(text: str, newest: date) -> Peeled | None:
    """A head of syslog's; a month that no language names, or a day without a year, leaves it without a time."""
    outer = peel_new(text) or peel_old(text, newest)
    if outer is not None:
        return None if outer.extra.get("host") in LEVELS else outer
    found = HEAD.match(text) or DAY_FIRST.match(text)
    if found is None:
        return None
    pid = int(found["pid"]) if found["pid"] else None
    time, precision = _time(found, newest)
    return Peeled(text[found.end() :], time, None, precision, program=found["tag"], pid=pid, host=found["host"])


def _time(found: re.Match[str], newest: date) -> tuple[int | None, int]:
    month = month_of(found["month"])
    day = int(found["day"])
    if month is None or not 1 <= day <= 31:
        return None, 0
    start = midnight(str(year_of(month, day, newest)), month, found["day"])
    seconds = _seconds(found["clock"])
    if start is None or seconds is None:
        return None, 0
    fraction = (found["fraction"] or "")[:6]
    return (start + seconds) * 1_000_000 + int(fraction.ljust(6, "0")), len(fraction)


def _seconds(clock: str) -> int | None:
    hour, minute, second = int(clock[:2]), int(clock[3:5]), int(clock[6:8])
    return None if hour > 23 or minute > 59 or second > 60 else hour * 3600 + minute * 60 + second


def _date(record: Record, active: re.Match[str]) -> None:
    """The time since when a unit is active or failed: it names its year, and a zone by letters or hours."""
    day = midnight(active["date"][:4], int(active["date"][5:7]), active["date"][8:])
    seconds = _seconds(active["clock"])
    if day is None or seconds is None:
        return
    record.time = (day + seconds) * 1_000_000
    zone = active["zone"] or ""
    if zone in ("UTC", "GMT"):
        record.offset = 0
    elif zone.startswith(("+", "-")):
        record.offset = zone_offset(f"{zone}00")


def status_line(text: str) -> Record | None:
    """A line of `systemctl status` or of journalctl's explanations: systemd's words, with a time where one is named."""
    found = STATUS.match(text)
    if found is None:
        return None
    record = Record("foreign", text.strip(), extra={"program": SYSTEMD})
    active = ACTIVE.search(text) if found["field"] == "Active" else None
    if active is not None:
        _date(record, active)
    return record
