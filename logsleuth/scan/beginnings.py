"""Which patterns a text may match, remembered by how it begins.

A log says the same few things over and over, each time with another path, client or number behind the first words.
Regexes of patterns are anchored: they match where a line begins. So the first bytes of a line rule out nearly all of
them, whatever follows. Which are left is asked once for each beginning that comes often, by a partial match: can the
regex match any text that goes on from here?
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from logsleuth.library.linear import is_anchored
from logsleuth.scan.scope import in_scope
from logsleuth.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.library.pattern import Pattern
    from logsleuth.scan.line import Kind

    Key = tuple[Kind, str, bytes]
    """Module and level, the program whose log it is, and the beginning of a line."""

LENGTH = 12
"""Bytes of a line that are looked at: a code of httpd's and a word, and seldom anything that varies."""
FEW = 16
LONGER = 48
"""Where more ways than so few are left (PHP's messages within FPM's), so many bytes are looked at."""
OFTEN = 64
"""A beginning is asked about when it has come so often: that costs as much as a hundred lines."""
KEPT = 4000
"""Beginnings that are remembered."""
COUNTED = 20_000
"""Beginnings that are counted, to see which come often."""
LOOKS_AROUND = re.compile(r"\\[bB]|\(\?<?[=!]")
"""What depends on bytes behind those that were matched; a partial match does not know them."""


class Way(NamedTuple):
    """One way for a pattern to match, in the order in which ways are tried."""

    literal: int
    """Number of the literal that must be in the text."""
    pattern: int
    match: int
    """Which of the pattern's matches it is."""


class Beginnings:
    """Beginnings of lines. Holds what it remembers, and nothing that a result depends on."""

    def __init__(self, patterns: Sequence[Pattern], ways: Iterable[Way]) -> None:
        self._patterns = patterns
        self._all = sorted(ways)
        self._counts: dict[Key, int] = {}
        self._known: dict[Key, tuple[Way, ...]] = {}
        self._partial: dict[Way, Any] = {}
        """The regexes in the form that can match partially; None: it is not known where they match."""

    def ways(self, text: bytes, kind: Kind, source: str) -> Sequence[Way] | None:
        """The ways that a text may be matched in, in order; None: its lines do not begin as lines often do."""
        if b"\n" not in text:
            return self._of_line(text, kind, source)
        found: set[Way] = set()
        for line in text.split(b"\n"):
            ways = self._of_line(line, kind, source)
            if ways is None:
                return None
            found.update(ways)
        return sorted(found)

    def _of_line(self, line: bytes, kind: Kind, source: str) -> tuple[Way, ...] | None:
        """The ways of a line: by a longer beginning where the shorter one leaves many."""
        ways = self._of_beginning((kind, source, line[:LENGTH]))
        if ways is None or len(ways) <= FEW:
            return ways
        fewer = self._of_beginning((kind, source, line[:LONGER]))
        return ways if fewer is None else fewer

    def _of_beginning(self, key: Key) -> tuple[Way, ...] | None:
        ways = self._known.get(key)
        if ways is None and self._comes_often(key):
            ways = self._known[key] = tuple(way for way in self._all if self._may_match(way, *key))
        return ways

    def _comes_often(self, key: Key) -> bool:
        """Whether a beginning that is not known has come often enough, this time included."""
        if len(self._known) >= KEPT:
            return False
        if len(self._counts) >= COUNTED:
            self._counts.clear()
        count = self._counts[key] = self._counts.get(key, 0) + 1
        return count >= OFTEN

    def _may_match(self, way: Way, kind: Kind, source: str, beginning: bytes) -> bool:
        """Whether a pattern is for such lines, and its regex may match one that begins so."""
        if not in_scope(self._patterns[way.pattern], kind, source):
            return False
        if way not in self._partial:
            self._partial[way] = self._compiled(way)
        regex = self._partial[way]
        return regex is None or regex.match(beginning, partial=True) is not None

    def _compiled(self, way: Way) -> Any:  # noqa: ANN401 - a pattern of the package regex
        import regex  # noqa: PLC0415 - a short log has no beginnings that come often

        pattern = self._patterns[way.pattern]
        source = pattern.matches[way.match].regex
        if source is None or not pattern.trusted or not is_anchored(source) or LOOKS_AROUND.search(source):
            return None
        return regex.compile(source.encode(), regex.MULTILINE)
