"""When a watch announces an incident: at its onset, when it has changed, and when it has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from logsleuth.live.event import Event
from logsleuth.live.judging import report_on
from logsleuth.live.plugin_line import sentence
from logsleuth.redaction.pseudonyms import Pseudonyms
from logsleuth.values import replace

if TYPE_CHECKING:
    from pathlib import Path

    from logsleuth.live.finding import Finding
    from logsleuth.live.judging import Known
    from logsleuth.live.probe import Probe
    from logsleuth.live.reports import Reports
    from logsleuth.live.verdict import Judgement

Kind = Literal["onset", "change", "end"]
MORE = 1.5
"""An incident is announced again when the number of lost workers has grown by this factor."""


class Announcer:
    """Remembers the last announcement, so that nothing is announced twice."""

    def __init__(self, probe: Probe, reports: Reports | None, announced: Finding | None) -> None:
        self._probe = probe
        self._reports = reports
        self._announced = announced
        self._ended: Finding | None = None
        self._path: Path | None = None
        self.failure = ""
        """Why the last report could not be written; empty: it was."""

    @property
    def is_open(self) -> bool:
        """Whether an incident was announced, and its end was not."""
        return self._announced is not None

    def announce(self, known: Known, now: float) -> Event | None:
        """The event to announce at this time (seconds since 1970, UTC), its report written; None: nothing new."""
        kind = self._kind(known.judgement)
        if kind is None:
            return None
        finding = known.judgement.finding or self._announced
        assert finding is not None
        self._announced, self._ended = (None, finding) if kind == "end" else (finding, None)
        event = self._event(kind, known.judgement, finding, int(now * 1_000_000))
        return event if self._reports is None else self._reported(event, finding, known, self._reports)

    def _kind(self, judgement: Judgement) -> Kind | None:
        announced, finding = self._announced, judgement.finding
        if finding is None:
            return "end" if announced is not None else None
        if judgement.well_since is not None:  # it may have begun and ended between two reads
            return "end" if announced is not None or self._ended is None or finding.onset > self._ended.last else None
        if announced is None:
            return "onset"
        more = finding.workers_lost > announced.workers_lost and finding.workers_lost >= MORE * announced.workers_lost
        other = (finding.category, finding.confidence, finding.critical)
        return "change" if more or other != (announced.category, announced.confidence, announced.critical) else None

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
