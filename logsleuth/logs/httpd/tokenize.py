"""From one line's bytes to a Record, for the default formats of httpd 1.3 to 2.4 and their near relatives.

The head's shape is httpd's: `server/log.c`, `do_errorlog_default` (2.4) and `log_error_core` (2.2).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import IPv6Address

from logsleuth.bounded import YEARS
from logsleuth.logs.httpd.record import Errno, Record
from logsleuth.regexes import regex

MONTHS = {name: number for number, name in enumerate(
    ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1)}  # fmt: skip
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

LEVEL = r"emerg|alert|crit|error|warn(?:ing)?|notice|info|debug|trace[1-8]"
_CTIME = (
    r"[A-Z][a-z]{2} (?P<month>[A-Z][a-z]{2}) (?P<day>[ \d]\d) "
    r"(?P<clock>\d\d:\d\d:\d\d)(?:\.(?P<fraction>\d{1,6}))? (?P<year>\d{4})(?: [+-]\d{4})?"
)
_ISO = (
    r"(?P<date>\d{4}-\d\d-\d\d)[ T](?P<iclock>\d\d:\d\d:\d\d)(?:[.,](?P<ifraction>\d{1,9}))?(?: ?(?:Z|[+-]\d\d:?\d\d))?"
)

_WRITER = (
    rf"\[(?:(?P<module>[\w.\-]*):)?(?P<level>{LEVEL})\] ?"
    # an empty %T can swallow the closing bracket: `[pid 123:tid message`
    r"(?:\[pid (?P<pid>\d{1,10})(?:(?::tid (?P<tid>\d{1,19}))?\] ?|:tid ))?"
)
HEAD = re.compile(rf"\[(?:{_CTIME}|{_ISO})\] {_WRITER}", re.ASCII)
"""Numbers are bounded: `int` refuses thousands of digits, and the tallies hold pids in 64 bits."""
_LOOSE = (
    r"(?:[A-Z][a-z]{2},? )?(?P<month>[A-Z][a-z]{2}) {1,2}(?P<day>\d{1,2}) (?P<clock>\d\d:\d\d:\d\d)"
    r"(?:[.,](?P<fraction>\d{1,9}))?(?: [A-Z]{3,4})? (?P<year>\d{4})(?: (?:[+-]\d{4}|[A-Z]{3,4}))?"
)
_CLF = r"(?P<cday>\d\d)/(?P<cmonth>[A-Z][a-z]{2})/(?P<cyear>\d{4})[: ](?P<cclock>\d\d:\d\d:\d\d)"
_FIELD = (
    r"\[(?:pid \d{1,10}(?::tid \d{1,19})?|tid \d{1,19}|(?:client|remote) [^\]]*"
    r"|\w[\w\-]*(?:\.[\w\-]+)+(?::\d{1,5})?|-)\]"
)
ODD_HEAD = regex(
    # a log that was truncated under a writer goes on with NULs; an editor leaves a byte order mark
    rf"[\0\ufeff]*\[(?:{_LOOSE}|{_ISO}|{_CLF}(?: [+-]\d{{4}}| (?P<ssl>\d{{5,10}}))?)\]"
    rf"(?: (?P<before>(?:{_FIELD} ){{0,4}}){_WRITER}|(?= (?:[^\[\s]|\[(?:client |remote |[RC]:))) |(?P<foreign>: ))",
    re.ASCII,
)
"""Heads that httpd's default formats do not make, and that are found in its logs all the same.

