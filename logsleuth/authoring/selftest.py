"""Every pattern's examples, run through the real scan against the whole library.

The same function serves `logsleuth patterns test`, the test suite and (later) the editor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.authoring.reading import ANY_DAY, EntryReader
from logsleuth.logs.format.reader import reader_of
from logsleuth.logs.format.sniff import sniff
from logsleuth.logs.httpd.tokenize import tokenize
from logsleuth.logs.open.block import PAD, Block
from logsleuth.scan.matcher import Matcher
from logsleuth.scan.scanner import Scanner
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from logsleuth.library.pattern import Explain, Library, Pattern
    from logsleuth.logs.httpd.record import Record

Matches = dict[str, dict[str, str]]
"""Pattern id to the fields of its first match."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that an example shows to be wrong."""

    pattern: str
    origin: str
    place: str
    """'example 2', 'counter-example 1', 'example 2 in a 2.2 head', 'match 3'."""
    problem: str
    log: str = ""


def run(library: Library, chosen: Sequence[Pattern] | None = None) -> list[Failure]:
    """All failures of these patterns' examples (default: of all), in the order of the library."""
    bench = Bench(library)
    return [
        failure for pattern in (chosen if chosen is not None else library.patterns) for failure in bench.check(pattern)
    ]


class Bench:
    """A library made ready to try examples on."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._by_id = {pattern.id: pattern for pattern in library.patterns}
        self._matcher = Matcher(library)

    def check(self, pattern: Pattern) -> Iterator[Failure]:
        """All that is wrong with one pattern's examples."""
        seen: set[int] = set()
        cases: set[Explain] = set()
        for number, example in enumerate(pattern.examples, 1):
            for head, log in _variants(pattern, example.log):
                matches = self.matches(log, pattern)
                cases.add(pattern.explain.of([matches.get(pattern.id, {})]))
                problem = self._problem(pattern, matches, example.fields)
                if problem:
                    yield Failure(pattern.id, pattern.origin, f"example {number}{head}", problem, log)
            seen.update(n for n, match in enumerate(pattern.matches) if match.contains in example.log)
        for number, example in enumerate(pattern.counter_examples, 1):
            if pattern.id in self.matches(example.log, pattern):
                place = f"counter-example {number}"
                yield Failure(pattern.id, pattern.origin, place, "it matches, and must not", example.log)
        for number, match in enumerate(pattern.matches):
            if number not in seen:
                problem = f"no example shows [[match]] {number + 1} ({match.contains!r}); add one"
                yield Failure(pattern.id, pattern.origin, f"match {number + 1}", problem)
        for number, case in enumerate(pattern.explain.cases, 1):
            if case.fields and not (case.beside or case.on or case.known) and case.explain not in cases:
                problem = f"no example is such a case ({', '.join(case.contain)} in {', '.join(case.fields)}); add one"
                yield Failure(pattern.id, pattern.origin, f"explain.when {number}", problem)

    def matches(self, log: str, pattern: Pattern) -> Matches:
        """Which patterns match these lines, read as the log of the first source in the pattern's scope."""
        source = (pattern.scope.sources or ("httpd",))[0]
        data = log.encode() + b"\n"
        if source != "httpd":
            return self._foreign(log, source)
        scanner = Scanner(self._matcher)
        tally = scanner.scan(Block(0, 0, data + bytes(PAD), 0, len(data)))
        found = {}
        for name, matched in tally.patterns.items():
            first = matched.series.first
            if first is not None:
                found[name] = dict(first.fields)
        return found

    def _foreign(self, log: str, source: str) -> Matches:
        """As another program's log: read by its own reader, where its lines are known by their looks."""
        data = log.encode() + b"\n"
        form = sniff(data, complete=True)
        reader = reader_of(form, ANY_DAY) if form.source == source else None
        found: Matches = {}
        for said in EntryReader(self._matcher, source=source, reader=reader).read_bytes(data):
            for hit in said.hits:
                found.setdefault(self.library.patterns[hit.pattern].id, dict(hit.fields))
        return found

    def _problem(self, pattern: Pattern, matches: Matches, fields: dict[str, str]) -> str:
        if pattern.id not in matches:
            won = f"; these match: {', '.join(matches)}" if matches else "; nothing matches"
            return f"the pattern does not match its own example{won}"
        if fields and matches[pattern.id] != fields:
            return _difference(matches[pattern.id], fields)
        strangers = self.strangers(pattern, matches)
        if strangers:
            return f"unrelated patterns match too: {', '.join(strangers)} (narrow one, or declare leads_to or refines)"
        return ""

    def strangers(self, pattern: Pattern, matches: Matches) -> list[str]:
        """Those of the matches that have no declared link to the pattern."""
        return [name for name in matches if not self._related(pattern, self._by_id[name])]

    def _related(self, one: Pattern, other: Pattern) -> bool:
        """Whether two patterns may match the same lines: the same, joined by a link, or of one cause."""
        if one.id == other.id or _names(one) & set(other.refines) or _names(other) & set(one.refines):
            return True
        return bool(_names(one) & self._reach(other) or _names(other) & self._reach(one))

    def _reach(self, pattern: Pattern) -> set[str]:
        seen: set[str] = set()
        todo = [*pattern.leads_to]
        while todo:
            name = todo.pop()
            if name not in seen:
                seen.add(name)
                todo += self._by_id[name].leads_to if name in self._by_id else ()
        return seen


