"""What the parts of the terminal's report are built of: sections, labelled lines, and how much more there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.report.escape import visible
from logsleuth.report.layout import AtMost, Indented, Stack, Table, Text
from logsleuth.report.words import plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.report.layout import Block

LABEL = "bold"
SEVERITY = {
    "critical": "bold white on red",
    "major": "bold black on yellow",
    "minor": "bold black on cyan",
    "info": "bold",
}
"""Colours can be read on light and on dark; the word beside says the same."""
PROSE = 120
"""Columns: longer lines of words are hard to read. Lines of log use the whole width."""


def section(title: str, body: Block, *, wide: bool = False) -> Block:
    """A heading with what is below it; `wide`: as wide as the terminal, for lines of logs."""
    shown = Indented(Stack(Text(title, "bold underline"), Indented(body, 2)), 1, above=1)
    return shown if wide else AtMost(shown, PROSE)


def labelled() -> Table:
    """Two columns: a mark or a label, and a text that hangs beside it."""
    return Table(1, unbroken=1)


def rows(lines: Iterable[tuple[str, Text]]) -> Block:
    """Labelled lines, one below the other."""
    table = labelled()
    for label, line in lines:
        table.add_row(Text(label, LABEL), line)
    return table


def more(rest: int, noun: str) -> list[str]:
    """A line that says how much is not shown; none where all is."""
    return [f"… and {plural(rest, f'more {noun}')}: --full shows all."] if rest > 0 else []


def bullets(items: Sequence[str]) -> Block:
    """Sentences, each behind a dash."""
    table = labelled()
    for item in items:
        table.add_row("-", Text(visible(item)))
    return table


def refs(ids: Iterable[str]) -> str:
    """The ids of lines of evidence in brackets; empty where there is none."""
    listed = " ".join(ids)
    return f" [{listed}]" if listed else ""
