"""The own logs of programs that watch a server and act on it: monit, fail2ban, supervisord.

To syslog they say the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.logs.httpd.record import Record
from logsleuth.logs.others import supervisor
from logsleuth.logs.wrappers.stamps import BSD, ISO, bsd_stamp, iso_stamp
from logsleuth.regexes import regex

if TYPE_CHECKING:
    import re
    from datetime import date

_LEVEL: Final = r"(?P<level>emergency|alert|critical|error|warning|notice|info|debug)"
HEADS: Final = {
    # src/log.c, log_log: the time is `%FT%T%z`, before 5.26 `%Z %b %e %T`
    "monit": rf"\[(?:{ISO}|(?P<abbreviation>[A-Z]{{2,5}}) {BSD})\] {_LEVEL} *: ",
    # fail2ban/server/server.py: the logger's name, and the level, which syslog has too
    "fail2ban": rf"{ISO} (?P<logger>fail2ban\.[a-z.]{{1,40}}) *\[(?P<pid>\d{{1,10}})\]: ",
}
"""A program and how its lines begin."""
NAMED: Final = regex(r"\?P<\w+>")
"""The name of a group."""
LEVELS: Final = {
    "emergency": "emerg", "critical": "crit", "warning": "warn", "alert": "alert", "error": "error",
    "notice": "notice", "info": "info", "debug": "debug",
}  # fmt: skip
READ_BY: Final = {name: regex(head) for name, head in HEADS.items()}


def read(newest: date, line: bytes) -> Record:
    """A line of one of these logs; `newest` gives the year if it has none."""
    text = line.decode("utf-8", "backslashreplace").rstrip("\r")
    for name, head in READ_BY.items():
        found = head.match(text)
        stamp = _stamp(found, newest) if found is not None else None
        if found is not None and stamp is not None:
            fields = found.groupdict()
            record = Record("foreign", text[found.end() :], stamp[0], stamp[2], offset=stamp[1])
            record.level = LEVELS.get(fields.get("level") or "") or None
            record.pid = int(fields["pid"]) if fields.get("pid") else None
            record.extra = {"program": fields.get("logger") or name}
            return record
    return supervisor.read(text) or Record("bare", text)


def shapes() -> tuple[tuple[str, str], ...]:
    """Each program, and a regex of how its lines begin, to recognise a log by."""
    heads = {**HEADS, "supervisord": supervisor.HEAD.pattern}
    return tuple((name, NAMED.sub("?:", head)) for name, head in heads.items())


def _stamp(found: re.Match[str], newest: date) -> tuple[int, int | None, int] | None:
    if found["date"]:
        return iso_stamp(found)
    stamp = bsd_stamp(found, newest)
    in_utc = found["abbreviation"] in {"UTC", "GMT"}
    return (stamp[0], 0, stamp[2]) if stamp is not None and in_utc else stamp