Days without padding (copied through something that folds spaces); a time and no level (httpd 1.2, CGI::Carp,
formats of administrators); pid, client or server name before the level (a hyphen where a line has none); mod_ssl's
engine log for httpd 1.3, `[04/Sep/2009 14:30:04 04711] [info]  …`; suexec's log, `[2009-09-04 14:30:04]: uid: …`, which
is another program's.
"""
BEFORE = regex(
    r"\[(?:pid (?P<pid>\d{1,10})(?::tid (?P<tid>\d{1,19}))?|tid (?P<thread>\d{1,19})"
    r"|(?:client|remote) (?P<client>[^\]]*)|(?P<vhost>[^\]]*))\] ",
    re.ASCII,
)
"""One of the fields that may come before the level."""
LOG_ID = regex(r"\[(?P<of>[RC]):(?P<id>[\w+/@=.~\-]{6,40})\] ", re.ASCII, needs=("[R:", "[C:"))
"""`%L` as httpd's documentation shows it: `[R:…]` of a request, `[C:…]` of a connection."""
TRACE = regex(r"\s+\S|#\d+ |Stack trace:|thrown in ", re.ASCII)
"""How a line begins that belongs to the one before it, and has no head."""
LEVELLED = regex(rf"\[(?:[\w.\-]*:)?(?:{LEVEL})\] ", re.ASCII)
"""A head without its time, as `ErrorLog syslog` writes it."""
LIKE_HEAD = regex(r"\[(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|\d{4}-\d\d-\d\d)[ T]", re.ASCII)
VHOST = regex(r"\[(?P<vhost>[A-Za-z0-9_.\-]+(?::\d+)?)\] ")
CLIENT = regex(r"\[(?:client|remote) (?P<client>\[[^\]]*\](?::\d{1,5})?|[^\]]*)\] ?", re.ASCII)
ERRNO = regex(r"\((?:(?P<space>EAI|OS|os) )?(?P<number>-?\d{1,10}|0x[0-9a-fA-F]{1,16})\)(?P<text>[^:\[]*): ", re.ASCII)
ERRNO_ALONE = regex(
    r"\((?:(?P<space>EAI|OS|os) )?(?P<number>-?\d{1,10}|0x[0-9a-fA-F]{1,16})\)(?P<text>.*)", re.ASCII | re.DOTALL
)
SOURCE = regex(
    r"(?P<file>[\w./+\-]+\.(?:c|cc|cpp|h))\((?P<line>\d+)\): ", re.ASCII, needs=(".c(", ".cc(", ".cpp(", ".h(")
)
CODE = regex(r"(?P<code>AH\d{5,6}|WSGI\d{4}): ", re.ASCII)
REFERER = regex(
    r", referer(?:: (?P<referer>.*)| (?P<compact>https?://\S*))\Z", re.DOTALL | re.ASCII, needs=(", referer",)
)
PORT = regex(r"(?P<host>.+):(?P<port>\d{1,5})", re.ASCII)


def tokenize(line: bytes, *, vhost: bool = False) -> Record:
    """Read one line (without its newline).

    `vhost` says that the format has a server name in brackets after the pid. A line without a head gives a
    Record of kind `bare` with the whole line as message, or `unparsed` if it begins like a head.
    """
    text = line.decode("utf-8", "backslashreplace")
    head = HEAD.match(text)
    if head is None:
        return _odd(text, vhost=vhost) or _headless(text)
    time = _time(head)
    return Record("unparsed", text) if time is None else _record(head, time, text, vhost=vhost)


def _record(head: re.Match[str], time: int, text: str, *, vhost: bool) -> Record:
    record = Record("record", "", time=time)
    record.precision = min(len(head["fraction"] or head["ifraction"] or ""), 6)
    record.level = "warn" if head["level"] == "warning" else head["level"]
    record.module = head["module"] if head["module"] not in ("", "-") else None
    record.pid = int(head["pid"]) if head["pid"] else None
    record.tid = int(head["tid"]) if head["tid"] else None
    read_rest(record, text, head.end(), vhost=vhost)
    return record


def _odd(text: str, *, vhost: bool) -> Record | None:
    """A line whose head is odd; None if it has none."""
    head = ODD_HEAD.match(text)
    if head is None:
        return None
    if head["cclock"]:
        day = midnight(head["cyear"], MONTHS.get(head["cmonth"], 0), head["cday"])
        time = _moment(day, head["cclock"], None)
    else:
        time = _time(head)
    if time is None:
        return None
    if head["foreign"]:
        return Record("foreign", text[head.end() :], time=time)
    record = _record(head, time, text, vhost=vhost)
    for found in BEFORE.finditer(head["before"] or ""):
        _before(record, found)
    if head["ssl"]:
        record.pid, record.message = int(head["ssl"]), record.message.lstrip(" ")
    return record


