"""Writes lines of an error log as httpd does, from a format and what happened: the opposite of reading them.

It follows `parse_errorlog_string` (server/core.c) and `do_errorlog_format` (server/log.c) on its own and shares
nothing with logsleuth's reader, so that what both agree on is httpd's rule.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LEVELS = (
    "emerg", "alert", "crit", "error", "warn", "notice", "info", "debug",
    "trace1", "trace2", "trace3", "trace4", "trace5", "trace6", "trace7", "trace8",
)  # fmt: skip


@dataclass
class Event:
    """One message, with all that httpd knows while it writes it."""

    message: str
    time: datetime = datetime(2009, 9, 4, 14, 30, 4, 123456)
    """Local."""
    zone: str = "+0200"
    level: int = 3
    """-1: a line that is said once for a connection or request."""
    module: str | None = "core"
    pid: int = 4711
    tid: int | None = 4712
    """None: the MPM has no threads."""
    errno: str | None = None
    """As `log_apr_status` prints it: `(13)Permission denied`."""
    source: str | None = None
    """`core.c(12)`."""
    client: str | None = None
    """Who sent the request, or whom the connection is with: address and port."""
    peer: str | None = None
    """Whom the connection is with."""
    local: str | None = None
    keepalives: int | None = None
    connection_id: str | None = None
    request_id: str | None = None
    vhost: str | None = "www.example.org"
    server: str | None = None
    """The name in the request."""
    headers: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    env: dict[str, str] = field(default_factory=dict)


@dataclass
class _Piece:
    letter: str = ""
    """'' is a constant."""
    text: str = ""
    separates: bool = False
    flags: str = ""
    level: int = 0


def write(form: str, event: Event) -> str:
    """The line, without its newline; '' if httpd writes none."""
    out = ""
    begin = 0
    skipping = False
    for piece in _pieces(form):
        if piece.separates:
            if skipping:
                skipping = False
            else:
                begin = len(out)
        if piece.letter == "M":
            out += escape(event.message)
            continue
        if skipping:
            continue
        if event.level != -1 and piece.level > event.level:
            out, skipping = out[:begin], True
            continue
        value = piece.text if piece.letter == "" else _value(piece, event)
        if value:
            out += value
        elif "+" in piece.flags:
            return ""
        elif "-" in piece.flags:
            out += "-"
        else:
            out, skipping = out[:begin], True
    return out


def escape(text: str) -> str:
    """`ap_escape_errorlog_item`."""
    named = {"\b": "\\b", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v", "\\": "\\\\"}
    parts = []
    for byte in text.encode("utf-8", "surrogateescape"):
        sign = chr(byte)
        parts.append(named.get(sign) or (sign if 32 <= byte < 127 else f"\\x{byte:02x}"))
    return "".join(parts)


def _pieces(form: str) -> list[_Piece]:
    pieces = []
    rest = form
    while rest:
        piece = _Piece()
        rest = _take(piece, rest)
        pieces.append(piece)
    return pieces


def _take(piece: _Piece, rest: str) -> str:
    if rest[0] != "%":
        piece.separates |= rest[0] == " "
        return _take_constant(piece, rest)
    if rest[1] == " ":
        piece.separates = True
        return _take(piece, rest[2:]) if rest[2:] else ""
    if rest[1] == "%":
        piece.text = "%"
        return rest[2:]
    rest = rest[1:]
    while True:
        if rest[0] == "{":
            piece.text, _, rest = rest[1:].partition("}")
        elif rest[0] in "+-":
            piece.flags += rest[0]
            rest = rest[1:]
        elif rest[0].isdigit():
            digits = ""
            while rest[0].isdigit():
                digits += rest[0]
                rest = rest[1:]
            piece.level = int(digits)
        else:
            piece.letter = rest[0]
            return rest[1:]


def _take_constant(piece: _Piece, rest: str) -> str:
    text = ""
    at_start = True
    while rest and rest[0] != "%" and (rest[0] != " " or at_start):
        if rest[0] == "\\":
            sign = rest[1:2] or "\\"
            text += {"r": "\r", "n": "\n", "t": "\t"}.get(sign, sign)
            rest = rest[2:]
        else:
            if rest[0] != " ":
                at_start = False
            text += rest[0]
            rest = rest[1:]
    piece.text = text
    return rest


def _value(piece: _Piece, event: Event) -> str | None:
    argument = piece.text
    by_letter: dict[str, Callable[[], str | None]] = {
        "a": lambda: event.peer or event.client if argument.startswith("c") else event.client,
        "A": lambda: event.local,
        "e": lambda: _escaped(event.env.get(argument)),
        "E": lambda: event.errno,
        "F": lambda: event.source,
        "i": lambda: _escaped({name.lower(): value for name, value in event.headers.items()}.get(argument.lower())),
        "k": lambda: None if event.keepalives is None else str(event.keepalives),
        "l": lambda: None if event.level < 0 else LEVELS[event.level],
        "L": lambda: _log_id(argument, event),
        "m": lambda: event.module,
        "n": lambda: _escaped(event.notes.get(argument)),
        "P": lambda: str(event.pid),
        "T": lambda: str(event.pid) if argument.startswith("g") else None if event.tid is None else str(event.tid),
        "t": lambda: _time(argument, event),
        "v": lambda: event.vhost,
        "V": lambda: event.server,
    }
    return by_letter[piece.letter]()


def _escaped(value: str | None) -> str | None:
    return None if value is None else escape(value)


def _log_id(argument: str, event: Event) -> str | None:
    if argument.lower() == "c":
        said_for_a_request = argument == "C" and event.request_id is not None
        return None if said_for_a_request else event.connection_id
    return event.request_id


def _time(argument: str, event: Event) -> str:
    if "%" in argument:
        return event.time.strftime(argument.replace("%z", event.zone))
    clock = event.time.strftime("%H:%M:%S") + (f".{event.time.microsecond:06d}" if "u" in argument else "")
    zone = f" {event.zone}" if "z" in argument else ""
    if "c" in argument:
        return event.time.strftime("%Y-%m-%d ") + clock + zone
    return event.time.strftime(f"%a %b %d {clock} %Y") + zone
