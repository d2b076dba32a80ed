"""Why no pattern matches a line: which came near, and which part of each did not fit."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from logsleuth.authoring.lint.syntax import parse
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from logsleuth.authoring.reading import Said
    from logsleuth.library.pattern import Library, Match, Pattern

LEAST = 0.45
"""How much of a literal must stand in the text for a pattern to be near."""
MOST = 5
SHORTEST = 4
"""Characters of a piece of a literal that counts."""


@dataclass(frozen=True, slots=True)
class Near:
    """A pattern that nearly matches."""

    pattern: Pattern
    number: int
    """Of its [[match]], from 1."""
    closeness: float
    """0 to 1: by how much it fits."""
    problem: str
    """Which part of it did not fit, and where."""


def near(library: Library, said: Said, source: str = "httpd", most: int = MOST) -> list[Near]:
    """The patterns that come nearest to matching an entry, nearest first."""
    matched = {hit.pattern for hit in said.hits}
    found = []
    for index, pattern in enumerate(library.patterns):
        if index in matched or source not in (pattern.scope.sources or ("httpd",)):
            continue
        best = max((_judge(pattern, n, said) for n in range(len(pattern.matches))), key=lambda n: n.closeness)
        if best.closeness >= LEAST:
            found.append(best)
    return sorted(found, key=lambda n: (-n.closeness, n.pattern.id))[:most]


def _judge(pattern: Pattern, nth: int, said: Said) -> Near:
    match = pattern.matches[nth]
    if match.contains not in said.text:
        share, part = _common(match.contains, said.text)
        problem = f"the literal {match.contains!r} is not there; of it only {part!r} is"
        return Near(pattern, nth + 1, share * 0.8, problem)
    excluded = _excluded(pattern, said)
    reach, problem = _how_far(match, said.text)
    if problem:
        both = f"; also, {excluded}" if excluded else ""
        return Near(pattern, nth + 1, 0.8 + 0.15 * reach, problem + both)
    return Near(pattern, nth + 1, 1.0, excluded or "it gives way to a pattern that is no fallback")


def _common(literal: str, text: str) -> tuple[float, str]:
    """How much of a literal stands in a text, in pieces and in order, and the longest of these."""
    blocks = SequenceMatcher(None, literal, text[:800], autojunk=False).get_matching_blocks()
    pieces = [literal[block.a : block.a + block.size] for block in blocks if block.size >= SHORTEST]
    return sum(map(len, pieces)) / len(literal), max(pieces, key=len, default="")


def _excluded(pattern: Pattern, said: Said) -> str:
    """Which part of the scope the entry is not in; '' if it is in it."""
    module, level = said.kind
    scope = pattern.scope
    if scope.modules and module not in scope.modules:
        return f"[scope] modules {list(scope.modules)} do not hold {module!r}"
    if scope.levels and level and level not in scope.levels:
        return f"[scope] levels {list(scope.levels)} do not hold {level!r}"
    return ""


def _how_far(match: Match, text: str) -> tuple[float, str]:
    """How much of a regex fits, 0 to 1, and where it stops; no words if all of it does."""
    if match.regex is None or re.search(match.regex, text, re.MULTILINE):
        return 1.0, ""
    longest, rest, end = "", match.regex, 0
    for cut in _cuts(match.regex):
        found = re.search(match.regex[:cut], text, re.MULTILINE)
        if found is None:
            break
        longest, rest, end = match.regex[:cut], match.regex[cut:], found.end()
    share = len(longest) / len(match.regex)
    if not longest.strip("^"):
        return share, f"the regex fits nowhere: it begins with {match.regex[:60]!r}"
    there = text[end : end + 60].split("\n", maxsplit=1)[0]
    return share, f"the regex fits up to …{longest[-30:]!r}, then wants {rest[:50]!r} where the text has {there!r}"


def _cuts(regex: str) -> list[int]:
    """Lengths at which a regex can be cut off so that what is left is a regex, shortest first."""
    cuts = []
    for length in range(1, len(regex)):
        try:
            parse(regex[:length])
        except (re.error, OverflowError):
            continue
        if regex[length] not in "*+?{":
            cuts.append(length)
    return cuts
