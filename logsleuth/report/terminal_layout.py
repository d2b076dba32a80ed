"""What the parts of the terminal's report are built of: sections, labelled lines, and how much more there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.constrain import Constrain
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from logsleuth.report.escape import visible
from logsleuth.report.words import plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import RenderableType

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


def section(title: str, body: RenderableType, *, wide: bool = False) -> RenderableType:
    """A heading with what is below it; `wide`: as wide as the terminal, for lines of logs."""
    shown = Padding(Group(Text(title, "bold underline"), Padding(body, (0, 0, 0, 2))), (1, 0, 0, 1))
    return shown if wide else Constrain(shown, PROSE)


def labelled(gap: int = 0) -> Table:
    """Two columns: a mark or a label, and a text that hangs beside it."""
    table = Table.grid(padding=(0, 1, 0, gap))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    return table


def rows(lines: Iterable[tuple[str, Text]]) -> RenderableType:
    """Labelled lines, one below the other."""
    table = labelled(1)
    for label, line in lines:
        table.add_row(Text(label, LABEL), line)
    return table


def more(rest: int, noun: str) -> list[str]:
    """A line that says how much is not shown; none where all is."""
    return [f"… and {plural(rest, f'more {noun}')}: --full shows all."] if rest > 0 else []


def bullets(items: Sequence[str]) -> RenderableType:
    """Sentences, each behind a dash."""
    table = labelled()
    for item in items:
        table.add_row("-", Text(visible(item)))
    return table


def refs(ids: Iterable[str]) -> str:
    """The ids of lines of evidence in brackets; empty where there is none."""
    listed = " ".join(ids)
    return f" [{listed}]" if listed else ""
