"""systemd's words without a head: `systemctl status`, explanations of journalctl, a unit's own lines."""

from __future__ import annotations

import re

from logsleuth.logs.console.journal import seconds_of
from logsleuth.logs.httpd.record import Record
from logsleuth.logs.httpd.tokenize import midnight

STATUS = re.compile(
    r"\s*(?:[●○×*↻] (?P<unit>[\w@.\\\-]{1,100}\.(?:service|target|socket|timer|slice|scope|mount))"
    r"|(?P<field>Loaded|Active|Drop-In|Process|Main PID|Tasks|Memory|CPU|CGroup|Docs|Status|Condition|Invocation"
    r"|TriggeredBy|Triggers|IP|IO|FD Store|Limit): |(?:[└├]─|[|`]-)\d+ "
    r"|-- \S"
    r"|░░ |Hint: Some lines were ellipsized)"
)
ACTIVE = re.compile(
    r"since \w{2,9}\.? (?P<date>\d{4}-\d\d-\d\d) (?P<clock>\d\d:\d\d:\d\d)(?: (?:\w+|[+-]\d\d(?::?\d\d)?))?;"
)
OWN = re.compile(r"(?:systemd\[1\]: )?(?=(?:httpd|apache2|apache|php[\w.\-]{0,20}fpm)[\w@.\-]{0,40}\.service: )")
"""`apache2.service: Failed with result 'exit-code'.`"""
VERBOSE = re.compile(r"\s{2,8}(?!MESSAGE=)_?[A-Z][A-Z_\d]{2,40}=")
"""`journalctl -o verbose`: the fields beside the message."""


def read(text: str) -> Record | None:
    """A line of systemd's; None: it is not one."""
    found = STATUS.match(text)
    if found is not None:
        record = Record("foreign", text.strip(), extra={"program": "systemd"})
        active = ACTIVE.search(text) if found["field"] == "Active" else None
        if active is not None:
            _date(record, active)
        return record
    own = OWN.match(text) or VERBOSE.match(text)
    return None if own is None else Record("foreign", text[own.end() :], extra={"program": "systemd"})


def _date(record: Record, active: re.Match[str]) -> None:
    """The time since when a unit is active or failed, which names its year.

    It is in the same local time as the journal's lines below it, which name no zone: its own would set them apart.
    """
    day = midnight(active["date"][:4], int(active["date"][5:7]), active["date"][8:])
    seconds = seconds_of(active["clock"])
    if day is not None and seconds is not None:
        record.time = (day + seconds) * 1_000_000
