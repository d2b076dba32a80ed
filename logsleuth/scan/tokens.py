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
"""Texts after which a table should be made anew: a million pids must not fill memory."""


class Tokens(Generic[T]):
    """From hashes to what the hashed texts mean."""

    def __init__(self) -> None:
        self.values: list[T] = []
        self._hashes = np.zeros(1 << SLOTS_LOG2, np.uint64)
        self._ids = np.full(1 << SLOTS_LOG2, -1, np.int64)
        self._rest: dict[int, int] = {}

    @property
    def full(self) -> bool:
        """It holds more than it should: its owner should start with a new one."""
        return len(self.values) > FULL

    def ids(self, hashes: NDArray[np.uint64], decode: Callable[[int], T]) -> NDArray[np.int64]:
        """The id of each hash; `decode(position)` reads the text at that place of the array, once a new text."""
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
