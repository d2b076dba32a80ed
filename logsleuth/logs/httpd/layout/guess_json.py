"""Infers an ErrorLogFormat that makes each line a JSON object, with its members in any order."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from logsleuth.logs.httpd.layout.values import (
    ABSENT,
    ANYTHING,
    CODE,
    NUMBERS,
    constant,
    hyphened,
    time_item,
    values_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MEMBER = re.compile(r'"(?P<key>[\w.@ -]{1,60})" ?: ?(?:"(?P<text>(?:[^"\\]|\\.)*)"|(?P<bare>[^",{}\[\]]{1,60}))')
THREADS = re.compile(r"(?i)thr|tid")
LEAST_SHARE = 0.9
"""Share of the lines that must have the members of one of the formats, in its order."""
MOST_SHAPES = 4
"""httpd leaves a member out where it has no value, such as a client: one ErrorLogFormat makes lines of some shapes."""


def json_formats(lines: Sequence[str]) -> tuple[str, ...]:
    """The formats of lines that are JSON objects, the commonest first; (): they are not, or none has a message."""
    by_shape: dict[tuple[str, ...], list[list[re.Match[str]]]] = {}
    for line in lines:
        if members := _members(line.strip()):
            by_shape.setdefault(_constants(members), []).append(members)
    common = sorted(by_shape.items(), key=lambda item: -len(item[1]))[:MOST_SHAPES]
    if sum(len(alike) for _, alike in common) < LEAST_SHARE * len(lines):
        return ()
    message = _key_of_messages([members for alike in by_shape.values() for members in alike])
    found = (_format(shape, alike, message) for shape, alike in common)
    return tuple(text for text in found if text is not None)


def _format(shape: tuple[str, ...], alike: Sequence[Sequence[re.Match[str]]], message: str | None) -> str | None:
    """The format of lines of one shape; `message`: the key of what is said. None: they have no such member."""
    columns = [[_value(member) for member in column] for column in zip(*alike, strict=True)]
    items = _items(columns, [member["key"] for member in alike[0]], message)
    if "%M" not in items:
        return None
    return "".join(before + item for before, item in zip(shape, (*items, ""), strict=True))


def _members(line: str) -> list[re.Match[str]]:
    """An object's members; none: it is no object."""
    return list(MEMBER.finditer(line)) if line.startswith("{") and line.endswith("}") else []


def _constants(members: Sequence[re.Match[str]]) -> tuple[str, ...]:
    """What stands before, between and behind the values, as a format has it."""
    line = members[0].string
    parts, at = [], 0
    for member in members:
        begin, end = member.span("text" if member["text"] is not None else "bare")
        parts.append(line[at:begin])
        at = end
    return tuple(constant(part) for part in (*parts, line[at:]))


def _value(member: re.Match[str]) -> str:
    return member["text"] if member["text"] is not None else member["bare"].strip()


def _key_of_messages(lines: Sequence[Sequence[re.Match[str]]]) -> str | None:
    """The key under which most codes stand, in lines of any shape; None: no line has one."""
    coded = Counter(member["key"] for members in lines for member in members if CODE.search(_value(member)))
    return coded.most_common(1)[0][0] if coded else None


def _items(columns: Sequence[Sequence[str]], keys: Sequence[str], message: str | None) -> list[str]:
    """The directive of each column; `message`: the key of the one that is the message."""
    numbers = iter(NUMBERS)
    found = []
    for column, key in zip(columns, keys, strict=True):
        if key == message:
            found.append("%M")
            continue
        kinds = Counter(_kind(value) for value in column if value != "-")
        item = _directive(kinds, column[0], key, numbers)
        found.append(hyphened(item) if "-" in column else item)
    return found


def _kind(value: str) -> str:
    """What a whole value is; empty: nothing of httpd's."""
    parts = [(kind, text) for kind, text in values_of(value) if kind != "space"]
    if len(parts) == 1 and parts[0][1] == value:
        return parts[0][0]
    return "E" if parts and parts[0][0] == "E" else ""


def _directive(kinds: Counter[str], first: str, key: str, numbers: Iterator[str]) -> str:
    """The directive of a column with these kinds of values; `first`: the first of them."""
    if not kinds:
        return ABSENT
    kind = "m" if kinds["m"] and set(kinds) <= {"m", "word"} else kinds.most_common(1)[0][0]
    if kind == "number":
        return "%T" if THREADS.search(key) else next(numbers, "%k")
    if kind == "t":
        return time_item(first) or ANYTHING
    return f"%-{kind}" if kind and kind in "lmEaFvL" else ANYTHING
