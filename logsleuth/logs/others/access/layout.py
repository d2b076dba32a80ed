"""A LogFormat (modules/loggers/mod_log_config.c) compiled to a regex over one line's bytes."""

from __future__ import annotations

import re
from typing import Literal

from logsleuth.errors import LogsleuthError
from logsleuth.values import NamedTuple, dataclass

COMMON = r"%h %l %u %t \"%r\" %>s %b"
VHOST_COMBINED = r"%v:%p %h %l %u %t \"%r\" %>s %O"
VHOST_COMMON = r"%v %h %l %u %t \"%r\" %>s %b"
"""Without the port, as split-logfile takes it; one line alone does not tell it from COMMON."""
KNOWN = (VHOST_COMBINED, COMMON)
"""What is recognised without help; nginx's default looks the same. Whatever stands behind it is passed over: the
referer and agent of combined, %D, %T."""

DIRECTIVE = re.compile(r"(?:LogFormat|CustomLog\s+\S+)\s+", re.IGNORECASE)
ITEM = re.compile(r"%[!\d,]*[<>]?[!\d,]*(?:\{(?P<argument>[^}]*)\})?(?P<name>%|\^(?:ti|to|FB)|[A-Za-z])")
ESCAPES = {"n": "\n", "t": "\t"}
QUOTED = rb'(?>(?:[^"\\]|\\.)*)'
"""httpd writes a quote that a client sent as \" and a backslash as \\; nginx writes \x22."""
CLOCK = rb"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}"
MOST_ITEMS = 100
LONGEST_TIME = 100
"""Bytes of a time in a format of its own."""
EPOCHS = {"sec": 1_000_000, "msec": 1000, "usec": 1}
FRACTIONS = {"msec_frac": 1000, "usec_frac": 1}
"""Arguments of %t, and how many microseconds their unit has."""
GROUPS = {"r": "request", "s": "status", "h": "client", "a": "client", "v": "vhost", "V": "vhost", "P": "pid"}
SHAPES: dict[str, Literal["status", "digits", "name"]] = {"s": "status", "p": "digits", "u": "name"}
"""Items of a closer shape."""
BOUNDED = frozenset("spt")
"""Items that show where they end."""
TOOK = {"D": 1, "T": 1_000_000}
"""%D and %T, and how many microseconds a unit of theirs has."""
UNITS = {"us": 1, "ms": 1000, "s": 1_000_000}


class Piece(NamedTuple):
    """A part of a LogFormat: the compiled scan reads a line piece by piece, the regex is made of them."""

    kind: Literal["text", "until", "quoted", "digits", "status", "name", "clock", "time", "rest"]
    text: str = ""
    """`text`: what it is; `until`: the character that it ends before; `time`: its regex."""
    group: str = ""
    """Of the regex; '' if it is not used."""

    @property
    def regex(self) -> bytes:
        """What matches it."""
        value = self._value()
        if self.group:
            value = b"(?P<%s>%s)" % (self.group.encode(), value)
        return rb"\[%s\]" % value if self.kind == "clock" else value

    def _value(self) -> bytes:
        text = self.text.encode()
        match self.kind:
            case "text":
                return re.escape(text)
            case "until":
                return rb"[^%s]*?" % re.escape(text)
            case "time":
                return text
            case kind:
                return VALUES[kind]


VALUES: dict[str, bytes] = {
    "quoted": QUOTED, "digits": rb"\d*", "status": rb"(?:\d{3}|-)", "name": rb".*?", "clock": CLOCK, "rest": rb".*",
}  # fmt: skip
"""By kind of the piece; a user's name may hold spaces."""


@dataclass(frozen=True, slots=True)
class AccessLayout:
    """A compiled LogFormat."""

    pieces: tuple[Piece, ...]

    regex: re.Pattern[bytes]
    """Its groups: request, status, client, vhost, pid, took, t0, t1, … as far as the format has them."""
    times: tuple[str, ...]
    """By group t0, t1, …: a strftime format, or a name of EPOCHS or FRACTIONS."""
    wanted: tuple[str, ...]
    """The groups that each line is asked for: those of the time, and status."""
    took_unit: int = 1
    """Microseconds that one unit of the group `took` has."""


