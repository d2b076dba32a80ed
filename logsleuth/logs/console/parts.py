"""Heads of which something is missing: no time, no level, a time that no httpd writes, or torn by another writer."""

from __future__ import annotations

import re

from logsleuth.logs.console.odd_times import moment
from logsleuth.logs.httpd.record import LEVELS, Record
from logsleuth.logs.httpd.tokenize import LEVEL, read_rest, split_client

_LEVEL = rf"\[(?:(?P<module>[\w.\-]{{0,60}}):)?(?P<level>{LEVEL})\] ?"
_PID = r"\[pid (?P<pid>\d{1,10})(?::tid (?P<tid>\d{1,19}))?\] ?"
_NEXT = (
    r"(?=(?:\[[\w.\-]{1,255}(?::\d{1,5})?\] )?\[(?:client|remote|pid|tid) |\((?:(?:EAI|OS|os) )?-?\d{1,10}\)"
    r"|(?:AH\d{5,6}|WSGI\d{4}): |mod_wsgi \(pid=)"
)
"""What may stand behind a bracket that closes a torn field: only that proves that it was a head's."""
_LEVEL_ENDS = "|".join(sorted({level[at:] for level in LEVELS[:8] for at in range(1, len(level) - 2)}, key=len)[::-1])

DATED = re.compile(rf"\[?(?P<when>(?=[^\]]{{0,40}}\d:\d\d)[\w/:., +\-]{{5,40}}?)\]? {{1,2}}{_LEVEL}(?:{_PID})?")
"""`14:08:17 09/05/15 [error] …`."""
LEVELLED = re.compile(rf"{_LEVEL}(?:{_PID})?")
"""`[core:emerg] [pid 8974] …`, `[error] …`."""
WITHOUT_LEVEL = re.compile(_PID)
"""`[pid 8974] …`."""
TORN_TIME = re.compile(rf"(?P<torn>[\w :.,+\-]{{0,40}})\] {_LEVEL}(?:{_PID})?")
"""`026] [mpm_winnt:notice] [pid 98875:tid 996] …`; the time may be whole but for its bracket and weekday."""
TORN_LEVEL = re.compile(rf"(?:(?P<module>[\w.\-]{{0,60}}):)?(?P<level>{LEVEL})\] ?(?:{_PID})?")
"""`winnt:notice] [pid 1400:tid 612] …`."""
TORN_WORD = re.compile(rf"(?:[\w.\-:]{{0,60}}\] (?:{_PID}|{_NEXT})|(?:{_LEVEL_ENDS})\] )")
"""`otice] [pid 1400:tid 612] …`, `ple.org] [client 192.0.2.60] …`, `tice] …`."""
TORN_PID = re.compile(
    rf"(?:p?i?d? (?P<pid>\d{{1,10}})|\d{{0,10}})(?::tid (?P<tid>\d{{1,19}})\] |:?\d{{0,19}}\] {_NEXT})"
)
"""`pid 1400:tid 612] …`, `00] AH00424: …`."""
TORN_TID = re.compile(r":?t?i?d (?P<tid>\d{1,19})\] ")
"""`id 612] …`."""
TORN_CLIENT = re.compile(r"[a-z]{0,6} ?(?P<client>(?=\d*[.:])(?:[\d.]{2,15}|[\da-fA-F:.]{2,45})(?::\d{1,5})?)\] ?(?=.)")
"""`nt 192.0.2.60:54240] …`, `2.60]   File "/srv/x.py", …`."""
WHOLE_CLIENT = re.compile(r"(?:cl)?ient |remote |[clientrmo]{1,6} ")

LONGEST_HEAD = 200
"""Characters in which a part of a head ends."""
FORMS = (LEVELLED, WITHOUT_LEVEL, DATED, TORN_TIME, TORN_LEVEL, TORN_WORD, TORN_PID, TORN_TID)


def part_of_head(text: str) -> Record | None:
    """A line that begins with what is left of a head; None: it does not."""
    if "]" not in text[:LONGEST_HEAD]:
        return None
    for form in FORMS:
        if found := form.match(text):
            return _record(text, found)
    if found := TORN_CLIENT.match(text):
        return _with_client(text, found)
    return None


def _record(text: str, found: re.Match[str]) -> Record:
    fields = found.groupdict()
    record = Record("record", "")
    level = fields.get("level")
    record.level = "warn" if level == "warning" else level
    # the first letters of what stands first may be what was torn off
    named = fields.get("module") if found.re is not TORN_LEVEL else None
    record.module = named if named not in ("", "-") else None
    # the first digits may be what was torn off
    whole = found.re is not TORN_PID or text.startswith(("pid ", "id ", "d "))
    record.pid = int(fields["pid"]) if fields.get("pid") and whole else None
    record.tid = int(fields["tid"]) if fields.get("tid") else None
    if when := fields.get("when"):
        _date(record, when)
    elif torn := fields.get("torn"):
        _date(record, torn)
        record.extra.pop("time", None)
    read_rest(record, text, found.end())
    return record


def _date(record: Record, when: str) -> None:
    """The time, if it can be only one; else its text is kept as it stands."""
    time = moment(when)
    if time is None:
        record.extra["time"] = when
    else:
        record.time, record.precision, record.offset = time.micros, time.precision, time.offset


def _with_client(text: str, found: re.Match[str]) -> Record:
    """The address is the client's only if nothing of it is missing: a word or a space stands before it."""
    record = Record("bare", "")
    client = split_client(found["client"], ported=True) if WHOLE_CLIENT.match(text) else (None, None)
    read_rest(record, text, found.end())
    record.client, record.client_port = client
    return record
