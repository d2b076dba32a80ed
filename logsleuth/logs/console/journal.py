"""Heads of syslog and the journal as people paste them: in the month names of any language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logsleuth.logs.console.months import month_of
from logsleuth.logs.httpd.tokenize import midnight
from logsleuth.logs.wrappers.peeled import Peeled
from logsleuth.logs.wrappers.stamps import ISO, iso_stamp, year_of, zone_offset
from logsleuth.logs.wrappers.syslog import peel_new, peel_old

if TYPE_CHECKING:
    from datetime import date

_PROGRAM = r"(?P<tag>[\w./\-()@]{1,64}?)(?:\[(?P<pid>\d{1,10})\])?(?: \([\w.\-\[\]]{1,80}\))?: ?"
_MASK = r"(?:[*#]{1,60}|<[^<>\n]{0,60}>|\{[^{}\n]{1,60}\}|\[(?:[*.x]{1,60}|[\w \-]{1,40})\]|\*[\w.\-*<>]{0,60}|\.{3}|…)"
"""What people put over the name of their host: `*****`, `<hostname>`, `[redacted]`."""
_WRITER = (
    rf"(?:(?P<host>[\w.\-:]{{1,255}}) {_PROGRAM}"
    rf"|(?:{_MASK} {{1,2}}| ?)(?P<tag2>[\w./\-()@]{{1,64}}?)\[(?P<pid2>\d{{1,10}})\]: ?)"
)
"""Host and program; where the host is masked, or left out (`--no-hostname`), the program's pid is wanted."""
_AFTER = r" (?P<clock>\d\d:\d\d:\d\d)(?:[.,](?P<fraction>\d{1,9}))? " + _WRITER
HEAD = re.compile(r"(?P<month>[^\W\d_]{2,10}\.?|\d{1,2}[月월]) {1,2}(?P<day>\d{1,2})\.?" + _AFTER)
DAY_FIRST = re.compile(r"(?P<day>\d{1,2})\.? (?P<month>[^\W\d_]{2,10}\.?)" + _AFTER)
FULL = re.compile(
    r"\w{2,9}\.? (?P<date>\d{4}-\d\d-\d\d) (?P<clock>\d\d:\d\d:\d\d)(?:\.(?P<fraction>\d{1,6}))? "
    r"(?P<zone>[A-Z]{3,5}|[+-]\d\d(?:\d\d)?) " + _WRITER
)
"""`-o short-full` and `with-unit`: weekday, zone, and a unit in the place of the program."""
UNDATED = re.compile(
    r"(?:\[ {0,8}\d{1,9}\.\d{3,6}(?: [< ] {0,8}(?:\d{1,9}\.\d{3,6})? {0,12}>?)?\]"
    r"|(?P<epoch>\d{9,10})\.(?P<fraction>\d{6})) " + _WRITER
)
"""`-o short-monotonic` and `short-delta` have seconds since the boot, which can't be dated; `short-unix` since 1970."""
WITHOUT_HOST = re.compile(rf"{ISO} (?P<tag>[\w./\-()@]{{1,64}})\[(?P<pid>\d{{1,10}})\]: ?", re.ASCII)
"""`-o short-iso --no-hostname`. Platforms name a part of theirs in such brackets, `app[web.1]`, and never a number."""
Stamp = tuple[int | None, int | None, int]
"""Microseconds since 1970 as written, seconds east of UTC, digits of the fraction."""
NO_STAMP: Stamp = (None, None, 0)
BEGUN = re.compile(r"<|\[ {0,8}\d|\d{9,10}\.\d|[^\[\n]{0,40}\d:\d\d")
"""How all these heads begin: with a number in brackets, or a clock near by. Most lines are told apart by that."""
FIELD = re.compile(r"\s{0,8}MESSAGE=")
EVENT = "data: "
UNIT = re.compile(r"\.(?:service|scope|socket|timer)(?:/.*)?\Z")
LEVELS = frozenset(
    {"TRACE", "DEBUG", "INFO", "NOTICE", "WARN", "WARNING", "ERROR", "ERR", "CRITICAL", "FATAL", "SEVERE"}
)
"""No host's names: what stands there is an application's own log, `2020-03-03 14:02:11,120 ERROR django.request: …`."""


