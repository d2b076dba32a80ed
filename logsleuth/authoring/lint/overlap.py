"""Patterns that stand in each other's way: the same twice, or two that match one line and say nothing of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.authoring.lint.finding import Finding, Task, finding
from logsleuth.authoring.selftest import Bench

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logsleuth.library.pattern import Pattern


def check_duplicates(task: Task) -> Iterator[Finding]:
    """No two patterns look for the same in the same lines."""
    seen: dict[tuple[str, str | None], list[Pattern]] = {}
    for pattern in task.library.patterns:
        for match in pattern.matches:
            seen.setdefault((match.contains, match.regex), []).append(pattern)
    for pattern in task.chosen:
        for number, match in enumerate(pattern.matches, 1):
            same = [p for p in seen[match.contains, match.regex] if _meet(p, pattern)]
            others = dict.fromkeys(p.id for p in same if p.id != pattern.id)
            if others:
                problem = f"match {number} is also in {', '.join(others)}: make them one, or narrow their scopes"
                yield finding(pattern, "duplicate", problem, match.contains)
            elif len(same) > 1:
                yield finding(pattern, "duplicate", f"match {number} stands in the pattern twice", match.contains)


def _meet(one: Pattern, other: Pattern) -> bool:
    """Whether some line may be in both scopes."""
    pairs = (
        (one.scope.sources or ("httpd",), other.scope.sources or ("httpd",)),
        (one.scope.modules, other.scope.modules),
        (one.scope.levels, other.scope.levels),
    )
    return all(not mine or not theirs or set(mine) & set(theirs) for mine, theirs in pairs)


def check_overlaps(task: Task) -> Iterator[Finding]:
    """What matches an example of a pattern is that pattern, or one with a declared link to it."""
    bench = Bench(task.library)
    for pattern in task.chosen:
        for number, example in enumerate(pattern.examples, 1):
            strangers = bench.strangers(pattern, bench.matches(example.log, pattern))
            if strangers:
                problem = f"example {number} is matched by {', '.join(strangers)} too: narrow one, or declare a link"
                yield finding(pattern, "overlap", problem, example.log.split("\n")[-1])
