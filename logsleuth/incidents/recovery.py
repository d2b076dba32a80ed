"""When an incident is over, and what ended it. Decided here, and nowhere else.

The table is the key `lasts` of what was said: what a line says of the time after it.

    event           over when it has been silent far longer than between its lines
    until-exit      a worker that lives on without serving: over when a restart has replaced it
    until-restart   httpd does not try again: over with the next restart
    until-back      what is behind httpd stays so: over with the message that it is back, and with nothing else
    latched         said once, whatever follows: over when those who waited were answered, or with a restart
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

from logsleuth.incidents.model import How, Recovery
from logsleuth.incidents.poisoned import may_live_on
from logsleuth.library.category import category_of
from logsleuth.lives.requests import ANSWERED, took_of
from logsleuth.signals.model import Why
from logsleuth.signals.tuning import JOIN_US, NEAR_GAPS, TOGETHER_US
from logsleuth.signals.waiting import silent_until
from logsleuth.units import SECOND

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.incidents.model import Countermeasure
    from logsleuth.lives.live import Lives
    from logsleuth.lives.requests import Requests
    from logsleuth.lives.server.model import Absence, Restart
    from logsleuth.signals.model import Signal


def find_recovery(lives: Lives, signals: Sequence[Signal], restarts: Sequence[Restart], end: int) -> Recovery | None:
    """How it ended; None: the log ends in it. `restarts`: those since the onset; `end`: UTC microseconds."""
    states = [signal for signal in signals if signal.is_a_state]
    if any(not state.until for state in states):
        return None
    if any(state.until == end for state in states):
        return Recovery(end, How.FADED)
    absent = [signal for signal in signals if signal.why is Why.NOT_UP]
    if absent and _ended_by(signals, max(signal.end for signal in absent)):
        return _by_start(lives, min(one.begin for one in absent), max(one.until for one in absent), restarts)
    found = _by_restart(lives, signals, restarts, end) or _faded(lives, signals, end)
    if found is not None and found.how is How.FADED:
        return _with_its_workers(lives, signals, restarts, end) or found
    return found


def _with_its_workers(
    lives: Lives, signals: Sequence[Signal], restarts: Sequence[Restart], end: int
) -> Recovery | None:
    """The next restart, if workers that fail every request may have lived until then, though none had one any more."""
    restart = next((one for one in restarts if one.up is not None and (one.down or one.up) > end), None)
    if restart is None or restart.up is None or not may_live_on(signals, lives, restart.down or restart.up):
        return None
    return Recovery(restart.up, How.RELOAD if restart.kind == "reload" else How.RESTART, restart)


def _ended_by(signals: Sequence[Signal], up: int) -> bool:
    """Whether nothing was seen of it any more once the server was up (UTC microseconds).

    A proxy in front sends requests again when its next checks of the server succeed, seconds later.
    """
    return all(signal.end <= up + (JOIN_US if signal.name == ANSWERED else 0) for signal in signals)


def by_countermeasure(countermeasure: Countermeasure, end: int) -> Recovery:
    """That it ended with refusals: with the reload that put their rule in force, else with the last sign of it."""
    restart = countermeasure.restart
    if restart is None:
        return Recovery(max(end, countermeasure.time), How.FADED)
    return Recovery(countermeasure.time, How.RELOAD if restart.kind == "reload" else How.RESTART, restart)


def _by_start(lives: Lives, onset: int, up: int, restarts: Sequence[Restart]) -> Recovery | None:
    """The server was down, and its next start ended that; None: it never started again.

    Where it went down again and again, a start ends it only if the server stays up for longer than it did before.
    """
    before = _longest_up(lives.server.absences, onset, up)
    if before and max(lives.timeline.end, up) - up <= before:
        return None
    restart = next((restart for restart in restarts if restart.up == up), None)
    if restart is not None:
        return Recovery(up, How.RESTART, restart)
    ended = any(absence.end == up for absence in lives.server.absences)
    return Recovery(up, How.RESTART) if ended else None


def _longest_up(absences: Sequence[Absence], onset: int, up: int) -> int:
    """Microseconds for which the server stayed up, at the longest, before it went down again; 0: it did not."""
    down = [one for one in absences if one.why != "stopped" and onset <= one.begin and (one.end or up) < up + SECOND]
    return max((after.begin - (before.end or 0) for before, after in pairwise(down)), default=0)


def _by_restart(lives: Lives, signals: Sequence[Signal], restarts: Sequence[Restart], end: int) -> Recovery | None:
    """A restart after which nothing of it is seen any more."""
    patience = max(JOIN_US, NEAR_GAPS * usual_gap(signals))
    for restart in restarts:
        if restart.up is None or not _was_last_seen_by(signals, restart.up):
            continue
        ordered = restart.down if restart.down is not None else restart.up
        if ordered - end > patience and not lasts_until_restart(signals):
            return None
        before = _longest_relapse(signals, restarts, restart)
        if before and lives.timeline.end - restart.up <= before:
            return None
        return Recovery(
            restart.up, How.RELOAD if restart.kind == "reload" and not restart.refusals else How.RESTART, restart
        )
    return None


def _was_last_seen_by(signals: Sequence[Signal], up: int) -> bool:
    """Whether nothing was seen of it any more a second after a start (UTC microseconds).

    The first pages of new workers take longer than others: that alone is no sign that it went on.
    """
    waited = _waited_since_before(signals, up)
    return all(signal.end <= up + _answered_within(signal, waited) for signal in signals)


def _answered_within(signal: Signal, waited: int) -> int:
    """Microseconds after a start within which what a signal says is of requests that came before it."""
    if signal.why is Why.SLOW:
        return JOIN_US
    return waited if signal.name == ANSWERED or "front" in signal.meaning.shows else SECOND


def _waited_since_before(signals: Sequence[Signal], up: int) -> int:
    """Microseconds after a start up to which a proxy in front may give up requests that came before it; at least 1 s.

    It writes a line when it gives up. That line says how long the request took: if each that failed after the start
    took longer than the server had been up, all of them may have been waiting since before.
    """
    late = [moment for signal in signals if signal.name == ANSWERED for moment in signal.moments if moment.last > up]
    took = [took_of(moment) or 0 for moment in late]
    if all(moment.last - up <= long for moment, long in zip(late, took, strict=True)):
        return max([SECOND, *took])
    return SECOND


def _is_as_thorough(one: Restart, other: Restart) -> bool:
    """Whether that one restart did not help says something of another: a graceful one leaves old workers alive."""
    return one.kind != "reload" or other.kind == "reload"


def _longest_relapse(signals: Sequence[Signal], restarts: Sequence[Restart], other: Restart) -> int:
    """Microseconds after which, at the longest, it came back after a restart that did not help; 0: none did.

    Of those that are as thorough as the other.
    """
    times = sorted(moment.time for signal in signals for moment in signal.moments)
    ups = [one.up for one in restarts if one.up is not None and one.up < times[-1] and _is_as_thorough(one, other)]
    return max((times[bisect_right(times, up)] - up for up in ups), default=0)


def lasts_until_restart(signals: Sequence[Signal]) -> bool:
    """Whether silence is no sign of recovery."""
    if all(signal.is_latched for signal in signals):
        return True
    return any(signal.meaning.lasts in {"until-exit", "until-restart"} for signal in signals)


def _faded(lives: Lives, signals: Sequence[Signal], end: int) -> Recovery | None:
    """It has been silent far longer than ever between its lines. A limit is silent by nature.

    An error log ends with its last error: that requests go on, and do not fail, may be seen in the access log alone.
    """
    if all(signal.is_latched for signal in signals) or _nobody_asked_after(lives.requests, signals, end):
        return None
    stopped = [r.down for r in lives.server.restarts if r.up is None and r.down is not None and r.down >= end]
    until = min([max(lives.timeline.end, lives.requests.last or 0), *stopped])
    if until - end < max(TOGETHER_US, 0 if _is_known_to_be_over(signals, end) else NEAR_GAPS * usual_gap(signals)):
        return None
    return Recovery(_hidden_until(lives, signals, end), How.FADED)


def _nobody_asked_after(requests: Requests, signals: Sequence[Signal], end: int) -> bool:
    """Whether requests show the failure to its end, and the log that has them has none that began after that.

    A proxy's line is written when it gives up, and dated when the request came: such a log may end in the outage,
    though its last date is half a minute before its end.
    """
    for signal in signals:
        if signal.name != ANSWERED or signal.end < end:
            continue
        traffic = requests.traffic_of(signal.moments[-1].sighting.log)
        if traffic is not None and traffic.all.begins[-1] <= end:
            return True
    return False


def _is_known_to_be_over(signals: Sequence[Signal], end: int) -> bool:
    """Whether something says that it was over: those who had waited were answered, or what had been gone was back."""
    return any(signal.until == end and signal.why in {Why.LIMIT, Why.COMPANION} for signal in signals)


def _hidden_until(lives: Lives, signals: Sequence[Signal], end: int) -> int:
    """UTC microseconds up to which the fault kept the server from writing its logs, else its own end.

    On a full disk nothing is written: it is over when the first of the logs goes on.
    """
    if not any(category_of(signal.category).stops_logging for signal in signals):
        return end
    return silent_until(lives.requests, end) or end


def usual_gap(signals: Sequence[Signal]) -> float:
    """Microseconds between two seconds in which the incident shows, on average: one failure may write several lines."""
    seconds = sorted({moment.time // SECOND for signal in signals for moment in signal.moments})
    return (seconds[-1] - seconds[0]) * SECOND / (len(seconds) - 1) if len(seconds) > 1 else 0.0
