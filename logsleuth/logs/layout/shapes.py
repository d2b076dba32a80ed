"""What the value of each directive looks like in a line, when there is one (the `log_*` functions of server/log.c)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logsleuth.logs.layout.times import time_regex
from logsleuth.logs.record import LEVELS

if TYPE_CHECKING:
    from logsleuth.logs.layout.items import Item, Role

EXACT = {
    "l": re.compile("|".join(sorted(LEVELS, key=len, reverse=True))),
    "P": re.compile(r"\d{1,10}", re.ASCII),
    "T": re.compile(r"\d{1,20}", re.ASCII),
    "k": re.compile(r"-?\d{1,10}", re.ASCII),
}
"""Values whose end is seen from the value itself."""

WORD = re.compile(r"[^\s]+")
ANY = re.compile(r".*", re.DOTALL)
ADDRESS = re.compile(r".*:\d{1,5}", re.ASCII)
SPANS: dict[str, tuple[re.Pattern[str], re.Pattern[str] | None]] = {
    "a": (WORD, ADDRESS),
    "A": (WORD, ADDRESS),
    # apr_strerror's words may be any
    "E": (ANY, re.compile(r"\((?:(?:EAI|OS) )?-?\d{1,10}\).*|\(os 0x[0-9a-f]{8,16}\).*", re.ASCII | re.DOTALL)),
    "F": (WORD, re.compile(r".+\(\d{1,9}\)", re.ASCII)),
    # base64 of httpd's own, or mod_unique_id's alphabet
    "L": (re.compile(r"[\w+/@.=~-]+", re.ASCII), None),
    "m": (re.compile(r"[\w.\-]+", re.ASCII), None),
    "v": (WORD, None),
    "V": (WORD, None),
    "e": (ANY, None),
    "i": (ANY, None),
    "n": (ANY, None),
    "M": (ANY, None),
}
"""Values that end where what follows them begins: the signs they are made of, and the shape of the whole."""

ALWAYS = "PMt"
"""Directives that always have a value; a message always has a level too, a connection or request has none."""


def exact(item: Item) -> re.Pattern[str] | None:
    """The regex of a value that ends by itself; None for the others."""
    if item.directive == "t":
        return time_regex(item.argument)
    return EXACT.get(item.directive)


def may_be_empty(item: Item, role: Role) -> bool:
    """Whether httpd can find no value for it, or is told to leave it out, and so deletes its field."""
    if item.directive == "":
        return False
    if item.level:
        return True
    if item.directive in ALWAYS or (item.directive == "l" and role == "main"):
        return False
    return not item.hyphen and not item.required
