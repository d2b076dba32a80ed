"""What set an incident off: a change, a restart or a reload that stands just before it.

That one thing stands before the other proves nothing; so a restart counts only where it hardly stands so near by
chance. Each rule is a function from an incident and its timeline to triggers; RULES lists them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.story.incident import SECOND, Trigger

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.story.incident import Incident
    from logsleuth.story.restarts import Restart
    from logsleuth.story.timeline import Timeline

LEAD = 900 * SECOND
"""A change this long before the onset may have set it off; what lies farther back is only one of many things."""
TOGETHER = 2 * SECOND
"""Two things that happen within this time happen together."""
BY_CHANCE = 0.05
"""A restart is told only if one would stand so near before the onset by chance more rarely than this."""
WORDS = {
    "reload": "The server was told to restart gracefully (it reads its configuration and code anew)",
    "hup": "The server was told to restart (HUP: it reads its configuration and code anew)",
    "stop": "The server was stopped and started (with the configuration and code that lay there)",
}


def find_triggers(incident: Incident, timeline: Timeline) -> tuple[Trigger, ...]:
    """All that may have set the incident off, in order of time; empty: the logs show nothing."""
    found = [trigger for rule in RULES for trigger in rule(incident, timeline)]
    return tuple(sorted(found, key=lambda trigger: (trigger.time, trigger.kind, trigger.text)))


def changed(incident: Incident, timeline: Timeline) -> Iterable[Trigger]:
    """A package, a deploy, a script that was touched: a line of the role `trigger` shortly before the onset."""
    for track in timeline.tracks.values():
        if track.pattern is None or track.pattern.role != "trigger":
            continue
        near = [m for m in track.moments if incident.onset - LEAD <= m.time <= incident.onset + TOGETHER]
        if near:
            last = near[-1]
            yield Trigger(last.last, "change", track.pattern.title, (last.sighting,), track.name)


def restarted(incident: Incident, timeline: Timeline) -> Iterable[Trigger]:
    """The last restart before the onset: what it brought into effect is new.

    Only where its order stands in the log (the first start of a log is no change), and where a log with so many
    restarts would hardly have one so near.
    """
    before = [restart for restart in timeline.restarts if restart.down is not None and _precedes(restart, incident)]
    if not before:
        return
    last = max(before, key=lambda restart: restart.down or 0)
    assert last.down is not None
    begin = last.up if last.up is not None and last.up <= incident.onset else last.down
    lead = max(incident.onset - begin, 0)
    by_chance = len(timeline.restarts) * lead / SECOND / timeline.span
    if lead <= TOGETHER or (lead <= LEAD and by_chance < BY_CHANCE):
        name = last.sightings[0]
        yield Trigger(last.down, "reload" if last.kind == "reload" else "restart", WORDS[last.kind], (name,), None)


def _precedes(restart: Restart, incident: Incident) -> bool:
    """Whether it was ordered before the first evidence: by time, or by place where a line borrowed its time."""
    assert restart.down is not None
    if restart.down <= incident.onset:
        return True
    order, first = restart.sightings[0], incident.strands[0].moments[0].sighting
    return restart.down - incident.onset <= TOGETHER and order.log == first.log and order.offset < first.offset


RULES = (changed, restarted)
