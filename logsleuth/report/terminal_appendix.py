"""The end of the terminal's report: what is always there, what nothing knows, limits, and the logs themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.report.escape import visible
from logsleuth.report.files import files, how_read
from logsleuth.report.layout import Text
from logsleuth.report.seen import is_few_lines, routine_of_a_quiet_log
from logsleuth.report.terminal_layout import bullets, section
from logsleuth.report.words import format_shown, place, plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logsleuth.report.layout import Block
    from logsleuth.report.model import Report

USUAL_SHOWN = 5


def appendix_parts(report: Report, *, full: bool) -> Iterator[Block]:
    """What stands below the story; `full`: all of it."""
    if routine := routine_of_a_quiet_log(report):
        above = {fault.pattern for fault in report.faults} if full else set()
        usual = [row for row in routine if row.pattern not in above]
        rows = ", ".join(f"{row.title} ({row.count:,})" for row in (usual if full else usual[:USUAL_SHOWN]))
        yield section("Also in the log, and no fault", Text(visible(rows)))
    grave = [m for m in report.unknown if m.level in {"emerg", "alert", "crit", "error", ""}]
    if grave:
        shown = grave if full else grave[:3]
        lines = [f"{m.count:>6,}  {visible(m.template)}  ({place(visible(m.path), m.line, m.offset)})" for m in shown]
        yield section("Messages not in the pattern set", Text("\n".join(lines)))
    notes = report.notes if full else () if is_few_lines(report) else report.notes[:2]
    if notes:
        yield section("How far this can be trusted", bullets(notes))
    if full:
        facts = [
            f"{log.path}: {plural(log.lines, 'line')}, {format_shown(f'{log.format} ({log.format_reason})')}; "
            f"{how_read(log)}"
            for log in files(report.logs)
        ]
        yield section("Logs", bullets(facts))
        yield Text(
            f"\n logsleuth {report.version}, {report.patterns} patterns, digest {report.patterns_digest[:12]}",
            "dim",
        )
