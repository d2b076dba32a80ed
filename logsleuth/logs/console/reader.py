"""The reader of what people paste: each line by its own looks, whatever is around it.

A line is read as it stands if it has a head; else what is around it is taken off, layer by layer, until something is
left that is understood. What no layer explains is looked through for a head, or for a message with a code.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logsleuth.logs.console.colours import without_colours
from logsleuth.logs.console.dressings import DRESSINGS
from logsleuth.logs.console.grep import is_file_name
from logsleuth.logs.console.indentation import without_mark
from logsleuth.logs.console.messages import CODED, GLUED, LONGEST, follows, is_chatter, mentions_known, opens_as_known
from logsleuth.logs.console.own import ACCESS, HTTPD, own_looks
from logsleuth.logs.console.parts import LEVELLED
from logsleuth.logs.console.prompts import is_command
from logsleuth.logs.console.prose import is_prose
from logsleuth.logs.console.quotes import is_fence
from logsleuth.logs.console.reading import Reading, What
from logsleuth.logs.console.retouching import without_retouching
from logsleuth.logs.httpd.record import Record
from logsleuth.logs.httpd.tokenize import HEAD, tokenize
from logsleuth.logs.others.kernel import UPTIME
from logsleuth.values import replace

if TYPE_CHECKING:
    from datetime import date

    from logsleuth.logs.httpd.record import Reader
    from logsleuth.logs.wrappers.peeled import Peeled

MOST_LAYERS = 5
SERVERS = re.compile(r"(?:.*/)?(?:httpd|apache2?)(?:[-.\w]*)\Z")
"""Syslog tags of the server itself: the pid beside them is a process of its."""
STARTERS = re.compile(r"(?:.*/)?(?:apachectl|apache2ctl|apache-htcacheclean|start_apache2|apache2-\w+|httpd-\w+)\Z")
"""Scripts that start the server, and pass on what it says; their pid is none of its."""
KERNEL = "kernel"
PLAIN_REQUEST = re.compile(
    rb'[\w.:\-]{1,255} \S{1,64} \S{1,64} \[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] "'
)
"""Nothing is around it: of a container's output, which has both logs in it, most lines are such."""
PLAIN_HEAD = re.compile(
    rb"\[[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d{6})? \d{4}\] \[[\w.\-]{0,60}:?[a-z]{2,8}\d?\] "
)
"""Nor is there around httpd's own lines."""
MAY_BE_EDITED = re.compile(
    rb"[^ -~]|[*<]|\^\[|\[/| :|\[(?:\d|m(?!\w)|(?:strong|em|mark|kbd|font|color|size|b|i|u)[\]=])", re.IGNORECASE
)
"""Something of this is in each line from which colours or what forums do to a text would be taken off."""
FIELD = re.compile(r"\[(?:client|remote) ")
MODULE = re.compile(r"\[[\w.\-]{1,60}:")
OF_OLD = re.compile(r"\[[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}\] (?=access to |httpd: )", re.ASCII)
"""httpd 1.2 wrote no level; these are words of its."""


def console_reader(source: str, newest: date) -> Reader:
    """A reader of the lines of one source in a paste; all others are passed over.

    `newest`: a day that the text names, or of its last change; it tells the year of times that name none.
    """

    def read(line: bytes) -> Record | None:
        if PLAIN_REQUEST.match(line):
            return ACCESS(line) if source == "access" else None
        if PLAIN_HEAD.match(line) and MAY_BE_EDITED.search(line) is None:
            record = tokenize(line)
            if record.kind == "record":
                return record if source == HTTPD else None
        reading = read_line(line.decode("utf-8", "backslashreplace"), newest)
        return reading.record if reading.source == source else None

    return read


def read_line(text: str, newest: date) -> Reading:
    """What one line is."""
    text = without_retouching(without_colours(text.rstrip("\r")))
    if not text.strip() or is_fence(text) or is_file_name(text) or is_command(text):
        return Reading("passed", HTTPD, None)
    reading = _undressed(text, newest, MOST_LAYERS) or Reading("bare", HTTPD, _headless(text))
    record = reading.record
    if record is not None and record.kind in ("bare", "continuation") and _says_nothing(record.message):
        return replace(reading, what="passed", record=None)
    return reading


