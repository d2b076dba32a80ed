"""The fleet in the terminal: the picture of hosts by time, and the hosts of each incident."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from logsleuth.report.escape import visible
from logsleuth.report.fleet_view import picture, shown
from logsleuth.report.words import plural

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from rich.console import RenderableType

    from logsleuth.report.fleet_view import Cell
    from logsleuth.report.glyphs import Glyphs
    from logsleuth.report.model import IncidentReport, Report

COLUMNS = 60
LONGEST_NAME = 24
STYLE: dict[Cell, str] = {"hit": "red", "quiet": "dim", "none": ""}


def fleet_parts(report: Report, tz: tzinfo, glyphs: Glyphs) -> Iterator[RenderableType]:
    """How many hosts there are, and the picture of what happened to them; nothing where the logs are one host's."""
    if not report.hosts:
        return
    hit = sum(bool(host.incidents) for host in report.hosts)
    yield Text(f"{plural(len(report.hosts), 'host')}, {hit:,} of them hit", "bold")
    drawn = picture(report, COLUMNS)
    if drawn is None:
        return
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True, max_width=LONGEST_NAME, overflow="ellipsis")
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    signs: dict[Cell, str] = {"hit": glyphs.incident, "quiet": "·" if glyphs.serving != "-" else ".", "none": " "}
    for row in drawn.rows:
        line = Text()
        for cell in row.cells:
            line.append(signs[cell], STYLE[cell])
        table.add_row(Text(visible(shown(row.host))), line, Text(" ".join(f"#{number}" for number in row.incidents)))
    yield Padding(table, (1, 0, 0, 1))
    yield Padding(Text(drawn.caption(tz), "dim"), (0, 0, 0, 1))


def fleet_of_incident(incident: IncidentReport) -> Iterator[RenderableType]:
    """Who was hit and who was spared; what follows is the first host's own story."""
    if incident.fleet is None:
        return
    text = Text("\n".join(visible(sentence) for sentence in incident.fleet.text))
    if len(incident.fleet.hosts) > 1:
        text.append(f"\nThe story of {visible(shown(incident.host))}, which was hit first:", "bold")
    yield Padding(text, (0, 0, 1, 1))
