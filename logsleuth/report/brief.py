"""A few lines for a chat: what, when, whether it is over, why, what to do. Plain text without any markup."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.report.escape import visible
from logsleuth.report.gist import gist
from logsleuth.report.listing import in_order
from logsleuth.report.words import cut

if TYPE_CHECKING:
    from logsleuth.report.formats import Look
    from logsleuth.report.model import Report

LONGEST: Final = 400
"""Characters of a line: what a chat shows without folding it away."""
CALLS: Final = str.maketrans({"@": "(at)", "<": "‹", ">": "›", "`": "'", "*": "∗", "~": "∼", "#": "＃"})
"""What chats read as a call, a link or emphasis, and what looks like it and does nothing."""


def render(report: Report, look: Look) -> str:
    """The gist of the report, a line each."""
    told = gist(report)
    lines = [f"{told.severity.upper()}: {told.title}" if told.severity != "info" else told.title]
    lines += [
        f"{point.label if point.label.endswith('?') else f'{point.label}:'} {point.text}" for point in told.points
    ]
    lines[1:1] = _hosts(report)
    return "".join(f"{_plain(line)}\n" for line in lines)


def _hosts(report: Report) -> list[str]:
    """Who was hit by the incident that the rest is about; nothing where the logs are one host's."""
    order = in_order(report)
    fleet = order[0].fleet if order else None
    return [f"Hosts: {fleet.text[0]}"] if fleet else []


def _plain(text: str) -> str:
    return cut(visible(text).translate(CALLS), LONGEST)
