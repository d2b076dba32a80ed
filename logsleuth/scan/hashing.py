"""Hashes of stretches of bytes, for all lines of a block at once.

The factors are drawn anew in each run: nobody who writes into a log can make two texts collide. A hash is a key of a
cache and means nothing else.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROW = 128
"""Bytes that are hashed at once; at most PAD of logs/block.py, since they may reach behind a block's end."""
HALF = ROW // 2
MASKS = (np.arange(ROW) < np.arange(ROW + 1)[:, None]).astype(np.uint8) * np.uint8(0xFF)
"""By length: which bytes of a row belong to the text."""
GOLDEN = np.uint64(0x9E3779B97F4A7C15)


class Hasher:
    """One choice of factors."""

    def __init__(self) -> None:
        self._factors = np.frombuffer(os.urandom(ROW), np.uint64) | np.uint64(1)

    def spans(self, data: bytes, begin: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.uint64]:
        """A hash of the bytes from each begin to its end; `data` goes on for at least ROW bytes behind the last."""
        length = end - begin
        total = self._rows(data, begin, length) + length.view(np.uint64) * GOLDEN
        done, rest = 0, np.flatnonzero(length > ROW)
        while len(rest):
            done += ROW
            more = self._rows(data, begin[rest] + done, length[rest] - done)
            total[rest] = spread(total[rest]) * GOLDEN + more
            rest = rest[length[rest] > done + ROW]
        return spread(total)

    def sequences(self, hashes: NDArray[np.uint64], begins: NDArray[np.int64]) -> NDArray[np.uint64]:
        """A hash of each run of hashes; runs begin where `begins` says, in order, and none is empty."""
        within = np.arange(len(hashes)) - np.repeat(begins, np.diff(begins, append=len(hashes)))
        return np.add.reduceat(spread(hashes + within.view(np.uint64) * GOLDEN), begins)

    def _rows(self, data: bytes, begin: NDArray[np.int64], length: NDArray[np.int64]) -> NDArray[np.uint64]:
        """Of the first ROW bytes of each: the sum of its words, each times its own factor."""
        width = HALF if not len(length) or int(length.max()) <= HALF else ROW
        rows = np.ndarray((len(data) - width + 1,), np.dtype(f"V{width}"), data, strides=(1,))
        masks = np.ascontiguousarray(MASKS[:, :width]).view(f"V{width}")[:, 0]
        words = rows[begin].view(np.uint64).reshape(-1, width // 8)
        words &= masks[np.minimum(length, width)].view(np.uint64).reshape(-1, width // 8)
        product: NDArray[np.uint64] = words @ self._factors[: width // 8]
        return product


def spread(total: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The same number of hashes, with what tells them apart in all bits."""
    total = (total ^ (total >> np.uint64(32))) * GOLDEN
    return total ^ (total >> np.uint64(29))


def stable(text: str) -> int:
    """A hash of a name that is the same in every process."""
    total = 0xCBF29CE484222325
    for byte in text.encode():
        total = ((total ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return total
