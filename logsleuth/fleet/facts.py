"""What the fleet's story needs of one host: its incidents in short, and the traits by which hosts differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.fleet.mechanism import mechanism_of
from logsleuth.fleet.model import HostFacts, HostIncident
from logsleuth.fleet.traits import changes_of, traits_of

if TYPE_CHECKING:
    from logsleuth.causes.model import Diagnosis
    from logsleuth.fleet.scanned import Scanned
    from logsleuth.story import Story
    from logsleuth.timeline.model import Timeline


def facts_of(scanned: Scanned, story: Story) -> HostFacts:
    """The facts of a host."""
    timeline = story.lives.timeline
    name = scanned.host.name
    ends = _ends(timeline)
    return HostFacts(
        name=name,
        first=ends[0] if ends else None,
        last=ends[1] if ends else None,
        traits=traits_of(scanned, timeline),
        incidents=tuple(_incident(name, number, diagnosis) for number, diagnosis in enumerate(story.diagnoses)),
        changes=changes_of(scanned.logs, timeline),
        configured=scanned.settings is not None,
    )


def _ends(timeline: Timeline) -> tuple[int, int] | None:
    """UTC microseconds of the first and last line of any log of a host."""
    spans = [(timeline.start, timeline.end)] if timeline.dated else []
    spans += [(t.all.begins[0], t.all.begins[-1]) for t in timeline.traffic.values() if t.all]
    return (min(first for first, _ in spans), max(last for _, last in spans)) if spans else None


def _incident(host: str, number: int, diagnosis: Diagnosis) -> HostIncident:
    incident = diagnosis.incident
    return HostIncident(
        host=host,
        number=number,
        mechanism=mechanism_of(diagnosis),
        severity=diagnosis.severity,
        onset=incident.onset,
        end=incident.recovery.time if incident.recovery else None,
        last=incident.end,
        lost=len(diagnosis.workers.lost),
    )
