"""A regex taken apart by the parser of `re` itself: the only one that reads exactly what `re` reads."""

from __future__ import annotations

import re
from re import _constants as code  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

__all__ = ["REPEATS", "SETS", "branches", "code", "parse", "takes"]

SETS = (code.LITERAL, code.NOT_LITERAL, code.ANY, code.IN)
REPEATS = tuple(
    getattr(code, name) for name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT") if hasattr(code, name)
)
CATEGORY = {
    code.CATEGORY_DIGIT: r"\d", code.CATEGORY_NOT_DIGIT: r"\D", code.CATEGORY_SPACE: r"\s",
    code.CATEGORY_NOT_SPACE: r"\S", code.CATEGORY_WORD: r"\w", code.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip


def parse(regex: str) -> list[Any]:
    """The parts of a regex, one after the other: kind and value, as `re` has them."""
    return list(parser.parse(regex, re.MULTILINE))


def branches(kind: Any, value: Any) -> list[list[Any]]:  # noqa: ANN401 - the parser's own values
    """The ways on that a part holds within itself; none for a plain one, and for repeats."""
    if kind is code.SUBPATTERN:
        return [list(value[-1])]
    if kind is code.BRANCH:
        return [list(branch) for branch in value[1]]
    if kind in (code.ASSERT, code.ASSERT_NOT):
        return [list(value[1])]
    if kind is getattr(code, "ATOMIC_GROUP", None):
        return [list(value)]
    return []


def takes(item: Any, char: str) -> bool:  # noqa: ANN401
    """Whether a one-character item matches a character."""
    kind, value = item
    if kind is code.LITERAL:
        return bool(value == ord(char))
    if kind is code.NOT_LITERAL:
        return bool(value != ord(char))
    if kind is code.ANY:
        return char != "\n"
    negated = bool(value) and value[0][0] is code.NEGATE
    return any(_in(part, char) for part in value) != negated


def _in(part: Any, char: str) -> bool:  # noqa: ANN401
    kind, value = part
    if kind is code.LITERAL:
        return bool(value == ord(char))
    if kind is code.RANGE:
        return bool(value[0] <= ord(char) <= value[1])
    if kind is code.CATEGORY:
        return bool(re.match(CATEGORY.get(value, "."), char))
    return False
