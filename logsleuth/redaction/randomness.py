"""Recognises random words: keys, tokens and hashes of any kind."""

from __future__ import annotations

import itertools
import re
from typing import Final

SHORTEST: Final = 20
"""Characters: a shorter word is a secret only where its context says so. Pointers (16 digits) stay readable."""
LONGEST_HEX_NUMBER: Final = 16
"""Hexadecimal digits of a pointer or a thread's number."""
LETTERS_A_CHANGE: Final = 6
"""A word that a person wrote changes between capitals, small letters and digits less often than once in this many
characters (`Python311HttpServer`); drawn ones do at every second or third."""
HEX = re.compile(r"[0-9a-f]+|[0-9A-F]+")
WORDS = re.compile(r"[A-Z][a-z]{2,}|[a-z]{4,}")
"""Words as people write them, with or without a capital."""
MOST_WORDS: Final = 0.5
"""The share of a word that such words may be of, by chance, in a drawn one."""
MANGLED = re.compile(r"_?_?(?:Z|R)N?\w*\d\w*")
"""Names of functions as C++ and Rust compilers write them in backtraces."""


def looks_drawn(word: str) -> bool:
    """Whether a word looks random: letters and digits, mixed as in no written word."""
    letters = [char for char in word if char.isalnum()]
    if len(letters) < SHORTEST or not _has_both(word) or MANGLED.fullmatch(word):
        return False
    rest = WORDS.sub("", word)
    return len(rest) > MOST_WORDS * len(word) and is_mixed("".join(letters))


def is_mixed(word: str) -> bool:
    """Whether a word changes between letters and digits as drawn ones do, however short it is."""
    return _has_both(word) and _changes(word) * LETTERS_A_CHANGE >= len(word)


def is_long_hex(word: str) -> bool:
    """Whether a word is a hash or key in hexadecimal, and longer than a pointer."""
    return bool(HEX.fullmatch(word)) and len(word) > LONGEST_HEX_NUMBER and _has_both(word)


def _has_both(word: str) -> bool:
    return any(char.isdigit() for char in word) and any(char.isalpha() for char in word)


def _changes(word: str) -> int:
    """How often the kind of character changes; a capital before small letters starts a word and does not count."""
    kinds = ["digit" if char.isdigit() else "capital" if char.isupper() else "small" for char in word if char.isalnum()]
    pairs = itertools.pairwise(kinds)
    return sum(a != b and (a, b) != ("capital", "small") for a, b in pairs)
