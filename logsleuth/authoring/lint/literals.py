"""Literals of the fast pass: rare enough that a flood of other lines is passed over without a look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.authoring.lint.finding import Finding, Task, finding
from logsleuth.authoring.reading import EntryReader
from logsleuth.library.load import packaged_folder
from logsleuth.scan.matcher import TRACEBACK, Matcher

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logsleuth.library.pattern import Library

SHORTEST = 6
"""Characters: a shorter one that is a plain word stands in too many others."""
MOST_STRANGERS = 0.04
"""Of other areas' examples, at most this share may hold the literal: each such line costs a look by the regex."""
FEW_STRANGERS = 8
MOST_TEXTS = 0.25
"""Of the sample logs' distinct texts, at most this share may hold the literal without being a match: the scan looks
once at each text, however often it comes."""


def check_literals(task: Task) -> Iterator[Finding]:
    """A literal is long, and rare in what other areas' examples and the sample logs say."""
    examples = [(p.area, example.log) for p in task.library.patterns for example in p.examples]
    samples = _samples(task.library)
    lines = len(samples)
    for pattern in task.chosen:
        strangers = [log for area, log in examples if area != pattern.area]
        for number, match in enumerate(pattern.matches, 1):
            literal, place = match.contains, f"match {number}: 'contains' {match.contains!r}"
            if len(literal.strip()) < SHORTEST and literal.strip().isalnum():
                yield finding(
                    pattern, "literal", f"{place} is a word of less than {SHORTEST} characters; take more of it"
                )
                continue
            held = sum(literal in log for log in strangers)
            if held > max(FEW_STRANGERS, MOST_STRANGERS * len(strangers)):
                problem = f"{place} stands in {held} of {len(strangers)} examples of other areas; take a rarer part"
                yield finding(pattern, "literal", problem)
            if literal == TRACEBACK or pattern.fallback:
                continue  # looked for anyway; gives way to others
            idle = sum(literal in text and pattern.id not in hits for text, hits in samples)
            if idle > MOST_TEXTS * lines:
                problem = (
                    f"{place} stands in {idle / lines:.0%} of the sample logs' texts without a match; take another"
                )
                yield finding(pattern, "literal", problem)


def _samples(library: Library) -> set[tuple[str, frozenset[str]]]:
    """The texts of the sample logs that stand beside the patterns in a checkout, with the patterns that match.

    Empty in an installed package, which has no sample logs.
    """
    texts = set()
    matcher = Matcher(library)
    for path in sorted((packaged_folder().parent / "sample_logs").glob("*.log")):
        for said in EntryReader(matcher).read_bytes(path.read_bytes()):
            texts.add((said.text, frozenset(library.patterns[hit.pattern].id for hit in said.hits)))
    return texts
