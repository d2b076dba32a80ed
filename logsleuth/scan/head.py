"""The head of a line in httpd's default formats: `[time] [module:level] [pid 1:tid 2] [client 192.0.2.7:1] `.

`server/log.c` of httpd, do_errorlog_default (2.4) and log_error_core (2.2). Two lines of one worker within one second
have nearly the same head, so its parts are remembered by their bytes.
"""

from __future__ import annotations

import re

from logsleuth.logs.httpd.tokenize import MONTHS, midnight
from logsleuth.scan.line import MICRO, NO_KIND, Kind
from logsleuth.values import NamedTuple

FRACTIONS = {25: b"", 32: b".", 20: b"", 27: b".", 31: b"", 38: b".", 26: b"", 33: b"."}
"""By the offset of the bracket that closes the time: what precedes a fraction of a second at offset 20, if one is
there. In turn: `[Fri Sep 04 14:30:04 2009]`, `[Fri Sep 04 14:30:04.123456 2009]`, `[2009-09-04 14:30:04]`,
`[2009-09-04 14:30:04.123456]`, and the same with a zone (` +0200`), which httpd 2.4.58 can write."""
CTIME = re.compile(rb"\[[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d) (\d{4})(?: [+-]\d{4})?\]")
ISO = re.compile(rb"\[(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?: [+-]\d{4})?\]")
KIND = re.compile(rb"\[(?:([\w.\-]*):)?(emerg|alert|crit|error|warn(?:ing)?|notice|info|debug|trace[1-8])\]")
PROC = re.compile(rb"\[pid (\d{1,10})(?::tid (\d{1,19}))?\]")
SWALLOWED = re.compile(rb"\[pid (\d{1,10}):tid ")
"""An empty %T can take the closing bracket with it: `[pid 123:tid message`."""
LONGEST_PROC = 64
"""Bytes in which a pid's field ends, if it is one."""
KEPT = 50_000
"""Heads that are remembered: a million pids must not fill memory."""


class Writer(NamedTuple):
    """Who wrote a line, as far as its head says."""

    kind: Kind
    pid: int
    tid: int
    length: int
    """Bytes of the level's and the pid's field."""


class Head(NamedTuple):
    """The head of one line."""

    time: int | None
    """Local microseconds since 1970; None: the line does not start with a time."""
    writer: Writer | None
    """None: no field for the level follows the time."""
    client: bytes
    """The client field, or nothing."""
    text: int
    """Where in the line the text starts."""


NONE = Head(None, None, b"", 0)


class HeadReader:
    """Reads heads. Holds what it remembers, and nothing that a result depends on."""

    def __init__(self, *, vhost: bool = False) -> None:
        """`vhost`: the format has a server name in brackets after the pid."""
        self._vhost = vhost
        self._seconds: dict[bytes, int | None] = {}
        self._writers: dict[bytes, Writer] = {}

    def read(self, line: bytes) -> Head:
        """The head of a line."""
        close = line.find(b"]", 20, 39)
        if close not in FRACTIONS or line[:1] != b"[":
            return NONE
        time = self._time(line, close)
        if time is None:
            return NONE
        if line[close + 1 : close + 3] != b" [" or (end := line.find(b"]", close + 3)) < 0:
            return Head(time, None, b"", 0)
        if line.startswith(b"[pid ", end + 2):
            until = line.find(b"]", end + 2, end + LONGEST_PROC)
            end = until if until >= 0 else end + LONGEST_PROC
        fields = line[close + 2 : end + 1]
        writer = self._writers.get(fields) or self._remember(fields)
        return self._rest(line, time, writer, close + 2 + writer.length)

    def _rest(self, line: bytes, time: int, writer: Writer, at: int) -> Head:
        """What follows level and pid: a server's name perhaps, and a client perhaps."""
        if line[at - 1 : at + 1] == b"] ":
            at += 1
        if line[at : at + 1] != b"[":
            return Head(time, writer, b"", at)
        client = _is_client(line, at)
        if not client and (end := line.find(b"]", at)) >= 0 and (self._vhost or _is_client(line, end + 2)):
            at = end + 2
            client = _is_client(line, at)
        if not client or (end := line.find(b"]", at)) < 0:
            return Head(time, writer, b"", at)
        return Head(time, writer, line[at : end + 1], end + 2 if line[end + 1 : end + 2] == b" " else end + 1)

    def _time(self, line: bytes, close: int) -> int | None:
        if not FRACTIONS[close]:
            stamp, micro = line[: close + 1], 0
        else:
            digits = line[21:27]
            if line[20:21] != b"." or not digits.isdigit():
                return None
            stamp, micro = line[:20] + line[27 : close + 1], int(digits)
        try:
            second = self._seconds[stamp]
        except KeyError:
            if len(self._seconds) > KEPT:
                self._seconds.clear()
            second = self._seconds[stamp] = _second(stamp)
        return None if second is None else second * MICRO + micro

    def _remember(self, fields: bytes) -> Writer:
        writer = _writer(fields)
        if len(self._writers) > KEPT:
            self._writers.clear()
        if len(fields) <= 2 * LONGEST_PROC:
            self._writers[fields] = writer
        return writer


def _is_client(line: bytes, at: int) -> bool:
    return line.startswith((b"[client ", b"[remote "), at)


def _second(stamp: bytes) -> int | None:
    """Local seconds since 1970 of a time without its fraction; None: there is no such time."""
    if found := CTIME.fullmatch(stamp):
        month, day, hour, minute, second, year = (part.decode() for part in found.groups())
        begin = midnight(year, MONTHS.get(month, 0), day)
    elif found := ISO.fullmatch(stamp):
        year, month, day, hour, minute, second = (part.decode() for part in found.groups())
        begin = midnight(year, int(month), day)
    else:
        return None
    if begin is None or int(hour) > 23 or int(minute) > 59 or int(second) > 60:
        return None
    return begin + (int(hour) * 60 + int(minute)) * 60 + int(second)


def _writer(fields: bytes) -> Writer:
    """What the level's and the pid's field say; the text starts behind what is understood of them."""
    level = fields[: fields.index(b"]") + 1]
    found = KIND.fullmatch(level)
    kind = NO_KIND
    if found is not None:
        module, name = (found[1] or b"").decode(), found[2].decode()
        kind = ("" if module == "-" else module, "warn" if name == "warning" else name)
    rest = fields[len(level) + 1 :]
    if found := PROC.fullmatch(rest):
        return Writer(kind, int(found[1]), int(found[2] or 0), len(fields))
    if found := SWALLOWED.match(rest):
        return Writer(kind, int(found[1]), 0, len(level) + 1 + found.end())
    return Writer(kind, 0, 0, len(level))
