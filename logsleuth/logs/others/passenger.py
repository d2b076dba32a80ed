"""Phusion Passenger's lines in httpd's error log: heads of its own, in the forms of versions 3 to 6."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logsleuth.logs.httpd.record import Record
from logsleuth.logs.wrappers.peeled import Peeled
from logsleuth.logs.wrappers.stamps import ISO, iso_stamp

if TYPE_CHECKING:
    from datetime import date

HEAD = re.compile(
    rf"\[ (?:(?P<letter>[CEWNID]|D[23]?) )?{ISO} (?P<pid>\d{{1,10}})/(?P<tid>\w{{1,20}}) "
    r"(?P<source>\S{1,120}:\d{1,7}) \]: ?",
    re.ASCII,
)
OLD = re.compile(
    rf"\[ pid=(?P<pid>\d{{1,10}})(?: thr=\d{{1,20}})?(?: file=(?P<source>\S{{1,120}}))?,? time={ISO} \]: ?", re.ASCII
)
OUTPUT = re.compile(r"(?:\[ [^\]]{10,160} \]: )?App (?P<pid>\d{1,10}) (?:output|stdout|stderr): ?", re.ASCII)
"""`App 18551 output: `: what an application wrote to its standard error."""
LEVELS = {"C": "crit", "E": "error", "W": "warn", "N": "notice", "I": "info", "D": "debug"}


def read(text: str) -> Record | None:
    """A line with Passenger's head; None: it has none."""
    found = HEAD.match(text) or OLD.match(text)
    stamp = iso_stamp(found) if found else None
    if found is None or stamp is None:
        return None
    record = Record("record", text[found.end() :], stamp[0], stamp[2], offset=stamp[1])
    record.pid = int(found["pid"])
    record.level = LEVELS.get((found.groupdict().get("letter") or "")[:1])
    if found["source"]:
        record.extra["source"] = found["source"]
    record.extra["program"] = "passenger"
    return record


def peel_output(text: str, _: date) -> Peeled | None:
    """An application's line without the words that Passenger puts before it."""
    found = OUTPUT.match(text)
    return None if found is None else Peeled(text[found.end() :], pid=int(found["pid"]), extra={"program": "app"})
