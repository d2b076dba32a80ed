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
SHIFT = np.uint64(64 - SLOTS_LOG2)
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

    def ids(self, hashes: NDArray[np.uint64], decode: Callable[[NDArray[np.int64]], list[T]]) -> NDArray[np.int64]:
        """The id of each hash; `decode` reads the texts at such places of the array, each new text once."""
        slots = (hashes >> SHIFT).astype(np.intp)
        found = self._ids[slots]
        missed = np.flatnonzero((self._hashes[slots] != hashes) | (found < 0))
        if len(missed):
            fresh, first, inverse = np.unique(hashes[missed], return_index=True, return_inverse=True)
            ids = np.array([self._rest.get(key, -1) for key in fresh.tolist()], np.int64)
            new = np.flatnonzero(ids < 0)
            ids[new] = np.arange(len(self.values), len(self.values) + len(new))
            if len(new):
                self.values += decode(missed[first[new]])
                self._keep(fresh[new], ids[new])
            found[missed] = ids[inverse]
        return found

    def _keep(self, hashes: NDArray[np.uint64], ids: NDArray[np.int64]) -> None:
        """Put new hashes into the table; those whose slot is taken go where they are sought one by one."""
        slots = (hashes >> SHIFT).astype(np.intp)
        _, firsts = np.unique(slots, return_index=True)
        firsts = firsts[self._ids[slots[firsts]] < 0]
        self._hashes[slots[firsts]], self._ids[slots[firsts]] = hashes[firsts], ids[firsts]
        others = np.ones(len(ids), np.bool_)
        others[firsts] = False
        self._rest.update(zip(hashes[others].tolist(), ids[others].tolist(), strict=True))
