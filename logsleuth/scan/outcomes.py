"""Which patterns match a text, remembered for each text that was met: most lines of a flood were seen before.

What is remembered is a number, the outcome, under a hash of the text, so that thousands of lines are looked up and
their matches gathered by numpy. A cache and nothing else: it never shows in a result.
"""

from __future__ import annotations

from array import array
from itertools import accumulate, chain
from typing import TYPE_CHECKING

import numpy as np

from logsleuth.scan.tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from logsleuth.scan.heads import Kind
    from logsleuth.scan.matcher import Hit

Hits = tuple["Hit", ...]


class Outcomes:
    """From hashes to outcomes, and from outcomes to hits."""

    def __init__(self) -> None:
        self._clear()

    def _clear(self) -> None:
        self._seen: Tokens[None] = Tokens()
        self.texts: dict[tuple[Kind, bytes], Hits] = {}
        """By what is left of a text when client and referer are cut off, which vary where it does not."""
        self.hits: list[Hit] = []
        self._begin = array("q", [0])
        """By outcome: where its hits begin; the next one's begin is its end."""
        self._patterns, self._subjects, self._lines = array("q"), array("q"), array("q")

    def trim(self) -> None:
        """Start anew if there is too much to remember: all outcomes lose their meaning."""
        if self._seen.full:
            self._clear()

    def look_up(
        self, hashes: NDArray[np.uint64], match: Callable[[NDArray[np.int64]], list[Hits]]
    ) -> NDArray[np.int64]:
        """The outcome of each text; `match` matches those at such places, and is called only for new ones."""
        return self._seen.ids(hashes, lambda new: self._add(match(new)))

    def _add(self, found: list[Hits]) -> list[None]:
        hits = list(chain.from_iterable(found))
        self._begin.extend(accumulate(map(len, found[1:]), initial=len(self.hits) + len(found[0])))
        self.hits += hits
        self._patterns.extend([hit.pattern for hit in hits])
        self._subjects.extend([hit.subject for hit in hits])
        self._lines.extend([hit.line for hit in hits])
        return [None] * len(found)

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

    def lines(self, hits: NDArray[np.int64]) -> NDArray[np.int64]:
        """Which line of its entry each of these hits stands on."""
        return np.array(self._lines, np.int64)[hits]
