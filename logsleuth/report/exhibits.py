"""The evidence of an incident: each line that is cited, once, under a number."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from logsleuth.report.model import Evidence
from logsleuth.scan.sighting import UNDATED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.logs.log import Log
    from logsleuth.scan.sighting import Sighting
    from logsleuth.scan.tally import Tally
    from logsleuth.story.clock import Clock
    from logsleuth.story.incident import Strand

LINES_A_STRAND = 3


@dataclass(slots=True)
class Exhibits:
    """The evidence of one incident, numbered in the order in which it is first cited."""

    tally: Tally
    logs: Sequence[Log]
    clock: Clock
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
                pattern=pattern,
            )
        return self.items[key].id

    def strand(self, strand: Strand, most: int = LINES_A_STRAND) -> tuple[str, ...]:
        """The ids of a strand's first lines, and of its last."""
        name = strand.pattern.id if strand.pattern else None
        chosen = [*strand.moments[: most - 1], *strand.moments[-1:]]
        return tuple(dict.fromkeys(self.cite(moment.sighting, name) for moment in chosen))
