"""Lines as syslog daemons write them: RFC 3164 in its many spellings, RFC 5424, and the journal's short forms.

`journalctl -o short`, `short-iso`, `short-precise` and `short-iso-precise` look like rsyslog's files.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logsleuth.logs.wrappers.peeled import Peeled
from logsleuth.logs.wrappers.stamps import BSD, ISO, bsd_stamp, iso_stamp

if TYPE_CHECKING:
    from datetime import date

_PRI = r"(?:<(?P<pri>\d{1,3})>)?"
OLD = re.compile(
    rf"{_PRI}(?:{BSD}|{ISO}) (?P<host>[\w.\-:]+) (?P<tag>[\w./\-()]{{1,64}}?)(?:\[(?P<pid>\d{{1,10}})\])?: ?"
    r"(?:\[ID \d{1,8} [a-z0-9]{2,10}\.[a-z]{3,8}\] +)?",
    re.ASCII,
)
"""The last field is Solaris' own: syslogd(8), message IDs."""
NEW = re.compile(
    rf"<(?P<pri>\d{{1,3}})>1 (?:-|{ISO}) (?P<host>\S+) (?P<tag>\S+) (?P<pid>\S+) (?P<msgid>\S+) "
    r"(?:-|(?:\[[^\]\s]+(?: [^\s=\]]+=\"(?:[^\"\\]|\\.)*\")*\])+)(?: |$)(?:\ufeff)?",
    re.ASCII,
)
DAEMONS_OWN = re.compile(
    rf"{_PRI}(?:{BSD}|{ISO}) (?P<host>[\w.\-:]+) (?P<said>-- MARK --|last message repeated \d{{1,10}} times)\s*\Z",
    re.ASCII,
)
"""What the syslog daemon itself writes, under no program's name."""
OCTAL = re.compile(r"#(0[0-3][0-7]|177)")
"""rsyslog's escape of control characters, such as #011 for a tab."""
HTTPD = re.compile(r"(?:.*/)?(?:httpd|apache2?)(?:[-.\w]*)\Z")
"""Tags of the server (`ErrorLog syslog` uses the program's name, or the given tag)."""
FACILITIES = 8


def peel_old(line: str, newest: date) -> Peeled | None:
    """RFC 3164 and its relatives; None: the line is none such."""
    found = OLD.match(line)
    if found is None:
        return None
    stamp = bsd_stamp(found, newest) if found["month"] else iso_stamp(found)
    if stamp is None:
        return None
    pid = int(found["pid"]) if found["pid"] else None
    return Peeled(
        _unescaped(line[found.end() :]), *stamp, program=found["tag"], pid=pid, host=_host(found), extra=_outer(found)
    )


def peel_daemons_own(line: str, newest: date) -> Peeled | None:
    """A mark, or a count of repeated lines; None: the line is none such."""
    found = DAEMONS_OWN.match(line)
    stamp = (bsd_stamp(found, newest) if found["month"] else iso_stamp(found)) if found is not None else None
    return None if found is None or stamp is None else Peeled(found["said"], *stamp, host=_host(found))


def peel_new(line: str) -> Peeled | None:
    """RFC 5424; None: the line is none such."""
    found = NEW.match(line)
    if found is None:
        return None
    time, offset, precision = (iso_stamp(found) if found["date"] else None) or (None, None, 0)
    tag, pid = found["tag"], found["pid"]
    return Peeled(
        _unescaped(line[found.end() :]), time, offset, precision, program=None if tag == "-" else tag,
        pid=int(pid) if pid.isdecimal() and len(pid) <= 10 else None, host=_host(found), extra=_outer(found),
    )  # fmt: skip


def _host(found: re.Match[str]) -> str | None:
    return None if found["host"] == "-" else found["host"]


def _outer(found: re.Match[str]) -> dict[str, str]:
    return {"facility": str(int(found["pri"]) // FACILITIES)} if found["pri"] else {}


def _unescaped(text: str) -> str:
    return OCTAL.sub(lambda found: chr(int(found[1], 8)), text) if "#" in text else text
