"""Lines that are quoted: by a mailer or an issue (`> `), by quotation marks, as code; and the fences around code."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from logsleuth.logs.wrappers.peeled import Peeled

if TYPE_CHECKING:
    from datetime import date

QUOTED = re.compile(r"\s{0,8}(?:(?:>|&gt;)[ \t]?)+")
EVENT_END = re.compile(r"\s{2,}\.\"?,?\s*\Z")
"""Windows' event log quotes httpd's words so, and ends them with a full stop of its own."""
BULLET = re.compile(r"\s{0,8}(?:[-*+•]|\d{1,3}[.)])\s+(?=\S)")
MARKS = {'"': '"', "'": "'", "`": "`", "“": "”", "«": "»", "‘": "’"}
STRING = re.compile(r'("(?:[^"\\]|\\.)*")[,;]?')
HTML = re.compile(r"\s{0,8}(?:</?(?:p|pre|code|li|ul|ol|br ?/?|blockquote|span|div|td|tr)(?: [^<>]{0,200})?>\s{0,4})+")
HTML_END = re.compile(r"(?:</?(?:p|pre|code|li|br ?/?|blockquote|span|div|td|tr)>\s{0,4})+\Z")
ENTITIES = {"&gt;": ">", "&lt;": "<", "&quot;": '"', "&#39;": "'", "&#039;": "'", "&nbsp;": " ", "&amp;": "&"}
FENCE = re.compile(
    r"\s{0,8}(?:>\s?)*(?:```+\s?[\w.+\-]{0,20}|~~~+\s?[\w.+\-]{0,20}|\{(?:code|noformat)(?::[^}]{0,80})?\}"
    r"|\[/?(?:code|quote|php|log)(?:=[^\]]{0,80})?\]|</?(?:pre|code|blockquote)>|-{3,}|={3,}|\*{3,})\s*\Z"
)


def is_fence(text: str) -> bool:
    """Whether the line only says that a block begins or ends."""
    return FENCE.match(text) is not None


def peel_quote(text: str, _: date) -> Peeled | None:
    """`> `, as often as it stands there."""
    found = QUOTED.match(text)
    if found is None:
        return None
    inner = text[found.end() :]
    return Peeled(EVENT_END.sub("", inner) if found[0].startswith(">>> ") else inner)


def peel_bullet(text: str, _: date) -> Peeled | None:
    """An item of a list: `- `, `* `, `1. `."""
    found = BULLET.match(text)
    return None if found is None else Peeled(text[found.end() :])


def peel_marks(text: str, _: date) -> Peeled | None:
    """Quotation marks or backquotes around the line, or before it alone."""
    inner = text.strip()
    end = MARKS.get(inner[:1])
    if end is None:
        return None
    if end == '"' and (string := STRING.fullmatch(inner)):
        return Peeled(_unescaped(string[1]))
    if inner.startswith("``"):
        return Peeled(inner.strip("`"))
    return Peeled(inner[1:-1] if len(inner) > 1 and inner.endswith(end) else inner[1:])


def _unescaped(string: str) -> str:
    """What a string of JSON, or of a language like it, says."""
    try:
        said = json.loads(string)
    except ValueError:
        return string[1:-1]
    return said if isinstance(said, str) else string[1:-1]


def peel_html(text: str, _: date) -> Peeled | None:
    """Tags of HTML around the line, and the entities in it."""
    found = HTML.match(text)
    inner = HTML_END.sub("", text[found.end() :] if found else text)
    if inner != text or "&gt;" in text or "&lt;" in text or "&quot;" in text:
        for entity, char in ENTITIES.items():
            inner = inner.replace(entity, char)
    return None if inner == text else Peeled(inner)
