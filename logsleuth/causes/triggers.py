"""What set an incident off: a change, a restart or a reload just before it.

That one thing comes before the other proves nothing; so a restart counts only where it is hardly so near by chance.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from logsleuth.causes.model import Trigger
from logsleuth.signals.tuning import AROUND_US, BY_CHANCE, SOON_US, TOGETHER_US
from logsleuth.timeline.model import between
from logsleuth.units import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.causes.model import TriggerKind
    from logsleuth.incidents.model import Incident
    from logsleuth.library.pattern import Role
    from logsleuth.lives.live import Lives
    from logsleuth.lives.server import Restart, RestartKind
    from logsleuth.timeline.model import Timeline

BACK_END_ENDS: frozenset[Role] = frozenset({"shutdown", "restart", "recovery"})
"""Roles of messages by which a service reports that it was told to stop or restart, or has started."""
WORDS: dict[RestartKind, str] = {
    "reload": "A graceful restart, which reloads configuration and code",
    "hup": "A restart (HUP), which reloads configuration and code",
    "stop": "A stop and start, which reloads configuration and code",
}


def find_triggers(incident: Incident, lives: Lives) -> tuple[Trigger, ...]:
    """Everything that may have set the incident off, in order of time; empty: the logs show nothing."""
    found = [trigger for rule in (changed, restarted, back_end_restarted) for trigger in rule(incident, lives)]
    return tuple(sorted(found, key=lambda trigger: (trigger.time, trigger.kind, trigger.text)))


def changed(incident: Incident, lives: Lives) -> Iterable[Trigger]:
    """A package, a deploy, a script that was touched: a line of the role `trigger` shortly before the onset."""
    yield from changes_before(incident.onset, lives.timeline)


def changes_before(time: int, timeline: Timeline) -> Iterable[Trigger]:
    """The changes shortly before a moment (UTC microseconds), or at it."""
    for series in timeline.known():
        if series.meaning.role != "trigger":
            continue
        near = between(series.moments, time - AROUND_US, time + TOGETHER_US)
        if near:
            yield Trigger(near[-1].last, "change", series.title, (near[-1].sighting,), series.name)


def restarted(incident: Incident, lives: Lives) -> Iterable[Trigger]:
    """The last restart before the onset: what it brought into effect is new.

    Only where its order is in the log (the first start of a log is no change), and where a log with as many restarts
    would hardly have one so near.
    """
    restarts = lives.server.restarts
    last = _last_ordered(restarts, incident)
    if last is None or last.down is None or last.kind not in WORDS:
        return
    begin = last.up if last.up is not None and last.up <= incident.onset else last.down
    lead = max(incident.onset - begin, 0)
    by_chance = len(restarts) * lead / lives.timeline.span
    if lead <= TOGETHER_US or (lead <= SOON_US and by_chance < BY_CHANCE):
        kind: TriggerKind = "reload" if last.kind == "reload" else "restart"
        yield Trigger(last.down, kind, WORDS[last.kind], (last.sightings[0],))


def back_end_restarted(incident: Incident, lives: Lives) -> Iterable[Trigger]:
    """The last stop or start of what is behind the server, as its own log reports it, just before the onset.

    Its time is to the second, so that of one second with the first failure it comes first. As with the server's own
    restarts, only where a log with as many would hardly have one so near.
    """
    for series in lives.timeline.known():
        meaning = series.meaning
        if meaning.about != "backend" or meaning.role not in BACK_END_ENDS:
            continue
        near = between(series.moments, incident.onset - SOON_US, incident.onset)
        if not near:
            continue
        lead = incident.onset - near[-1].last
        if lead <= TOGETHER_US or len(series.moments) * lead / lives.timeline.span < BY_CHANCE:
            text = series.explain.cause.rstrip(".") or series.title
            yield Trigger(near[-1].time, "restart", text, (near[-1].sighting,), series.name)


def _last_ordered(restarts: Sequence[Restart], incident: Incident) -> Restart | None:
    """The last restart that was ordered before the incident; of several at the same time, the first.

    Restarts are in order to the second only: within one, a stop comes before a start however they were written.
    """
    last: Restart | None = None
    near = bisect_right(restarts, (incident.onset + TOGETHER_US) // SECOND, key=_second)
    for restart in reversed(restarts[:near]):
        if last is not None and _second(restart) < _second(last):
            break
        if _precedes(restart, incident) and (last is None or (restart.down or 0) >= (last.down or 0)):
            last = restart
    return last


def _second(restart: Restart) -> int:
    """The second since 1970 in which it was ordered, or in which the server started."""
    return (restart.down if restart.down is not None else restart.up or 0) // SECOND


def _precedes(restart: Restart, incident: Incident) -> bool:
    """Whether it was ordered before the first evidence: by time, or by place where a line borrowed its time."""
    down = restart.down
    if down is None or down <= incident.onset:
        return down is not None
    if down - incident.onset > TOGETHER_US:
        return False
    order, first = restart.sightings[0], incident.signals[0].moments[0].sighting
    return order.log == first.log and order.offset < first.offset
