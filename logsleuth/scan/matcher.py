r"""Which patterns an entry matches: one test for all literals, then each candidate confirmed by its regex.

Patterns see bytes: `\w`, `\d` and `\s` are ASCII's, as in httpd's own words, and a character that is not ASCII counts
as several.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from logsleuth.regexes import regex
from logsleuth.scan.scope import in_scope
from logsleuth.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from logsleuth.library.pattern import Library, Pattern
    from logsleuth.scan.beginnings import Beginnings, Way
    from logsleuth.scan.line import Kind
    from logsleuth.scan.literals import Literals

TIME_LIMIT = 0.25
"""Seconds that a contributed regex may take for one entry."""
LONGEST_MATCHED = 64 * 1024
"""Bytes of one text that patterns are matched on."""

TRACEBACK = "Traceback (most recent call last)"
NAMES_PID = b" (pid="
REPORTER = regex(rb"^(?:\([^)\n]{1,20}\)[^:\n]{0,80}: )?mod_(?:wsgi|python) \(pid=(\d+)", re.MULTILINE)
"""mod_wsgi up to 5, and mod_python, name their own pid at the head of a message: the only pid that 2.2 logs have."""
KEPT = 20_000
"""Texts whose hits are remembered."""
MANY = 32
"""Of more ways than these, the literals are looked for together: one by one costs more."""


class Hit(NamedTuple):
    """One pattern's match on one entry."""

    pattern: int
    """Index into the library's patterns."""
    line: int
    """Which line of the entry it stands on: the one to cite."""
    subject: int
    """The pid that it is about, if the text names one; -1: the process that wrote the line."""
    found: re.Match[bytes] | None
    """What its regex has found; None: it has none."""

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """The captures, in order of their names: taken only for what is kept, which is little."""
        captured = self.found.groupdict() if self.found is not None else {}
        return tuple(sorted((name, _shown(value)) for name, value in captured.items() if value is not None))


class Choice:
    """Many ways, of which those are chosen whose literals are in a text: one test for all literals."""

    def __init__(self, ways: Sequence[Way], all_literals: Sequence[bytes]) -> None:
        """`all_literals`: by the numbers by which the ways name them."""
        from logsleuth.scan.literals import Literals  # noqa: PLC0415

        numbers = sorted({way.literal for way in ways})
        self.ways = ways
        self._literals = Literals([all_literals[number] for number in numbers])
        self._of: list[list[Way]] = [[] for _ in numbers]
        place = {number: at for at, number in enumerate(numbers)}
        for way in ways:
            self._of[place[way.literal]].append(way)

    def within(self, text: bytes) -> Sequence[Way]:
        """The ways whose literals are in a text, in order."""
        return [way for place in self._literals.within(text) for way in self._of[place]]


