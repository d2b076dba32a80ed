"""What set an incident off: what somebody or something did, a restart, or a state that leads to it, just before it.

That one thing comes before the other proves nothing; so a restart counts only where it is hardly so near by chance.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from typing import TYPE_CHECKING

from logsleuth.causes.came_first import failed_before
from logsleuth.causes.changed_package import changed_together
from logsleuth.causes.expiry import comes_by_date, expired
from logsleuth.causes.held import at_once, held_through, lasted
from logsleuth.causes.model import Trigger
from logsleuth.causes.rank import is_back_before
from logsleuth.causes.recurring import not_as_always
from logsleuth.causes.rotation import is_of_a_rotation
from logsleuth.causes.services import order_before
from logsleuth.library.slot import filled
from logsleuth.regexes import regex
from logsleuth.signals.tuning import AROUND_US, BY_CHANCE, JOIN_US, LEAST_MOMENTS, SOON_US, TOGETHER_US
from logsleuth.timeline.model import COUNT, between, is_any_between
from logsleuth.units import SECOND, duration, elapsed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.causes.model import TriggerKind
    from logsleuth.incidents.model import Incident
    from logsleuth.library.mechanisms import Mechanisms
    from logsleuth.library.pattern import Role
    from logsleuth.lives.live import Lives
    from logsleuth.lives.server.model import Restart, RestartKind, ServerLife
    from logsleuth.scan.sighting import Sighting
    from logsleuth.signals.model import Signal
    from logsleuth.timeline.model import Moment, Series, Timeline

BACK_END_ENDS: frozenset[Role] = frozenset({"shutdown", "restart", "recovery"})
"""Roles of messages by which a service reports that it was told to stop or restart, or has started."""
WORDS: dict[RestartKind, str] = {
    "reload": "A graceful restart, which reloads configuration and code",
    "hup": "A restart (HUP), which reloads configuration and code",
    "stop": "A stop and start, which reloads configuration and code",
}
ROTATED = "The logs were rotated with a restart, which also reloads configuration and code"
REBOOT = "changes.reboot"
"""The pattern of what a kernel or service manager says at a shutdown or boot of the machine."""
BANS = "changes.ban"
"""The pattern of what fail2ban says of each address that it bans."""
COMMANDS = "changes.command"
"""The pattern of what sudo says of each command, as it begins."""
STOPS = "changes.unit"
"""The pattern of what systemd says when it stops or reloads a service."""
STOPPING = regex(r"\bStopping ")
PORT_TAKEN = "port-in-use"
"""The kind of outage in which another program holds httpd's port."""
STARTS_HTTPD = regex(
    r"(?:^|[\s“\"'=]|bin/|(?:init|rc)\.d/)(?:apache2?|httpd2?|apache2?ctl|apache24)(?:\.service\b|(?![\w./:+-]))"
)
"""A command or service that is httpd itself, and no file of a folder with its name."""
LONGEST_RESTART_US = 15 * SECOND
"""Microseconds: a restart of httpd alone takes no longer, as it waits up to 10 s for its children
(server/mpm_unix.c)."""
NOTICED_LATE = frozenset({"changes.keepalived"})
"""Patterns of what watches a service and acts when it has failed some checks: later than its users notice."""
LINES_SHOWN = 3


def find_triggers(
    incident: Incident, first: Signal | None, lives: Lives, mechanisms: Mechanisms
) -> tuple[Trigger, ...]:
    """Everything that may have set the incident off, in order of time; empty: the logs show nothing.

    `first`: its likeliest cause.
    """
    changes = changes_before(incident.onset, lives.timeline, first=first)
    found = [
        *(taking_the_port(changes) if first is not None and first.category == PORT_TAKEN else changes),
        *held_through(incident, lives.timeline),
        *(restarted(incident, first, lives) if not _is_of_another_time(incident, first) else ()),
        *started_without_a_stop(incident, lives),
        *back_end_restarted(incident, lives),
        *led_to_it(incident, first, lives.timeline, mechanisms),
        *expired(incident, first),
    ]
    ordered = sorted(found, key=lambda trigger: (trigger.time, trigger.kind, trigger.text))
    return tuple(_each_line_once(ordered))


