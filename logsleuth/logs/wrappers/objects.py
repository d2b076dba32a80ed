"""One JSON object on a line, and what is at its paths."""

from __future__ import annotations

from collections.abc import Mapping

from logsleuth.bounded import json_object

DEEPEST_PATH = 6
"""Steps of a path that is looked up."""

Fields = Mapping[str, object]


def object_of(line: str) -> Fields | None:
    """The object that a line holds, also as a list's element; None: it holds none, or one beyond the bounds."""
    return json_object(line.strip(" \t\r\n\x1e\ufeff,"))


def value_at(fields: Fields, path: str, depth: int = DEEPEST_PATH) -> object:
    """The value at a dotted path; None: there is none.

    Keys may hold dots themselves, as flattened records have them; a list of one value is that value.
    """
    if path in fields:
        value = fields[path]
        return value[0] if isinstance(value, list) and len(value) == 1 else value
    at = path.find(".")
    while at > 0 and depth > 0:
        inner = fields.get(path[:at])
        if isinstance(inner, dict) and (value := value_at(inner, path[at + 1 :], depth - 1)) is not None:
            return value
        at = path.find(".", at + 1)
    return None


def first_at(fields: Fields, paths: tuple[str, ...]) -> object:
    """The value at the first of these paths that has one."""
    for path in paths:
        if (value := value_at(fields, path)) is not None:
            return value
    return None


def text_at(fields: Fields, paths: tuple[str, ...]) -> str | None:
    """The text or number at the first of these paths that has one, as text; None: there is none."""
    for path in paths:
        value = value_at(fields, path)
        if isinstance(value, str) and value:
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
    return None
