"""From one line's bytes to a Record, for the default formats of httpd 1.3 to 2.4 and their near relatives.

The head's shape is httpd's: `server/log.c`, `do_errorlog_default` (2.4) and `log_error_core` (2.2).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache

from logsleuth.logs.record import Errno, Record

MONTHS = {name: number for number, name in enumerate(
    ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1)}  # fmt: skip
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_LEVEL = r"emerg|alert|crit|error|warn(?:ing)?|notice|info|debug|trace[1-8]"
_CTIME = (
    r"[A-Z][a-z]{2} (?P<month>[A-Z][a-z]{2}) (?P<day>[ \d]\d) "
    r"(?P<clock>\d\d:\d\d:\d\d)(?:\.(?P<fraction>\d{1,6}))? (?P<year>\d{4})(?: [+-]\d{4})?"
)
_ISO = (
    r"(?P<date>\d{4}-\d\d-\d\d)[ T](?P<iclock>\d\d:\d\d:\d\d)(?:[.,](?P<ifraction>\d{1,9}))?(?: ?(?:Z|[+-]\d\d:?\d\d))?"
)

HEAD = re.compile(
    rf"\[(?:{_CTIME}|{_ISO})\] "
    rf"\[(?:(?P<module>[\w.\-]*):)?(?P<level>{_LEVEL})\] ?"
    # an empty %T can swallow the closing bracket: `[pid 123:tid message`
    r"(?:\[pid (?P<pid>\d{1,10})(?:(?::tid (?P<tid>\d{1,19}))?\] ?|:tid ))?",
    re.ASCII,
)
"""Numbers are bounded: `int` refuses thousands of digits, and the tallies hold pids in 64 bits."""
LEVELLED = re.compile(rf"\[(?:[\w.\-]*:)?(?:{_LEVEL})\] ", re.ASCII)
"""A head without its time, as `ErrorLog syslog` writes it."""
LIKE_HEAD = re.compile(r"\[(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|\d{4}-\d\d-\d\d)[ T]", re.ASCII)
VHOST = re.compile(r"\[(?P<vhost>[A-Za-z0-9_.\-]+(?::\d+)?)\] ")
CLIENT = re.compile(r"\[(?:client|remote) (?P<client>[^\]]*)\] ?")
ERRNO = re.compile(
    r"\((?:(?P<space>EAI|OS|os) )?(?P<number>-?\d{1,10}|0x[0-9a-fA-F]{1,16})\)(?P<text>[^:\[]*): ", re.ASCII
)
ERRNO_ALONE = re.compile(
    r"\((?:(?P<space>EAI|OS|os) )?(?P<number>-?\d{1,10}|0x[0-9a-fA-F]{1,16})\)(?P<text>.*)", re.ASCII | re.DOTALL
)
SOURCE = re.compile(r"(?P<file>[\w./+\-]+\.(?:c|cc|cpp|h))\((?P<line>\d+)\): ", re.ASCII)
CODE = re.compile(r"(?P<code>AH\d{5,6}|WSGI\d{4}): ", re.ASCII)
REFERER = re.compile(r", referer(?:: (?P<referer>.*)| (?P<compact>https?://\S*))\Z", re.DOTALL | re.ASCII)
PORT = re.compile(r"(?P<host>.+):(?P<port>\d{1,5})", re.ASCII)


def tokenize(line: bytes, *, vhost: bool = False) -> Record:
    """Read one line (without its newline).

    `vhost` says that the format has a server name in brackets after the pid. A line without a head gives a
    Record of kind `bare` with the whole line as message, or `unparsed` if it begins like a head.
    """
    text = line.decode("utf-8", "backslashreplace")
    head = HEAD.match(text)
    if head is None:
        return _headless(text)
    if (time := _time(head)) is None:
        return Record("unparsed", text)
    record = Record("record", "", time=time)
    record.precision = len(head["fraction"] or head["ifraction"] or "")
    record.level = "warn" if head["level"] == "warning" else head["level"]
    record.module = head["module"] if head["module"] not in ("", "-") else None
    record.pid = int(head["pid"]) if head["pid"] else None
    record.tid = int(head["tid"]) if head["tid"] else None
    _rest(record, text, head.end(), vhost=vhost)
    return record


def _rest(record: Record, text: str, at: int, *, vhost: bool) -> None:
    """What follows level and pid: fields in the order of either era, then code, message and referer."""
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
    record = Record("bare", text)
    _rest(record, text, 0, vhost=False)
    return record


def split_client(client: str, *, ported: bool) -> tuple[str, int | None]:
    """Address and port of a client field; `ported`: this era prints a port (httpd 2.4), even after IPv6."""
    found = PORT.fullmatch(client)
    if found is None:
        return client, None
    host = found["host"]
    cut_address = host.endswith(":") and not host.endswith("::")  # `::1` holds no port, `:::80` does
    if cut_address or (":" in host and not ported):
        return client, None
    return host, int(found["port"])


def _time(head: re.Match[str]) -> int | None:
    if head["month"]:
        day = midnight(head["year"], MONTHS.get(head["month"], 0), head["day"])
        clock, fraction = head["clock"], head["fraction"]
    else:
        day = midnight(head["date"][:4], int(head["date"][5:7]), head["date"][8:])
        clock, fraction = head["iclock"], head["ifraction"]
    hour, minute, second = int(clock[:2]), int(clock[3:5]), int(clock[6:8])
    if day is None or hour > 23 or minute > 59 or second > 60:
        return None
    micros = int((fraction or "0")[:6].ljust(6, "0"))
    return (day + hour * 3600 + minute * 60 + second) * 1_000_000 + micros


@lru_cache(maxsize=1024)
def midnight(year: str, month: int, day: str) -> int | None:
    """Seconds from 1970 to the begin of that local day; None if there is no such day."""
    try:
        return int((datetime(int(year), month, int(day), tzinfo=UTC) - EPOCH).total_seconds())
    except ValueError:
        return None