def _is_of_another_time(incident: Incident, first: Signal | None) -> bool:
    """Whether its nearness to a restart shows nothing: it comes by date, or its onset is only the last sign of life.

    A run that ended without a word may have gone hours after its last line.
    """
    unseen = (spell for spell in incident.spells_down[:1] if spell.why == "killed")
    return comes_by_date(incident, first) or any(
        spell.not_before <= incident.onset < spell.begin - SOON_US for spell in unseen
    )


def _each_line_once(triggers: Sequence[Trigger]) -> Iterable[Trigger]:
    """Of those that cite the same line, the one that says more of it than that something was changed."""
    said = {sighting for trigger in triggers if trigger.kind != "change" for sighting in trigger.sightings}
    return (one for one in triggers if one.kind != "change" or said.isdisjoint(one.sightings))


def changes_before(
    time: int, timeline: Timeline, within: int | None = None, after: int = TOGETHER_US, first: Signal | None = None
) -> Iterable[Trigger]:
    """What somebody or something did shortly before a moment (UTC microseconds), or at it, as a line reports it.

    What a package or a deploy replaced may be used later; a command or a job acts at once. Of what is done all the
    time, the last one is hardly ever the reason: it counts only where it is not so near by chance, nor done as always.
    `within`: microseconds that it may come before, of which the last line is told alone; None: as long as such a change
    takes to act. `after`: microseconds that it may come after the moment.
    `first`: the likeliest cause of what began at the moment: of many packages those whose name fits it are told.
    """
    shown = LINES_SHOWN if within is None else 1
    for series in timeline.known():
        if series.meaning.role != "trigger":
            continue
        reach = within or (SOON_US if series.meaning.lasts == "event" else AROUND_US)
        late = JOIN_US if within is None and series.name in NOTICED_LATE else after
        near = between(series.moments, time - reach, time + late)
        if within is None:
            near = list(at_once(near))
        near = not_as_always(near, series.moments)
        if near and _others(series, near) * max(abs(time - near[-1].last), SECOND) / timeline.span < BY_CHANCE:
            packages = changed_together(near, first, shown)
            many = _of_how_many(series, near)
            near = near[-shown:] if packages is None else packages.lines
            text = f"{_words(series, near[-1:] if many else near)}{many}" if packages is None else packages.text
        elif near := once_only(series, time, within or AROUND_US, timeline.span):
            text = f"{_words(series, near[-1:])}, only this once in the log"
        else:
            continue
        lines = tuple(moment.sighting for moment in near[-shown:])
        yield Trigger(near[-1].last, "change", text, lines, series.name)


def _of_how_many(series: Series, moments: Sequence[Moment]) -> str:
    """Of which many bans the last one is told, as a clause: one address alone hardly matters."""
    count = sum(map(COUNT, moments))
    if series.name != BANS or count <= LINES_SHOWN:
        return ""
    return f", the last of {count:,} lines like this within {elapsed(moments[0].time, moments[-1].last)}"


def _others(series: Series, moments: Sequence[Moment]) -> int:
    """How many lines of a series are not among some of its moments."""
    return sum(map(COUNT, series.moments)) - sum(map(COUNT, moments))


def once_only(series: Series, time: int, reach: int, span: int) -> Sequence[Moment]:
    """Of commands and jobs, those that the log has only once, where hardly one of them is so near by chance.

    A backup that is started by hand among jobs that run every five minutes: it may take long before it does harm.
    """
    if not is_any_between(series.moments, time - reach, time + TOGETHER_US):
        return ()
    said = Counter(_named(moment) for moment in series.moments)
    once = [moment for moment in series.moments if said[_named(moment)] == 1 and moment.count == 1]
    near = [moment for moment in between(once, time - reach, time + TOGETHER_US) if not lasted(moment)]
    if not near or len(once) == len(series.moments):
        return ()
    return near[-1:] if len(once) * max(time - near[-1].last, SECOND) / span < BY_CHANCE else ()


def _fields(moment: Moment) -> dict[str, str]:
    return dict(moment.sighting.fields)


def _named(moment: Moment) -> tuple[tuple[str, str], ...]:
    """What a line says was done."""
    return moment.sighting.fields


def taking_the_port(changes: Iterable[Trigger]) -> Iterable[Trigger]:
    """Of what was done before another program held a port: what stops frees it."""
    return (one for one in changes if not (one.pattern == STOPS and STOPPING.search(one.text)))


