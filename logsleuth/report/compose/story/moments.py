"""The key moments of an incident: 8 to 20 rows that tell it in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.causes.ended import helped_for, quiet_after
from logsleuth.causes.model import By
from logsleuth.lives.requests import ANSWERED, answered_by, is_by_arrival
from logsleuth.report.compose.answers.over import KINDS, is_silent_after
from logsleuth.report.compose.story.milestones import milestones
from logsleuth.report.compose.story.reached import is_waiting
from logsleuth.report.fates import ONE_CHILD
from logsleuth.report.model import KeyMoment
from logsleuth.report.words import clock, ordinal, plural
from logsleuth.signals.model import Why
from logsleuth.signals.tuning import JOIN_US, TOGETHER_US
from logsleuth.units import SECOND, duration, elapsed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from logsleuth.causes.model import Diagnosis
    from logsleuth.incidents.model import Incident
    from logsleuth.library.pattern import WorkerState
    from logsleuth.lives.live import Lives
    from logsleuth.lives.server.model import Restart, RestartKind
    from logsleuth.report.compose.story.exhibits import Exhibits
    from logsleuth.report.model import MomentKind, Phase
    from logsleuth.signals.model import Signal
    from logsleuth.timeline.model import Moment

MOST = 20
SIGNALS_SHOWN = 7
VAIN_SHOWN = 2
"""Restarts that did not help are shown up to here, and the last of them."""
ONSET_SHARE, ONSET_LEAST = 0.05, 2
"""The phase of the onset: this share of the incident, or as many seconds."""
RETURNS_SHOWN = 6
ORDER = {"trigger": -1, "onset": 0, "recovery": 2, "end": 3}
"""Within one second: what set it off, then what happened, then how it ended."""
RESTARTS: dict[RestartKind, str] = {
    "stop": "Server stopped", "reload": "Graceful restart", "hup": "Restart (HUP)", "start": "Server started",
}  # fmt: skip
OF_RECORDS = frozenset({"service", "application", "dated"})
"""Kinds of logs in which a line without a time goes on with the record above it."""
THAT = {False: "it", True: "this second"}
"""What no failure follows: a line, or the second of which only the first line is kept."""
DID: dict[WorkerState, str] = {
    "poisoned": "went bad", "hung": "hung", "crashed": "crashed", "killed": "was killed", "exited": "exited",
    "spawned": "started", "recycled": "was recycled", "stopped": "was stopped",
}  # fmt: skip
"""What happened to a lost worker, after its name."""


def key_moments(diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits) -> tuple[KeyMoment, ...]:
    """The rows, in order of time."""
    rows = [*_triggers(diagnosis, exhibits), *_signals(diagnosis, lives, exhibits), *_returns(diagnosis, exhibits)]
    rows += [
        *_workers(diagnosis, {ref: row.text for row in rows for ref in row.evidence}, exhibits),
        *_restarts(diagnosis, lives, exhibits),
        *_services(diagnosis, exhibits),
        *_ending(diagnosis, lives, exhibits),
    ]
    rows.sort(key=lambda row: (row.time // SECOND, ORDER.get(row.kind, 1), row.time, row.kind))
    return tuple(_fewest(rows))


def _fewest(rows: list[KeyMoment]) -> list[KeyMoment]:
    """At most MOST rows: restarts and lost workers in the middle go first, the onset and the end never."""
    spare = [row for row in rows if row.kind in {"restart", "worker", "return"}]
    surplus = min(max(len(rows) - MOST, 0), len(spare))
    begin = (len(spare) - surplus) // 2
    gone = {id(row) for row in spare[begin : begin + surplus]}
    return [row for row in rows if id(row) not in gone]


def _phase(diagnosis: Diagnosis, time: int) -> Phase:
    incident = diagnosis.incident
    if time <= incident.onset - SECOND:  # an access log has no fractions of a second
        return "before"
    if incident.recovery is not None and time >= incident.recovery.time + (incident.recovery.restart is None):
        return "recovery"  # what faded is there until then
    lost = diagnosis.workers.lost
    if time - incident.onset <= max(ONSET_SHARE * incident.seconds, ONSET_LEAST) * SECOND:
        return "onset"
    spreads = len(lost) > 1 and not ONE_CHILD.search(lost[0].sighting.text)
    return "spread" if spreads and time <= lost[-1].time else "outage"


def _triggers(diagnosis: Diagnosis, exhibits: Exhibits) -> Iterable[KeyMoment]:
    for trigger in diagnosis.triggers:
        cited = tuple(exhibits.cite(sighting, trigger.pattern) for sighting in trigger.sightings)
        time = min(trigger.time, diagnosis.incident.onset)  # a line without a time borrows one from before the order
        yield KeyMoment(time, "trigger", "before", trigger.text, False, cited)


def _signals(diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits) -> Iterable[KeyMoment]:
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
        yield KeyMoment(begin, kind, _phase(diagnosis, begin), text, is_inferred, lines)
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


def _returns(diagnosis: Diagnosis, exhibits: Exhibits) -> Iterable[KeyMoment]:
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
        yield KeyMoment(time, "return", _phase(diagnosis, time), text, False, cited)


def _kind(signal: Signal, cause: str) -> MomentKind:
    """`cause`: the name of the first cause."""
    if signal.name == cause and signal.meaning.role == "cause":
        return "cause"
    if signal.meaning.phase == "start":
        return "symptom"  # a start that failed is no restart
    kinds: dict[str, MomentKind] = {"capacity": "capacity", "death": "worker", "shutdown": "restart"}
    return kinds.get(signal.meaning.role, "symptom")


def _workers(diagnosis: Diagnosis, told: Mapping[str, str], exhibits: Exhibits) -> Iterable[KeyMoment]:
    """The first loss, a quarter, half and all of them; `told`: what the other rows say, by the lines that they cite."""
    lost = diagnosis.workers.lost_workers
    silent = lost and lost[0].time - diagnosis.incident.onset < SECOND
    if silent and diagnosis.incident.onset < min(signal.begin for signal in diagnosis.incident.signals) - SECOND:
        cited = exhibits.cite(lost[0].sighting, None)
        text = "The first lost workers fell silent, before any line reports it"
        yield KeyMoment(diagnosis.incident.onset, "onset", "onset", text, True, (cited,))
    for number in milestones(len(lost)):
        worker = lost[number - 1]
        is_one = ONE_CHILD.search(worker.sighting.text) is not None
        text = f"{'The child process' if is_one else 'Worker'} {worker.pid} {DID[worker.how]}"
        if len(lost) > 1:
            nth = f"{ordinal(number)} time of {len(lost):,}" if is_one else f"{number:,} of {len(lost):,} lost"
            text += f" ({nth})"
        cited = exhibits.cite(worker.sighting, None)
        if f"worker {worker.pid}," in told.get(cited, ""):
            continue  # a row shows that line already, and names the worker
        yield KeyMoment(worker.time, "worker", _phase(diagnosis, worker.time), text, worker.inferred, (cited,))


def _restarts(diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits) -> Iterable[KeyMoment]:
    """What was tried in vain, in a row each; the stop before the start that helped; and one soon after the end."""
    incident = diagnosis.incident
    told = {sighting for trigger in diagnosis.triggers for sighting in trigger.sightings}
    vain = incident.restarts_in_vain
    shown = vain if len(vain) <= VAIN_SHOWN + 1 else [*vain[:VAIN_SHOWN], vain[-1]]
    for number, restart in enumerate(vain, 1):
        if restart in shown and restart.up is not None:
            of_all = f" ({number:,} of {len(vain):,})" if len(vain) > 1 else ""
            cited = tuple(exhibits.cite(sighting, None) for sighting in restart.sightings)
            text = f"Back up after a {KINDS[restart.kind]}; {_after(restart, diagnosis)}{of_all}"
            yield KeyMoment(restart.up, "restart", _phase(diagnosis, restart.up), text, False, cited)
    ended = diagnosis.ended_by
    later = [ended.restart] if ended is not None and ended.by is By.BEFORE_A_RESTART and ended.restart else []
    cure = incident.recovery.restart if incident.recovery else None
    untold = [restart for restart in (*vain, *incident.restarts_of_a_timer) if restart != cure]
    for restart in (*incident.restarts, *(one for one in later if one not in incident.restarts)):
        down = restart.down
        if down is None or restart in untold or restart.sightings[0] in told:
            continue
        cited = (exhibits.cite(restart.sightings[0], None),)
        yield KeyMoment(down, "restart", _phase(diagnosis, down), RESTARTS[restart.kind], False, cited)


def _services(diagnosis: Diagnosis, exhibits: Exhibits) -> Iterable[KeyMoment]:
    """The restarts of services behind httpd that did not end it; of the one that did there is another row."""
    ended = diagnosis.ended_by
    told = set(ended.sightings) if ended is not None else set()
    for one in diagnosis.services:
        restart = one.restart
        if restart.up is None or not told.isdisjoint(restart.sightings) or restart.up >= diagnosis.incident.end:
            continue
        cited = tuple(exhibits.cite(line, one.pattern) for line in restart.sightings)
        order = "reload" if restart.kind == "reload" else "restart"
        after = f" after a {order}" if restart.down is not None else ""
        text = f"{one.title}{after}; {_then(restart, diagnosis.incident)}"
        yield KeyMoment(restart.up, "restart", _phase(diagnosis, restart.up), text, False, cited)


def _after(restart: Restart, diagnosis: Diagnosis) -> str:
    """What followed a restart of httpd that did not end an incident: that it made it worse, above all."""
    worse = next((one for one in diagnosis.worsened if one.restart == restart), None)
    if worse is None:
        return _then(restart, diagnosis.incident)
    before, after = worse.before, worse.after
    return (
        f"it made things worse: {after.failed:,} of {plural(after.seen, 'request')} failed in the "
        f"{duration(after.length / SECOND)} after it, {before.failed:,} of {before.seen:,} in the "
        f"{duration(before.length / SECOND)} before"
    )


def _then(restart: Restart, incident: Incident) -> str:
    """What followed a restart that did not end an incident."""
    if helped := helped_for(restart, incident):
        return f"failures paused for {duration(helped / SECOND)}"
    quiet = quiet_after(restart, incident)
    if quiet > JOIN_US:
        return f"the failures went on {duration(quiet / SECOND)} later"
    return "requests went on waiting" if incident.only_waits else "the failures went on"


def _stops(restart: Restart, incident: Incident, *, was_it: bool) -> str:
    """That no failure follows a restart, where nothing else ended it; at a graceful one the server stayed up."""
    if not was_it:
        return "Graceful restart done" if restart.kind == "reload" else "Server up again"
    now = "requests no longer wait" if incident.only_waits else "the failures stop"
    return f"{'Graceful restart done' if restart.kind == 'reload' else 'Server up again'}; {now}"


def _ending(diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits) -> Iterable[KeyMoment]:
    incident = diagnosis.incident
    kept = [m for s in incident.signals for m in s.moments]
    last = max(m.last for m in kept)
    if incident.recovery is None:
        yield KeyMoment(max(lives.end, last), "end", "outage", "The log ends; nothing shows a recovery", True, ())
        return
    yield from _what_ended_it(diagnosis, lives, exhibits)
    if incident.recovery.restart is not None:
        cited = exhibits.cite(incident.recovery.restart.sightings[-1], None)
        was_it = diagnosis.ended_by is None or diagnosis.ended_by.by not in {By.SERVICE, By.BACK}
        text = "Server up again" if incident.was_down else _stops(incident.recovery.restart, incident, was_it=was_it)
        yield KeyMoment(incident.recovery.time, "recovery", "recovery", text, False, (cited,))
        return
    if diagnosis.ended_by is not None and diagnosis.ended_by.by is By.BACK and _is_a_state_over(incident):
        return  # the line that says so has its row
    shown = _last_line(incident, incident.recovery.time)
    cited = exhibits.cite(shown.sighting, None)
    several = sum(m.count for m in kept if m.time // SECOND == shown.time // SECOND) > 1
    none = f"; none after {THAT[several]}" if is_silent_after(diagnosis) and not _fails_later(incident) else ""
    text = f"Last failure{'s' if several else ''}{none}"
    if incident.is_slow_only or (incident.only_waits and incident.countermeasure is not None):
        text = "Requests no longer take as long"
    elif incident.recovery.time - last >= SECOND:
        text = _answered_again(last, incident.recovery.time, diagnosis, lives)
    elif shown.time // SECOND != incident.recovery.time // SECOND:
        cited = ""  # the line itself is not kept: of lines that come often only the first of some seconds is
    yield KeyMoment(incident.recovery.time, "recovery", "recovery", text, True, (cited,) if cited else ())


def _is_a_state_over(incident: Incident) -> bool:
    """Whether it ended with the message that what it waited for is back."""
    return any(signal.is_a_state and signal.until == incident.over for signal in incident.signals)


def _fails_later(incident: Incident) -> bool:
    """Whether any kind of its lines is written again after its end."""
    return any(signal.series.moments[-1].last >= incident.over + SECOND for signal in incident.signals)


def _last_line(incident: Incident, over: int) -> Moment:
    """The last line of an incident up to its end: of a moment only the first one is kept, and of a worker the last."""
    kept = [m for s in incident.signals for m in s.moments]
    of_workers = [one.last for s in incident.signals for one in s.series.by_pid.values()]
    until = [m for m in (*kept, *of_workers) if m.time // SECOND <= over // SECOND]
    return max(until or kept, key=lambda m: (m.time, m.sighting.offset))


def _what_ended_it(diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits) -> Iterable[KeyMoment]:
    """What was done or logged as it ended; the restart of httpd has a row of its own, and an order its time."""
    ended = diagnosis.ended_by
    if ended is None:
        return
    if not ended.sightings:
        return
    if ended.by is By.SERVICE and len(ended.sightings) > 1:
        stop = exhibits.cite(ended.sightings[0], None)
        time = exhibits.clock.utc(ended.sightings[0].time)
        told = f"A service behind httpd is told to {'reload' if ended.reloaded else 'stop'}"
        yield KeyMoment(time, "restart", _phase(diagnosis, time), told, False, (stop,))
    done = exhibits.cite(ended.sightings[-1], ended.pattern)
    series = lives.timeline.series.get(ended.pattern or "")
    text = series.title if series is not None and series.meaning.role == "recovery" else ended.text
    if ended.by is By.COUNTERMEASURE:
        text = f"Countermeasure: {text}"
    yield KeyMoment(ended.time, "recovery", "recovery", text, False, (done,))


def _answered_again(last: int, over: int, diagnosis: Diagnosis, lives: Lives) -> str:
    """What the end of a wait shows: a full server may have answered somebody all the time.

    `last`: of its lines, `over`: when requests no longer waited, both in UTC microseconds.
    """
    if not (is_waiting(diagnosis) or diagnosis.incident.was_starved):
        return "Requests no longer fail"
    counted = lives.requests.counted
    seen = lives.requests.seen_by(counted, last + SECOND, over - SECOND) if counted is not None else None
    if seen is not None and seen.seen:
        return f"Requests no longer wait ({plural(seen.seen, 'request')} answered since the last line on it)"
    return f"Requests are answered again ({elapsed(last, over)} after the last line on it)"
