r"""Which patterns an entry matches: one test for all literals, then each candidate confirmed by its regex.

Patterns see bytes: `\w`, `\d` and `\s` are ASCII's, as in httpd's own words, and a character that is not ASCII counts
as several.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from logsleuth.scan.literals import Literals

if TYPE_CHECKING:
    from logsleuth.library.pattern import Library, Pattern
    from logsleuth.scan.line import Kind

TIME_LIMIT = 0.25
"""Seconds that a contributed regex may take for one entry."""
LONGEST_MATCHED = 64 * 1024
"""Bytes of one text that patterns are matched on."""

TRACEBACK = "Traceback (most recent call last)"
MOD_WSGI = b"mod_wsgi (pid="
REPORTER = re.compile(rb"^(?:\([^)\n]{1,20}\)[^:\n]{0,80}: )?mod_wsgi \(pid=(\d+)", re.MULTILINE)
"""mod_wsgi up to 5 names its own pid at the head of the message: the only pid that 2.2 logs have."""
KEPT = 20_000
"""Texts whose hits are remembered."""


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
        self.library = library
        self.patterns = library.patterns
        literals = sorted({match.contains.encode("ascii") for pattern in library.patterns for match in pattern.matches})
        number = {literal: index for index, literal in enumerate(literals)}
        self._all = literals
        self._ways: list[list[tuple[int, int]]] = [[] for _ in literals]
        for p, pattern in enumerate(library.patterns):
            for m, match in enumerate(pattern.matches):
                self._ways[number[match.contains.encode("ascii")]].append((p, m))
        self._regexes: dict[tuple[str, bool], Any] = {}
        """By source, and whether it is trusted."""
        self._known: dict[tuple[Kind, str, bytes], tuple[Hit, ...]] = {}
        self.timeouts: dict[str, int] = {}
        self.compiled: object = None
        """The same patterns as the compiled scan needs them, once it was asked for them."""

    @cached_property
    def literals(self) -> Literals:
        """What finds the patterns' literals; made when it is first needed, which the compiled scan never does."""
        return Literals(self._all)

    def match(self, text: bytes, kind: Kind, source: str = "httpd") -> tuple[Hit, ...]:
        """All patterns that match an entry's text, in the order of the library.

        A fallback pattern counts only where no other matches.
        """
        key = (kind, source, text)
        hits = self._known.get(key)
        if hits is None:
            if len(self._known) > KEPT:
                self._known.clear()
            hits = self._known[key] = self._match(text, kind, source)
        return hits

    def _match(self, text: bytes, kind: Kind, source: str) -> tuple[Hit, ...]:
        hits: dict[int, Hit] = {}
        for literal in self.literals.within(text):
            for p, m in self._ways[literal]:
                if p not in hits and in_scope(self.patterns[p], kind, source):
                    hit = self.confirm(p, m, text)
                    if hit is not None:
                        hits[p] = hit
        if len(hits) > 1 and any(not self.patterns[p].fallback for p in hits):
            hits = {p: hit for p, hit in hits.items() if not self.patterns[p].fallback}
        return tuple(hits[p] for p in sorted(hits))

    def confirm(self, p: int, m: int, text: bytes) -> Hit | None:
        """The hit of one way of one pattern on a text in which its literal is."""
        pattern, match = self.patterns[p], self.patterns[p].matches[m]
        fields: dict[str, str] = {}
        if match.unless is not None and self._search(pattern, match.unless, text):
            return None
        if match.regex is None:
            at = max(text.find(match.contains.encode("ascii")), 0)
        else:
            found = self._search(pattern, match.regex, text)
            if found is None:
                return None
            at = found.start()
            fields = {
                name: value.decode("utf-8", "backslashreplace")
                for name, value in found.groupdict().items()
                if value is not None
            }
        return Hit(p, text.count(b"\n", 0, at), tuple(sorted(fields.items())), _subject(pattern, fields, text))

    def _search(self, pattern: Pattern, source: str, text: bytes) -> Any:  # noqa: ANN401 - a match of re or of regex
        regex_ = self._regexes.get((source, pattern.trusted))
        if regex_ is None:
            regex_ = self._regexes[source, pattern.trusted] = _compile(source, trusted=pattern.trusted)
        if pattern.trusted:
            return regex_.search(text)
        try:
            return regex_.search(text, timeout=TIME_LIMIT)
        except TimeoutError:
            self.timeouts[pattern.id] = self.timeouts.get(pattern.id, 0) + 1
            return None


def _compile(source: str, *, trusted: bool) -> Any:  # noqa: ANN401
    if trusted:
        return re.compile(source.encode(), re.MULTILINE)
    import regex  # noqa: PLC0415 - only contributed patterns need it

    return regex.compile(source.encode(), regex.MULTILINE)


def in_scope(pattern: Pattern, kind: Kind, source: str) -> bool:
    """Whether a pattern may be seen on lines of this module, level and source."""
    scope = pattern.scope
    module, level = kind
    return (
        (source in scope.sources if scope.sources else source == "httpd")
        and (not scope.modules or module in scope.modules)
        and (not scope.levels or not level or level in scope.levels)
    )


def _subject(pattern: Pattern, fields: dict[str, str], text: bytes) -> int:
    """The pid that the match is about: a capture's, else the one that mod_wsgi names, else the writer's (-1)."""
    if pattern.worker is not None and pattern.worker.subject != "reporter":
        value = fields.get(pattern.worker.subject, "")
        return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0
    named = REPORTER.search(text) if MOD_WSGI in text else None
    return int(named[1]) if named and len(named[1]) < 10 else -1
