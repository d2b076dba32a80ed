"""Noise that hides a fault: no routine chatter may take a line that a cause's example shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.authoring.lint.finding import Finding, Task, finding
from logsleuth.authoring.selftest import Bench

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logsleuth.library.pattern import Pattern

FAULTS = frozenset({"cause", "death", "capacity"})
"""Roles whose examples show a fault."""


def check_swallows(task: Task) -> Iterator[Finding]:
    """No noise pattern takes a line that proves a fault; a fallback gives way to its pattern and hides nothing."""
    chosen = {pattern.id for pattern in task.chosen if pattern.role == "noise"}
    bench = Bench(task.library)
    by_id = {pattern.id: pattern for pattern in task.library.patterns}
    for fault in (pattern for pattern in task.library.patterns if pattern.role in FAULTS and chosen):
        for number, line in _own_lines(bench, fault):
            for name in bench.matches(line, fault).keys() & chosen:
                problem = f"it is noise, and takes a line of example {number} of {fault.id}: narrow it"
                yield finding(by_id[name], "swallow", problem, line)


def _own_lines(bench: Bench, fault: Pattern) -> Iterator[tuple[int, str]]:
    """The lines of a fault's examples that prove it by themselves, with the example's number."""
    for number, example in enumerate(fault.examples, 1):
        lines = example.log.split("\n")
        for line in lines:
            if len(lines) == 1 or fault.id in bench.matches(line, fault):
                yield number, line
