"""The audit log's lines (auditd's audit.log, `ausearch`): what SELinux or AppArmor denied, and to whom."""

from __future__ import annotations

import re

from logsleuth.logs.httpd.record import Record

LINE = re.compile(
    r"(?:node=\S{1,255} )?type=(?P<type>[A-Z_]{2,30}|1\d{3}) msg=audit\("
    r"(?:(?P<epoch>\d{9,10})\.(?P<fraction>\d{3})|[\d/.]{6,10} [\d:.]{8,16}):\d{1,20}\) ?: ?",
    re.ASCII,
)
"""`type=AVC msg=audit(1583244131.120:45): avc:  denied …`; `ausearch -i` writes the time in the locale's way."""


def read(text: str) -> Record | None:
    """A line of the audit log; None: it is not one."""
    found = LINE.match(text)
    if found is None:
        return None
    record = Record("foreign", text[found.end() :], extra={"program": "audit"})
    if found["epoch"]:
        record.time = int(found["epoch"]) * 1_000_000 + int(found["fraction"]) * 1000
        record.offset, record.precision = 0, 3
    return record
