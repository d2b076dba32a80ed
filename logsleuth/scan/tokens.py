"""Short texts seen again and again in a log's heads, looked up by a 64-bit hash of their bytes.

A vectorised hash table: one gather for all lines of a block finds the id of each; only texts that are new
are decoded in Python. The table is a cache and nothing else: the same bytes give the same meaning with an
empty table, so it never shows in a result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

T = TypeVar("T")

SLOTS_LOG2 = 16
FULL = 20_000
"""Texts kept before the table starts anew: a million pids must not fill memory."""

ODD = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F)


def mix(words: list[NDArray[np.uint64]]) -> NDArray[np.uint64]:
    """One well-spread 64-bit hash for each line, of the words gathered from it."""
    total = words[0] * np.uint64(ODD[0])
    for word, odd in zip(words[1:], ODD[1:], strict=False):
        total = (total ^ (total >> np.uint64(29))) * np.uint64(odd) + word
    return spread_hash(total)


def spread_hash(total: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The same number of hashes, with what tells them apart in all bits."""
    total = (total ^ (total >> np.uint64(32))) * np.uint64(ODD[0])
    return total ^ (total >> np.uint64(29))


class Tokens(Generic[T]):
    """From hashes to what the hashed texts mean."""

    def __init__(self) -> None:
        self.values: list[T] = []
        self._clear()

    def _clear(self) -> None:
        self.values.clear()
        self._hashes = np.zeros(1 << SLOTS_LOG2, np.uint64)
        self._ids = np.full(1 << SLOTS_LOG2, -1, np.int64)
        self._rest: dict[int, int] = {}

    @property
    def full(self) -> bool:
        """The next look-up starts anew: all ids given so far lose their meaning."""
        return len(self.values) > FULL

    def ids(self, hashes: NDArray[np.uint64], decode: Callable[[int], T]) -> NDArray[np.int64]:
        """The id of each hash; `decode(position)` reads the text at that place of the array, once a new text."""
        if self.full:
            self._clear()
        slots = (hashes >> np.uint64(64 - SLOTS_LOG2)).astype(np.intp)
        found = self._ids[slots]
        missed = np.flatnonzero((self._hashes[slots] != hashes) | (found < 0))
        if len(missed):
            fresh, first, inverse = np.unique(hashes[missed], return_index=True, return_inverse=True)
            ids = [self._id(int(key), int(missed[at]), decode) for key, at in zip(fresh, first, strict=True)]
            found[missed] = np.array(ids, np.int64)[inverse]
        return found

    def _id(self, key: int, position: int, decode: Callable[[int], T]) -> int:
        known = self._rest.get(key)
        if known is not None:
            return known
        number = len(self.values)
        self.values.append(decode(position))
        slot = key >> (64 - SLOTS_LOG2)
        if self._ids[slot] < 0:
            self._hashes[slot], self._ids[slot] = key, number
        else:
            self._rest[key] = number
        return number
