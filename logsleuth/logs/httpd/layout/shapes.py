"""What the value of each directive looks like in a line, when there is one (the `log_*` functions of server/log.c)."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from logsleuth.logs.httpd.layout.times import time_regex
from logsleuth.logs.httpd.record import LEVELS

if TYPE_CHECKING:
    from logsleuth.logs.httpd.layout.items import Item, Role

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
HOST = re.compile(r"\[?[0-9A-Fa-f]*:[0-9A-Fa-f:.]+\]?|[^\s:]+")
ERROR_BEGIN = re.compile(r"\((?:(?:EAI|OS) )?-?\d{1,10}\)|\(os 0x[0-9a-f]{8,16}\)", re.ASCII)
SPANS: dict[str, tuple[re.Pattern[str], re.Pattern[str] | None]] = {
    "a": (WORD, ADDRESS),
    "A": (WORD, ADDRESS),
    # apr_strerror's words may be any; how it begins is seen by ERROR_BEGIN
    "E": (ANY, None),
    "F": (WORD, re.compile(r".+\(\d{1,9}\)", re.ASCII)),
    # base64 of httpd's own, or mod_unique_id's alphabet
    "L": (re.compile(r"[\w+/@.=~-]+", re.ASCII), None),
    "m": (re.compile(r"[\w.\-]+", re.ASCII), None),
    "v": (HOST, None),
    "V": (HOST, None),
    "e": (ANY, None),
    "i": (ANY, None),
    "n": (ANY, None),
    "M": (ANY, None),
}
"""Values that end where what follows them begins: the signs they are made of, and the shape of the whole."""

APR_WORDS = (
    "The timeout specified has expired", "End of file found", "Partial results are valid but processing is incomplete",
    "Internal error", "Internal error (specific information not available)", "Unknown error",
    "The given path was above the root path", "The given path misformatted or contained invalid characters",
    "This function has not been implemented on this platform", "No host data of that type was available",
    "The process is not recognized.", "An error occurred during the name resolution", "passwords do not match",
    "Name or service not known", "Temporary failure in name resolution",
)  # fmt: skip
"""What apr_strerror says of errors that are APR's own or the resolver's (misc/unix/errorcodes.c)."""


def error_words() -> set[str]:
    """What errors are in words: the operating system's, APR's and the resolver's."""
    words = {os.strerror(number) for number in range(1, 134)} | set(APR_WORDS)
    return {word for word in words if not word.startswith("Unknown error ")}


@lru_cache(maxsize=1)
def known_errors() -> re.Pattern[str]:
    """An error in words that are known: where a format has only a space behind `%E`, they tell where it ends."""
    longest_first = sorted(error_words(), key=len, reverse=True)
    return re.compile(rf"\((?:(?:EAI|OS) )?\d{{1,10}}\)(?:{'|'.join(map(re.escape, longest_first))})", re.ASCII)


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
        return not item.argument  # `% ` at the end, which httpd takes for a value that is missing
    if item.level:
        return True
    if item.directive in ALWAYS or (item.directive == "l" and role == "main"):
        return False
    return not item.hyphen and not item.required