def _words(series: Series, moments: Sequence[Moment]) -> str:
    """What these lines of a series report: what sums each of them up, with its values, or the series' title.

    The last lines first, by whose time the trigger is told; then how long before them the others were written.
    """
    told = [(one.last, filled(series.explain.of([_fields(one)]).summary, _fields(one))) for one in moments]
    if not all(text for _, text in told):
        return series.title
    at_once = TOGETHER_US if series.meaning.lasts == "event" else JOIN_US  # packages come one after the other
    last = moments[-1].last
    near = dict.fromkeys(text.rstrip(".") for time, text in told if text and last - time <= at_once)
    before = {text.rstrip("."): time for time, text in told if text and last - time > at_once}
    earlier = {text: time for text, time in before.items() if text not in near}
    more = f" ({elapsed(max(earlier.values()), last)} before it: {'; '.join(earlier)})" if earlier else ""
    return f"{'; '.join(near)}{more}"


def led_to_it(
    incident: Incident, first: Signal | None, timeline: Timeline, mechanisms: Mechanisms
) -> Iterable[Trigger]:
    """A state that was reported before, however long, and from which a known mechanism leads to the first cause."""
    if first is None:
        return
    for signal in incident.signals:
        # what answers again before the first failure does not explain it, but may have left what does
        if first.name in mechanisms.get(signal.name, ()) and is_back_before(signal, first):
            yield Trigger(
                signal.begin,
                "state",
                _words(signal.series, signal.moments[:1]),
                (signal.moments[0].sighting,),
                signal.name,
            )
    own = {signal.name for signal in incident.signals if signal.begin >= incident.onset}
    for series in timeline.known():
        if series.meaning.lasts != "until-restart" or series.name in own or series.meaning.about != "backend":
            continue
        before = since_its_start(series, incident.onset, timeline)
        if before and first.name in mechanisms.get(series.name, ()) and _still_counts(series, before, incident.onset):
            times = f" ({len(before):,} times by then)" if len(before) > 1 else ""
            text = f"{_words(series, before[-1:])}{times}"
            yield Trigger(before[-1].last, "state", text, (before[-1].sighting,), series.name)


def _still_counts(series: Series, before: Sequence[Moment], onset: int) -> bool:
    """What each of many redeploys leaves behind adds up; a single one, hours before, set nothing off."""
    is_old = series.meaning.role == "trigger" and onset - before[-1].last > AROUND_US
    return not is_old or len(before) >= LEAST_MOMENTS


def since_its_start(series: Series, time: int, timeline: Timeline) -> Sequence[Moment]:
    """What a service said up to a moment, since it was last started, as far as the same log reports its starts."""
    before = between(series.moments, 0, time)
    logs = {moment.sighting.log for moment in before}
    starts = [
        moment.time
        for other in timeline.known()
        if other.meaning.role == "recovery" and other.meaning.about == "backend"
        for moment in between(other.moments, 0, time)
        if moment.sighting.log in logs
    ]
    return between(before, max(starts, default=0), time)


def restarted(incident: Incident, first: Signal | None, lives: Lives) -> Iterable[Trigger]:
    """The last restart before the onset: what it brought into effect is new.

    Only where its order is in the log (the first start of a log is no change), and where a log with as many restarts
    would hardly have one so near. What another program reports of itself, minutes later, httpd did not bring about.
    """
    restarts = lives.server.restarts
    last = _last_ordered(restarts, incident)
    if last is None or last.down is None or last.kind not in WORDS:
        return
    begin = last.up if last.up is not None and last.up <= incident.onset else last.down
    lead = max(incident.onset - begin, 0)
    by_chance = len(restarts) * lead / lives.timeline.span
    reach = JOIN_US if _is_reported_elsewhere(first, last, lives.timeline) else SOON_US
    if lead <= TOGETHER_US or (lead <= reach and by_chance < BY_CHANCE):
        kind: TriggerKind = "reload" if last.kind == "reload" else "restart"
        boot = _boot_of(last, lives.timeline)
        text = ROTATED if is_of_a_rotation(last, lives.timeline) else _of_restart(last, boot)
        text += last_of_how_many(last, lives.server)
        yield Trigger(last.down, kind, text, (last.sightings[0], *boot))


