"""The lines of other programs' logs, each read to a Record of kind `foreign`.

These logs are given beside an error log; their heads have no fixed places, so each line is read by a regex.
A new format is a row in HEADS.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from logsleuth.logs.httpd.record import Record
from logsleuth.logs.httpd.tokenize import HEAD, MONTHS, midnight
from logsleuth.logs.others import application, audit, deploys, jk, service, watchdogs
from logsleuth.logs.others.access.layout import KNOWN
from logsleuth.logs.others.access.reader import access_reader
from logsleuth.logs.others.changes import changes_reader
from logsleuth.logs.others.dated import dated_reader
from logsleuth.logs.others.packages import packages_reader
from logsleuth.logs.wrappers.journal import peel_journal
from logsleuth.logs.wrappers.stamps import ISO, WEEKDAY_MONTH_DAY, iso_stamp
from logsleuth.logs.wrappers.syslog import HTTPD, peel_daemons_own, peel_new, peel_old

if TYPE_CHECKING:
    from datetime import date

    from logsleuth.logs.format.sniff import Format
    from logsleuth.logs.httpd.record import Reader

_CLOCK = r"(?P<clock>\d\d:\d\d:\d\d)"
HEADS: dict[str, re.Pattern[str]] = {
    # src/core/ngx_log.c, ngx_log_error_core
    "nginx": re.compile(
        r"(?P<year>\d{4})/(?P<month>\d\d)/(?P<day>\d\d) " + _CLOCK
        + r" \[(?P<level>\w+)\] (?P<pid>\d{1,10})#\d+: (?:\*\d+ )?", re.ASCII
    ),
    # sapi/fpm/fpm/zlog.c
    "fpm": re.compile(
        r"\[(?P<day>\d\d)-(?P<month>[A-Z][a-z]{2})-(?P<year>\d{4}) " + _CLOCK
        + r"(?:\.\d+)?\] (?P<level>[A-Z]+): ", re.ASCII
    ),
    # the same with request_slowlog_timeout: sapi/fpm/fpm/fpm_php_trace.c
    "fpm slow": re.compile(
        r"\[(?P<day>\d\d)-(?P<month>[A-Z][a-z]{2})-(?P<year>\d{4}) " + _CLOCK
        + r"\] +(?=\[pool [^\]]+\] pid (?P<pid>\d{1,10}))", re.ASCII
    ),
    # support/suexec.c, err_output
    "suexec": re.compile(r"\[(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d) " + _CLOCK + r"\]: ", re.ASCII),
    # dmesg -T
    "kernel": re.compile(
        rf"\[{WEEKDAY_MONTH_DAY} " + _CLOCK + r" (?P<year>\d{4})\] ", re.ASCII
    ),
}  # fmt: skip


NGINX_UNDATED = re.compile(r"\[(?P<level>[a-z]{3,6})\] (?P<pid>\d{1,10})#\d{1,10}: (?:\*\d{1,19} )?", re.ASCII)
"""nginx's head without its time, as people paste it."""


UPTIME = re.compile(r"\[ *\d+\.\d+\] ", re.ASCII)
"""Seconds since the boot, which the kernel puts before its messages."""


DMESG_ISO = re.compile(rf"{ISO} ", re.ASCII)
"""dmesg --time-format iso."""


def neighbour(form: Format, newest: date) -> Reader:
    """The reader of another program's log; `newest` gives the year if the format has none."""
    match form.kind:
        case "syslog" | "watchdog":
            return partial(watchdogs.read if form.kind == "watchdog" else _read_syslog, newest)
        case "access":
            return access_reader(form.layouts or KNOWN)
        case "packages":
            return packages_reader(newest)
        case "service" | "application":
            return service.read if form.kind == "service" else application.read
        case "dated" | "changes":
            return _by_layout(form, newest)
        case kind:
            return _by_head(kind, newest)


def _by_layout(form: Format, newest: date) -> Reader:
    """The reader of a log with times of one form, or of changes."""
    if form.kind == "dated":
        return dated_reader(form.layouts[0], newest)
    return changes_reader(form.layouts, form.elsewhere) if form.layouts else deploys.read


def _by_head(kind: str, newest: date) -> Reader:
    """The reader of a row of HEADS, or of mod_jk's log."""

    def read(line: bytes) -> Record | None:
        text = line.decode("utf-8", "backslashreplace")
        record = jk.read(text) if kind == "jk" else read_head(kind, text)
        if record is None and kind == "kernel":
            return _read_kernel(newest, line, text)
        return Record("bare", text) if record is None else record

    return read


def read_head(kind: str, text: str) -> Record | None:
    """A line with the head of a row of HEADS; None: it has none, or no time."""
    slow = HEADS["fpm slow"] if kind == "fpm" else None
    found = HEADS[kind].match(text) or (slow.match(text) if slow else None)
    if found is None:
        return None
    fields = found.groupdict()
    if (time := _time(fields)) is None:
        return None
    record = Record("foreign", text[found.end() :], time=time)
    record.level = (fields.get("level") or "").lower() or None
    record.pid = int(fields["pid"]) if fields.get("pid") else None
    return record


def read_undated_nginx(text: str) -> Record | None:
    """A line with what is left of nginx's head when its time is cut off; None: it has none."""
    found = NGINX_UNDATED.match(text)
    if found is None:
        return None
    record = Record("foreign", text[found.end() :])
    record.level, record.pid = found["level"], int(found["pid"])
    return record


def _read_kernel(newest: date, line: bytes, text: str) -> Record | None:
    """A kernel message by way of syslog, or as `dmesg` writes it with ISO times."""
    record = _read_syslog(newest, line)
    if record is not None and record.kind == "foreign":
        return record
    found = DMESG_ISO.match(text)
    stamp = iso_stamp(found) if found else None
    if found is None or stamp is None:
        uptime = UPTIME.match(text)  # its message is known without a time, too
        return record if uptime is None else Record("foreign", text[uptime.end() :])
    return Record("foreign", text[found.end() :], stamp[0], stamp[2], offset=stamp[1])


def _read_syslog(newest: date, line: bytes) -> Record | None:
    """A line of syslog or the journal; httpd's own are read elsewhere."""
    text = line.decode("utf-8", "backslashreplace")
    outer = peel_new(text) or peel_old(text, newest) or peel_journal(text) or peel_daemons_own(text, newest)
    if outer is None:
        return audit.read(text) or Record("bare", text)
    if outer.program is not None and (HTTPD.match(outer.program) or HEAD.match(outer.inner)):
        return None
    message = outer.inner
    if outer.program == "kernel" and (uptime := UPTIME.match(message)):
        message = message[uptime.end() :]
    record = Record("foreign", message, time=outer.time, precision=outer.precision, pid=outer.pid, offset=outer.offset)
    record.host, record.logged, record.extra = outer.host, outer.utc, dict(outer.extra)
    if outer.program is not None:
        record.extra["program"] = outer.program
    return record


def _time(fields: dict[str, str | None]) -> int | None:
    """Local microseconds since 1970."""
    month = fields["month"] or ""
    number = int(month) if month.isdigit() else MONTHS.get(month, 0)
    day = midnight(fields["year"] or "", number, fields["day"] or "")
    hour, minute, second = (int((fields["clock"] or "")[at : at + 2]) for at in (0, 3, 6))
    if day is None or hour > 23 or minute > 59 or second > 60:
        return None
    return (day + hour * 3600 + minute * 60 + second) * 1_000_000
