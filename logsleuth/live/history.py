"""What a watch has seen since it started, as figures for the metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.live.snapshot import Seen, Snapshot
from logsleuth.live.totals import Totals
from logsleuth.values import replace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from logsleuth.live.event import Event
    from logsleuth.live.judging import Known

REMEMBERED = 100
"""Incidents that are over and still shown."""


class History:
    """Adds up judgements."""

    def __init__(self) -> None:
        self.totals = Totals()
        self._seen: list[Seen] = []
        self._incidents: dict[str, int] = {}
        self._snapshot = Snapshot()

    def add(self, known: Known, names: Mapping[int, str], first: Event | None, now: float) -> None:
        """Add a judgement.

        `names`: the log of each number in the tally; `first`: the event that announces an incident for the first time,
        which is its end if it was over before the first read.
        """
        self.totals.add(known.tally, names, now)
        finding, active = known.judgement.finding, known.judgement.well_since is None
        if first is not None:
            self._incidents[first.category] = self._incidents.get(first.category, 0) + 1
        self._seen = [replace(seen, active=False) for seen in self._seen][-REMEMBERED:]
        if finding is not None:
            now_seen = Seen(finding.category, finding.title, finding.confidence, active)
            self._seen = [*(seen for seen in self._seen if replace(seen, active=active) != now_seen), now_seen]
        advice = known.judgement.advice
        self._snapshot = Snapshot(
            verdict=known.judgement.status,
            workers_lost=finding.workers_lost if finding is not None and active else 0,
            workers_known=finding.workers_known if finding is not None else None,
            restart_advised=advice is not None and advice.restart,
            incidents=tuple(self._seen), incidents_total=dict(self._incidents),
            lines_total=dict(self.totals.lines), error_lines_total=dict(self.totals.errors),
        )  # fmt: skip

    def snapshot(self, last_read: Mapping[str, float], unknown: bool) -> Snapshot:
        """The figures now; `unknown`: the logs can't be read at the moment."""
        snapshot = replace(self._snapshot, last_read=dict(last_read))
        return replace(snapshot, verdict=3, restart_advised=False) if unknown else snapshot
