"""What the pictures of an incident are drawn from: its kinds of lines over time, and its workers' lives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.report.model import Lane, ReportStrand

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.story.clock import Clock
    from logsleuth.story.incident import LostWorker, Strand, Verdict
    from logsleuth.story.timeline import Moment, Timeline

MOMENTS = 400
"""A strand with more is told in as many equal steps."""
LOST_LANES = 32
OTHER_LANES = 8


def report_strand(strand: Strand) -> ReportStrand:
    """One kind of line of the incident, and when it was written."""
    pattern = strand.pattern
    return ReportStrand(
        pattern=pattern.id if pattern else None,
        title=strand.title,
        role=pattern.role if pattern else "unknown",
        severity=pattern.severity if pattern else "",
        count=strand.count,
        first=strand.begin,
        last=strand.end,
        moments=_few(strand.moments),
    )


def _few(moments: Sequence[Moment]) -> tuple[tuple[int, int], ...]:
    if len(moments) <= MOMENTS:
        return tuple((moment.time, moment.count) for moment in moments)
    begin = moments[0].time
    step = (moments[-1].time - begin) // MOMENTS + 1
    counts: dict[int, int] = {}
    for moment in moments:
        time = begin + (moment.time - begin) // step * step
        counts[time] = counts.get(time, 0) + moment.count
    return tuple(sorted(counts.items()))


def lanes(verdict: Verdict, timeline: Timeline, begin: int, end: int, clock: Clock) -> tuple[Lane, ...]:
    """The lives of the most telling workers between two moments: the first and last that were lost, and some others.

    The others wrote most in that time, so that a reader sees who kept on serving.
    """
    lost = verdict.workers.lost
    half = LOST_LANES // 2
    chosen = lost if len(lost) <= LOST_LANES else (*lost[:half], *lost[-half:])
    told = [_lost_lane(worker, verdict, timeline, begin, end, clock) for worker in chosen]
    pids = {worker.pid for worker in lost}
    others = []
    for pid in sorted(timeline.signs):
        signs = _signs(pid, timeline, begin, end, clock)
        if signs and pid not in pids and pid not in timeline.parents:
            others.append((_written(pid, timeline), Lane(pid, signs, None)))
    others.sort(key=lambda item: (-item[0], item[1].pid))
    return (*told, *sorted((lane for _, lane in others[:OTHER_LANES]), key=lambda lane: (lane.signs, lane.pid)))


def _lost_lane(worker: LostWorker, verdict: Verdict, timeline: Timeline, begin: int, end: int, clock: Clock) -> Lane:
    signs = _signs(worker.pid, timeline, begin, end, clock)
    if not signs:  # a log without pids: what the incident's own lines say of it
        told = (s.track.by_pid.get(worker.pid) for s in verdict.incident.strands)
        signs = tuple((clock.utc(t.first.time), clock.utc(t.last.time)) for t in told if t is not None)
    return Lane(worker.pid, _joined(signs), worker.time, worker.how, worker.inferred)


def _signs(pid: int, timeline: Timeline, begin: int, end: int, clock: Clock) -> tuple[tuple[int, int], ...]:
    told = ((clock.utc(sign.first), clock.utc(sign.last)) for sign in timeline.signs.get(pid, ()))
    return tuple((first, last) for first, last in told if last >= begin and first <= end)


def _written(pid: int, timeline: Timeline) -> int:
    return sum(sign.count for sign in timeline.signs[pid])


def _joined(stretches: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Stretches that overlap as one, in order."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(stretches):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return tuple(joined)
