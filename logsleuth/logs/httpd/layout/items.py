"""An `ErrorLogFormat` string taken apart into its items, by the rules of httpd's `server/core.c`.

`parse_errorlog_string` there decides three things that no look at the string shows: a constant takes the spaces
that it begins with, and ends at the next unescaped one; an unescaped space begins a new field; `% ` does so
without being printed.
"""

from __future__ import annotations

from typing import Literal

from logsleuth.errors import LogsleuthError
from logsleuth.values import dataclass

Role = Literal["main", "connection", "request"]
"""What lines a format is for: messages, or what is said once before the first message of each connection or request."""

DIRECTIVES = "aAeEFiklLmMnPTtvV"
NEEDS_NAME = "ein"
"""Directives that take a value out of a table, by name."""
DEEPEST = 15
"""The number of trace8, the least severe level."""
ESCAPES = {"r": "\r", "n": "\n", "t": "\t"}


@dataclass(frozen=True, slots=True)
class Item:
    """One constant, or one `%` directive with its modifiers."""

    directive: str
    """Its letter; '' is a constant."""
    argument: str | None = None
    """The text in braces, or a constant's text."""
    separates: bool = False
    """A new field begins with it."""
    hyphen: bool = False
    """`%-x`: printed as '-' if it has no value."""
    required: bool = False
    """`%+x`: the whole line is left out if it has no value."""
    level: int = 0
    """`%7x`: its field is only printed for messages of this level or a less severe one."""


MOST_ITEMS = 200
"""Of one format: people have thirty, with the texts between them."""


def parse_items(text: str, role: Role = "main") -> list[Item]:
    """The items of a format, as httpd sees its string: after quotes were taken off.

    Raises LogsleuthError with the item and its column if httpd would refuse the format.
    """
    items: list[Item] = []
    at = 0
    while at < len(text):
        item, after = _item(text, at)
        _check(item, role, text, at)
        items.append(item)
        at = after
        if len(items) > MOST_ITEMS:
            raise LogsleuthError(f"the log format has more than {MOST_ITEMS} items", "name the format of one log")
    if not items:
        raise LogsleuthError("the log format is empty", EXAMPLE)
    if role == "main" and not any(item.directive == "M" for item in items):
        raise LogsleuthError(f"the log format '{text}' has no %M, so its lines have no message", EXAMPLE)
    return items


EXAMPLE = "give ErrorLogFormat's argument as it is in httpd.conf: '[%{u}t] [%-m:%l] [pid %P:tid %T] %E: [%a] %M'"


def _item(text: str, at: int) -> tuple[Item, int]:
    """The item that begins there, and where the next one does."""
    separates = False
    while text.startswith("% ", at):
        separates = True
        at += 2
    if text.startswith("%%", at):
        return Item("", "%", separates), at + 2
    if text.startswith("%", at):
        return _directive(text, at, separates=separates)
    constant, after = _constant(text, at)
    return Item("", constant, separates or text.startswith(" ", at)), after


def _constant(text: str, at: int) -> tuple[str, int]:
    """Its text, and where it ends: before a directive, or an unescaped space that is not among its first characters."""
    taken: list[str] = []
    at_start = True  # an escaped character does not end the start, in httpd as here
    while at < len(text) and text[at] != "%" and (text[at] != " " or at_start):
        if text[at] != "\\":
            at_start = at_start and text[at] == " "
            taken.append(text[at])
            at += 1
        elif at + 1 == len(text):
            taken.append("\\")
            at += 1
        else:
            taken.append(ESCAPES.get(text[at + 1], text[at + 1]))
            at += 2
    return "".join(taken), at


def _directive(text: str, begin: int, *, separates: bool) -> tuple[Item, int]:
    argument: str | None = None
    hyphen = required = False
    level = 0
    at = begin + 1
    while at < len(text):
        sign = text[at]
        if sign == "{":
            end = text.find("}", at)
            end = len(text) if end < 0 else end
            argument, at = text[at + 1 : end], end + 1
        elif sign in "0123456789":
            stop = at
            while stop < len(text) and text[stop] in "0123456789":
                stop += 1
            level, at = int(text[at:stop][:9]), stop
        elif sign in "+-":
            hyphen, required = hyphen or sign == "-", required or sign == "+"
            at += 1
        elif sign in DIRECTIVES:
            return Item(sign, argument, separates, hyphen, required, level), at + 1
        else:
            raise _refused(
                text, begin, f"httpd knows no item %{sign}", f"it knows {', '.join('%' + d for d in DIRECTIVES)}"
            )
    raise _refused(text, begin, f"'{text[begin:]}' does not end", "an item ends with its letter, as in %{u}t")


def _check(item: Item, role: Role, text: str, at: int) -> None:
    if item.required and role == "main":
        raise _refused(text, at, "a '+' is for connection and request formats", "leave it out")
    if item.level and role != "main":
        raise _refused(text, at, f"a level is not a condition in {role} formats", "leave it out")
    if item.level > DEEPEST:
        raise _refused(text, at, f"{item.level} is not a level", "levels go from 0 (emerg) to 15 (trace8); debug is 7")
    if item.directive == "M" and role != "main":
        raise _refused(text, at, f"%M has no place in {role} formats", "leave it out")
    if item.directive in NEEDS_NAME and item.directive and not item.argument:
        raise _refused(text, at, f"%{item.directive} needs a name", f"as in %{{Referer}}{item.directive}")


def _refused(text: str, at: int, why: str, hint: str) -> LogsleuthError:
    return LogsleuthError(f"not a log format of httpd's: {why} (column {at + 1} of '{text}')", hint)
