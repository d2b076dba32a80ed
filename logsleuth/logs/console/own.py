"""What a line is by its own looks, with nothing around it: httpd's head, a part of one, or a neighbour's line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logsleuth.logs.access.layout import KNOWN
from logsleuth.logs.access.reader import access_reader
from logsleuth.logs.console.journal import status_line
from logsleuth.logs.console.parts import part_of_head
from logsleuth.logs.console.reading import Reading
from logsleuth.logs.neighbours import read_head
from logsleuth.logs.others import jk, litespeed, oracle, passenger, php, supervisor, websphere
from logsleuth.logs.record import Record
from logsleuth.logs.tokenize import HEAD, tokenize

if TYPE_CHECKING:
    from collections.abc import Callable

    Read = Callable[[str], Record | None]

HTTPD = "httpd"
PROGRAMS: tuple[tuple[str, Read], ...] = (
    (HTTPD, php.read),
    (HTTPD, passenger.read),
    (HTTPD, litespeed.read),
    (HTTPD, oracle.read),
    (HTTPD, websphere.read),
    ("jk", jk.read),
    ("syslog", supervisor.read),
    ("syslog", status_line),
)
"""Whose patterns are tried on a program's lines, and what reads them."""
BY_HEAD = ("nginx", "fpm")
"""Neighbours whose lines are known by their heads alone."""
QUOTE = '"'
KERNEL = re.compile(
    r"\] (?:Out of memory|Memory cgroup out of memory|oom[-_]kill|oom_reaper|\S{1,20} invoked oom-killer|Killed process"
    r"|\S{1,20}\[\d+\]:? (?:segfault at|general protection|trap)|traps: |TCP: |nf_conntrack|EXT[234]-fs|XFS "
    r"|Buffer I/O error|audit: |apparmor)"
)
"""dmesg's lines have a time alone before them; by that, httpd's own with no level look the same."""
UPTIME = re.compile(r"\[ *\d+\.\d+\] ", re.ASCII)
ACCESS = access_reader(KNOWN)


def own_looks(text: str) -> Reading | None:
    """What the line is; None: it has no head that anybody knows."""
    if HEAD.match(text):
        record = tokenize(text.encode("utf-8", "surrogateescape"))
        return Reading("head", HTTPD, record) if record.kind == "record" else None
    for source, read in PROGRAMS:
        if (record_ := read(text)) is not None:
            return Reading("neighbour" if source != HTTPD else "head", source, record_)
    return _neighbour(text) or _odd(text)


def _odd(text: str) -> Reading | None:
    """An odd head, or what is left of one."""
    if text.startswith(("[", "\0", "\ufeff")):
        record = tokenize(text.encode("utf-8", "surrogateescape"))
        if record.kind == "foreign":
            return Reading("neighbour", "suexec", record)
        if record.kind == "record":
            return Reading("head", HTTPD, record)
    part = part_of_head(text)
    return None if part is None else Reading("part", HTTPD, part)


def _neighbour(text: str) -> Reading | None:
    """An access line, or another program's that beside httpd's are known by their looks alone."""
    if QUOTE in text and "[" in text:
        record = ACCESS(text.encode("utf-8", "surrogateescape"))
        if record is not None and record.kind == "foreign":
            return Reading("neighbour", "access", record)
    for kind in BY_HEAD:
        if (found := read_head(kind, text)) is not None:
            return Reading("neighbour", kind, found)
    if KERNEL.search(text, 0, 200):
        found = read_head("kernel", text)
        if found is None and (uptime := UPTIME.match(text)):
            found = Record("foreign", text[uptime.end() :])
        if found is not None:
            found.extra["program"] = "kernel"
            return Reading("neighbour", "syslog", found)
    return None
