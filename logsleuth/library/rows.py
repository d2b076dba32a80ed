"""Patterns as rows of plain data, and back: what is kept between runs takes a few microseconds a pattern to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from logsleuth.library.pattern import Case, Example, Explain, Match, Pattern, Scope, Variant, Worker

if TYPE_CHECKING:
    from collections.abc import Sequence

Row = list[Any]
NOTHING_SHOWN: Row = [(), ()]
"""No examples."""


def row_of(pattern: Pattern) -> Row:
    """A pattern without its examples."""
    scope, worker = pattern.scope, pattern.worker
    return [
        pattern.id, pattern.title, pattern.role, [_match_row(match) for match in pattern.matches], pattern.category,
        pattern.severity, pattern.alone, pattern.about, pattern.proof, pattern.lasts, pattern.phase, pattern.fallback,
        [pattern.leads_to, pattern.refines, pattern.groups, pattern.aliases, pattern.shows, pattern.references],
        [scope.modules, scope.levels, scope.sources],
        None if worker is None else [worker.state, worker.subject],
        _words_row(pattern.explain), _variant_row(pattern.if_everybody), _variant_row(pattern.if_new),
        _variant_row(pattern.if_unannounced), pattern.origin, pattern.trusted,
    ]  # fmt: skip


def _words_row(explain: Explain) -> Row:
    cases = [[case.fields, case.contain, _words_row(case.explain)] for case in explain.cases]
    return [explain.summary, explain.cause, explain.confirm, explain.fix, explain.prevent, explain.trigger, cases]


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
    from logsleuth.library.linear import in_rust  # noqa: PLC0415 - rows are written once, and read in every run

    return [match.contains, match.regex, match.unless, in_rust(match.regex, match.unless)]


def shown_row(pattern: Pattern) -> Row:
    """A pattern's examples and counter-examples, by which no log is read: half of all bytes."""
    return [[[one.log, one.fields] for one in kind] for kind in (pattern.examples, pattern.counter_examples)]


def pattern_of(row: Row, shown: Row) -> Pattern:
    """The pattern of a row, and of its examples. Raises ValueError or TypeError if these are not such rows."""
    (
        id_, title, role, matches, category, severity, alone, about, proof, lasts, phase, fallback,
        names, scope, worker, explain, everybody, new, unannounced, origin, trusted,
    ) = row  # fmt: skip
    leads_to, refines, groups, aliases, shows, references = map(tuple, names)
    examples, counter_examples = shown
    return Pattern(
        id_, title, role, tuple([_match(*one) for one in matches]), category, severity, alone, about, proof, lasts,
        phase, fallback, leads_to, refines, groups, aliases, shows, references, Scope(*map(tuple, scope)),
        None if worker is None else Worker(*worker), _explain(*explain),
        _variant(everybody), _variant(new), _variant(unannounced), _examples(examples), _examples(counter_examples),
        origin, trusted,
    )  # fmt: skip


def _explain(
    summary: str, cause: str, confirm: Sequence[str], fix: str, prevent: str, trigger: str, cases: Sequence[Row]
) -> Explain:
    return Explain(summary, cause, tuple(confirm), fix, prevent, trigger, tuple([_case(*one) for one in cases]))


def _case(fields: Sequence[str], contain: Sequence[str], words: Row) -> Case:
    return Case(tuple(fields), tuple(contain), _explain(*words))


def _variant(row: Row | None) -> Variant | None:
    if row is None:
        return None
    title, role, category, severity, words, by_address = row
    return Variant(title, role, category, severity, _explain(*words), by_address)


def _match(contains: str, regex: str | None, unless: str | None, rust: Sequence[Any]) -> Match:
    return Match(contains, regex, unless, tuple(rust))


def _examples(rows: Sequence[Row]) -> tuple[Example, ...]:
    return tuple([Example(log, fields) for log, fields in rows])
