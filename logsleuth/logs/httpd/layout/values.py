"""What the parts of a line's head look like: the kind of a value is recognised by its form and the text around it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logsleuth.logs.httpd.layout.times import time_regex
from logsleuth.logs.httpd.record import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterator

TIMES = (
    "cuz", "cu", "cz", "c", "uz", "u", "z", "", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S", "%d/%b/%Y:%H:%M:%S %z",
    "%d/%b/%Y:%H:%M:%S", "%d/%b/%Y %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%d-%b-%Y %H:%M:%S", "%Y%m%dT%H%M%S",
)  # fmt: skip
"""Arguments of `%{…}t` that are tried, those that take more of the line before those that take less."""
MODULES = re.compile(
    r"(?:mpm_\w+|core|http2?|ssl|proxy\w*|php\d?|wsgi|fcgid|cgid?|perl|rewrite|auth\w+|autoindex|reqtimeout|negotiation"
    r"|include|dir|mime\w*|alias|actions|cache\w*|dav\w*|deflate|env|expires|headers|ldap|lua|macro|md|qos|ratelimit"
    r"|remoteip|security2|session\w*|slotmem\w*|socache\w*|so|status|suexec|unixd|unique_id|userdir|watchdog"
    r"|lbmethod\w*|heart\w+|jk|evasive20|passenger|python)\Z"
)
"""Names of httpd's modules, and of others that are often there."""
LEVEL = re.compile(rf"(?:{'|'.join(sorted(LEVELS, key=len, reverse=True))})(?![\w.-])")
KEY = re.compile(r'"? ?[:=] ?"|=')
"""What follows a word that names a value."""
SHORT_ID = r"(?=[\w+/]{0,10}[a-z])(?=[\w+/]{1,10}[A-Z0-9])(?=[\w+/]{0,10}[A-Z])[\w+/]{11}"
"""An id that core made: eight bytes in base64 without the padding (server/core.c, core_generate_log_id); no word."""
LONG_ID = r"[\w+/@-]{20,27}(?![\w+/@-])"
HEX_ID = (
    r"(?<![\w+/@.-])(?:(?=[0-9]{0,31}[A-Fa-f])[0-9A-Fa-f]{16,64}"
    r"|[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12})(?![\w+/@.-])"
)
"""An id that a proxy made, in hexadecimal digits: X-Request-ID, a trace's id, a UUID (RFC 9562)."""
LONGEST_NUMBER = 15
"""Digits of the numbers that httpd prints: a thread's id on Linux has as many. What has more is an id."""
MIXED = r"(?=[\w+/@-]*(?:\d[\w+/@-]*[A-Za-z]|[A-Za-z][\w+/@-]*\d|[a-z][\w+/@-]*[A-Z][\w+/@-]*[a-z]))"
"""Letters and digits, or small letters and capitals in turn. Cubic: asked only of what is as long as an id."""
VALUE = re.compile(
    "|".join((
        f"(?P<t>{'|'.join(re.sub(r'[?]P<[a-z]+>', '?:', time_regex(name).pattern) for name in TIMES)})",
        r"(?P<E>\((?:(?:EAI|OS) )?\d{1,10}\)[^:|;\t\"]+)",
        r"(?P<a>(?:\d{1,3}(?:\.\d{1,3}){3}|\[?[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}\]?):\d{1,5}(?!\d))",
        r"(?P<F>[\w./-]+\.c(?:pp)?\(\d{1,9}\))",
        r"(?P<v>\d{1,3}(?:\.\d{1,3}){3}(?![\w.-])|(?!\d+\.\d+(?![\w.-]))[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+)",
        # an id of a connection, then of its request; and mod_unique_id's, which have @ and - among their characters
        rf"(?P<L>{SHORT_ID}(?=/(?:{SHORT_ID}(?![\w+/@-])|{LONG_ID}))|{SHORT_ID}(?![\w+/@-])|{HEX_ID}|(?={LONG_ID}){MIXED}{LONG_ID})",
        r"(?P<number>\d+)",
        r"(?P<tag>(?<![\w.-])(?i:pid|tid|p|t)(?=\d{1,19}(?![\w.-])))",
        r"(?P<word>[A-Za-z_][\w-]*)",
        r"(?P<none>-)",
        r"(?P<space> )",
        r"(?P<sign>.)",
    )),
    re.ASCII | re.DOTALL,
)  # fmt: skip
"""Parts of a head; the groups have the names of the directives that print such."""


CODE = re.compile(r"AH\d{5,6}: ")
NUMBERS = ("%P", "%T", "%k")
"""What numbers are, in this order, where no word says it."""
ABSENT = "%-{}e"
"""A hyphen, where a value is missing…"""
ANYTHING = "%-{value}e"
"""…and what it is taken for if it is missing in all lines, or may be anything."""


def time_item(text: str) -> str | None:
    """The item that prints such a time; None: none does."""
    argument = next((name for name in TIMES if time_regex(name).fullmatch(text)), None)
    return argument if argument is None else f"%{{{argument}}}t" if argument else "%t"


def constant(text: str) -> str:
    """A text that stands in a line, as a format has it."""
    return re.sub(r"([\\ ])", r"\\\1", text).replace("%", "%%")


def hyphened(item: str) -> str:
    """The item that prints a hyphen where there is no value."""
    return item if item.startswith("%-") else f"%-{item[1:]}"


def values_of(head: str) -> Iterator[tuple[str, str]]:
    """The parts of a head: a directive's letter, 'number', 'word', 'none', 'space' or 'sign', and the text."""
    for found in VALUE.finditer(head):
        kind, text = found.lastgroup or "sign", found[0]
        if kind == "tag":  # 'P4711'
            kind = "word"
        module, _, level = text.rpartition(".")
        if kind == "v" and LEVEL.fullmatch(level):
            yield from (("m", module), ("sign", "."), ("l", level))
            continue
        if kind == "word" and not KEY.match(head, found.end()):
            if MODULES.match(text) or _is_before_level(head, found.end()):
                kind = "m"
            elif LEVEL.fullmatch(text):
                kind = "l"
        yield kind, text


def _is_before_level(head: str, at: int) -> bool:
    """Whether a colon and a level follow, as in 'core:error'."""
    return head.startswith(":", at) and LEVEL.match(head, at + 1) is not None
