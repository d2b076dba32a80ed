"""What a log says that no pattern knows, by shape."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from logsleuth.regexes import regex
from logsleuth.scan.text import ERRNO

if TYPE_CHECKING:
    from logsleuth.scan.line import Kind

WIDTH = 32
"""Bytes of a message that distinguish one shape from another."""
CODE = regex(rb"(?:AH\d{5,6}|WSGI\d{4}): ")
DIGITS = bytes.maketrans(b"0123456789", b"0" * 10)

RANKS = {"emerg": 0, "alert": 0, "crit": 0, "error": 1, "": 1, "warn": 2, "notice": 3, "info": 3}
"""How much an unknown line of a level matters; the rest (debug and trace) matters least."""
LEAST = 4

QUOTED = regex(r"(?<![A-Za-z])'[^']{1,200}'|(?<![A-Za-z])\"[^\"]{1,200}\"")
"""A quoted text; the apostrophe of a word such as *can't* opens none."""
VARIABLE = regex(r"((?:AH|WSGI)\d{4,6})|(?<![A-Za-z])(?:0x)?[0-9a-f]*\d[0-9a-f]*|/[\w.\-/%]+", re.ASCII)
LONGEST = 160

Key = tuple[int, int]
"""Rank of the level, and a hash of module, level and shape."""


def shape_key(kind: Kind, message: bytes) -> Key:
    """The key of a line that no pattern knows: by its code, if it has one, and how its message starts."""
    code = CODE.match(message, errno.end() if (errno := ERRNO.match(message)) else 0)
    return _key(kind, b"%s\0%s" % (code[0] if code else b"", message[:WIDTH].translate(DIGITS)))


def exception_key(kind: Kind, message: bytes) -> Key:
    """The key of a traceback that no pattern knows: by the line that names the exception."""
    return _key(kind, mask(message.decode("utf-8", "backslashreplace")).encode("utf-8", "backslashreplace"))


@lru_cache(maxsize=1 << 14)
def _key(kind: Kind, shape: bytes) -> Key:
    module, level = kind
    return rank(level), stable(f"{module}:{level}\0".encode() + shape)


def stable(data: bytes) -> int:
    """A hash that is the same in every process (FNV-1a): what is kept of many shapes depends on their keys."""
    total = 0xCBF29CE484222325
    for byte in data:
        total = ((total ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return total


def rank(level: str) -> int:
    """How much an unknown line of this level matters, 0 most."""
    return RANKS.get(level, LEAST)


def mask(text: str) -> str:
    """A text with what varies taken out: quoted words, numbers and paths as `*`; codes stay."""
    text = QUOTED.sub("'*'", text[: LONGEST * 2])
    return VARIABLE.sub(lambda found: found[1] or "*", text)[:LONGEST]
