"""What a rule of the lint is given, and what it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.library.pattern import Library, Pattern


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that should be fixed in a pattern file."""

    pattern: str
    origin: str
    rule: str
    """Name of the rule that found it."""
    problem: str
    """What is wrong, and what would be right."""
    detail: str = ""
    """The line or text that shows it."""


@dataclass(frozen=True, slots=True)
class Task:
    """Which patterns are looked at, and all that they live among."""

    library: Library
    chosen: Sequence[Pattern]


def finding(pattern: Pattern, rule: str, problem: str, detail: str = "") -> Finding:
    """A finding about a pattern."""
    return Finding(pattern.id, pattern.origin, rule, problem, detail)
