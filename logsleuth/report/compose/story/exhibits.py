"""The evidence of an incident: each line that is cited, once, under a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.logs.open.rotation import family
from logsleuth.report.compose.log.again import Again
from logsleuth.report.compose.story.alike import Alike
from logsleuth.report.model import Evidence
from logsleuth.scan.sighting import UNDATED
from logsleuth.timeline.undated import Following
from logsleuth.values import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from logsleuth.logs.open.log import Log
    from logsleuth.report.compose.log.again import AskedAgain
    from logsleuth.scan.sighting import Sighting
    from logsleuth.scan.tally import Tally
    from logsleuth.signals.model import Signal
    from logsleuth.timeline.clock import Clock
    from logsleuth.timeline.model import Timeline

LINES_A_SIGNAL = 3


def patterns_of_lines(timeline: Timeline) -> dict[tuple[int, int], str]:
    """Which pattern each line that is kept has matched, by log and offset."""
    found: dict[tuple[int, int], str] = {}
    for series in timeline.known():
        kept = [moment.sighting for moment in series.moments]
        kept += [moment.sighting for of_pid in series.by_pid.values() for moment in (of_pid.first, of_pid.last)]
        found.update(dict.fromkeys([(sighting.log, sighting.offset) for sighting in kept], series.name))
    return found


def log_name(number: int, logs: Sequence[Log], parts: Collection[int]) -> str:
    """The path of a log; of several parts of a rotated one, the path that they share."""
    path = logs[number].path
    return family(path) if len(parts) > 1 else path


@dataclass(slots=True)
class Exhibits:
    """The evidence of one incident, numbered in the order in which it is first cited."""

    tally: Tally
    logs: Sequence[Log]
    clock: Clock
    patterns: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """The pattern that a kept line matched, by log and offset."""
    again: Again = field(default_factory=lambda: Again(()))
    """The logs, read once more for all incidents."""
    following: Following = field(default_factory=lambda: Following(()))
    """What tells by when a line without a time was written, for all incidents."""
    alike: Alike = field(default_factory=Alike)
    """Which lines are of the same thing, for all incidents."""
    left_out: Sequence[str] = ()
    """A sentence on each log that was not read."""
    items: dict[tuple[int, int], Evidence] = field(default_factory=dict)

    def requests(self, logs: Iterable[int], begin: int, end: int) -> list[AskedAgain]:
        """The requests of some access logs from one moment to another (UTC microseconds), in order of time."""
        return [one for one in self.connections(logs, begin, end) if one.request.asks]

    def connections(self, logs: Iterable[int], begin: int, end: int) -> list[AskedAgain]:
        """The same with the connections that timed out before they asked for anything."""
        found = [one for number in logs for one in self.again.connections(number, self.clock, begin, end)]
        return sorted(found, key=lambda one: (one.time, one.log, one.line.offset))

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

    def signal(self, signal: Signal, most: int = LINES_A_SIGNAL) -> tuple[str, ...]:
        """The ids of a signal's first lines, and of its last."""
        name = signal.name if signal.meaning.known_by != "level" else None
        chosen = [*signal.moments[: most - 1], *signal.moments[-1:]]
        return tuple(dict.fromkeys(self.cite(moment.sighting, name) for moment in chosen))