def _says_nothing(message: str) -> bool:
    """Whether a line without a head only accompanies others, or is somebody's question around them."""
    return is_chatter(message) or (is_prose(message) and not opens_as_known(message))


def _undressed(text: str, newest: date, layers: int) -> Reading | None:
    """What the line is once all around it is taken off; None: nothing that is understood."""
    found = own_looks(text)
    if found is not None:
        return found
    for dressing in DRESSINGS if layers else ():
        if dressing.begins and text[:1] not in dressing.begins:
            continue
        outer = dressing.peel(text, newest)
        if outer is None:
            continue
        inner = _inside(outer, newest, layers - 1, certain=dressing.certain)
        if inner is not None:
            return _with_outer(inner, outer, dressing.name)
    return _looked_through(text)


def _inside(outer: Peeled, newest: date, layers: int, *, certain: bool) -> Reading | None:
    """The content of a dressing; None: nothing that is understood, and the dressing is not certain either."""
    program = outer.program
    if program is not None and not SERVERS.match(program) and not STARTERS.match(program):
        return _of_program(outer, program)
    inner = _undressed(outer.inner, newest, layers)
    if inner is None and certain:
        known = program is not None
        inner = Reading("message" if known else "bare", HTTPD, _headless(outer.inner) if outer.inner.strip() else None)
    return inner


def _of_program(outer: Peeled, program: str) -> Reading:
    """Another program's line of syslog or the journal."""
    message = outer.inner
    if program == KERNEL and (uptime := UPTIME.match(message)):
        message = message[uptime.end() :]
    record = Record("foreign", message, outer.time, outer.precision, pid=outer.pid, offset=outer.offset)
    record.extra = {**outer.extra, "program": program}
    return Reading("neighbour", "syslog", record)


def _with_outer(inner: Reading, outer: Peeled, name: str) -> Reading:
    """The inner record wins where it has a field; the outer fills the rest."""
    record = inner.record
    if record is not None:
        if record.time is None:
            record.time, record.offset, record.precision = outer.time, outer.offset, outer.precision
        record.host, record.logged = record.host or outer.host, record.logged or outer.utc
        starter = outer.program is not None and STARTERS.match(outer.program)
        if record.pid is None and not starter:
            record.pid = outer.pid
        for key, value in outer.extra.items():
            record.extra.setdefault(key, value)
    return replace(inner, dressings=(name, *inner.dressings))


def _looked_through(text: str) -> Reading | None:
    """A message that is known by its words; or a head, or a message with a code, behind a prefix that nobody knows."""
    found = _head_within(text) if "[" in text else None
    if found is not None:
        return found
    if ("(" in text or "make_sock" in text or "Syntax error" in text) and (
        glued := GLUED.search(text, 0, LONGEST)
    ) is not None:
        return _behind("message", text, glued.start())
    if opens_as_known(text):
        return Reading("message", HTTPD, _headless(text))
    if ("AH" in text or "WSGI" in text) and (code := CODED.search(text, 0, LONGEST)) is not None:
        return _behind("message", text, code.start())
    return Reading("message", HTTPD, _headless(text)) if mentions_known(text) else None


def _head_within(text: str) -> Reading | None:
    """A head behind a prefix, whole or without its time."""
    head = HEAD.search(text, 0, LONGEST) or OF_OLD.search(text, 0, LONGEST)
    if head is not None:
        return _behind("head", text, head.start())
    for part in LEVELLED.finditer(text, 0, LONGEST):
        if part["pid"] or MODULE.match(text, part.start()) or FIELD.match(text, part.end()):
            return _behind("part", text, part.start())
    return None


def _behind(what: What, text: str, at: int) -> Reading | None:
    inner = own_looks(text[at:])
    if inner is None:
        inner = Reading("message", HTTPD, _headless(text[at:]))
    return replace(inner, dressings=("prefix",)) if at else inner


def _headless(text: str) -> Record:
    record = tokenize(without_mark(text).encode("utf-8", "surrogateescape"))
    if record.kind == "bare" and follows(text):
        record.kind = "continuation"
    return record
