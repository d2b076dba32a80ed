"""The fleet in the terminal: the picture of hosts by time, and the hosts of each incident."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.report.escape import visible
from logsleuth.report.layout import Indented, Table, Text
from logsleuth.report.words import cut, plural

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from logsleuth.report.fleet_view import Cell
    from logsleuth.report.glyphs import Glyphs
    from logsleuth.report.layout import Block
    from logsleuth.report.model import IncidentReport, Report

COLUMNS = 60
LONGEST_NAME = 24
STYLE: dict[Cell, str] = {"hit": "red", "quiet": "dim", "none": ""}


def fleet_parts(report: Report, tz: tzinfo, glyphs: Glyphs) -> Iterator[Block]:
    """How many hosts there are, and the picture of what happened to them; nothing where the logs are one host's."""
    if not report.hosts:
        return
    from logsleuth.report.fleet_view import picture, shown  # noqa: PLC0415 - most logs are one host's

    hit = sum(bool(host.incidents) for host in report.hosts)
    yield Text(f"{plural(len(report.hosts), 'host')}, {hit:,} of them hit", "bold")
    drawn = picture(report, COLUMNS)
    if drawn is None:
        return
    table = Table(1, unbroken=3)
    signs: dict[Cell, str] = {"hit": glyphs.incident, "quiet": "·" if glyphs.serving != "-" else ".", "none": " "}
    for row in drawn.rows:
        line = Text()
        for cell in row.cells:
            line.append(signs[cell], STYLE[cell])
        table.add_row(
            cut(visible(shown(row.host)), LONGEST_NAME), line, Text(" ".join(f"#{number}" for number in row.incidents))
        )
    yield Indented(table, 1, above=1)
    yield Indented(Text(drawn.caption(tz), "dim"), 1)


def fleet_of_incident(incident: IncidentReport) -> Iterator[Block]:
    """Who was hit and who was spared; what follows is the first host's own story."""
    if incident.fleet is None:
        return
    text = Text("\n".join(visible(sentence) for sentence in incident.fleet.text))
    if len(incident.fleet.hosts) > 1:
        from logsleuth.report.fleet_view import shown  # noqa: PLC0415

        text.append(f"\nThe story of {visible(shown(incident.host))}, which was hit first:", "bold")
    yield Indented(text, 1, below=1)
