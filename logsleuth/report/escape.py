"""Log text is hostile: it reaches a terminal or markdown only through these."""

from __future__ import annotations

import re
import unicodedata

from logsleuth.regexes import regex

HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories that are shown as escapes: control, format (bidi, zero-width), private, line separators."""
ACTIVE = regex(
    r"(?P<later>:(?=//)|(?<=ww)w(?=\.)|@(?=\w)|#(?=\w)|(?<=\bGH)-(?=\d))|[\\`*\[\]|~$]|(?<![^\W_])_|_(?![^\W_])|!(?=\[)|:(?!\d\d:)(?=[\w+\-]+:)",
    re.IGNORECASE,
)
"""What acts anywhere in a line of markdown: emphasis (an underscore within a word is never any), code, links, tables,
mathematics, emoji codes (none is of two digits, as times of day are); and `later`: addresses, mentions and references,
which forges look for in the text that they have already made of the markdown, where no escape is left (github/markup
issue 1168). Only a zero-width space keeps these from acting."""
GUARD = "&#8203;"
LEADING = regex(r"^(\s*)([-+=>#]|\d+[.)])(?=\s|$|[-=#])")
"""What acts at a line's begin: lists, headings, quotes, rules."""


def visible(text: str) -> str:
    """A text in which nothing acts on a terminal: what is not to be seen is written as an escape."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escaped(char) if unicodedata.category(char) in HIDDEN else char for char in text)


def _escaped(char: str) -> str:
    code = ord(char)
    if char == "\t":
        return "\\t"
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def markdown(text: str) -> str:
    """A text that shows as itself in a paragraph or table cell of GitHub's, GitLab's and Confluence's markdown."""
    text = visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = ACTIVE.sub(lambda found: _entity(found[0]) + (GUARD if found["later"] else ""), text)
    return LEADING.sub(lambda found: found[1] + "".join(map(_entity, found[2])), text)


def _entity(char: str) -> str:
    """A character as itself, without its power: by a backslash where that is read everywhere, else by its number."""
    return f"\\{char}" if char in "*_[]`" else f"&#{ord(char)};"


def fenced(lines: list[str], language: str = "text") -> str:
    """Lines as a fenced block that nothing in them can close."""
    shown = [visible(line) for line in lines]
    longest = max((len(run) for line in shown for run in re.findall(r"`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join((f"{fence}{language}", *shown, fence))
