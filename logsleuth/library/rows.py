"""Patterns as rows of plain data, and back: as rows they are kept between runs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, overload

from logsleuth.library.pattern import Case, Example, Explain, Match, Pattern, Scope, Variant, Worker

if TYPE_CHECKING:
    from collections.abc import Iterator

Row = list[Any]


class KeptPatterns(Sequence[Pattern]):
    """Patterns of which each is made when it is first asked for: a log shows few of them."""

    def __init__(self, rows: Sequence[bytes]) -> None:
        """`rows`: those of `row_of`, as JSON."""
        self._rows = rows
        self._made: dict[int, Pattern] = {}

    def __len__(self) -> int:
        """The number of patterns."""
        return len(self._rows)

    @overload
    def __getitem__(self, number: int) -> Pattern: ...
    @overload
    def __getitem__(self, number: slice) -> tuple[Pattern, ...]: ...
    def __getitem__(self, number: int | slice) -> Pattern | tuple[Pattern, ...]:
        """One or some of them."""
        if isinstance(number, slice):
            return tuple(self)[number]
        if number not in self._made:
            self._made[number] = pattern_of(json.loads(self._rows[number]))
        return self._made[number]

    def __iter__(self) -> Iterator[Pattern]:
        """All, in order."""
        return map(self.__getitem__, range(len(self)))

    def __eq__(self, other: object) -> bool:
        """Whether these are the same patterns as others, kept or not."""
        return tuple(self) == tuple(other) if isinstance(other, (KeptPatterns, tuple)) else NotImplemented

    def __hash__(self) -> int:
        """As that of a tuple of them."""
        return hash(tuple(self))


def row_of(pattern: Pattern) -> Row:
    """A pattern as a row."""
    scope, worker = pattern.scope, pattern.worker
    return [
        pattern.id, pattern.title, pattern.role, [_match_row(match) for match in pattern.matches], pattern.category,
        pattern.severity, pattern.alone, pattern.about, pattern.proof, pattern.lasts, pattern.phase, pattern.names,
        pattern.restart, pattern.fallback,
        [pattern.leads_to, pattern.refines, pattern.groups, pattern.aliases, pattern.shows, pattern.references],
        [scope.modules, scope.levels, scope.sources],
        None if worker is None else [worker.state, worker.subject],
        _words_row(pattern.explain), _variant_row(pattern.if_everybody), _variant_row(pattern.if_new),
        _variant_row(pattern.if_unannounced), _variant_row(pattern.if_refusing), _variant_row(pattern.if_slow),
        _examples_row(pattern.examples), _examples_row(pattern.counter_examples), pattern.origin, pattern.trusted,
    ]  # fmt: skip


def _words_row(explain: Explain) -> Row:
    cases = [
        [case.fields, case.contain, case.beside, _words_row(case.explain), case.on, case.known]
        for case in explain.cases
    ]
    return [
        explain.summary, explain.cause, explain.confirm, explain.fix, explain.prevent, explain.trigger, cases,
        explain.title,
    ]  # fmt: skip


def _variant_row(variant: Variant | None) -> Row | None:
    if variant is None:
        return None
    return [
        variant.title,
        variant.role,
        variant.category,
        variant.severity,
        _words_row(variant.explain),
        variant.by_address,
    ]


def _match_row(match: Match) -> Row:
    return [match.contains, match.regex, match.unless]


def _examples_row(examples: Sequence[Example]) -> Row:
    return [[one.log, one.fields] for one in examples]


def pattern_of(row: Row) -> Pattern:
    """The pattern of a row."""
    (
        id_, title, role, matches, category, severity, alone, about, proof, lasts, phase, names, restart, fallback,
        lists, scope, worker, explain, everybody, new, unannounced, refusing, slow, examples, counter_examples,
        origin, trusted,
    ) = row  # fmt: skip
    leads_to, refines, groups, aliases, shows, references = map(tuple, lists)
    return Pattern(
        id_, title, role, tuple([Match(*one) for one in matches]), category, severity, alone, about, proof, lasts,
        phase, names, restart, fallback, leads_to, refines, groups, aliases, shows, references,
        Scope(*map(tuple, scope)), None if worker is None else Worker(*worker), _explain(*explain),
        _variant(everybody), _variant(new), _variant(unannounced), _variant(refusing),
        _variant(slow),
        _examples(examples), _examples(counter_examples),
        origin, trusted,
    )  # fmt: skip


def _explain(
    summary: str, cause: str, confirm: Sequence[str], fix: str, prevent: str, trigger: str, cases: Sequence[Row],
    title: str,
) -> Explain:  # fmt: skip
    told = tuple([_case(*one) for one in cases])
    return Explain(summary, cause, tuple(confirm), fix, prevent, trigger, told, title)


def _case(
    fields: Sequence[str], contain: Sequence[str], beside: Sequence[str], words: Row, on: Sequence[str],
    known: Sequence[str],
) -> Case:  # fmt: skip
    return Case(tuple(fields), tuple(contain), tuple(beside), _explain(*words), tuple(on), tuple(known))


def _variant(row: Row | None) -> Variant | None:
    if row is None:
        return None
    title, role, category, severity, words, by_address = row
    return Variant(title, role, category, severity, _explain(*words), by_address)


def _examples(rows: Sequence[Row]) -> tuple[Example, ...]:
    return tuple([Example(log, fields) for log, fields in rows])
