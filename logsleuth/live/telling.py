"""When an incident is told of: at its onset, when it has changed, and when it has ended."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from logsleuth.live.event import Event
from logsleuth.live.judging import report_on
from logsleuth.live.plugin_line import sentence
from logsleuth.redaction.pseudonyms import Pseudonyms

if TYPE_CHECKING:
    from pathlib import Path

    from logsleuth.live.finding import Finding
    from logsleuth.live.judging import Known
    from logsleuth.live.probe import Probe
    from logsleuth.live.reports import Reports
    from logsleuth.live.verdict import Judgement

Kind = Literal["onset", "change", "end"]
MORE = 1.5
"""So many times as many workers are lost: that is worth telling again."""


class Teller:
    """Remembers what was told last, so that nothing is told twice."""

    def __init__(self, probe: Probe, reports: Reports | None, told: Finding | None) -> None:
        self._probe = probe
        self._reports = reports
        self._told = told
        self._ended: Finding | None = None
        self._path: Path | None = None
        self.failure = ""
        """Why the last report could not be written; empty: it was."""

    @property
    def has_told(self) -> bool:
        """An incident was told of, and not yet its end."""
        return self._told is not None

    def tell(self, known: Known, now: float) -> Event | None:
        """What there is to tell at this moment (seconds since 1970, UTC), and the report on it; None: nothing new."""
        kind = self._kind(known.judgement)
        if kind is None:
            return None
        finding = known.judgement.finding or self._told
        assert finding is not None
        self._told, self._ended = (None, finding) if kind == "end" else (finding, None)
        event = self._event(kind, known.judgement, finding, int(now * 1_000_000))
        return event if self._reports is None else self._reported(event, finding, known, self._reports)

    def _kind(self, judgement: Judgement) -> Kind | None:
        told, finding = self._told, judgement.finding
        if finding is None:
            return "end" if told is not None else None
        if judgement.well_since is not None:  # also of what began and ended between two looks
            return "end" if told is not None or self._ended is None or finding.onset > self._ended.last else None
        if told is None:
            return "onset"
        more = finding.workers_lost > told.workers_lost and finding.workers_lost >= MORE * told.workers_lost
        other = (finding.category, finding.confidence, finding.critical)
        return "change" if more or other != (told.category, told.confidence, told.critical) else None

    def _event(self, kind: Kind, judgement: Judgement, finding: Finding, now: int) -> Event:
        advice, clock = judgement.advice, self._probe.clock
        return Event(
            event=kind, category=finding.category, cause=Pseudonyms().text(finding.title),
            confidence=finding.confidence,
            onset=clock.local(finding.onset).isoformat(timespec="seconds"),
            workers_lost=finding.workers_lost, workers_known=finding.workers_known,
            restart="no" if advice is None else "advised" if advice.restart else "withheld",
            summary=sentence(judgement, now, clock.tz) if judgement.finding else f"{finding.category} is over",
            log=finding.log,
        )  # fmt: skip

    def _reported(self, event: Event, finding: Finding, known: Known, reports: Reports) -> Event:
        """The event with the path of its report: the same file from onset to end."""
        path = self._path or reports.path_of(finding, self._probe.clock)
        self._path = None if event.event == "end" else path
        self.failure = reports.write(report_on(known, self._probe), path)
        return event if self.failure else replace(event, report=str(path))
