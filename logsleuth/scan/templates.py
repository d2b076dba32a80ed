"""What a log says that no pattern knows, by shape: a key for each line without looking at it in Python."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from logsleuth.scan.hashing import mix, stable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from logsleuth.scan.heads import Kind
    from logsleuth.scan.lines import Lines

WORDS = 4
"""Eight-byte words of the text that tell one shape from another."""
CODE = int.from_bytes(b"AH", "little")
LOW16 = np.uint64(0xFFFF)
HIGH = np.uint64(0x8080808080808080)
LOW7 = np.uint64(0x7F7F7F7F7F7F7F7F)
TO_HIGH = np.uint64(0x7676767676767676)
ZEROS = np.uint64(0x3030303030303030)

RANKS = {"emerg": 0, "alert": 0, "crit": 0, "error": 1, "": 1, "warn": 2, "notice": 3, "info": 3}
"""How much an unknown line of a level matters; the rest (debug and trace) matters least."""
LEAST = 4

QUOTED = re.compile(r"'[^']{1,200}'|\"[^\"]{1,200}\"")
VARIABLE = re.compile(r"((?:AH|WSGI)\d{4,6})|(?<![A-Za-z])(?:0x)?[0-9a-f]*\d[0-9a-f]*|/[\w.\-/%]+")
LONGEST = 160


def keys(lines: Lines, chosen: NDArray[np.int64]) -> NDArray[np.uint64]:
    """A hash of module, level and the text's first bytes with digits masked, for each chosen line."""
    words = np.ndarray((len(lines.data) - 7,), np.dtype("<u8"), lines.data, strides=(1,))
    at = lines.text[chosen]
    parts = [kind_hashes(lines.kinds)[lines.kind[chosen]]]
    length = lines.end[chosen] - at
    short = np.flatnonzero(length < 8 * WORDS)
    for place in range(WORDS):
        word = words[np.minimum(at + 8 * place, len(words) - 1)]
        masked = mask_digits(word)
        if place == 0:
            coded = np.flatnonzero((word & LOW16) == np.uint64(CODE))
            masked[coded] = word[coded]
        masked[short] &= _low_bytes(length[short] - 8 * place)
        parts.append(masked)
    return mix(parts)


def kind_hashes(kinds: Sequence[Kind]) -> NDArray[np.uint64]:
    """By number of a kind: its hash, the same in every run; 0 for -1."""
    return np.array([stable(f"{module}:{level}") for module, level in kinds] + [0], np.uint64)


def mask_digits(word: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Each byte that is a digit becomes '0'."""
    shifted = word ^ ZEROS
    not_digit = (((shifted & LOW7) + TO_HIGH) | shifted) & HIGH
    digit = (~not_digit & HIGH) >> np.uint64(7)
    mask = digit * np.uint64(0xFF)
    masked: NDArray[np.uint64] = (word & ~mask) | (ZEROS & mask)
    return masked


def _low_bytes(count: NDArray[np.int64]) -> NDArray[np.uint64]:
    """A mask of the first `count` bytes of a word."""
    table = np.array([(1 << (8 * n)) - 1 for n in range(9)], np.uint64)
    low: NDArray[np.uint64] = table[np.clip(count, 0, 8)]
    return low


def key_of(module: str, level: str, masked: str) -> int:
    """The key of a template that is named by its text (an exception that no pattern knows)."""
    return stable(f"{module}:{level}\0{masked}")


def rank(level: str) -> int:
    """How much an unknown line of this level matters, 0 most."""
    return RANKS.get(level, LEAST)


def mask(text: str) -> str:
    """A text with what varies taken out: quoted words, numbers and paths as `*`; codes stay."""
    text = QUOTED.sub("'*'", text[: LONGEST * 2])
    return VARIABLE.sub(lambda found: found[1] or "*", text)[:LONGEST]
