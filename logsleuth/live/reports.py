"""`--report DIR`: the report on an incident, rewritten whenever more is known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from logsleuth.errors import LogsleuthError

if TYPE_CHECKING:
    from logsleuth.live.finding import Finding
    from logsleuth.report.model import Report
    from logsleuth.timeline.clock import Clock

SUFFIXES = {"markdown": ".md", "html": ".html", "json": ".json", "text": ".txt"}


class Reports:
    """Writes them into a folder."""

    def __init__(self, folder: str, style: str) -> None:
        """Raises LogsleuthError if there can be no such folder."""
        self._folder = Path(folder)
        self._style = style
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LogsleuthError(f"cannot make the folder {folder}: {error.strerror}", "name another", 2) from None

    def path_of(self, finding: Finding, clock: Clock) -> Path:
        """Named after its onset and first category, so that names sort by time."""
        onset = clock.local(finding.onset)
        return self._folder / f"{onset:%Y-%m-%dT%H%M%S}-{finding.category}{SUFFIXES[self._style]}"

    def write(self, report: Report, path: Path) -> str:
        """Write it whole or not at all; a sentence if that failed: the watch goes on."""
        from logsleuth.report.render import render, write_whole  # noqa: PLC0415 - few incidents, and many looks

        try:
            write_whole(path, render(report, self._style, full=True))
        except LogsleuthError as error:
            return str(error)
        return ""
