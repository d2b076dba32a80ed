"""The words of a pattern: all there, filled from captures that exist, with sources that can be looked up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logsleuth.authoring.lint.finding import Finding, Task, finding
from logsleuth.library.commands import withheld
from logsleuth.library.parse import VARIANTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logsleuth.library.pattern import Explain, Pattern, Variant

FROM_STORY = frozenset({"workers", "pool"})
"""Names that the report fills in by itself."""
FROM_COMPANY = frozenset({"host", "port", "peer", "server_name", "site"})
"""In commands: what other lines of the fault say, or the head of its own (report/compose/log/named.py)."""
ROUTINE = frozenset({"noise", "spawn", "restart", "shutdown", "recovery"})
"""Roles of what is never told in a sentence of its own."""
PLACE = re.compile(r"\{([a-z_][a-z0-9_]*)\}")
REFERENCE = re.compile(r"https?://[\w.\-]+(?:/\S*)?|[\w.+\- ]{2,40}: [\w./+\-]+")
"""An address, or a source file by project: `httpd: server/mpm_unix.c`."""


def check_words(task: Task) -> Iterator[Finding]:
    """Every pattern says what it means; a cause also what to look at, what to do and how to prevent it."""
    for pattern in task.chosen:
        explain = pattern.explain
        wanted = {"cause": explain.cause}
        if pattern.role not in ROUTINE:
            wanted["summary"] = explain.summary
        if pattern.role == "cause":
            wanted |= {"confirm": explain.confirm, "fix": explain.fix, "prevent": explain.prevent}  # type: ignore[dict-item]
            if pattern.category is None:
                yield finding(pattern, "words", "a cause needs a 'category': the kind of outage that it makes")
        missing = [f"'{name}'" for name, text in wanted.items() if not text]
        if missing:
            yield finding(pattern, "words", f"[explain] lacks {', '.join(missing)}")
        for table, variant in _variants(pattern):
            texts = (variant.explain.summary, variant.explain.cause, variant.explain.fix, variant.explain.prevent)
            if not all(texts):
                yield finding(pattern, "words", f"[{table}] needs 'summary', 'cause', 'fix' and 'prevent'")
        if not pattern.counter_examples:
            yield finding(pattern, "words", "no [[counter_example]]: show a near miss that must not match")


def check_places(task: Task) -> Iterator[Finding]:
    """What stands in braces in a text is a capture of each of the matches, or comes from the story."""
    for pattern in task.chosen:
        known = _captures(pattern) | FROM_STORY
        for table, explain in _explanations(pattern):
            texts = (explain.summary, explain.cause, explain.fix, explain.prevent, explain.trigger)
            named = {name: known for text in texts for name in PLACE.findall(text)}
            in_commands = {name: known | FROM_COMPANY for text in explain.confirm for name in PLACE.findall(text)}
            for name, those in (in_commands | named).items():
                if name not in those:
                    problem = f"{{{name}}} in [{table}] is no capture of any match: {sorted(known)}"
                    yield finding(pattern, "place", problem)


def check_commands(task: Task) -> Iterator[Finding]:
    """No command puts a value into a program: what the log says would be run."""
    for pattern in task.chosen:
        for template in (one for _, explain in _explanations(pattern) for one in explain.confirm):
            names = sorted({name for example in pattern.examples for name in withheld(template, example.fields)})
            if names:
                problem = f"{{{names[0]}}} would be read as part of a program: only numbers can be filled in there"
                yield finding(pattern, "command", problem, template)


def _variants(pattern: Pattern) -> Iterator[tuple[str, Variant]]:
    """(table, what it says) of the circumstances that a pattern names."""
    for table in VARIANTS:
        if (variant := getattr(pattern, table)) is not None:
            yield table, variant


def _explanations(pattern: Pattern) -> Iterator[tuple[str, Explain]]:
    """(table, its words) of all that a pattern explains."""
    yield "explain", pattern.explain
    yield from ((f"explain.when {number}", case.explain) for number, case in enumerate(pattern.explain.cases, 1))
    yield from ((table, variant.explain) for table, variant in _variants(pattern))


def _captures(pattern: Pattern) -> set[str]:
    return {name for match in pattern.matches if match.regex for name in re.compile(match.regex).groupindex}


def check_references(task: Task) -> Iterator[Finding]:
    """The source of the facts is named, so that others can look it up."""
    for pattern in task.chosen:
        if not pattern.references:
            yield finding(pattern, "reference", "no 'references': name the documentation, or the source file")
        for reference in pattern.references:
            if not REFERENCE.fullmatch(reference):
                problem = f"{reference!r} is neither an address nor a source file such as 'httpd: server/log.c'"
                yield finding(pattern, "reference", problem)
