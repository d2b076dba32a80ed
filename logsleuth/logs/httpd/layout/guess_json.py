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
"""Share of the lines that must have the same members in the same order."""


def json_format(lines: Sequence[str]) -> str | None:
    """The format of lines that are JSON objects; None: they are not, or none of their members is a message."""
    by_shape: dict[tuple[str, ...], list[list[re.Match[str]]]] = {}
    for line in lines:
        if members := _members(line.strip()):
            by_shape.setdefault(_constants(members), []).append(members)
    shape, alike = max(by_shape.items(), key=lambda item: len(item[1]), default=((), []))
    if not alike or len(alike) < LEAST_SHARE * len(lines):
        return None
    columns = [[_value(member) for member in column] for column in zip(*alike, strict=True)]
    items = _items(columns, [member["key"] for member in alike[0]])
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


def _items(columns: Sequence[Sequence[str]], keys: Sequence[str]) -> list[str]:
    """The directive of each column: the message is the one in which most codes stand."""
    codes = [sum(CODE.search(value) is not None for value in column) for column in columns]
    message = codes.index(max(codes)) if max(codes) else -1
    numbers = iter(NUMBERS)
    found = []
    for number, (column, key) in enumerate(zip(columns, keys, strict=True)):
        if number == message:
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