def last_of_how_many(last: Restart, server: ServerLife) -> str:
    """Of how many restarts of its kind within an hour one is the last, as a clause: each may have left something."""
    if last.down is None:
        return ""
    hour = server.ordered_between(last.down - AROUND_US, last.down)
    near = [one.down for one in hour if one.kind == last.kind and one.down is not None]
    if len(near) <= LEAST_MOMENTS:
        return ""
    return f" (the last of {len(near):,} within {elapsed(near[0], near[-1])})"


def _is_reported_elsewhere(first: Signal | None, restart: Restart, timeline: Timeline) -> bool:
    """Whether the likeliest cause is a fault that a log of another kind names than the one that has a restart."""
    if first is None or first.meaning.names != "fault":
        return False
    found = (timeline.openings.get(line.log) for line in (first.moments[0].sighting, restart.sightings[0]))
    return len({opening.kind for opening in found if opening is not None}) > 1


def started_without_a_stop(incident: Incident, lives: Lives) -> Iterable[Trigger]:
    """Starts again and again of a server of whose end no line says anything, before one that was refused.

    What a killed parent holds outside of its own memory, such as semaphores and pid files, stays behind each time.
    """
    if not any(absence.why == "refused" for absence in incident.absences):
        return
    before = [one for one in lives.server.restarts if one.time <= incident.onset]
    ordered = [nth for nth, one in enumerate(before, 1) if one.kind != "start"]
    starts = before[ordered[-1] :] if ordered else before[1:]  # of the run before the first nothing is known
    if len(starts) < LEAST_MOMENTS:
        return
    first, last = starts[0], starts[-1]
    text = (
        f"httpd was started {len(starts):,} times within {elapsed(first.time, last.time)}, and no line says that it "
        "had been stopped: each time it was killed (SIGKILL), or the machine crashed"
    )
    yield Trigger(last.time, "state", text, (first.sightings[-1], last.sightings[-1]))


def _of_restart(restart: Restart, boot: Sequence[Sighting]) -> str:
    """What kind of restart it was, as far as the logs show it."""
    if boot:
        return "The machine was rebooted: settings that were made at run time only are lost"
    if restart.kind != "stop" or restart.down is None:
        return WORDS[restart.kind]
    if restart.refusals:
        return "httpd was stopped, and the start that followed was refused"
    if restart.up is None:
        return "httpd was stopped"
    away, new = restart.up - restart.down, restart.sightings[-1].reporter
    if away > LONGEST_RESTART_US and 1 < new < restart.parent:
        return (
            f"A stop and start, perhaps a reboot of the machine: httpd was away for {duration(away / SECOND)}, and the "
            f"new parent process has a lower pid ({new} after {restart.parent})"
        )
    return WORDS[restart.kind]


def _boot_of(restart: Restart, timeline: Timeline) -> Sequence[Sighting]:
    """The first line that reports a shutdown or a boot of the machine during a restart; none: it was no reboot."""
    if restart.kind != "stop" or restart.down is None:
        return ()
    boots = timeline.series.get(REBOOT)
    until = restart.up if restart.up is not None else restart.down + SOON_US
    seen = between(boots.moments, restart.down - JOIN_US, until) if boots is not None else ()
    return [moment.sighting for moment in seen[:1]]


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
        if not near or _is_of_a_reload(series, near[-1], lives.timeline):
            continue
        lead = incident.onset - near[-1].last
        if lead <= TOGETHER_US or len(series.moments) * lead / lives.timeline.span < BY_CHANCE:
            text = filled(series.explain.cause.rstrip("."), dict(near[-1].sighting.fields)) or series.title
            yield Trigger(near[-1].time, "restart", text, (near[-1].sighting,), series.name)


def _is_of_a_reload(series: Series, last: Moment, timeline: Timeline) -> bool:
    """Whether a service only says that it is ready after a reload, of which the order is told."""
    order = order_before(last, timeline) if series.meaning.role == "recovery" else None
    return order is not None and order.kind == "reload"


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
    if down // SECOND == incident.onset // SECOND:
        return not failed_before(restart, incident.signals)
    order, first = restart.sightings[0], incident.signals[0].moments[0].sighting
    return order.log == first.log and order.offset < first.offset
