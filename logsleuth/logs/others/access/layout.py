"""A LogFormat (modules/loggers/mod_log_config.c) compiled to a regex over one line's bytes."""

from __future__ import annotations

import re

from logsleuth.errors import LogsleuthError
from logsleuth.values import dataclass

COMMON = r"%h %l %u %t \"%r\" %>s %b"
VHOST_COMBINED = r"%v:%p %h %l %u %t \"%r\" %>s %O"
KNOWN = (VHOST_COMBINED, COMMON)
"""What is recognised without help; nginx's default looks the same. Whatever stands behind it is passed over: the
referer and agent of combined, %D, %T."""

DIRECTIVE = re.compile(r"(?:LogFormat|CustomLog\s+\S+)\s+", re.IGNORECASE)
ITEM = re.compile(r"%[!\d,]*[<>]?[!\d,]*(?:\{(?P<argument>[^}]*)\})?(?P<name>%|\^(?:ti|to|FB)|[A-Za-z])")
ESCAPES = {"n": "\n", "t": "\t"}
QUOTED = rb'(?:[^"\\]|\\.)*+'
"""httpd writes a quote that a client sent as \" and a backslash as \\; nginx writes \x22."""
CLOCK = rb"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}"
MOST_ITEMS = 100
LONGEST_TIME = 100
"""Bytes of a time in a format of its own."""
EPOCHS = {"sec": 1_000_000, "msec": 1000, "usec": 1}
FRACTIONS = {"msec_frac": 1000, "usec_frac": 1}
"""Arguments of %t, and how many microseconds their unit has."""
GROUPS = {"r": b"request", "s": b"status", "h": b"client", "a": b"client", "v": b"vhost", "V": b"vhost", "P": b"pid"}
SHAPES = {"s": rb"\d{3}|-", "p": rb"\d*", "u": rb".*?"}
"""Items of a closer shape; a user's name may hold spaces."""
BOUNDED = frozenset("spt")
"""Items that show where they end."""
TOOK = {"D": 1, "T": 1_000_000}
"""%D and %T, and how many microseconds a unit of theirs has."""
UNITS = {"us": 1, "ms": 1000, "s": 1_000_000}


@dataclass(frozen=True, slots=True)
class AccessLayout:
    """A compiled LogFormat."""

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

    Raises LogsleuthError where it has no time or no status: such a log tells nothing here.
    """
    text = _unquoted(argument)
    if text.count("%") > MOST_ITEMS:
        raise LogsleuthError(f"the access log's format has more than {MOST_ITEMS} items", "name the format of one log")
    parts: list[bytes] = []
    seen: set[bytes] = set()
    seen_shapes: set[str] = set()
    times: list[str] = []
    last_end = -1
    unit, at = 1, 0
    while at < len(text):
        found = ITEM.match(text, at)
        if found is None:
            parts.append(re.escape(text[at].encode()))
            at += 1
            continue
        at = found.end()
        name, argument_ = found["name"], found["argument"]
        if name == "%":
            parts.append(b"%")
            continue
        value = SHAPES.get(name) if name not in seen_shapes else None
        value = value or _value(text[at : at + 1], text[: found.start()], text[at:])
        seen_shapes.add(name)
        if name == "t":
            parts.append(b"(?P<t%d>%s)" % (len(times), _clock(argument_, value)))
            times.append(_stripped(argument_) or "")
            if not _stripped(argument_):
                parts[-1] = rb"\[" + parts[-1] + rb"\]"
            continue
        group = b"took" if name in TOOK else GROUPS.get(name)
        is_beside, last_end = last_end == found.start() and name not in BOUNDED, at if name not in BOUNDED else -1
        if group is None or group in seen or (name == "P" and argument_ not in (None, "pid")):
            parts += [] if is_beside else [value]  # what two items print side by side, one value takes
            continue
        if is_beside:
            raise LogsleuthError(
                f"{found[0]} stands right behind another item in the access log's format",
                "no line shows where it begins",
            )
        seen.add(group)
        if group == b"took":
            unit = UNITS.get(argument_ or "", TOOK[name])
        parts.append(b"(?P<%s>%s)" % (group, value))
    if not times or b"status" not in seen:
        raise LogsleuthError(
            f"the access log's format {argument!r} has no time or no status",
            "name LogFormat's argument, with %t and %s",
        )
    return AccessLayout(
        re.compile(b"".join(parts)), tuple(times), (*(f"t{nth}" for nth in range(len(times))), "status"), unit
    )


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


def _value(following: str, begin: str, rest: str) -> bytes:
    """What an item may print, by the character that stands behind it in the format, and behind items beside it.

    No two values can take the same characters, so that no line takes long.
    """
    if following == '"' and '"' in begin:
        return QUOTED
    while (item := ITEM.match(rest)) is not None and item["name"] != "%":
        rest = rest[item.end() :]
    return rb"[^%s]*?" % re.escape(rest[0].encode()) if rest else rb".*"


def _stripped(argument: str | None) -> str | None:
    return None if argument is None else re.sub(r"^(?:begin|end)(?::|$)", "", argument)


def _clock(argument: str | None, value: bytes) -> bytes:
    argument = _stripped(argument)
    if not argument:
        return CLOCK
    if argument in EPOCHS or argument in FRACTIONS:
        return rb"\d{1,20}"
    return rb".{1,%d}?" % LONGEST_TIME if " " in argument or value == rb".*" else value
