"""Three lines for a chat: what and when, why and whether it is over, what now. Plain text without any markup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.report.answers import answers
from logsleuth.report.escape import visible
from logsleuth.report.headline import headline, how_often
from logsleuth.report.words import plural
from logsleuth.timeline.clock import zone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logsleuth.report.formats import Look
    from logsleuth.report.model import Report

FAULTS = 2
LONGEST = 400
"""Characters of a line: what a chat shows without folding it away."""
CALLS = str.maketrans({"@": "(at)", "<": "‹", ">": "›", "`": "'", "*": "∗", "~": "∼", "#": "＃"})
"""What chats read as a call, a link or emphasis, and what looks like it and does nothing."""


def render(report: Report, look: Look) -> str:
    """Three lines on the gravest incident, and how many more there are."""
    if not report.incidents:
        return "".join(f"{_said(line)}\n" for line in _quiet(report))
    incident = report.incidents[0]
    told = {answer.name: answer.text for answer in answers(incident, report, zone(report.zone))}
    rest = len(report.incidents) - 1
    more = f" (and {plural(rest, 'incident')} more, less grave)" if rest else ""
    lines_ = (
        f"{incident.severity.upper()}: {incident.title}, {told['when']}{more}",
        f"{told['why']} {told['what']} Over? {told['over']}",
        f"Now: {told['now']}",
    )
    return "".join(f"{_said(line)}\n" for line in lines_)


def _quiet(report: Report) -> Iterator[str]:
    """What was read, and the most harmful faults, where there is no incident."""
    lines = sum(log.lines for log in report.logs)
    yield f"{headline(report)} in {plural(lines, 'line')} of {', '.join(log.path for log in report.logs)}"
    for fault in [fault for fault in report.faults if fault.severity != "info"][:FAULTS]:
        yield f"{fault.severity.upper()}: {fault.title.rstrip('.')}, {how_often(fault, zone(report.zone))}. {fault.fix}"


def _said(text: str) -> str:
    shown = visible(text).translate(CALLS)
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"
