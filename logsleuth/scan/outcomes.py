"""Which patterns match a text, remembered for each text that was met: most lines of a flood were seen before.

What is remembered is a number, the outcome, so that the matches of a block's thousands of lines are gathered by
numpy. A cache and nothing else: it never shows in a result.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from logsleuth.scan.heads import Kind
    from logsleuth.scan.matcher import Hit

KEPT = 50_000
"""Distinct texts that are remembered before the memory starts anew."""
NOTHING = 0
"""The outcome of a text that no pattern matches."""


class Outcomes:
    """From texts to outcomes, and from outcomes to hits. Outcomes keep their meaning until the next `start_block`."""

    def __init__(self) -> None:
        self._clear()

    def _clear(self) -> None:
        self._texts: dict[Kind, dict[bytes, int]] = {}
        self._size = 0
        self.hits: list[Hit] = []
        self._begin = array("q", [0, 0])
        """By outcome: where its hits begin; the next one's begin is its end."""
        self._patterns, self._subjects = array("q"), array("q")

    def start_block(self) -> None:
        """Start anew if there is too much to remember."""
        if self._size > KEPT:
            self._clear()

    def of_kind(self, kind: Kind) -> dict[bytes, int]:
        """The outcomes of texts that stand in lines of this module and level."""
        return self._texts.setdefault(kind, {})

    def new(self, hits: Sequence[Hit]) -> int:
        """An outcome with these hits."""
        if not hits:
            return NOTHING
        self.hits += hits
        self._patterns.extend(hit.pattern for hit in hits)
        self._subjects.extend(hit.subject for hit in hits)
        self._begin.append(len(self.hits))
        return len(self._begin) - 2

    def remember(self, kind: Kind, text: bytes, outcome: int) -> int:
        """Remember a text's outcome."""
        self.of_kind(kind)[text] = outcome
        self._size += 1
        return outcome

    def hits_of(self, outcome: int) -> list[Hit]:
        """What one outcome stands for."""
        return self.hits[self._begin[outcome] : self._begin[outcome + 1]]

    def expand(self, outcomes: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """All hits of these outcomes: to which item of `outcomes` each belongs, and its place in `hits`."""
        begin = np.array(self._begin, np.int64)
        counts = begin[outcomes + 1] - begin[outcomes]
        nth = np.repeat(np.arange(len(outcomes)), counts)
        within = np.arange(len(nth)) - np.repeat(np.cumsum(counts) - counts, counts)
        return nth, begin[outcomes][nth] + within

    def patterns(self, hits: NDArray[np.int64]) -> NDArray[np.int64]:
        """The numbers of these hits' patterns."""
        return np.array(self._patterns, np.int64)[hits]

    def subjects(self, hits: NDArray[np.int64]) -> NDArray[np.int64]:
        """The pids that these hits are about; -1: whoever wrote the line."""
        return np.array(self._subjects, np.int64)[hits]
