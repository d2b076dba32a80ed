"""Oracle HTTP Server's error log in Oracle's own format, ODL text: `[time] [OHS] [ERROR:32] [OHS-9999] [core.c] …`."""

from __future__ import annotations

import re

from logsleuth.logs.httpd.record import Record
from logsleuth.logs.httpd.tokenize import read_rest
from logsleuth.logs.wrappers.stamps import ISO, iso_stamp

HEAD = re.compile(
    rf"\[{ISO}\] \[(?P<component>[A-Za-z][\w\-]{{0,40}})\] \[(?P<level>[A-Z_]{{4,20}})(?::\d{{1,3}})?\] "
    r"(?P<fields>(?:\[[^\]]{0,300}\] ?){1,16})",
    re.ASCII,
)
FIELD = re.compile(r"\[(?:(?P<name>[A-Za-z_]{2,20}): )?(?P<value>[^\]]*)\] ?")
SOURCE = re.compile(r"(?:mod_)?(?P<module>\w{1,40})\.c(?:pp)?\Z")
LEVELS = {
    "INCIDENT_ERROR": "crit", "ERROR": "error", "WARNING": "warn", "NOTIFICATION": "notice", "TRACE": "debug",
}  # fmt: skip


def read(text: str) -> Record | None:
    """A line in ODL's text format; None: it is not."""
    found = HEAD.match(text)
    stamp = iso_stamp(found) if found else None
    if found is None or stamp is None or found["level"] not in LEVELS:
        return None
    record = Record("record", "", stamp[0], stamp[2], LEVELS[found["level"]], offset=stamp[1])
    for field in FIELD.finditer(found["fields"]):
        _fill(record, field["name"] or "", field["value"].strip())
    read_rest(record, text, found.end())
    return record


def _fill(record: Record, name: str, value: str) -> None:
    match name.lower():
        case "pid" if value.isdecimal() and len(value) <= 10:
            record.pid = int(value)
        case "tid" if value.isdecimal() and len(value) <= 19:
            record.tid = int(value)
        case "host_id":
            record.host = value
        case "virtualhost":
            record.extra["vhost"] = value
        case "client" | "client_id" if value:
            record.client = value
        case "" if source := SOURCE.match(value):
            record.extra["source"], record.module = value, source["module"]
        case _:
            pass
