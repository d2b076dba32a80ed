"""The report for the terminal: one screen that answers, then the details."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from logsleuth.report.escape import visible
from logsleuth.report.formats import Look
from logsleuth.report.glyphs import ASCII, BLOCKS, Glyphs
from logsleuth.report.headline import found, is_down, is_window_empty
from logsleuth.report.listing import in_order
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

    from rich.console import RenderableType

    from logsleuth.report.model import Evidence, Report

VERDICT = {"outage": "bold red", "faults": "bold", "clean": "bold green"}
PLAIN = str.maketrans({"“": '"', "”": '"', "…": "...", "’": "'"})
"""Signs of our own sentences that a terminal without others has, too."""
SHOWN_INCIDENTS = 3


def show(report: Report, *, full: bool = False) -> None:
    """Print on standard output: with colour on a terminal, without it in a pipe or with NO_COLOR."""
    console = Console(highlight=False, emoji=False, markup=False)
    glyphs = _glyphs(sys.stdout.encoding, os.environ.get("TERM", ""))
    if not console.is_terminal:
        sys.stdout.write(_plain(report, Look(full=full, width=_columns()), glyphs))
        return
    for part in parts(report, full=full, glyphs=glyphs):
        console.print(part)


def render(report: Report, look: Look) -> str:
    """The same as plain text."""
    return _plain(report, look, BLOCKS)


def _plain(report: Report, look: Look, glyphs: Glyphs) -> str:
    out = io.StringIO()
    console = Console(file=out, highlight=False, emoji=False, markup=False, width=look.width, no_color=True)
    for part in parts(report, full=look.full, glyphs=glyphs):
        console.print(part)
    text = "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"
    return text.translate(PLAIN) if glyphs is ASCII else text


def _glyphs(encoding: str, term: str) -> Glyphs:
    return BLOCKS if encoding.lower().startswith("utf") and term != "dumb" else ASCII


def _columns() -> int:
    columns = os.environ.get("COLUMNS", "")
    return int(columns) if columns.isdigit() and int(columns) > 20 else 100


def parts(report: Report, *, full: bool, glyphs: Glyphs = BLOCKS) -> Iterator[RenderableType]:
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
    if len(report.incidents) > len(shown):
        rest = len(report.incidents) - len(shown)
        yield Text(f"\n… and {plural(rest, 'more incident')}, less severe: --full shows all.", "bold")
    if len(report.incidents) == 1 and is_whole_shown(report):
        yield Padding(rows(picture(report, glyphs)), (1, 0, 0, 1))
    yield from fault_parts(report, tz, full=full)
    if is_few_lines(report) and not full:
        yield from routine_parts(report)
    yield from appendix_parts(report, full=full)


def _heading(report: Report, tz: tzinfo) -> RenderableType:
    lines = sum(log.lines for log in report.logs)
    firsts = [log.first for log in report.logs if log.first is not None]
    lasts = [log.last for log in report.logs if log.last is not None]
    text = Text()
    if is_down(report):
        text.append_text(_down(report, "bold red")).append("\n")
    text.append(found(report), VERDICT[report.verdict])
    if not lines:
        text.append(_why_nothing(report), "default")
        return text
    dated = f"{_when(min(firsts), max(lasts), tz)} {report.zone}" if firsts else "without any time"
    size = sum({log.path: log.bytes for log in report.logs}.values())  # one file may hold the lines of several logs
    text.append(f"  in {plural(lines, 'line')} ({_size(size)}) {dated}", "not bold default")
    if not is_down(report):
        text.append_text(_down(report, "not bold default"))
    if report.partial:
        text.append("\nInterrupted: this is what was read by then.", "bold yellow")
    return text


def _when(first: int, last: int, tz: tzinfo) -> str:
    """'from … to …', or 'at …' if the log is of one second."""
    told = day_span(first, last, tz)
    return f"from {told}" if " to " in told else f"at {told}"


def _down(report: Report, style: str) -> Text:
    """That the server is down, or was stopped on order, when the log ends; empty: neither."""
    if report.down is None:
        return Text()
    begin = "" if is_down(report) else "\n"
    return Text.assemble(
        (f"{begin}{visible(report.down.text)}", style), (f" [{_places(report.down.evidence)}]", "not bold dim")
    )


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
