"""Log text is hostile: it reaches a terminal or markdown only through these."""

from __future__ import annotations

import re
import unicodedata

HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories that are shown as escapes: control, format (bidi, zero-width), private, line separators."""
MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~$=:^])")
FENCE = re.compile(r"`{3,}")


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
    text = visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("@", "&#64;")
    return MARKDOWN.sub(lambda found: f"&#{ord(found[1])};" if found[1] in ":|`\\" else f"\\{found[1]}", text)


def fenced(lines: list[str], language: str = "text") -> str:
    """Lines as a fenced block that nothing in them can close."""
    shown = [visible(line) for line in lines]
    longest = max((len(run) for line in shown for run in re.findall(r"`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join((f"{fence}{language}", *shown, fence))
