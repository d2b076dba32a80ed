"""What a server's parent wrote, in order, each event once.

httpd's lines are those of server/mpm/*, server/main.c and server/log.c; systemd and the kernel report some of the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.lives.server.model import Event
from logsleuth.timeline.model import TIME, between
from logsleuth.units import SECOND, is_near
from logsleuth.values import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.library.meaning import Meaning
    from logsleuth.library.pattern import Phase, Role
    from logsleuth.lives.server.model import EventKind
    from logsleuth.timeline.model import Moment, Series, Timeline

BY_ROLE: dict[tuple[Role, Phase], EventKind] = {
    ("recovery", "start"): "up",
    ("recovery", "serving"): "kept",
    ("shutdown", "stop"): "stop",
    ("restart", "serving"): "reload",
    ("restart", "stop"): "hup",
    ("death", "start"): "unclean",
    ("death", "serving"): "died",
}
"""What a message about the server says by its role and phase. A death reported at a start was the run's before it."""

ORDER: dict[EventKind, int] = {
    "stop": 0, "reload": 0, "hup": 0, "word": 1, "died": 1, "refused": 1, "kept": 2, "unclean": 2, "up": 3,
}  # fmt: skip
"""Events of one second come in this order, whatever order they were written in."""
_SAME: dict[EventKind, tuple[EventKind, ...]] = {
    "refused": ("refused", "died"), "died": ("refused", "died", "kept"), "reload": ("reload", "hup"),
}  # fmt: skip
"""What httpd may have logged of an event that another program reports; else the same kind."""
ONE_EVENT = 10 * SECOND
"""systemd's word of a start or stop comes at most this long before or after httpd's own: the unit's control script
waits for httpd to come up, and a stopping httpd waits up to 10 s for its children (server/mpm_unix.c)."""
LINGERING = 30 * SECOND
"""The parent signals children that do not exit at growing intervals, for some ten seconds (server/mpm_unix.c), which a
busy machine draws out."""
WINDOWS_MPM = "mpm_winnt"
"""Its parent repeats the start-up lines each time that it replaces its one child (server/mpm/winnt/mpm_winnt.c), and
ends without a word when its window is closed, the machine shuts down, or a control panel stops it."""
ONE_RELOAD = 2 * SECOND
"""A refusal at most this long after the order to reload is the reload's (httpd checks the configuration at once)."""


def kind_of(meaning: Meaning) -> EventKind | None:
    """What a message says of the parent's life; None: nothing."""
    if meaning.about != "server":
        return None
    if meaning.known_by == "level":
        return "word" if meaning.severity == "critical" else None
    if meaning.is_refusal:
        return "refused"
    if meaning.stops_the_server:
        return "died"
    return BY_ROLE.get((meaning.role, meaning.phase))


def find_events(timeline: Timeline) -> list[Event]:
    """The parent's lines in order. Lines without a time are put where they can only have been written."""
    dated, undated = [], []
    for series in timeline.series.values():
        kind = kind_of(series.meaning)
        if kind is None:
            continue
        dated += [Event(m.time, kind, series, m.sighting, m.sighting.dated) for m in series.moments]
        if series.undated is not None and kind == "refused":
            undated.append((series, series.undated))
    dated = _from_the_order_on(_each_once(sorted(dated, key=_order)), _slow_to_exit(timeline))
    placed = [event for series, moment in undated for event in _place(dated, series, moment)]
    return sorted([*dated, *placed], key=_order)


def _slow_to_exit(timeline: Timeline) -> list[Moment]:
    """What the parent says of children that do not exit while it waits for them, in order of time."""
    said = [one.moments for one in timeline.known() if one.meaning.phase == "stop" and one.meaning.about == "worker"]
    return sorted((moment for moments in said for moment in moments), key=TIME)


def _from_the_order_on(events: list[Event], waits: Sequence[Moment]) -> list[Event]:
    """The events, a stop or hard restart from when on it is known to have been ordered.

    httpd writes that it caught the signal when it has waited for its children, and before it which of them were slow.
    """
    found, before = [], 0
    for event in events:
        begun = event
        if event.kind in {"stop", "hup"} and not event.series.meaning.witnessed:
            slow = between(waits, max(before, event.time - LINGERING), event.time)
            begun = replace(event, time=slow[0].time) if slow else event
        found.append(begun)
        before = event.time + 1
    return found


def _each_once(events: list[Event]) -> list[Event]:
    """The events without those that another program reports as well: httpd's own word says more.

    systemd reports a failed start or reload twice: as such, and as a unit that failed, which alone is an end. Where
    it also says how the process ended, that is what the attempt failed of.
    """
    heard = [event for event in events if not event.series.meaning.witnessed]
    told = [event for event in events if event.series.meaning.witnessed]
    if not told:
        return events
    told = _without(told, _by_kind(heard))
    attempts = _by_kind(event for event in told if event.kind in {"refused", "kept"})
    return sorted([*heard, *(one for event in told if (one := _of_attempt(event, attempts)) is not None)], key=_order)


def _of_attempt(event: Event, attempts: dict[EventKind, list[int]]) -> Event | None:
    """An event as part of an attempt to start that failed at that time; None: it only repeats that it failed."""
    if event.kind != "died" or _without([event], attempts):
        return event
    return None if event.series.meaning.fallback else replace(event, kind="refused")


def _by_kind(events: Iterable[Event]) -> dict[EventKind, list[int]]:
    """When there was which kind of event (UTC microseconds, in order)."""
    times: dict[EventKind, list[int]] = {}
    for event in events:
        times.setdefault(event.kind, []).append(event.time)
    return times


def _without(told: list[Event], known: dict[EventKind, list[int]]) -> list[Event]:
    """The events that are none of the known ones, each at about the same time."""
    return [
        event
        for event in told
        if not any(is_near(known.get(kind, []), event.time, ONE_EVENT) for kind in _same(event.kind))
    ]


def _same(kind: EventKind) -> tuple[EventKind, ...]:
    """How httpd may report what another program reports as this: its words of a failure are of several kinds."""
    return _SAME.get(kind, (kind,))


def _order(event: Event) -> tuple[int, int, int, int]:
    return (event.time // SECOND, ORDER[event.kind], event.sighting.log, event.sighting.offset)


def _place(events: list[Event], series: Series, moment: Moment) -> Iterable[Event]:
    """A refused start without a time (httpd wrote it to the terminal) can only lie where the server was down.

    Only where there is one such gap, or one that is far the longest; else nothing is known of when it was.
    """
    gaps = _gaps(events)
    if gaps:
        _, down = max(gaps)
        yield Event(down, "refused", series, moment.sighting, dated=False)


def _gaps(events: list[Event]) -> list[tuple[int, int]]:
    """(length, begin) of the stretches between a stop and the next start that take longer than a plain restart."""
    gaps, down = [], None
    for event in events:
        if event.kind == "stop":
            down = event.time if down is None else down
        elif event.kind == "up":
            if down is not None and event.time - down > ONE_RELOAD:
                gaps.append((event.time - down, down))
            down = None
    return gaps
