"""What the pictures of an incident are drawn from: its lines over time, and its workers' lives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.report.compose.story.lines import lines_by_step
from logsleuth.report.model import Lane, ReportSignal
from logsleuth.units import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.causes.model import Diagnosis
    from logsleuth.incidents.model import Incident, LostWorker, Workers
    from logsleuth.lives.live import Lives
    from logsleuth.signals.model import Signal
    from logsleuth.timeline.model import Moment

STEPS = 48
"""Equal steps in which an incident and the time around it are drawn."""
MARGIN = 15 * SECOND
"""Microseconds around an incident that are drawn at least."""
MOMENTS = 400
"""A signal with more is told in as many equal steps."""
LOST_LANES = 32
OTHER_LANES = 8


def report_signal(signal: Signal, title: str) -> ReportSignal:
    """One kind of line of the incident, what it is called there, and when it was written."""
    meaning = signal.meaning
    known = meaning.known_by != "level"
    return ReportSignal(
        pattern=meaning.id if known else None,
        title=title,
        role=meaning.role if known else "unknown",
        severity=meaning.severity if known else "",
        count=signal.count,
        first=signal.begin,
        last=signal.end,
        moments=_few(signal.moments),
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


def errors(incident: Incident, lives: Lives) -> tuple[tuple[int, ...], int, int]:
    """The incident's lines in equal steps, with half as much time before and after; begin and length of a step."""
    margin = max((incident.over - incident.onset) // 2, MARGIN)
    begin = max(incident.onset - margin, lives.timeline.start)
    end = min(incident.over + margin, lives.timeline.end)
    counts, step = lines_by_step((signal.series for signal in incident.signals), begin, end, STEPS)
    return counts, begin, step


def curve(workers: Workers, begin: int, step: int) -> tuple[int, ...]:
    """How many workers were lost by the end of each of those steps (UTC microseconds)."""
    times = [worker.time for worker in workers.lost]
    return tuple(sum(time < begin + step * (nth + 1) for time in times) for nth in range(STEPS))


def lanes(diagnosis: Diagnosis, lives: Lives, begin: int, step: int) -> tuple[Lane, ...]:
    """The lives of the most telling workers in those steps: the first and last that were lost, and some others.

    The others wrote most in that time, so that a reader sees who kept on serving: none where the parent itself ended,
    and its workers with it.
    """
    end = begin + STEPS * step
    lost = diagnosis.workers.lost
    half = LOST_LANES // 2
    chosen = lost if len(lost) <= LOST_LANES else (*lost[:half], *lost[-half:])
    drawn = [_lost_lane(worker, diagnosis.incident, lives, begin, end) for worker in chosen]
    pids = {worker.pid for worker in lost}
    written = {} if diagnosis.incident.was_down else lives.timeline.signs.written_between(begin, end)
    others = sorted((-count, pid) for pid, count in written.items() if pid not in pids | lives.server.parents)
    more = [Lane(pid, _signs(pid, lives, begin, end), None) for _, pid in others[:OTHER_LANES]]
    return (*drawn, *sorted(more, key=lambda lane: (lane.signs, lane.pid)))


def _lost_lane(worker: LostWorker, incident: Incident, lives: Lives, begin: int, end: int) -> Lane:
    signs = _signs(worker.pid, lives, begin, end)
    if not signs:  # a log without pids: what the incident's own lines say of it
        found = (signal.series.by_pid.get(worker.pid) for signal in incident.signals)
        signs = tuple((one.first.time, one.last.time) for one in found if one is not None)
    return Lane(worker.pid, _joined(signs), worker.time, worker.how, worker.inferred)


def _signs(pid: int, lives: Lives, begin: int, end: int) -> tuple[tuple[int, int], ...]:
    signs = lives.timeline.signs.get(pid, ())
    return tuple((sign.first, sign.last) for sign in signs if sign.last >= begin and sign.first <= end)


def _joined(stretches: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Stretches that overlap as one, in order."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(stretches):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return tuple(joined)
