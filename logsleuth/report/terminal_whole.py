"""The whole log in the terminal: the list of incidents, the picture, what was seen, what pasted lines mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.report.escape import visible
from logsleuth.report.glyphs import spark
from logsleuth.report.headline import is_window_empty
from logsleuth.report.layout import Indented, Stack, Table, Text
from logsleuth.report.listing import listed
from logsleuth.report.seen import about, bars, is_few_lines, is_whole_shown, mark_line, routine_words, seen_words
from logsleuth.report.terminal_layout import more, rows, section
from logsleuth.report.words import plural

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from logsleuth.report.glyphs import Glyphs
    from logsleuth.report.layout import Block
    from logsleuth.report.model import Report

LISTED = 12
"""Incidents in the list; with the whole of a long log there may be a hundred."""
MINUTES = len("2026-03-03 14:02")
"""Characters of a time in the list."""


def whole_parts(report: Report, tz: tzinfo, glyphs: Glyphs, *, full: bool) -> Iterator[Block]:
    """The whole log: the list of several incidents and their picture, or what was seen where there is none."""
    if is_few_lines(report) or report.number_of_incidents == 1 or is_window_empty(report):
        return
    if report.incidents:
        yield section("Incidents", _list(report, tz, full=full), wide=True)
    seen = () if report.incidents else seen_words(report)
    words = ((label, Text(visible(text))) for label, text in seen)
    yield Indented(rows((*words, *picture(report, glyphs))), 1, above=1)


def picture(report: Report, glyphs: Glyphs) -> Iterator[tuple[str, Text]]:
    """Bars for the failures of the whole log, a line of marks below them, and what both mean."""
    whole = report.whole
    if whole is None or not is_whole_shown(report):
        return
    drawn = bars(whole)
    yield "Whole log", Text(spark(drawn, glyphs=glyphs), "red").append(f" top: {plural(max(drawn), 'line')}")
    marks, legend = mark_line(report, whole, glyphs)
    if legend:
        yield "", Text(marks)
    yield "", Text(f"A column is {about((whole.end - whole.begin) / len(drawn) / 1e6)}. {legend}".rstrip(), "dim")


def _list(report: Report, tz: tzinfo, *, full: bool) -> Block:
    incidents = listed(report, tz)
    shown = incidents if full else incidents[:LISTED]
    table = Table(2, unbroken=5)
    for row in shown:
        incident = row.incident
        table.add_row(
            Text(f"#{incident.id}"), Text(row.when[:MINUTES]), Text(row.length),
            Text(row.over, "bold red" if row.over == "open" else "green"),
            Text(incident.severity, "bold"),
            Text(visible(f"{row.hosts}: {incident.title}" if row.hosts else incident.title)),
        )  # fmt: skip
    return Stack(table, *(Text(line, "bold") for line in more(len(incidents) - len(shown), "incident")))


def routine_parts(report: Report) -> Iterator[Block]:
    """What a handful of lines means where it is routine."""
    for title, meaning in routine_words(report):
        yield Indented(Text(visible(title), "bold").append(f"\n{visible(meaning)}"), 1, above=1)