def peel_journal_line(text: str, newest: date) -> Peeled | None:
    """A head of syslog's; a month that no language names, or a day without a year, leaves it without a time."""
    if not BEGUN.match(text):
        return None
    outer = peel_new(text) or peel_old(text, newest)
    if outer is not None:
        return None if outer.host in LEVELS else outer
    if (found := WITHOUT_HOST.match(text)) is not None and (stamp := iso_stamp(found)) is not None:
        return Peeled(text[found.end() :], *stamp, program=found["tag"], pid=int(found["pid"]))
    for form, time_of in FORMS:
        found = form.match(text)
        if found is not None:
            return _peeled(text, found, *time_of(found, newest))
    return None


def peel_dated_journal(text: str, newest: date) -> Peeled | None:
    """A head of the journal's that names the whole date: `-o short-full`, `-o with-unit`."""
    found = FULL.match(text)
    return None if found is None else _peeled(text, found, *_with_year(found, newest))


def _peeled(text: str, found: re.Match[str], time: int | None, offset: int | None, precision: int) -> Peeled:
    tag, pid = found["tag"] or found["tag2"], found["pid"] or found["pid2"]
    return Peeled(
        text[found.end() :], time, offset, precision, program=UNIT.sub("", tag), pid=int(pid) if pid else None,
        host=found["host"],
    )  # fmt: skip


def peel_field(text: str, _: date) -> Peeled | None:
    """`    MESSAGE=…`, as `-o verbose` shows it."""
    found = FIELD.match(text)
    return None if found is None else Peeled(text[found.end() :])


def peel_event(text: str, _: date) -> Peeled | None:
    """`data: {…}`, as `-o json-sse` and other streams of events for browsers have it."""
    return Peeled(text.removeprefix(EVENT)) if text.startswith(EVENT + "{") else None


def _without_year(found: re.Match[str], newest: date) -> Stamp:
    """The time of a head that names month and day."""
    month, day = month_of(found["month"]), int(found["day"])
    if month is None or not 1 <= day <= 31:
        return NO_STAMP
    return _moment(midnight(str(year_of(month, day, newest)), month, found["day"]), found)


def _with_year(found: re.Match[str], _: date) -> Stamp:
    """The time of a head that names the whole date, and a zone by letters or by its offset."""
    day = found["date"]
    time, _offset, precision = _moment(midnight(day[:4], int(day[5:7]), day[8:]), found)
    return time, offset_of(found["zone"]), precision


def _since_1970(found: re.Match[str], _: date) -> Stamp:
    if not found["epoch"]:
        return NO_STAMP
    return int(found["epoch"]) * 1_000_000 + int(found["fraction"]), 0, 6


def _moment(start: int | None, found: re.Match[str]) -> Stamp:
    seconds = seconds_of(found["clock"])
    if start is None or seconds is None:
        return NO_STAMP
    fraction = (found["fraction"] or "")[:6]
    return (start + seconds) * 1_000_000 + int(fraction.ljust(6, "0")), None, len(fraction)


def offset_of(zone: str | None) -> int | None:
    """Seconds east of UTC of a zone as systemd names it; letters other than UTC's could be anywhere."""
    if zone in ("UTC", "GMT"):
        return 0
    return zone_offset(zone if len(zone) > 3 else f"{zone}00") if zone and zone[0] in "+-" else None


def seconds_of(clock: str) -> int | None:
    """Seconds since midnight of `14:02:11`; None: there is no such time."""
    hour, minute, second = int(clock[:2]), int(clock[3:5]), int(clock[6:8])
    return None if hour > 23 or minute > 59 or second > 60 else hour * 3600 + minute * 60 + second


FORMS = ((HEAD, _without_year), (DAY_FIRST, _without_year), (UNDATED, _since_1970))
"""The journal's other heads, and how each is dated."""
