"""What Windows says of Apache: its event log as it is exported or shown, the service's console, XAMPP's control panel.

`mpm_winnt` reports errors at a start of the service to the event log (server/mpm/winnt/nt_eventlog.c): the text is
`The Apache service named <name> reported the following error:` and, behind `>>> `, the line that stderr would have had.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logsleuth.logs.console.odd_times import moment
from logsleuth.logs.httpd.record import Record
from logsleuth.logs.httpd.tokenize import read_rest
from logsleuth.logs.wrappers.peeled import Peeled

if TYPE_CHECKING:
    from datetime import date

REPORTED = "reported the following error:"
SERVICE = re.compile(r"The Apache service named ?(?P<service>[^\n]{0,80}?) ?reported the following error:\s*(?:>>> )?")
END = re.compile(r"\s*\.?\s*(?:</Data>|\"|',?)?\s*\Z")
"""The event log's own full stop, and what an export puts behind it."""
ROW = re.compile(
    r'"?(?P<level>Error|Warning|Information|Fehler|Erreur|Critical)"?[,;\t]"?(?P<when>[^",;\t]{8,40})"?[,;\t]'
    r'"?(?P<source>Apache[^",;\t]{0,40})"?[,;\t]'
)
"""A row of an export as CSV or text: level, date, source."""
FIELD = re.compile(
    r"\s*(?:Log Name|Source|Event ID|Task|Level|Opcode|Keyword|User|User Name|Computer|Task Category|Keywords"
    r"|ProviderName|Id|LevelDisplayName|Index|EntryType|InstanceId|Category|CategoryNumber|ReplacementStrings"
    r"|MachineName|UserName)\s*: "
)
WHEN = re.compile(r"\s*(?:Date|TimeCreated|TimeGenerated|TimeWritten|Logged)\s*: +(?P<when>\d.{7,40})")
NOTHING = re.compile(r"\s*(?:Description|Message)\s*:\s*\Z")
MESSAGE = re.compile(r"\s*(?:Message|Description)\s*: ?")
EVENT = re.compile(r"<Event[ >]")
SYSTEM_TIME = re.compile(r"SystemTime=['\"](?P<when>[^'\"]{10,40})['\"]")
DATA = re.compile(
    r"<Data[^<>]{0,80}>(?P<text>(?!The Apache service named|reported the following error)[^<]{8,4000})</Data>"
)
PANEL = re.compile(r"\d{1,2}:\d\d:\d\d(?: [AP]M)?\s+\[(?P<program>[\w /.\-]{1,20})\]\s+(?:Error: )?")
"""XAMPP: the time of the day, a program."""
LEVELS = {"Information": "info", "Warning": "warn"}


def read(text: str) -> Record | None:
    """A line of an Apache event; None: it is not one. The event's other fields have no message."""
    if EVENT.match(text) and "Apache" in text:
        return _of_xml(text)
    row = ROW.match(text)
    if row is not None:
        return _dated(_message(text[row.end() :]), row["when"], LEVELS.get(row["level"], "error"))
    if REPORTED in text:
        return _message(text)
    when = WHEN.match(text)
    if when is not None:
        return _dated(Record("continuation", ""), when["when"], None)
    return Record("continuation", "") if FIELD.match(text) or NOTHING.match(text) else None


def peel_panel(text: str, _: date) -> Peeled | None:
    """XAMPP's control panel: `10:24:19  [Apache]   Error: …`."""
    found = PANEL.match(text)
    return None if found is None else Peeled(text[found.end() :], extra={"program": found["program"]})


def peel_message(text: str, _: date) -> Peeled | None:
    """`Message : …`, as PowerShell lists an event."""
    found = MESSAGE.match(text)
    return None if found is None else Peeled(text[found.end() :])


def _message(text: str) -> Record:
    """What the service reported, without the words around it."""
    found = SERVICE.search(text)
    inner = END.sub("", text[found.end() :] if found else text).strip()
    record = Record("bare", inner)
    read_rest(record, inner, 0)
    if not inner:
        record.kind = "continuation"
    return record


def _of_xml(text: str) -> Record:
    """An event of `wevtutil /f:xml` on one line."""
    data = DATA.search(text)
    record = _message(data["text"] if data else "")
    when = SYSTEM_TIME.search(text)
    return _dated(record, when["when"].replace("T", " "), "error") if when else record


def _dated(record: Record, when: str, level: str | None) -> Record:
    """The same with its event's time, if the date can be only one."""
    time = moment(when)
    if time is not None:
        record.time, record.precision, record.offset = time.micros, time.precision, time.offset
    if record.kind != "continuation" and level is not None:
        record.kind, record.level = "record", level
    return record
