"""The rows of what an incident was seen by: the first line of each signal, and each time that it came back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.lives.requests import ANSWERED, answered_by, is_by_arrival
from logsleuth.report.compose.story.phases import phase_of
from logsleuth.report.model import KeyMoment
from logsleuth.report.words import clock, ordinal
from logsleuth.signals.model import Why
from logsleuth.signals.tuning import TOGETHER_US
from logsleuth.units import SECOND, elapsed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.causes.model import Diagnosis
    from logsleuth.incidents.model import Incident
    from logsleuth.lives.live import Lives
    from logsleuth.report.compose.story.exhibits import Exhibits
    from logsleuth.report.model import MomentKind
    from logsleuth.signals.model import Signal

SIGNALS_SHOWN = 7
RETURNS_SHOWN = 6
OF_RECORDS = frozenset({"service", "application", "dated"})
"""Kinds of logs in which a line without a time goes on with the record above it."""


def signal_rows(diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits) -> Iterable[KeyMoment]:
    """Each signal's first line, the most telling ones first in choice; and the moment of its peak."""
    incident = diagnosis.incident
    cause = diagnosis.causes[0].signal.name if diagnosis.causes else ""
    dated = [signal for signal in incident.signals if not _is_by_arrival(signal, incident)] or incident.signals
    earliest = min(signal.begin for signal in dated)
    # else it began with workers of whose end no line reports, or with requests that are dated by when they began
    reported = earliest - incident.onset <= TOGETHER_US
    at_onset = [signal for signal in dated if signal.begin - earliest <= SECOND]
    first_of_all = min(at_onset, key=lambda s: (s.name != cause, s.category is None, s.begin))
    left_out = _said_again(diagnosis)
    left_out |= {diagnosis.ended_by.pattern or ""} if diagnosis.ended_by is not None else set()
    told = [signal for signal in incident.signals if signal.name not in left_out or signal is first_of_all]
    ranked = sorted(told, key=lambda s: (s is not first_of_all, s.category is None, -s.count))
    by_second: dict[tuple[int, MomentKind], list[Signal]] = {}
    for signal in _of_different_lines(ranked)[:SIGNALS_SHOWN]:
        kind: MomentKind = "onset" if reported and signal is first_of_all else _kind(signal, cause)
        kind = "restart" if signal.name in diagnosis.of_restarts else kind
        by_second.setdefault((signal.begin // SECOND, kind), []).append(signal)
    for (_, kind), signals in by_second.items():
        begin = min(signal.begin for signal in signals)
        text = "; ".join(_first_of(signal, diagnosis, lives, exhibits) for signal in signals)
        lines = tuple(_first_line(signal, exhibits) for signal in signals)
        is_inferred = any(_is_last_sign(signal) or _written_by(signal, exhibits) is not None for signal in signals)
        yield KeyMoment(begin, kind, phase_of(diagnosis, begin), text, is_inferred, lines)
    yield from _hung(diagnosis, exhibits)


def _said_again(diagnosis: Diagnosis) -> set[str]:
    """What only goes on with the first cause's own lines, in words that nothing knows: the rest of a long message."""
    also = diagnosis.causes[0].also if diagnosis.causes else ()
    return {signal.name for signal in also if signal.meaning.known_by == "level" and not signal.meaning.is_thrown}


def _hung(diagnosis: Diagnosis, exhibits: Exhibits) -> Iterable[KeyMoment]:
    """The first requests that took long, where they began well before the line of the limit that they led to."""
    onset = diagnosis.incident.onset
    for signal in diagnosis.incident.signals:
        if signal.since == onset < signal.begin - TOGETHER_US:
            earlier = elapsed(onset, signal.begin)
            text = f"Requests begin to take far longer, {earlier} before a line reports it"
            if signal.why is not Why.LIMIT:
                text = f"{signal.title}, by the counts of the access log: {earlier} before the next of these lines"
            yield KeyMoment(onset, "onset", "onset", text, True, (_first_line(signal, exhibits),))
            return


def _of_different_lines(signals: Sequence[Signal]) -> list[Signal]:
    """Of signals that begin with the same line, the first one: a line is told once."""
    chosen: dict[tuple[int, int], Signal] = {}
    for signal in signals:
        line = signal.moments[0].sighting
        chosen.setdefault((line.log, line.offset), signal)
    return list(chosen.values())


def _first_of(signal: Signal, diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits) -> str:
    """What the first line of a signal says, in which worker, and how many more such lines follow."""
    if _is_last_sign(signal):
        return "Last sign of life of a run that did not end cleanly"
    title = diagnosis.title_of(signal)
    pid = signal.moments[0].sighting.subject or signal.moments[0].sighting.reporter
    lost = {worker.pid for worker in diagnosis.workers.lost_workers} - lives.server.parents
    worker = f"worker {pid}" if pid in lost and signal.meaning.worker is not None else ""
    more = f"first of {signal.count:,} lines" if signal.count > 1 else ""
    came_in = _is_by_arrival(signal, diagnosis.incident) or _leads(signal, diagnosis)
    dated = "timed by arrival" if came_in or is_by_arrival(signal.moments[0]) else ""
    by = _written_by(signal, exhibits)
    undated = f"undated, written before {clock(by, exhibits.clock.tz)}" if by is not None else ""
    of_restart = "as a service behind httpd was restarted" if signal.name in diagnosis.of_restarts else ""
    inside = ", ".join(part for part in (worker, more, dated, undated, of_restart) if part)
    return f"{title} ({inside})" if inside else title


def _is_by_arrival(signal: Signal, incident: Incident) -> bool:
    """Whether an access log dates its lines before the onset, or just before what made the first of them fail.

    By when a request came in, not when it failed. Where it hung for long, that is the first sign of the outage.
    """
    if signal.name != ANSWERED:
        return False
    if signal.begin <= incident.onset - SECOND:
        return True
    others = [other.begin for other in incident.signals if other.name != ANSWERED]
    return 0 <= min(others, default=0) - signal.begin <= min(TOGETHER_US, answered_by(signal.moments[0]) - signal.begin)


def _leads(signal: Signal, diagnosis: Diagnosis) -> bool:
    """Whether it is failed requests alone that say when it began: whatever failed them is logged later."""
    others = (other for other in diagnosis.incident.signals if other.name != ANSWERED)
    return signal.name == ANSWERED and all(other.begin - signal.begin >= SECOND for other in others)


def _is_last_sign(signal: Signal) -> bool:
    """Whether its time is inferred: a run that was killed is known only by what the next one says of it."""
    return signal.why is Why.NOT_UP and signal.meaning.role == "death"


def _written_by(signal: Signal, exhibits: Exhibits) -> int | None:
    """By when its first line was written, where it has no time of its own and was lent that of the line before.

    A service or an application writes what is below the head of a record together with it.
    """
    first = signal.moments[0]
    is_of_a_record = exhibits.logs[first.sighting.log].format.kind in OF_RECORDS
    return None if is_of_a_record else exhibits.following.written_by(first)


def _first_line(signal: Signal, exhibits: Exhibits) -> str:
    return exhibits.cite(signal.moments[0].sighting, signal.name if signal.meaning.known_by != "level" else None)


def return_rows(diagnosis: Diagnosis, exhibits: Exhibits) -> Iterable[KeyMoment]:
    """Each time that it came back, the first and the last ones where there are many."""
    recovery = diagnosis.incident.recovery
    signals = diagnosis.incident.signals
    times = [time for time in diagnosis.incident.returns if recovery is None or time < recovery.time]
    # what was never seen before did not come back: then it went on to something else
    returns = [time for time in times if any(signal.begin < time <= signal.end for signal in signals)]
    for number, time in enumerate(returns, 2):
        if RETURNS_SHOWN // 2 < number - 1 <= len(returns) - RETURNS_SHOWN // 2:
            continue
        lines = (moment for signal in diagnosis.incident.signals for moment in signal.moments if moment.time >= time)
        first = min(lines, key=lambda moment: (moment.time, moment.sighting.offset), default=None)
        cited = (exhibits.cite(first.sighting, None),) if first is not None else ()
        text = f"Failures resumed ({ordinal(number)} of {len(returns) + 1} spells)"
        yield KeyMoment(time, "return", phase_of(diagnosis, time), text, False, cited)


def _kind(signal: Signal, cause: str) -> MomentKind:
    """`cause`: the name of the first cause."""
    if signal.name == cause and signal.meaning.role == "cause":
        return "cause"
    if signal.meaning.phase == "start":
        return "symptom"  # a start that failed is no restart
    kinds: dict[str, MomentKind] = {"capacity": "capacity", "death": "worker", "shutdown": "restart"}
    return kinds.get(signal.meaning.role, "symptom")
