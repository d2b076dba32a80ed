"""When an incident is over, and what ended it: a restart, or the silence of what told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.story.grouping import JOIN
from logsleuth.story.incident import SECOND, Recovery

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.story.incident import Strand
    from logsleuth.story.restarts import Restart
    from logsleuth.story.timeline import Timeline

PATIENCE = 0.25
"""This share of an incident's duration may pass in silence before the restart that ends it."""
LONGEST_SILENCE = 3600 * SECOND
"""How long after the last line a restart may still be the end of what goes on in silence."""
QUIET_TAIL = 3
"""It is over when it has been silent for so many of its usual gaps: by chance that happens once in twenty."""
LEAST_TAIL = 4 * SECOND
UNTIL_RESTART = "until-restart"
"""Tag of what is said once, or seldom, and stays so until a restart."""
RELAPSE = 1.5
"""After restarts that did not help, one has helped if it is quiet for so many times as long as after those."""


def find_recovery(
    timeline: Timeline, strands: Sequence[Strand], restarts: Sequence[Restart], onset: int, end: int
) -> Recovery | None:
    """How it ended; None: the log ends in it. `restarts`: those since the onset; times in UTC microseconds."""
    return _by_restart(timeline, strands, restarts, onset, end) or _faded(timeline, strands, end)


def _by_restart(
    timeline: Timeline, strands: Sequence[Strand], restarts: Sequence[Restart], onset: int, end: int
) -> Recovery | None:
    """A restart after which the evidence is gone is what ended it."""
    gaps = usual_gap(strands)
    patience = max(JOIN, 4 * gaps, PATIENCE * (end - onset))
    if _lasts_until_restart(strands):
        patience = max(patience, LONGEST_SILENCE)
    for restart in restarts:
        if restart.up is None or restart.up < end - SECOND:
            continue
        ordered = restart.down if restart.down is not None else restart.up
        if ordered - end <= patience:
            if timeline.end - restart.up < RELAPSE * _longest_relapse(strands, restarts):
                return None
            gone = any(s.why == "alone" and s.end >= ordered - SECOND for s in strands)
            return Recovery(restart.up, "reload" if restart.kind == "reload" and not gone else "restart", restart)
        return None
    return None


def _longest_relapse(strands: Sequence[Strand], restarts: Sequence[Restart]) -> int:
    """Microseconds after which, at the longest, evidence came back after a restart that did not help; 0: none did."""
    times = sorted(moment.time for strand in strands for moment in strand.moments)
    after = [next((t - r.up for t in times if t > r.up), 0) for r in restarts if r.up is not None]
    return max(after, default=0)


def _lasts_until_restart(strands: Sequence[Strand]) -> bool:
    """Whether silence is no sign of recovery: a limit is told once, and a poisoned or hung worker may say no more.

    Nor may what httpd does not try again until it is restarted.
    """
    if all(strand.latched for strand in strands):
        return True
    if any(strand.pattern is not None and UNTIL_RESTART in strand.pattern.tags for strand in strands):
        return True
    states = {s.pattern.worker.state for s in strands if s.pattern and s.pattern.worker}
    return bool(states & {"poisoned", "hung"})


def _faded(timeline: Timeline, strands: Sequence[Strand], end: int) -> Recovery | None:
    """It is over when it has been silent far longer than it ever was before; else the log ended in it.

    A limit that is told only once is silent by nature.
    """
    if all(strand.latched for strand in strands):
        return None
    stopped = [r.down for r in timeline.restarts if r.up is None and r.down is not None and r.down >= end]
    until = min([timeline.end, *stopped])
    if until - end < max(LEAST_TAIL, QUIET_TAIL * usual_gap(strands)):
        return None
    return Recovery(end, "faded")


def usual_gap(strands: Sequence[Strand]) -> float:
    """Microseconds between the incident's pieces of evidence, all strands together."""
    times = sorted(moment.time for strand in strands for moment in strand.moments)
    return (times[-1] - times[0]) / (len(times) - 1) if len(times) > 1 else 0.0
