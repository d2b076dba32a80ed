"""Kernel messages between other lines: with the time of `dmesg -T`, with seconds since the boot, or alone."""

from __future__ import annotations

import re

from logsleuth.logs.httpd.record import Record
from logsleuth.logs.httpd.tokenize import MONTHS, midnight
from logsleuth.logs.wrappers.stamps import WEEKDAY_MONTH_DAY

_WORDS = (
    r"(?:Out of memory|Memory cgroup out of memory|oom[-_]kill|oom_reaper|\S{1,20} invoked oom-killer|Killed process"
    r"|\S{1,20}\[\d{1,10}\]:? (?:segfault at|general protection|trap)|traps: |nf_conntrack|EXT[234]-fs |XFS \("
    r"|TCP: (?:request_sock|out of memory|time wait)|Buffer I/O error|audit: type=|Memory cgroup stats"
    r"|CPU: \d+ PID: \d+ Comm: )"
)
"""httpd's lines may also have only a time before them: these words distinguish the two."""
UPTIME = re.compile(r"\[ {0,8}\d{1,9}\.\d{3,6}\] ", re.ASCII)
DATED = re.compile(rf"\[{WEEKDAY_MONTH_DAY} " + r"(?P<clock>\d\d:\d\d:\d\d) (?P<year>\d{4})\] ", re.ASCII)
ALONE = re.compile(rf"(?:kernel: )?(?:{UPTIME.pattern})?(?={_WORDS})", re.ASCII)
WORDS = re.compile(_WORDS, re.ASCII)


def read(text: str) -> Record | None:
    """A line of the kernel's; None: it is not one."""
    found = DATED.match(text)
    if found is not None and WORDS.match(text, found.end()):
        return Record("foreign", text[found.end() :], _time(found), extra={"program": "kernel"})
    alone = ALONE.match(text)
    return None if alone is None else Record("foreign", text[alone.end() :], extra={"program": "kernel"})


def _time(found: re.Match[str]) -> int | None:
    day = midnight(found["year"], MONTHS.get(found["month"], 0), found["day"])
    hour, minute, second = (int(found["clock"][at : at + 2]) for at in (0, 3, 6))
    if day is None or hour > 23 or minute > 59 or second > 60:
        return None
    return (day + (hour * 60 + minute) * 60 + second) * 1_000_000
