"""All rules of the lint, in the order in which their findings are told. A new rule is a function and a row here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.authoring.lint.addresses import check_addresses
from logsleuth.authoring.lint.finding import Finding, Task
from logsleuth.authoring.lint.forgery import check_forgery
from logsleuth.authoring.lint.graph import check_cycles, check_links, check_names
from logsleuth.authoring.lint.literals import check_literals
from logsleuth.authoring.lint.overlap import check_duplicates, check_overlaps
from logsleuth.authoring.lint.regexes import check_anchors, check_greed, check_linear, check_speed
from logsleuth.authoring.lint.swallow import check_swallows
from logsleuth.authoring.lint.words import check_commands, check_places, check_references, check_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from logsleuth.library.pattern import Library, Pattern

    Rule = Callable[[Task], Iterator[Finding]]

RULES: dict[str, Rule] = {
    "words": check_words,
    "places": check_places,
    "commands": check_commands,
    "references": check_references,
    "addresses": check_addresses,
    "links": check_links,
    "cycles": check_cycles,
    "names": check_names,
    "duplicates": check_duplicates,
    "overlaps": check_overlaps,
    "swallows": check_swallows,
    "literals": check_literals,
    "anchors": check_anchors,
    "greed": check_greed,
    "linear": check_linear,
    "forgery": check_forgery,
    "speed": check_speed,
}
"""Name to rule; speed is last because it takes longest."""


def lint(library: Library, chosen: Sequence[Pattern], rules: Iterable[str] = RULES) -> Iterator[Finding]:
    """What these rules find about the chosen patterns; those of one rule after those of another."""
    task = Task(library, chosen)
    for name in rules:
        yield from RULES[name](task)


def summary(findings: Iterable[Finding]) -> str:
    """The findings as text, by pattern."""
    by_pattern: dict[tuple[str, str], list[Finding]] = {}
    for found in findings:
        by_pattern.setdefault((found.pattern, found.origin), []).append(found)
    parts = []
    for (pattern, origin), found_here in sorted(by_pattern.items()):
        parts.append(f"{pattern} ({origin})")
        for found in found_here:
            parts.append(f"    {found.rule}: {found.problem}")
            if found.detail:
                parts.append(f"      {found.detail}")
    return "\n".join(parts)
