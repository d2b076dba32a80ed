"""Which patterns an entry matches: one pass for all literals, then each candidate confirmed by its regex."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from logsleuth.scan.database import database_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from logsleuth.library.pattern import Library, Pattern
    from logsleuth.scan.heads import Kind

TIME_LIMIT = 0.25
"""Seconds that a contributed regex may take for one entry."""

TRACEBACK = "Traceback (most recent call last)"
MOD_WSGI = "mod_wsgi (pid="
REPORTER = re.compile(r"^(?:\([^)\n]{1,20}\)[^:\n]{0,80}: )?mod_wsgi \(pid=(\d+)", re.MULTILINE)
"""mod_wsgi up to 5 names its own pid at the head of the message: the only pid that 2.2 logs have."""

NUMBER_BITS = 16
"""Bits of a literal's number."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One pattern's match on one entry."""

    pattern: int
    """Index into the library's patterns."""
    line: int
    """Which line of the entry it stands on: the one to cite."""
    fields: tuple[tuple[str, str], ...]
    subject: int
    """The pid that it is about, as far as the text tells; -1: whoever wrote the line."""


class Matcher:
    """A library made ready for matching. Immutable but for caches, and the counts of timed-out regexes."""

    def __init__(self, library: Library) -> None:
        self.patterns = library.patterns
        literals = sorted({match.contains for pattern in library.patterns for match in pattern.matches} | {TRACEBACK})
        self.literals = [literal.encode("ascii") for literal in literals]
        self.traceback = literals.index(TRACEBACK)
        number = {literal: index for index, literal in enumerate(literals)}
        self._ways: list[list[tuple[int, int]]] = [[] for _ in literals]
        for p, pattern in enumerate(library.patterns):
            for m, match in enumerate(pattern.matches):
                self._ways[number[match.contains]].append((p, m))
        self._regexes: dict[tuple[int, int], Any] = {}
        self.timeouts: dict[str, int] = {}
        self._database = database_of(self.literals)

    def find(self, data: bytes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Every occurrence of every literal: the offsets of their last bytes, in order, and the literals' numbers."""
        found: list[int] = []
        push = found.append

        def seen(number: int, _begin: int, end: int, _flags: int, _context: object) -> None:
            push(end << NUMBER_BITS | number)  # one integer is cheaper than a pair, in the list and out of it

        self._database.scan(data, match_event_handler=seen)
        packed = np.array(found, np.int64)
        if (packed[1:] < packed[:-1]).any():
            packed.sort()
        return (packed >> NUMBER_BITS) - 1, packed & ((1 << NUMBER_BITS) - 1)

    def match(self, text: str, kind: Kind, literals: Sequence[int], source: str = "httpd") -> tuple[Hit, ...]:
        """All patterns that match an entry, given which literals stand in it.

        A fallback pattern counts only where no other matches. The order is that of the library.
        """
        hits: dict[int, Hit] = {}
        for literal in literals:
            for p, m in self._ways[literal]:
                if p not in hits and _in_scope(self.patterns[p], kind, source):
                    hit = self._confirm(p, m, text)
                    if hit is not None:
                        hits[p] = hit
        if len(hits) > 1 and any(not self.patterns[p].fallback for p in hits):
            hits = {p: hit for p, hit in hits.items() if not self.patterns[p].fallback}
        return tuple(hits[p] for p in sorted(hits))

    def _confirm(self, p: int, m: int, text: str) -> Hit | None:
        pattern = self.patterns[p]
        fields: dict[str, str] = {}
        if pattern.matches[m].regex is None:
            at = max(text.find(pattern.matches[m].contains), 0)
        else:
            found = self._search(p, m, text)
            if found is None:
                return None
            at = found.start()
            fields = {name: value for name, value in found.groupdict().items() if value is not None}
        return Hit(p, text.count("\n", 0, at), tuple(sorted(fields.items())), _subject(pattern, fields, text))

    def _search(self, p: int, m: int, text: str) -> Any:  # noqa: ANN401 - a match of re or of regex
        pattern = self.patterns[p]
        regex_ = self._regexes.get((p, m))
        if regex_ is None:
            regex_ = self._regexes[p, m] = _compile(pattern.matches[m].regex or "", trusted=pattern.trusted)
        if pattern.trusted:
            return regex_.search(text)
        try:
            return regex_.search(text, timeout=TIME_LIMIT)
        except TimeoutError:
            self.timeouts[pattern.id] = self.timeouts.get(pattern.id, 0) + 1
            return None


def _compile(source: str, *, trusted: bool) -> Any:  # noqa: ANN401
    if trusted:
        return re.compile(source, re.MULTILINE)
    import regex  # noqa: PLC0415 - only contributed patterns need it

    return regex.compile(source, regex.MULTILINE)


def _in_scope(pattern: Pattern, kind: Kind, source: str) -> bool:
    scope = pattern.scope
    module, level = kind
    return (
        (source in scope.sources if scope.sources else source == "httpd")
        and (not scope.modules or module in scope.modules)
        and (not scope.levels or not level or level in scope.levels)
    )


def _subject(pattern: Pattern, fields: dict[str, str], text: str) -> int:
    """The pid that the match is about: a capture's, else the one that mod_wsgi names, else the writer's (-1)."""
    if pattern.worker is not None and pattern.worker.subject != "reporter":
        value = fields.get(pattern.worker.subject, "")
        return int(value) if value.isdecimal() and len(value) < 10 else 0
    named = REPORTER.search(text) if MOD_WSGI in text else None
    return int(named[1]) if named and len(named[1]) < 10 else -1
