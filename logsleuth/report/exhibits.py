"""The evidence of an incident: each line that is cited, once, under a number."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from logsleuth.report.model import Evidence
from logsleuth.scan.sighting import UNDATED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from logsleuth.logs.log import Log
    from logsleuth.scan.sighting import Sighting
    from logsleuth.scan.tally import Tally
    from logsleuth.story.clock import Clock
    from logsleuth.story.incident import Strand
    from logsleuth.story.timeline import Timeline

LINES_A_STRAND = 3


def patterns_of_lines(timeline: Timeline) -> dict[tuple[int, int], str]:
    """Which pattern each line that is kept has matched, by log and offset."""
    told = {}
    for track in timeline.tracks.values():
        kept = [moment.sighting for moment in track.moments]
        kept += [sighting for pid in track.by_pid.values() for sighting in (pid.first, pid.last)]
        told.update({(sighting.log, sighting.offset): track.name for sighting in kept})
    return told


@dataclass(slots=True)
class Exhibits:
    """The evidence of one incident, numbered in the order in which it is first cited."""

    tally: Tally
    logs: Sequence[Log]
    clock: Clock
    patterns: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """The pattern that a kept line matched, by log and offset."""
    items: dict[tuple[int, int], Evidence] = field(default_factory=dict)

    def cite(self, sighting: Sighting, pattern: str | None) -> str:
        """The id of this line, which is made on first use."""
        key = (sighting.log, sighting.offset)
        if key not in self.items:
            self.items[key] = Evidence(
                id=f"e{len(self.items) + 1}",
                path=self.logs[sighting.log].path,
                line=self.tally.line_number(sighting),
                offset=sighting.offset,
                time=None if sighting.time <= UNDATED else self.clock.utc(sighting.time),
                text=sighting.text,
                pattern=pattern or self.patterns.get(key),
                level=sighting.level,
                pid=sighting.subject or sighting.reporter,
            )
        return self.items[key].id

    def strand(self, strand: Strand, most: int = LINES_A_STRAND) -> tuple[str, ...]:
        """The ids of a strand's first lines, and of its last."""
        name = strand.pattern.id if strand.pattern else None
        chosen = [*strand.moments[: most - 1], *strand.moments[-1:]]
        return tuple(dict.fromkeys(self.cite(moment.sighting, name) for moment in chosen))
