"""supervisord's own lines, between those of the programs that it runs in a container."""

from __future__ import annotations

import re

from logsleuth.logs.httpd.record import Record
from logsleuth.logs.wrappers.stamps import ISO, iso_stamp

HEAD = re.compile(
    rf"{ISO} (?P<level>CRIT|ERRO|ERROR|WARN|INFO|DEBG|TRAC|BLAT) "
    r"(?=exited:|spawned:|success:|gave up:|stopped:|waiting for|supervisord|reaped|killing|received|daemonizing|RPC"
    r"|[Ii]ncluded extra file|[Ss]et uid|Supervisor|Unlinking|Server |spawnerr:"
    r"|'?[\w\-:]{1,60}'? (?:stdout|stderr) output)"
)
LEVELS = {"CRIT": "crit", "ERRO": "error", "ERROR": "error", "WARN": "warn", "INFO": "info"}


def read(text: str) -> Record | None:
    """A line of supervisord's; None: it is not one."""
    found = HEAD.match(text)
    stamp = iso_stamp(found) if found else None
    if found is None or stamp is None:
        return None
    record = Record("foreign", text[found.end() :], stamp[0], stamp[2], LEVELS.get(found["level"], "debug"))
    record.offset, record.extra = stamp[1], {"program": "supervisord"}
    return record
