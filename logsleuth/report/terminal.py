"""The report for the terminal: one screen that answers, then the details."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from logsleuth.report.escape import visible
from logsleuth.report.formats import SHOWN_INCIDENTS, Look
from logsleuth.report.glyphs import ASCII, BLOCKS, Glyphs
from logsleuth.report.headline import found, is_down, is_window_empty
from logsleuth.report.layout import Indented, Text, written
from logsleuth.report.listing import in_order
from logsleuth.report.screen import terminal_of
from logsleuth.report.seen import is_few_lines, is_whole_shown
from logsleuth.report.terminal_appendix import appendix_parts
from logsleuth.report.terminal_faults import fault_parts
from logsleuth.report.terminal_fleet import fleet_of_incident, fleet_parts
from logsleuth.report.terminal_incident import incident_parts
from logsleuth.report.terminal_layout import rows
from logsleuth.report.terminal_whole import picture, routine_parts, whole_parts
from logsleuth.report.words import day_span, place, plural
from logsleuth.timeline.clock import zone

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo

    from logsleuth.report.layout import Block, Styles
    from logsleuth.report.model import Evidence, Report

VERDICT = {"outage": "bold red", "faults": "bold", "clean": "bold green"}
PLAIN = str.maketrans({"“": '"', "”": '"', "…": "...", "’": "'"})
"""Signs of our own sentences that a terminal without others has, too."""


def show(report: Report, *, full: bool = False) -> None:
    """Print on standard output: with colour on a terminal, without it in a pipe or with NO_COLOR."""
    glyphs = _glyphs(sys.stdout.encoding, os.environ.get("TERM", ""))
    where = terminal_of(sys.stdout, os.environ)
    look = Look(full=full, width=where.width)
    text = _shown(report, look, glyphs, where.styles)
    if os.name == "nt" or glyphs is ASCII:
        import click  # noqa: PLC0415 - it fixes the console of Windows, and streams in ASCII

        click.echo(text, nl=False, color=True)
        return
    sys.stdout.write(text)
    sys.stdout.flush()


def render(report: Report, look: Look) -> str:
    """The same as plain text."""
    return _shown(report, look, BLOCKS, "none")


def _shown(report: Report, look: Look, glyphs: Glyphs, styles: Styles) -> str:
    lines = (line for part in parts(report, full=look.full, glyphs=glyphs) for line in part.lines(look.width))
    text = "".join(f"{written(line, styles)}\n" for line in lines)
    return text.translate(PLAIN) if glyphs is ASCII else text


def _glyphs(encoding: str, term: str) -> Glyphs:
    return BLOCKS if encoding.lower().startswith("utf") and term != "dumb" else ASCII


def parts(report: Report, *, full: bool, glyphs: Glyphs = BLOCKS) -> Iterator[Block]:
    """What is printed, from top to bottom."""
    tz = zone(report.zone)
    yield _heading(report, tz)
    yield from fleet_parts(report, tz, glyphs)
    yield from whole_parts(report, tz, glyphs, full=full)
    shown = in_order(report) if full else in_order(report)[:SHOWN_INCIDENTS]
    for incident in shown:
        yield Text()
        yield from fleet_of_incident(incident)
        yield from incident_parts(incident, report, tz, glyphs, full=full)
    if rest := report.number_of_incidents - len(shown):
        yield Text(f"\n… and {plural(rest, 'more incident')}, less severe: --full shows all.", "bold")
    if report.number_of_incidents == 1 and is_whole_shown(report):
        yield Indented(rows(picture(report, glyphs)), 1, above=1)
    yield from fault_parts(report, tz, full=full)
    if is_few_lines(report) and not full:
        yield from routine_parts(report)
    yield from appendix_parts(report, full=full)


def _heading(report: Report, tz: tzinfo) -> Block:
    lines = sum(log.lines for log in report.logs)
    firsts = [log.first for log in report.logs if log.first is not None]
    lasts = [log.last for log in report.logs if log.last is not None]
    text = Text()
    if is_down(report):
        _add_down(text, report, "bold red")
        text.append("\n")
    text.append(found(report), VERDICT[report.verdict])
    if not lines:
        return text.append(_why_nothing(report))
    dated = f"{_when(min(firsts), max(lasts), tz)} {report.zone}" if firsts else "without any time"
    size = sum({log.path: log.bytes for log in report.logs}.values())  # one file may hold the lines of several logs
    text.append(f" in {plural(lines, 'line')} ({_size(size)}) {dated}")
    if not is_down(report) and report.down is not None:
        text.append("\n")
        _add_down(text, report, "")
    if report.partial:
        text.append("\nInterrupted: this is what was read by then.", "bold yellow")
    return text


def _when(first: int, last: int, tz: tzinfo) -> str:
    """'from … to …', or 'at …' if the log is of one second."""
    told = day_span(first, last, tz)
    return f"from {told}" if " to " in told else f"at {told}"


def _add_down(text: Text, report: Report, style: str) -> None:
    """Add that the server is down, or was stopped on request, when the log ends."""
    assert report.down is not None
    text.append(visible(report.down.text), style).append(f" [{_places(report.down.evidence)}]", "dim")


def _places(lines: Sequence[Evidence]) -> str:
    return " ".join(place(visible(line.path), line.line, line.offset) for line in lines)


def _why_nothing(report: Report) -> str:
    """Why no line was read."""
    if report.partial:
        return ": interrupted before anything was read."
    return "; the logs end before or start after them." if is_window_empty(report) else ": the log is empty."


def _size(size: int) -> str:
    for unit in ("bytes", "KB", "MB"):
        if size < 1024:
            return f"{size} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
        size = size / 1024  # type: ignore[assignment]
    return f"{size:.1f} GB"
