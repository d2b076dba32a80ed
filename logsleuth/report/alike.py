"""Lines of evidence that only show one more lost worker: a few are quoted, the rest counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.report.escape import visible
from logsleuth.report.words import place, plural

if TYPE_CHECKING:
    from logsleuth.report.model import Evidence, IncidentReport

QUOTED: Final = 20
"""Lines about lost workers that are quoted, as many as workers are listed: of these the last one always is."""


def alike_lines(incident: IncidentReport) -> tuple[str, ...]:
    """The ids of the lines that nothing but the list of lost workers cites, beyond the first ones."""
    cited = (
        *incident.summary_evidence,
        *(cause.evidence for cause in incident.causes),
        *(row.evidence for row in incident.timeline),
        *(link.evidence for link in incident.chain),
        *(statement.evidence for statement in incident.impact),
        *(worker.evidence for worker in incident.lost[-1:]),
    )
    told = {ref for refs in cited for ref in refs}
    only = dict.fromkeys(ref for worker in incident.lost for ref in worker.evidence if ref not in told)
    return tuple(only)[QUOTED:]


def alike_words(incident: IncidentReport) -> tuple[str, ...]:
    """How many such lines there are, and where they stand: one sentence a log."""
    by_id = {one.id: one for one in incident.evidence}
    of_log: dict[str, list[Evidence]] = {}
    for ref in alike_lines(incident):
        if ref in by_id:
            of_log.setdefault(by_id[ref].path, []).append(by_id[ref])
    return tuple(_words(path, lines) for path, lines in of_log.items())


def _words(path: str, lines: list[Evidence]) -> str:
    first, last = min(lines, key=lambda one: one.offset), max(lines, key=lambda one: one.offset)
    begin, end = (place(visible(path), one.line, one.offset) for one in (first, last))
    count = plural(len(lines), "further line")
    return f"… and {count} that each report one more lost worker, {begin}{f' to {end}' if len(lines) > 1 else ''}"
