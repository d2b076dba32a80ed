"""LiteSpeed's and OpenLiteSpeed's error log, which control panels give in the place of Apache's."""

from __future__ import annotations

import re

from logsleuth.logs.httpd.record import Record
from logsleuth.logs.wrappers.stamps import ISO, iso_stamp

HEAD = re.compile(
    rf"{ISO} \[(?P<level>EMERG|ALERT|CRIT|FATAL|ERROR|WARN|WARNING|NOTICE|INFO|DEBUG|HIGH|LOW|MEDIUM|STDERR)\] "
    r"(?:\[(?P<pid>\d{1,10})\] ?)?(?:\[T(?P<tid>\d{1,10})\] ?)?(?:\[(?P<peer>[^\]]{1,200})\] ?)?"
    r"(?P<stderr>\[STDERR\] ?)?", re.ASCII,
)  # fmt: skip
PEER = re.compile(
    r"(?P<client>[\d.]{7,15}|\[?[\da-fA-F:]{2,45}\]?):(?P<port>\d{1,5})(?:[:-][\w.\-]{1,40})?(?:#(?P<vhost>.{1,120}))?"
)
LEVELS = {
    "FATAL": "emerg", "WARNING": "warn", "HIGH": "debug", "MEDIUM": "debug", "LOW": "debug", "STDERR": None,
}  # fmt: skip
"""Where its names are not httpd's."""


def read(text: str) -> Record | None:
    """A line with LiteSpeed's head; None: it has none."""
    found = HEAD.match(text)
    stamp = iso_stamp(found) if found else None
    if found is None or stamp is None:
        return None
    record = Record("record", text[found.end() :], stamp[0], stamp[2], offset=stamp[1])
    record.level = LEVELS.get(found["level"], found["level"].lower())
    record.pid = int(found["pid"]) if found["pid"] else None
    record.tid = int(found["tid"]) if found["tid"] else None
    peer = PEER.fullmatch(found["peer"] or "")
    if peer is not None:
        record.client, record.client_port = peer["client"].strip("[]"), int(peer["port"])
        if peer["vhost"]:
            record.extra["vhost"] = peer["vhost"]
    return record