class Matcher:
    """A library made ready for matching. Immutable but for caches, and the counts of timed-out regexes.

    What finds the patterns that may match is made, and imported, when first needed: the compiled scan has its own.
    """

    def __init__(self, library: Library) -> None:
        self.library = library
        self._regexes: dict[tuple[str, bool], Any] = {}
        """By source, and whether it is trusted."""
        self._known: dict[tuple[Kind, str, bytes], tuple[Hit, ...]] = {}
        self._choices: dict[int, Choice] = {}
        """By identity of the ways that a beginning leaves, which are remembered and so the same ones each time."""
        self.timeouts: dict[str, int] = {}
        self.compiled: object = None
        """The same patterns as the compiled scan needs them, once it was asked for them."""

    @cached_property
    def patterns(self) -> tuple[Pattern, ...]:
        """All patterns; the compiled scan needs few of them."""
        return tuple(self.library.patterns)

    @cached_property
    def literals(self) -> Literals:
        """What finds the patterns' literals."""
        from logsleuth.scan.literals import Literals  # noqa: PLC0415

        return Literals(self._all)

    @cached_property
    def _all(self) -> list[bytes]:
        """The patterns' literals, in order."""
        return sorted({match.contains.encode("ascii") for pattern in self.patterns for match in pattern.matches})

    @cached_property
    def _ways(self) -> list[list[Way]]:
        """By number of the literal."""
        from logsleuth.scan.beginnings import Way  # noqa: PLC0415

        number = {literal: index for index, literal in enumerate(self._all)}
        ways: list[list[Way]] = [[] for _ in self._all]
        for p, pattern in enumerate(self.patterns):
            for m, match in enumerate(pattern.matches):
                literal = number[match.contains.encode("ascii")]
                ways[literal].append(Way(literal, p, m))
        return ways

    @cached_property
    def _beginnings(self) -> Beginnings:
        """What rules out most patterns by how a text begins."""
        from logsleuth.scan.beginnings import Beginnings  # noqa: PLC0415

        return Beginnings(self.patterns, (way for ways in self._ways for way in ways))

    def match(self, text: bytes, kind: Kind, source: str = "httpd") -> tuple[Hit, ...]:
        """All patterns that match an entry's text, in the order of the library.

        A fallback pattern counts only where no other matches.
        """
        ways = self._beginnings.ways(text, kind, source)
        if ways is not None and not ways:
            return ()
        key = (kind, source, text)
        hits = self._known.get(key)
        if hits is None:
            if len(self._known) > KEPT:
                self._known.clear()
            hits = self._known[key] = self._match(
                self._by_literal(key) if ways is None else self._of_many(ways, text), text
            )
        return hits

    def _of_many(self, ways: Sequence[Way], text: bytes) -> Sequence[Way]:
        """Of many ways, those whose literals are in a text; few are tried one by one."""
        if len(ways) <= MANY or not isinstance(ways, tuple):
            return ways
        choice = self._choices.get(id(ways))
        if choice is None:
            choice = self._choices[id(ways)] = Choice(ways, self._all)
        return choice.within(text)

    def _by_literal(self, key: tuple[Kind, str, bytes]) -> Iterator[Way]:
        """The ways whose literals are in a text."""
        kind, source, text = key
        for literal in self.literals.within(text):
            for way in self._ways[literal]:
                if in_scope(self.patterns[way.pattern], kind, source):
                    yield way

    def _match(self, ways: Iterable[Way], text: bytes) -> tuple[Hit, ...]:
        """The hits on a text, of ways that are in scope."""
        hits: dict[int, Hit] = {}
        for literal, p, m in ways:
            if p not in hits and self._all[literal] in text:
                hit = self.confirm(p, m, text)
                if hit is not None:
                    hits[p] = hit
        if len(hits) > 1 and any(not self.patterns[p].fallback for p in hits):
            hits = {p: hit for p, hit in hits.items() if not self.patterns[p].fallback}
        return tuple(hits[p] for p in sorted(hits))

    def confirm(self, p: int, m: int, text: bytes) -> Hit | None:
        """The hit of one way of one pattern on a text in which its literal is."""
        pattern, match = self.patterns[p], self.patterns[p].matches[m]
        if match.unless is not None and self._search(pattern, match.unless, text):
            return None
        if match.regex is None:
            at = max(text.find(match.contains.encode("ascii")), 0)
            return Hit(p, text.count(b"\n", 0, at), _subject(pattern, None, text), None)
        found = self._search(pattern, match.regex, text)
        if found is None:
            return None
        return Hit(p, text.count(b"\n", 0, found.start()), _subject(pattern, found, text), found)

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


def _shown(value: bytes) -> str:
    return value.decode("utf-8", "backslashreplace")


def _compile(source: str, *, trusted: bool) -> Any:  # noqa: ANN401
    if trusted:
        return re.compile(source.encode(), re.MULTILINE)
    import regex as bounded  # noqa: PLC0415 - only contributed patterns need it

    return bounded.compile(source.encode(), bounded.MULTILINE)


def _subject(pattern: Pattern, found: re.Match[bytes] | None, text: bytes) -> int:
    """The pid that the match is about: a capture's, else the one that a module names, else the writer's (-1)."""
    if pattern.worker is not None and pattern.worker.subject != "reporter":
        captured = found.groupdict() if found is not None else {}
        value = _shown(captured.get(pattern.worker.subject) or b"")
        return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0
    named = REPORTER.search(text) if NAMES_PID in text else None
    return int(named[1]) if named and len(named[1]) < 10 else -1
