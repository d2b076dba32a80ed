"""Codes of httpd and its modules (AH02565, WSGI0174): which patterns and card know one, and which others are near."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.library.pattern import Library, Pattern

CODE = re.compile(r"(?:AH|WSGI)\d{2,6}", re.IGNORECASE)
IN_TEXT = re.compile(r"\b(?:AH\d{5,6}|WSGI\d{4})\b")
WIDTH = {"AH": 5, "WSGI": 4}
"""Digits of a code, by its letters; AH10000 and above have five, too."""
ALIKE = 0.85
"""How much of a code must be right for a slip of the pen: one digit wrong, missing or exchanged for its neighbour."""


def of_code(library: Library, code: str) -> list[Pattern]:
    """The patterns that know a code: those whose own words name it, before those whose examples show it."""
    named = [pattern for pattern in library.patterns if code in codes_of(pattern)]
    return sorted(named, key=lambda pattern: (pattern.fallback, not _says(pattern, code)))


def codes_of(pattern: Pattern) -> list[str]:
    """The codes that a pattern matches, as its literals and examples show them."""
    texts = (*(match.contains for match in pattern.matches), *(example.log for example in pattern.examples))
    return sorted({code for text in texts for code in IN_TEXT.findall(text)})


def whole_code(word: str) -> str:
    """A code as httpd writes it: `ah161` is AH00161."""
    letters, digits = re.match(r"([A-Za-z]+)(\d+)", word).groups()  # type: ignore[union-attr]
    return letters.upper() + digits.lstrip("0").zfill(WIDTH[letters.upper()])


def near_codes(known: Iterable[str], code: str, most: int = 3) -> list[str]:
    """Known codes that may have been meant: slips of the pen first, then the nearest numbers, often of one module."""
    letters = code.rstrip("0123456789")
    alike = sorted({each for each in known if each.rstrip("0123456789") == letters})
    slips = difflib.get_close_matches(code, alike, n=most, cutoff=ALIKE)
    nearest = sorted(alike, key=lambda each: abs(_number(each) - _number(code)))
    return list(dict.fromkeys([*slips[: most - 1], *nearest]))[:most]


def _says(pattern: Pattern, code: str) -> bool:
    return any(code in match.contains or code in (match.regex or "") for match in pattern.matches)


def _number(code: str) -> int:
    return int(code.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") or 0)