def _difference(found: dict[str, str], stated: dict[str, str]) -> str:
    """A line for each field that is not as stated, the two values one below the other."""
    lines = ["fields differ:"]
    for name in sorted(found.keys() | stated.keys()):
        if found.get(name) != stated.get(name):
            lines += [f"{name:>12}  found   {_value(found, name)}", f"{'':12}  stated  {_value(stated, name)}"]
    return "\n".join(lines)


def _value(fields: dict[str, str], name: str) -> str:
    return repr(fields[name]) if name in fields else "nothing"


def _names(pattern: Pattern) -> set[str]:
    return {pattern.id, *pattern.aliases, *pattern.groups}


def _variants(pattern: Pattern, log: str) -> Iterator[tuple[str, str]]:
    """The example as it stands, and with its lines in the other era's head."""
    yield "", log
    if pattern.scope.sources and "httpd" not in pattern.scope.sources:
        return
    records = [tokenize(line.encode()) for line in log.split("\n")]
    if any(record.kind != "record" for record in records):
        return
    if all(record.pid for record in records) and ("" in pattern.scope.modules or not pattern.scope.modules):
        yield " in a 2.2 head", "\n".join(_old(record) for record in records)
    elif not any(record.pid for record in records):
        module = next((m for m in pattern.scope.modules if m), "core")
        yield " in a 2.4 head", "\n".join(_new(record, module) for record in records)


def _tail(record: Record) -> str:
    return f", referer: {record.referer}" if record.referer else ""


def _old(record: Record) -> str:
    client = f"[client {record.client}] " if record.client else ""
    return f"[Tue Mar 03 14:02:11 2009] [{record.level}] {client}{record.text}{_tail(record)}"


def _new(record: Record, module: str) -> str:
    client = f"[client {record.client}:40112] " if record.client else ""
    head = f"[Tue Mar 03 14:02:11.120001 2020] [{module}:{record.level}] [pid 4711:tid 4711] "
    return f"{head}{client}{record.text}{_tail(record)}"


def summary(failures: Iterable[Failure]) -> str:
    """The failures as text, one paragraph each."""
    parts = []
    for failure in failures:
        log = "".join(f"\n      {line}" for line in failure.log.split("\n")[-3:]) if failure.log else ""
        parts.append(f"{failure.pattern} ({failure.origin})\n    {failure.place}: {failure.problem}{log}")
    return "\n".join(parts)
