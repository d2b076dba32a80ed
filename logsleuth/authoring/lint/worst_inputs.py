"""Inputs that are as bad for a regex as its own shape allows: what it begins with, and what it repeats, without an end.

A regex takes long where it can begin at many places and run far from each, or where two repeats can share the same
characters in many ways. Both are made of the regex's own parse: the shortest text that leads up to a repeat, and
then the repeated part over and over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from logsleuth.authoring.lint.syntax import REPEATS, SETS, branches, code, parse, takes

if TYPE_CHECKING:
    from collections.abc import Iterator

MANY = 16
"""A repeat that can go on for as long as this is worth trying."""
PALETTE = "a0 /._-:'\"\\\n\tA([,"
"""Characters tried for a class, most usual first."""
STOPPER = "\x00"
"""What stands at the end, so that a match cannot end there."""


def worst_inputs(regex: str, size: int) -> list[str]:
    """Texts of about `size` characters, each bad for one repeat of the regex in one way; none twice."""
    tree = parse(regex)
    texts: dict[str, None] = {}
    for lead, pump in _pumps(tree, ""):
        for begin, unit in ((lead, pump), ("", lead + pump), ("", lead + pump * MANY), ("", lead + pump * 4 + "\n")):
            if unit:
                body = begin + unit * (max(size - len(begin), 0) // len(unit) + 1)
                texts[body[:size] + STOPPER] = None
    if not texts:
        witness = _shortest(tree) or "a"
        texts[(witness[:-1] or "a") * (size // max(len(witness) - 1, 1) + 1)] = None
    return list(texts)


def _pumps(items: list[Any], lead: str) -> Iterator[tuple[str, str]]:
    """For each long repeat: the shortest text before it, and a text that its body takes."""
    for place, (kind, value) in enumerate(items):
        behind = items[place + 1 :]
        if kind in REPEATS:
            least, most, body = value
            if most >= MANY:
                for pump in _texts_of(list(body), behind):
                    yield lead, pump
            yield from _pumps(list(body), lead)
            lead += _shortest(list(body)) * least
            continue
        for branch in branches(kind, value):
            yield from _pumps(branch, lead)
        lead += _shortest([(kind, value)])


def _texts_of(body: list[Any], behind: list[Any]) -> list[str]:
    """Some texts that a repeat's body takes, those that what stands behind it could take as well among them."""
    if len(body) == 1 and body[0][0] in SETS:
        following = _shortest(behind)[:1]
        tried = [*([following] if following else []), *_shortest(behind), *PALETTE]
        taken = [char for char in dict.fromkeys(tried) if takes(body[0], char)]
        return taken[:4] or [_shortest(body)]
    return [text for text in (_shortest(body),) if text]


def _shortest(items: list[Any]) -> str:
    """A short text that these items match, as far as that can be told piece by piece."""
    parts = []
    for kind, value in items:
        if kind in SETS:
            parts.append(next((char for char in PALETTE if takes((kind, value), char)), "") or _member(kind, value))
        elif kind in REPEATS:
            parts.append(_shortest(list(value[2])) * value[0])
        elif kind in (code.SUBPATTERN, code.BRANCH):
            parts.append(_shortest(branches(kind, value)[0]))
        elif kind is getattr(code, "ATOMIC_GROUP", None):
            parts.append(_shortest(list(value)))
    return "".join(parts)


def _member(kind: Any, value: Any) -> str:  # noqa: ANN401
    """A character that a class of rare ones takes."""
    if kind is code.LITERAL:
        return chr(value)
    return next((chr(n) for n in range(32, 0x250) if takes((kind, value), chr(n))), "a")