def access_layout(argument: str) -> AccessLayout:
    """Compile the argument of LogFormat or CustomLog, with or without the directive, its quotes and the nickname.

    Raises LogsleuthError if it has no time or no status: such a log is of no use here.
    """
    text = _unquoted(argument)
    if text.count("%") > MOST_ITEMS:
        raise LogsleuthError(f"the access log's format has more than {MOST_ITEMS} items", "name the format of one log")
    pieces: list[Piece] = []
    seen: set[str] = set()
    seen_shapes: set[str] = set()
    times: list[str] = []
    last_end = -1
    unit, at = 1, 0
    while at < len(text):
        found = ITEM.match(text, at)
        if found is None:
            pieces.append(Piece("text", text[at]))
            at += 1
            continue
        at = found.end()
        name, argument_ = found["name"], found["argument"]
        if name == "%":
            pieces.append(Piece("text", "%"))
            continue
        shape = SHAPES.get(name) if name not in seen_shapes else None
        value = Piece(shape) if shape else _value(text[at : at + 1], text[: found.start()], text[at:])
        seen_shapes.add(name)
        if name == "t":
            pieces.append(_clock(argument_, value)._replace(group=f"t{len(times)}"))
            times.append(_stripped(argument_) or "")
            continue
        group = "took" if name in TOOK else GROUPS.get(name)
        is_beside, last_end = last_end == found.start() and name not in BOUNDED, at if name not in BOUNDED else -1
        if group is None or group in seen or (name == "P" and argument_ not in (None, "pid")):
            pieces += [] if is_beside else [value]  # what two items print side by side, one value takes
            continue
        if is_beside:
            raise LogsleuthError(
                f"in the access log's format, {found[0]} directly follows another item",
                "no line shows where it starts",
            )
        seen.add(group)
        if group == "took":
            unit = UNITS.get(argument_ or "", TOOK[name])
        pieces.append(value._replace(group=group))
    if not times or "status" not in seen:
        raise LogsleuthError(
            f"the access log's format {argument!r} has no time or no status",
            "name LogFormat's argument, with %t and %s",
        )
    return AccessLayout(
        tuple(pieces), re.compile(b"".join(piece.regex for piece in pieces)), tuple(times),
        (*(f"t{nth}" for nth in range(len(times))), "status"), unit,
    )  # fmt: skip


def _unquoted(argument: str) -> str:
    """The format itself: the directive's name, the quotes and the nickname or condition behind them taken off."""
    text = argument.strip()
    if directive := DIRECTIVE.match(text):
        text = text[directive.end() :]
    if text[:1] in ('"', "'"):
        quote = text[0]
        closed = re.match(rf"{quote}((?:[^{quote}\\]|\\.)*){quote}", text)
        text = closed[1] if closed else text[1:]
    return re.sub(r"\\(.)", lambda found: ESCAPES.get(found[1], found[1]), text)


def _value(following: str, begin: str, rest: str) -> Piece:
    """What an item may print, by the character that stands behind it in the format, and behind items beside it.

    No two values can take the same characters, so that no line takes long.
    """
    if following == '"' and '"' in begin:
        return Piece("quoted")
    while (item := ITEM.match(rest)) is not None and item["name"] != "%":
        rest = rest[item.end() :]
    return Piece("until", rest[0]) if rest else Piece("rest")


def _stripped(argument: str | None) -> str | None:
    return None if argument is None else re.sub(r"^(?:begin|end)(?::|$)", "", argument)


def _clock(argument: str | None, value: Piece) -> Piece:
    argument = _stripped(argument)
    if not argument:
        return Piece("clock")
    if argument in EPOCHS or argument in FRACTIONS:
        return Piece("time", r"\d{1,20}")
    if " " in argument or value.kind == "rest":
        return Piece("time", rf".{{1,{LONGEST_TIME}}}?")
    return value
