"""Whether the logs begin in the midst of an incident, so that its first line says little of when it began."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from logsleuth.signals.model import Signal
    from logsleuth.timeline.model import Opening


def begun_before(signals: Sequence[Signal], counted_by: int | None, openings: Mapping[int, Opening]) -> bool:
    """Whether every kind of log that shows it begins with a line of it: the earlier ones may have been rotated away.

    What other logs say before it, of other things, does not tell when it began. `counted_by`: the number of the access
    log that shows the requests that failed, or were refused; None: none does.
    """
    lines = {line for signal in signals for line in signal.lines}
    logs = {log for log, _ in lines} | ({counted_by} if counted_by is not None else set())
    kinds = {openings[log].kind for log in logs if log in openings}
    parts = [[one for one in openings.values() if one.kind == kind] for kind in kinds]
    return bool(parts) and all(min(of, key=attrgetter("time")).line in lines for of in parts)