def _before(record: Record, found: re.Match[str]) -> None:
    """Take a field before the level, unless the same field follows the level."""
    if found["pid"] and record.pid is None:
        record.pid, record.tid = int(found["pid"]), int(found["tid"]) if found["tid"] else record.tid
    elif found["thread"]:
        record.tid = record.tid or int(found["thread"])
    elif found["client"] is not None and record.client is None:
        record.client, record.client_port = split_client(found["client"], ported=True)
    elif found["vhost"] and found["vhost"] != "-":
        record.extra.setdefault("vhost", found["vhost"])


def read_rest(record: Record, text: str, at: int, *, vhost: bool = False) -> None:
    """What follows level and pid: fields in the order of either era, then code, message and referer."""
    while found := LOG_ID.match(text, at):
        record.extra["request" if found["of"] == "R" else "connection"] = found["id"]
        at = found.end()
    found = VHOST.match(text, at)
    if found and (vhost or CLIENT.match(text, found.end())):
        record.extra["vhost"] = found["vhost"]
        at = found.end()
    for _ in range(3):
        if record.client is None and (found := CLIENT.match(text, at)):
            record.client, record.client_port = split_client(found["client"], ported=record.pid is not None)
        elif record.errno is None and (found := ERRNO.match(text, at)):
            record.errno = _errno(found)
        elif "source" not in record.extra and (found := SOURCE.match(text, at)):
            record.extra["source"] = f"{found['file']}:{found['line']}"
        else:
            break
        at = found.end()
    if found := CODE.match(text, at):
        record.code = found["code"]
        at = found.end()
    if found := REFERER.search(text, at):
        record.referer = found["referer"] or found["compact"]
        text = text[: found.start()]
    record.message = text[at:]


def _errno(found: re.Match[str]) -> Errno:
    number = int(found["number"], 16 if found["number"].startswith("0x") else 10)
    return Errno(number, found["text"], found["space"] or "")


def errno_of(text: str) -> Errno | None:
    """What `%E` prints: `(13)Permission denied`."""
    found = ERRNO_ALONE.fullmatch(text)
    return None if found is None else _errno(found)


def _headless(text: str) -> Record:
    if LIKE_HEAD.match(text):
        return Record("unparsed", text)
    record = Record("continuation" if TRACE.match(text) else "bare", text)
    read_rest(record, text, 0, vhost=False)
    return record


def split_client(client: str, *, ported: bool) -> tuple[str | None, int | None]:
    """Address and port of a client field; `ported`: this era prints a port (httpd 2.4), even after IPv6."""
    found = PORT.fullmatch(client)
    if found is None:
        return client.strip("[]") or None, None
    host = found["host"]
    if ":" in host and not host.startswith("["):
        whole, cut = _is_address(client), _is_address(host)
        if whole and not (cut and ported):  # `::1` holds no port, `:::80` does, and 2001:db8::1:80 may
            return client, None
        if not whole and not cut:
            return (host, int(found["port"])) if ported else (client, None)
    return host.strip("[]"), int(found["port"])


def _is_address(text: str) -> bool:
    try:
        IPv6Address(text)
    except ValueError:
        return False
    return True


def _time(head: re.Match[str]) -> int | None:
    if head["month"]:
        day = midnight(head["year"], MONTHS.get(head["month"], 0), head["day"])
        clock, fraction = head["clock"], head["fraction"]
    else:
        day = midnight(head["date"][:4], int(head["date"][5:7]), head["date"][8:])
        clock, fraction = head["iclock"], head["ifraction"]
    return _moment(day, clock, fraction)


def _moment(day: int | None, clock: str, fraction: str | None) -> int | None:
    hour, minute, second = int(clock[:2]), int(clock[3:5]), int(clock[6:8])
    if day is None or hour > 23 or minute > 59 or second > 60:
        return None
    micros = int((fraction or "0")[:6].ljust(6, "0"))
    return (day + hour * 3600 + minute * 60 + second) * 1_000_000 + micros


@lru_cache(maxsize=1024)
def midnight(year: str, month: int, day: str) -> int | None:
    """Seconds from 1970 to the start of that local day; None if there is no such day, or no log can be from it."""
    try:
        found = datetime(int(year), month, int(day), tzinfo=UTC)
    except ValueError:
        return None
    return int((found - EPOCH).total_seconds()) if found.year in YEARS else None
