"""What a log says that no pattern knows, by shape: a key for each line without looking at it in Python."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from logsleuth.scan.hashing import MASKS, spread, stable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from logsleuth.scan.heads import Kind
    from logsleuth.scan.lines import Lines

WIDTH = 32
"""Bytes of the text that tell one shape from another."""
FACTORS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93], np.uint64)
"""One for each eight bytes, the same in every run: what is kept of many shapes hangs on their keys."""
CODE = int.from_bytes(b"AH", "little")
LOW16 = np.uint64(0xFFFF)
ZERO = np.uint8(ord("0"))

RANKS = {"emerg": 0, "alert": 0, "crit": 0, "error": 1, "": 1, "warn": 2, "notice": 3, "info": 3}
"""How much an unknown line of a level matters; the rest (debug and trace) matters least."""
LEAST = 4

QUOTED = re.compile(r"'[^']{1,200}'|\"[^\"]{1,200}\"")
VARIABLE = re.compile(r"((?:AH|WSGI)\d{4,6})|(?<![A-Za-z])(?:0x)?[0-9a-f]*\d[0-9a-f]*|/[\w.\-/%]+")
LONGEST = 160


def begins(lines: Lines, chosen: NDArray[np.int64]) -> NDArray[np.void]:
    """The first WIDTH bytes of each chosen line's text, and of what follows a shorter one."""
    rows = np.ndarray((len(lines.data) - WIDTH + 1,), np.dtype(f"V{WIDTH}"), lines.data, strides=(1,))
    begun: NDArray[np.void] = rows[lines.text[chosen]]
    return begun


def keys(lines: Lines, chosen: NDArray[np.int64], begun: NDArray[np.void]) -> NDArray[np.uint64]:
    """A hash of module, level and the text's first bytes with digits masked, for each chosen line.

    `begun`: what `begins` gave, which is written over.
    """
    words = begun.view(np.uint64).reshape(-1, WIDTH // 8)
    codes = np.flatnonzero((words[:, 0] & LOW16) == np.uint64(CODE))
    kept = words[codes, 0]
    mask_digits(begun.view(np.uint8))
    words[codes, 0] = kept
    length = lines.end[chosen] - lines.text[chosen]
    short = np.flatnonzero(length < WIDTH)
    words[short] &= MASKS[length[short], :WIDTH].view(np.uint64)
    texts: NDArray[np.uint64] = words @ FACTORS
    return spread(texts ^ kind_hashes(lines.kinds)[lines.kind[chosen]])


def kind_hashes(kinds: Sequence[Kind]) -> NDArray[np.uint64]:
    """By number of a kind: its hash, the same in every run; 0 for -1."""
    return np.array([stable(f"{module}:{level}") for module, level in kinds] + [0], np.uint64)


def mask_digits(text: NDArray[np.uint8]) -> None:
    """Make each byte that is a digit a '0', in place."""
    value = text - ZERO
    value *= value < 10
    text -= value


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
