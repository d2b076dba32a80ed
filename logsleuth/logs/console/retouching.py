"""What forums, chats, trackers and word processors do to a line.

Emphasis, curly quotation marks, spaces before colons, characters without a width, escaped brackets.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logsleuth.regexes import regex

if TYPE_CHECKING:
    from collections.abc import Iterable

_CODE = r"(?:AH\d{5,6}|WSGI\d{4})"
_EMPHASIS = r"(?:strong|em|mark|kbd|font|color|size|b|i|u)"
_SPACE = "[ \u00a0\u202f]"
"""Narrow and plain no-break spaces are what word processors put before a colon in French."""
_WIDE_COLON = "\uff1a"

STARS = regex(r"(?<![*\w/\\])\*\*(?P<inner>(?![\s*])(?:(?!\*\*).)*?[^\s*])\*\*(?![*\w/])")
"""`**…**` of Markdown. Stars of glibc (`*** Error …`), of Python (`**kwargs`) and of globs (`/**/`) stay."""
OPENED = regex(r"\s{0,8}(?:\*{1,3}|_{1,3})(?=\[|\(\d{1,5}\)|AH\d{5})")
"""Emphasis that starts where a line of httpd's starts; it may end on the same line, or some lines below."""
CLOSED = regex(r"(?<![\s*_])(?:\*{1,3}|_{1,3})\s{0,8}\Z")
CLOSED_BELOW = regex(r"(?<![\s*/])\*\*\s{0,8}\Z")
"""The end of emphasis that started some lines above."""
TAG = regex(rf"</?{_EMPHASIS}(?: (?:style|class|color|size|face)=[^<>]{{0,80}})?>", re.IGNORECASE)
BBCODE = regex(rf"\[(?P<tag>{_EMPHASIS})(?:=[^\[\]]{{1,40}})?\](?P<inner>.{{0,400}}?)\[/(?P=tag)\]", re.IGNORECASE)
BBCODE_EDGE = regex(rf"\s{{0,8}}\[{_EMPHASIS}(?:=[^\[\]]{{1,40}})?\](?=\[|\(|AH)|\[/{_EMPHASIS}\]\s{{0,8}}\Z")
INVISIBLE = regex(
    "[\u200b\u200c\u200d\u2060\ufeff]|&#(?:8203|8204|8205|8288|65279|x200[bBcCdD]);|&(?:zwnj|zwj|ZeroWidthSpace);"
)
"""Characters without a width, by which trackers keep `:39` from becoming a picture; also as HTML's entities."""
ESCAPED = regex(r"\s{0,8}\\[\[(]")
"""A line of httpd's whose brackets were escaped for Markdown."""
ESCAPE = regex(r"\\([\[\](){}<>*_#+\-.!|`~])")
LONGEST = 8000
"""Characters of a line that somebody may have edited by hand."""
DEEPEST = 4
"""Tags of BBCode within one another."""
SPACED = regex(rf"(?:{_CODE}|\(\d{{1,5}}\)[A-Z][^:\[\n]{{2,60}}?){_SPACE}{{1,2}}:(?={_SPACE})|{_CODE}{_WIDE_COLON}")
"""A space before the colon of a code or of an error of the system: some languages are typed so."""
BEFORE_COLON = regex(rf"(?<=[\w\])'\"]){_SPACE}{{1,2}}:(?={_SPACE})")
WIDE_COLON = regex(rf"{_WIDE_COLON} ?")
HARD_SPACE = regex("[\u00a0\u202f]")
QUOTES = str.maketrans({"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"'})
OWN_EMPHASISED = regex(
    rf"(?:\*\*|<(?:b|strong|em|i)>|\[b\])(?:\[|\(\d{{1,5}}\)|{_CODE})|{_CODE}: (?:\*\*|<(?:b|strong|em|i)>)",
    re.IGNORECASE,
)
"""Emphasis around what httpd itself writes, which no program puts into a log."""
HINTS = (b"**", b"<b>", b"<strong>", b"<em>", b"<i>", b"[b]", b" :", b"\xa0:", b"\xaf:", _WIDE_COLON.encode())
"""One of these bytes is in every retouched line: most logs hold none of them, and that is seen fast."""


def without_retouching(text: str) -> str:
    """The line as the program wrote it, as far as that can be known."""
    if len(text) > LONGEST:
        return text
    if "&" in text or not text.isascii():
        text = INVISIBLE.sub("", text)
    if ESCAPED.match(text):
        text = ESCAPE.sub(r"\1", text)
    if "*" in text or text.lstrip()[:1] == "_":
        text = _without_marks(text)
    if "<" in text:
        text = TAG.sub("", text)
    if "[/" in text or text.lstrip()[:1] == "[":
        text = BBCODE_EDGE.sub("", _without_bbcode(text))
    if not text.isascii():
        text = text.translate(QUOTES)
    return _with_plain_colons(text) if SPACED.search(text) else text


def retouched_among(lines: Iterable[bytes]) -> int:
    """The number of lines that show, inside of what httpd writes, that somebody edited them."""
    suspects = (line.decode("utf-8", "replace") for line in lines if any(hint in line for hint in HINTS))
    return sum(1 for text in suspects if OWN_EMPHASISED.search(text) or SPACED.search(text))


def _without_marks(text: str) -> str:
    text = STARS.sub(lambda found: found["inner"], text)
    opened = OPENED.match(text)
    return CLOSED_BELOW.sub("", text) if opened is None else CLOSED.sub("", text[opened.end() :])


def _without_bbcode(text: str) -> str:
    for _ in range(DEEPEST):
        text, count = BBCODE.subn(lambda found: found["inner"], text)
        if not count:
            break
    return text


def _with_plain_colons(text: str) -> str:
    return HARD_SPACE.sub(" ", WIDE_COLON.sub(": ", BEFORE_COLON.sub(":", text)))
