"""What ended an incident: one value, on which every sentence about its end rests.

A restart of httpd may have ended it, or come as it was over; where none did, a service behind httpd may have been
started, or somebody may have done something. Nothing of it is written twice: what ended it is decided here.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from logsleuth.causes.model import By, EndedBy
from logsleuth.causes.restart import may_have_ended, what_it_does
from logsleuth.causes.services import NEAR_US, last_back, order_before, reach, refused_at_the_end
from logsleuth.causes.triggers import BANS, COMMANDS, STARTS_HTTPD, changes_before
from logsleuth.incidents.model import How
from logsleuth.incidents.recovery import usual_gap
from logsleuth.lives.requests import ANSWERED
from logsleuth.signals.model import Why
from logsleuth.signals.tuning import JOIN_US, NEAR_GAPS, SOON_US, TOGETHER_US
from logsleuth.timeline.text import message
from logsleuth.units import SECOND, elapsed
from logsleuth.values import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.causes.model import Trigger
    from logsleuth.incidents.model import Countermeasure, Incident, LostWorker, Recovery
    from logsleuth.lives.live import Lives
    from logsleuth.lives.server.model import Restart, RestartKind
    from logsleuth.signals.model import Signal
    from logsleuth.timeline.model import Timeline

REFUSES: Final = "permission-denied"
"""The kind of outage in which requests are refused for the mode of a file."""
DEPLOYED: Final = "changes.change"
"""The pattern of what a list of changes, or the log of a deploy script, has."""
REPLACES: Final[dict[RestartKind, int]] = {"reload": 1, "hup": 2, "stop": 3, "start": 3}
"""How much a restart replaces: after a graceful one old workers may go on, and HUP keeps the parent process."""
TAKE_TIME: Final = frozenset({COMMANDS, BANS})
"""Patterns of what ends an outage minutes later, or comes after its last failure: a command is logged as it begins, and
who gives it does not wait for the next failure; those who waited for a worker when others were banned may wait to their
time limit."""
LEAST_BEFORE: Final = 5 * SECOND
"""Failures that end sooner before a restart may have been its."""


def find_end(
    incident: Incident, first: Signal | None, lost: Sequence[LostWorker], triggers: Sequence[Trigger], lives: Lives
) -> EndedBy | None:
    """What ended an incident; None: nothing shows that it ended. `first`: its likeliest cause."""
    recovery = incident.recovery
    if recovery is None:
        return None
    if incident.countermeasure is not None:
        return _by_countermeasure(incident.countermeasure, lives.timeline)
    if recovery.how is How.FADED:
        return _switched_off(incident, first) or _faded(incident, recovery, first, lives)
    if incident.was_down:
        return _started(recovery, first, lives.timeline)
    return _at_a_restart(incident, recovery, _of_a_restart(incident, recovery, first, lost, triggers), lives)


def _at_a_restart(incident: Incident, recovery: Recovery, by: By, lives: Lives) -> EndedBy:
    """It ended at or before a restart of httpd: where that is not known to have ended it, perhaps a service did."""
    if by is not By.RESTART and (back := _service_back(incident, incident.end, lives.timeline)) is not None:
        return replace(back, restart=recovery.restart)
    if by is By.WITH_A_RESTART:
        return _with_a_restart(recovery, incident.restarts_in_vain, lives)
    return EndedBy(by, recovery.time, restart=recovery.restart)


def _by_countermeasure(done: Countermeasure, timeline: Timeline) -> EndedBy:
    """The refusals with which it ended: the kind of which most lines are kept."""
    most = max(done.signals, key=lambda signal: signal.count)
    title = timeline.series[most.name].title if most.name in timeline.series else most.title
    # the line of a reload says nothing of what it made httpd refuse: the access log does
    lines = "by the access log" if most.why is Why.REFUSED else f"“{title}”, {most.count:,} lines"
    text = f"httpd refuses some requests from here on ({lines})"
    return EndedBy(By.COUNTERMEASURE, done.time, text, (most.moments[0].sighting,), most.name, done.restart)


def _with_a_restart(recovery: Recovery, vain: Sequence[Restart], lives: Lives) -> EndedBy:
    """A restart like another one that had not helped: what had changed besides, as far as a line reports it."""
    restart = recovery.restart
    ordered = restart.down if restart is not None and restart.down is not None else recovery.time
    done = changes_before(ordered, lives.timeline, SOON_US)
    since = max(one.up or one.time for one in vain)
    change = max((one for one in done if since < one.time <= ordered), key=lambda one: one.time, default=None)
    if change is not None and not STARTS_HTTPD.search(change.text):
        return _by_a_change(By.WITH_A_RESTART, change, recovery)
    return EndedBy(By.WITH_A_RESTART, recovery.time, restart=restart)


def _started(recovery: Recovery, first: Signal | None, timeline: Timeline) -> EndedBy:
    """The server was started again; what was done just before, or was back, may have made that possible."""
    is_behind = first is not None and first.meaning.about == "backend"
    back = last_back(recovery.time - NEAR_US, recovery.time, timeline) if is_behind else None
    if back is not None:
        moment, series = back
        text = message(moment.sighting)
        return EndedBy(By.START, moment.time, text, (moment.sighting,), series.name, recovery.restart)
    done = changes_before(recovery.time, timeline, NEAR_US)
    made_way = (one for one in done if one.time <= recovery.time and not STARTS_HTTPD.search(one.text))
    change = max(made_way, key=lambda trigger: trigger.time, default=None)
    return _by_a_change(By.START, change, recovery) if change is not None else EndedBy(By.START, recovery.time)


def _by_a_change(by: By, change: Trigger, recovery: Recovery) -> EndedBy:
    return EndedBy(by, change.time, change.text, change.sightings, change.pattern, recovery.restart)


def _of_a_restart(
    incident: Incident,
    recovery: Recovery,
    first: Signal | None,
    lost: Sequence[LostWorker],
    triggers: Sequence[Trigger],
) -> By:
    """Whether a restart ended it, or came as it was over.

    What weaker ones in vain had not ended, the last one did; what one that does as much had not, it did not alone.
    Workers that fail each request of a kind, and had none of it for some minutes, had not recovered.
    """
    if vain := incident.restarts_in_vain:
        return By.WITH_A_RESTART if _did_as_much(vain, recovery, incident) else By.RESTART
    stuck = any(worker.lives_on for worker in lost)
    ordered = recovery.restart.down if recovery.restart is not None else None
    gap = ordered - incident.end if ordered is not None else 0
    if gap > max(LEAST_BEFORE, NEAR_GAPS * usual_gap(incident.signals)) and not stuck:
        return By.BEFORE_A_RESTART
    category = first.category if first is not None else None
    does = what_it_does(category, first.meaning if first is not None else None)
    may_end = may_have_ended(category, does, incident.onset, triggers, stuck=stuck)
    return By.RESTART if may_end else By.AT_A_RESTART


def _did_as_much(vain: Sequence[Restart], recovery: Recovery, incident: Incident) -> bool:
    """Whether a restart that did not help at all replaced at least as much as the one with which it ended."""
    last = recovery.restart
    does = REPLACES[last.kind] if last is not None else REPLACES["stop"]
    return any(REPLACES[one.kind] >= does and not helped_for(one, incident) for one in vain)


def switched_off(incident: Incident) -> Signal | None:
    """What refuses requests from the moment on in which they no longer fail; None: nothing does.

    A script that loses its x bit was perhaps switched off by hand. That is the end of the outage, and no second one.
    """
    failed = next((signal for signal in incident.signals if signal.name == ANSWERED), None)
    if failed is None:
        return None
    for signal in incident.signals:
        refuses = signal.category == REFUSES and signal.meaning.about == "request"
        if refuses and -TOGETHER_US <= signal.begin - failed.end <= JOIN_US and signal.outside == 0:
            return signal
    return None


def _switched_off(incident: Incident, first: Signal | None) -> EndedBy | None:
    off = switched_off(incident)
    if off is None or off is first:
        return None
    line = off.moments[0].sighting
    what = dict(line.fields).get("script", "what had failed")
    text = f"httpd refuses {what} from here on; perhaps somebody switched it off"
    return EndedBy(By.CHANGE, off.begin, text, (line,), off.name)


def _faded(incident: Incident, recovery: Recovery, first: Signal | None, lives: Lives) -> EndedBy:
    """It ended without a restart of httpd: what was logged as it did, nearest to its last failure.

    A deploy starts services again as it ends.
    """
    done = _done_as_it_ended(incident, recovery, lives.timeline)
    change = min(done, key=lambda trigger: abs(trigger.time - recovery.time), default=None)
    back = _service_back(incident, recovery.time, lives.timeline)
    if back is not None and (change is None or change.pattern != DEPLOYED or change.time > back.time + TOGETHER_US):
        return back
    if change is not None:
        return _by_a_change(By.CHANGE, change, recovery)
    if (later := _restart_after(recovery, lives)) is not None:
        return EndedBy(By.BEFORE_A_RESTART, later.down or recovery.time, restart=later)
    if (refused := refused_at_the_end(incident, first)) is not None:
        text = f"connections to the backend were refused in the last {elapsed(refused.begin, recovery.time)} of it"
        return EndedBy(By.ITSELF, recovery.time, f"{text}, so it was perhaps restarted")
    return EndedBy(By.ITSELF, recovery.time)


def _done_as_it_ended(incident: Incident, recovery: Recovery, timeline: Timeline) -> Iterable[Trigger]:
    """What somebody or something did as it ended, or soon before or after."""
    late = patience(incident)
    yield from changes_before(recovery.time, timeline, JOIN_US, late)
    later = changes_before(recovery.time, timeline, NEAR_US, max(late, NEAR_US))
    yield from (one for one in later if one.pattern in TAKE_TIME)


def patience(incident: Incident) -> int:
    """Microseconds after its last failure in which what ended it may be logged: the next would have come later."""
    return int(min(max(TOGETHER_US, NEAR_GAPS * usual_gap(incident.signals)), SOON_US))


def _service_back(incident: Incident, over: int, timeline: Timeline) -> EndedBy | None:
    """What a service behind httpd, or an NFS server, last said of its recovery as it ended, or soon before or after.

    `over`: the last failure, in UTC microseconds. One that is back after it may be what ended it until the next failure
    would have come.
    """
    found = last_back(over - reach(incident), over + patience(incident), timeline)
    if found is None:
        return None
    moment, series = found
    by = By.SERVICE if series.meaning.phase == "start" else By.BACK
    order = order_before(moment, timeline) if by is By.SERVICE else None
    lines = (moment.sighting,) if order is None else (order.moment.sighting, moment.sighting)
    reloaded = order is not None and order.kind == "reload"
    return EndedBy(by, moment.time, message(moment.sighting), lines, series.name, reloaded=reloaded)


def _restart_after(recovery: Recovery, lives: Lives) -> Restart | None:
    """The restart, with its start, that was ordered soon after the last failure of what faded; None: there is none.

    Failures that come minutes apart may have gone on until then, and the one who ordered it may have fixed the fault.
    """
    restarts = (one for one in lives.server.restarts if one.down is not None and one.up is not None)
    return next((one for one in restarts if 0 < (one.down or 0) - recovery.time <= SOON_US), None)


def helped_for(restart: Restart, incident: Incident) -> int:
    """Microseconds for which a restart helped that did not end an incident; 0: the failures went on.

    Failures that come in waves pause anyway: only a pause that is far longer than those is the restart's.
    """
    quiet = quiet_after(restart, incident)
    restarts = [one.up or one.time for one in (*incident.restarts, restart)]
    pauses = [end - begin for begin, end in _pauses(incident) if not any(begin <= up <= end for up in restarts)]
    usual = sum(pauses) / len(pauses) if pauses else usual_gap(incident.signals)
    return quiet if quiet > max(JOIN_US, NEAR_GAPS * usual) else 0


def quiet_after(restart: Restart, incident: Incident) -> int:
    """Microseconds from a restart to the next line of an incident that it did not end; 0: there is none."""
    if restart.up is None:
        return 0
    times = (moment.time for signal in incident.signals for moment in signal.moments if moment.time > restart.up)
    return min(times, default=restart.up) - restart.up


def _pauses(incident: Incident) -> list[tuple[int, int]]:
    """(begin, end) in UTC microseconds of the stretches without a line of an incident that tell its waves apart."""
    times = sorted({time for one in incident.signals for moment in one.moments for time in (moment.time, moment.last)})
    return [(before, after) for before, after in pairwise(times) if after - before > JOIN_US]
