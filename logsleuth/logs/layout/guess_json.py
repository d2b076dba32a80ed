"""An ErrorLogFormat that makes each line a JSON object, told from the lines, whatever the order of its members."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from logsleuth.logs.layout.times import time_regex
from logsleuth.logs.layout.values import TIMES, values_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MEMBER = re.compile(
    r'"(?P<key>[\w.@ -]{1,60})"(?P<colon> ?: ?)(?:"(?P<text>(?:[^"\\]|\\.)*)"|(?P<bare>[^",{}\[\]]{1,60}))'
)
CODE = re.compile(r"AH\d{5,6}: ")
THREADS = re.compile(r"(?i)thr|tid")
LEAST_SHARE = 0.9
"""Of the lines, so many must have the same members in the same order."""
ABSENT = "%-{}e"
"""A value that is a hyphen in all lines…"""
ANYTHING = "%-{value}e"
"""…and one that may be anything."""


def json_format(lines: Sequence[str]) -> str | None:
    """The format of lines that are JSON objects; None: they are not, or none of their members is a message."""
    objects = [found for line in lines if (found := _members(line))]
    if not objects or len(objects) < LEAST_SHARE * len(lines):
        return None
    shape, count = Counter(_constants(line, members) for line, members in objects).most_common(1)[0]
    if count < LEAST_SHARE * len(lines):
        return None
    alike = [members for line, members in objects if _constants(line, members) == shape]
    items = _items([[_value(member) for member in column] for column in zip(*alike, strict=True)], _keys(alike[0]))
    if "%M" not in items:
        return None
    return "".join(before + item for before, item in zip(shape, (*items, ""), strict=True))


def _members(line: str) -> tuple[str, list[re.Match[str]]] | None:
    """An object's line and its members; None: it is none."""
    line = line.strip()
    if not line.startswith("{") or not line.endswith("}"):
        return None
    members = list(MEMBER.finditer(line))
    return (line, members) if members else None


def _constants(line: str, members: Sequence[re.Match[str]]) -> tuple[str, ...]:
    """What stands before, between and behind the values, as a format has it."""
    parts, at = [], 0
    for member in members:
        group = "text" if member["text"] is not None else "bare"
        parts.append(line[at : member.start(group)])
        at = member.end(group)
    return tuple(re.sub(r"([\\ ])", r"\\\1", part).replace("%", "%%") for part in (*parts, line[at:]))


def _value(member: re.Match[str]) -> str:
    return member["text"] if member["text"] is not None else member["bare"].strip()


def _keys(members: Sequence[re.Match[str]]) -> list[str]:
    return [member["key"] for member in members]


def _items(columns: Sequence[Sequence[str]], keys: Sequence[str]) -> list[str]:
    """The directive of each column: the message is the one in which most codes stand."""
    codes = [sum(CODE.search(value) is not None for value in column) for column in columns]
    message = codes.index(max(codes)) if max(codes) else -1
    pids = iter(("%P", "%T", "%k"))
    found = []
    for number, (column, key) in enumerate(zip(columns, keys, strict=True)):
        if number == message:
            found.append("%M")
            continue
        kinds = Counter(_kind(value) for value in column if value != "-")
        item = _directive(kinds, column, key, pids)
        found.append(item.replace("%", "%-", 1) if "-" in column and not item.startswith("%-") else item)
    return found


def _kind(value: str) -> str:
    """What a whole value is; empty: nothing of httpd's."""
    parts = [(kind, text) for kind, text in values_of(value) if kind != "space"]
    if len(parts) == 1 and parts[0][1] == value:
        return parts[0][0]
    return "E" if parts and parts[0][0] == "E" else ""


def _directive(kinds: Counter[str], column: Sequence[str], key: str, numbers: Iterator[str]) -> str:
    """The directive of a column with these kinds of values."""
    if not kinds:
        return ABSENT
    kind = "m" if kinds["m"] and set(kinds) <= {"m", "word"} else kinds.most_common(1)[0][0]
    if kind == "number":
        return "%T" if THREADS.search(key) else next(numbers, "%k")
    if kind == "t":
        argument = next((name for name in TIMES if time_regex(name).fullmatch(column[0])), None)
        return ANYTHING if argument is None else f"%{{{argument}}}t" if argument else "%t"
    return f"%-{kind}" if kind in "lmEaFvL" and kind else ANYTHING
