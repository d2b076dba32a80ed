"""Package managers' logs: dpkg.log, apt's history.log, dnf's and yum's logs, zypper's history."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logsleuth.logs.httpd.record import Record
from logsleuth.logs.wrappers.stamps import BSD, ISO, bsd_stamp, iso_stamp

if TYPE_CHECKING:
    from datetime import date

    from logsleuth.logs.httpd.record import Reader

BY_ISO_TIME = re.compile(rf"{ISO}(?:\||(?: (?P<level>SUBDEBUG|DDEBUG|DEBUG|INFO|WARNING|ERROR|CRITICAL))? )", re.ASCII)
APT = re.compile(rf"(?P<what>Start-Date|End-Date): {ISO.replace('[T ]', '[T ]+')}", re.ASCII)
APT_FIELD = re.compile(
    r"(?:Commandline|Requested-By|Install|Upgrade|Remove|Purge|Downgrade|Reinstall|Error): ", re.ASCII
)
YUM = re.compile(rf"{BSD} ", re.ASCII)
LEVELS = {"WARNING": "warn", "ERROR": "error", "CRITICAL": "crit"}


def packages_reader(newest: date) -> Reader:
    """A reader of any package manager's log; `newest` gives the year if the format has none (yum)."""

    def read(line: bytes) -> Record:
        text = line.decode("utf-8", "backslashreplace").rstrip("\r")
        for regex in (BY_ISO_TIME, APT, YUM):
            found = regex.match(text)
            if found is not None and (record := _dated(found, newest)) is not None:
                return record
        return Record("foreign" if APT_FIELD.match(text) else "bare", text)

    return read


def _dated(found: re.Match[str], newest: date) -> Record | None:
    stamp = bsd_stamp(found, newest) if found.re is YUM else iso_stamp(found)
    if stamp is None:
        return None
    # apt's first line of a stanza says nothing but when; the lines below it borrow its time
    message = found.string if found.re is APT else found.string[found.end() :]
    fields = found.groupdict()
    return Record("foreign", message, stamp[0], stamp[2], LEVELS.get(fields.get("level") or ""), offset=stamp[1])
