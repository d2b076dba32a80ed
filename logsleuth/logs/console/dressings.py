"""All that may be around a line, in the order in which it is looked for: the more special first."""

from __future__ import annotations

from logsleuth.logs.console.dressing import Dressing
from logsleuth.logs.console.grep import peel_file, peel_number
from logsleuth.logs.console.indentation import peel_frame, peel_indentation
from logsleuth.logs.console.journal import peel_dated_journal, peel_event, peel_field, peel_journal_line
from logsleuth.logs.console.modsecurity import peel_audit, peel_json_audit
from logsleuth.logs.console.platforms import peel_container, peel_heroku, peel_numbered, peel_time
from logsleuth.logs.console.prompts import peel_prompt
from logsleuth.logs.console.quotes import peel_bullet, peel_html, peel_marks, peel_quote
from logsleuth.logs.others.passenger import peel_output
from logsleuth.logs.others.windows import peel_message, peel_panel
from logsleuth.logs.wrappers.wrapped import WRAPPERS, peel_object

DIGITS = "0123456789"
LOOSE = frozenset({"syslog", "time stamps", "docker compose", "server names"})
"""Wrappers that here are looked for after others, or whose look alone proves little."""
RECORDS = "{[<0123456789"
"""How the records of shippers and runtimes begin."""
OUTER = "time, host, pid and further fields of the record around the line"
DRESSINGS = (
    *(
        Dressing(name, peel, certain=True, begins=RECORDS, gives=OUTER)
        for name, peel in WRAPPERS.items()
        if name not in LOOSE
    ),
    Dressing("ModSecurity's audit log", peel_json_audit, certain=True, begins="{", gives="time, zone, level"),
    Dressing("shipper's record", peel_object, certain=True, begins="{", gives=OUTER),
    Dressing("journal", peel_dated_journal, certain=True, gives="time, host, program, pid"),
    Dressing("syslog", peel_journal_line, certain=True, gives="time, host, program, pid"),
    Dressing("control panel", peel_panel, certain=True, begins=DIGITS, gives="program"),
    Dressing("journal field", peel_field, certain=True),
    Dressing("event stream", peel_event, certain=False, begins="d"),
    Dressing("event", peel_message, certain=False),
    Dressing("platform", peel_heroku, certain=True, begins=DIGITS, gives="time, zone, host"),
    Dressing("App output", peel_output, certain=True, begins="A[", gives="pid"),
    Dressing("ModSecurity's audit log", peel_audit, certain=True, begins="[AM", gives="level"),
    Dressing("line number", peel_number, certain=False),
    Dressing("container", peel_numbered, certain=True, gives="host"),
    Dressing("container", peel_container, certain=False, gives="host"),
    Dressing("quote", peel_quote, certain=True),
    Dressing("frame", peel_frame, certain=True),
    Dressing("prompt", peel_prompt, certain=False),
    Dressing("time stamp", peel_time, certain=False, gives="time, zone"),
    Dressing("server names", WRAPPERS["server names"], certain=False, gives="virtual host"),
    Dressing("file name", peel_file, certain=False, gives="file"),
    Dressing("HTML", peel_html, certain=False),
    Dressing("quotation marks", peel_marks, certain=False),
    Dressing("bullet", peel_bullet, certain=False),
    Dressing("indentation", peel_indentation, certain=False),
)
GIVES = {dressing.name: dressing.gives for dressing in DRESSINGS}
"""By the name of a dressing: what is taken from it."""
