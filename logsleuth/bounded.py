"""Texts that nest, and numbers, read with bounds: no text is deep or long enough to exhaust the stack or memory.

Log lines, change lists, patterns and packs come from others. The parsers below them recurse (json), keep a table for
each part of a dotted key (tomllib), and refuse or accept digits by rules of their own (int).
"""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from typing import Any

from logsleuth.regexes import regex

DEEPEST = 64
"""Arrays and objects within one another; shippers nest five or six."""
LONGEST_JSON = 4 << 20
"""Characters of one JSON text; Docker cuts lines at 16 KiB, the journal's fields are cut at 1 MiB here."""
LONGEST_TOML = 512 << 10
"""Characters of one TOML text: five thousand deploys, or the largest file of cards three times over."""
MOST_DOTS = 3
"""In one line outside of strings: `scope.modules` has one, a number or time another."""
YEARS = range(1970, 2200)
"""Years that a log can be of: a clock that was never set begins with the first, and further ones are damage."""
LAST_SECOND = 7_258_118_400
"""The first second after them, since 1970."""
LONGEST_WORD = 1000
"""Characters of a bare TOML word: numbers of more digits cannot be printed."""
OPENS_JSON = regex('"')
OPENS_TOML = regex("\"\"\"|'''|[\"'#]")
CLOSES = {
    '"': regex(r'\\.|["\n]'), "'": regex(r"['\n]"), "#": regex(r"\n"),
    '"""': regex(r'\\.|"{3,5}', re.DOTALL), "'''": regex(r"'{3,5}"),
}  # fmt: skip
"""What ends a string or comment, by what opens it, and escapes, which do not. (Possessive quantifiers would say it in
one regex, but those of Python 3.11.0 to 3.11.4 are wrong.)"""
BRACKET = regex(r"[\[\]{}]")


def json_object(text: str) -> dict[str, Any] | None:
    """The JSON object that a text is; None: it is not one, or it is too long or too deep."""
    if len(text) > LONGEST_JSON or not text.startswith("{"):
        return None
    if text.count("[") + text.count("{") > DEEPEST and _depth(_bare(text, OPENS_JSON)) > DEEPEST:
        return None
    try:
        found = json.loads(text)
    except ValueError:  # numbers of too many digits are among them
        return None
    return found if isinstance(found, dict) else None


def read_toml(text: str) -> dict[str, Any]:
    """The tables of a TOML text. Raises ValueError with what is wrong, or with what is too long or too deep."""
    import tomllib  # noqa: PLC0415 - where the library is kept, nothing is parsed

    if len(text) > LONGEST_TOML:
        raise ValueError(f"the file has more than {LONGEST_TOML:,} characters")
    bare = _bare(text, OPENS_TOML)
    if _depth(bare) > DEEPEST:
        raise ValueError(f"more than {DEEPEST} arrays or tables stand within one another")
    for line in bare.split("\n"):
        if line.count(".") > MOST_DOTS:
            raise ValueError(f"a line has more than {MOST_DOTS} dots outside of strings")
        if len(line) > LONGEST_WORD and any(len(word) > LONGEST_WORD for word in re.split(r"[\s=,]", line)):
            raise ValueError(f"a bare word has more than {LONGEST_WORD:,} characters")
    return tomllib.loads(text)


def number(text: str, digits: int = 9) -> int | None:
    """The number that a text is, in ASCII digits and at most so many of them; else None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def day_of(seconds: float) -> date:
    """The day of a moment in seconds since 1970, UTC; the nearest that there is, as files may bear any time at all."""
    return datetime.fromtimestamp(min(max(seconds, 0), LAST_SECOND), UTC).date()


def _bare(text: str, opens: re.Pattern[str]) -> str:
    """A text without its strings and comments; one that is not closed goes on to the end."""
    parts, at = [], 0
    while (opened := opens.search(text, at)) is not None:
        parts.append(text[at : opened.start()])
        closed = next((end for end in CLOSES[opened[0]].finditer(text, opened.end()) if end[0][0] != "\\"), None)
        if closed is None:
            return "".join(parts)
        at = closed.end() - (closed[0] == "\n")
    return "".join((*parts, text[at:]))


def _depth(text: str) -> int:
    """How deep brackets stand within one another."""
    depth = most = 0
    for found in BRACKET.finditer(text):
        depth += 1 if found[0] in "[{" else -1
        most = max(most, depth)
    return most
