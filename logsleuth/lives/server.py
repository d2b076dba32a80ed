"""The server's life: when it was up, when it was not, and the line that says so.

A state lasts until something says otherwise. A refused start lasts until a start succeeds, one minute or eleven
hours later; a server that was stopped stays down until it is up. httpd's lines are those of its parent process
(server/mpm/*, server/main.c, server/log.c).
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import field, replace
from typing import TYPE_CHECKING, Literal

from logsleuth.lives.steady import steady_since
from logsleuth.units import SECOND, is_near
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.library.meaning import Meaning
    from logsleuth.library.pattern import Phase, Role
    from logsleuth.scan.sighting import Sighting
    from logsleuth.timeline.model import Counts, Moment, Series, Timeline

EventKind = Literal["up", "stop", "reload", "hup", "refused", "kept", "died", "unclean", "word"]
"""'up': resuming normal operations; 'stop': told to stop; 'reload': told to restart gracefully; 'hup': told to restart;
'refused': would not start or go on; 'kept': a configuration was refused before the running server was signalled, which
goes on (server/main.c checks it first); 'died': gave up; 'unclean': found the pid file of a parent that left it behind;
'word': something grave that nothing knows, which it may have ended with."""

RestartKind = Literal["stop", "reload", "hup", "start"]
"""How a generation of workers ended; 'start': nothing says how."""

Why = Literal["stopped", "refused", "died", "killed"]
"""Why the server was not up: told to stop, would not start, gave up, or ended without a word."""

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
WINDOWS_MPM = "mpm_winnt"
"""Its parent repeats the start-up lines each time that it replaces its one child (server/mpm/winnt/mpm_winnt.c), and
ends without a word when its window is closed, the machine shuts down, or a control panel stops it."""
INIT = 1
"""The pid of httpd in a container, of each run."""
MISSED = 8
"""Requests that should have come since the last one, by the rate at which they came, if the server is to have been
away: by chance one time in 3,000 (Poisson)."""
ONE_RELOAD = 2 * SECOND
"""A refusal at most this long after the order to reload is the reload's (httpd checks the configuration at once)."""
ONE_DEATH = 2 * SECOND
"""The kernel's word of a crash comes at most this long before or after httpd's own: both are dated by the second."""
ENDS_AT_ONCE = frozenset({"crashed", "killed"})
"""What the kernel says of a process that a signal ended."""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the parent's, in time."""

    time: int
    """UTC microseconds; of a line without a time, the earliest that is possible."""
    kind: EventKind
    series: Series
    sighting: Sighting
    dated: bool = True

    @property
    def parent(self) -> int:
        """The pid of the parent that wrote it; 0: unknown, or another program reports it."""
        return 0 if self.series.meaning.witnessed else self.sighting.reporter


@dataclass(frozen=True, slots=True)
class Restart:
    """One generation of workers ended, and (perhaps) another began."""

    kind: RestartKind
    down: int | None
    """UTC microseconds of the order, or of the end; None: no line says when it ended."""
    up: int | None
    """UTC microseconds of 'resuming normal operations'; None: not within the log."""
    parent: int
    """pid of the parent that went; 0: unknown."""
    sightings: tuple[Sighting, ...]
    refusals: tuple[Event, ...] = ()
    """Attempts to start in between that failed."""
    steady_since: int | None = None
    """UTC microseconds of the first of the restarts at a steady interval that it is one of; None: it is of none."""

    @property
    def time(self) -> int:
        """UTC microseconds of the order; of one without an order, when the server was up."""
        return self.down if self.down is not None else self.up or 0


def counted(restarts: Sequence[Restart]) -> str:
    """'1 graceful restart', '2 hard restarts', '3 restarts (2 graceful)': what workers do at each differs."""
    graceful = sum(restart.kind == "reload" for restart in restarts)
    kind = "graceful " if graceful == len(restarts) else "hard " if not graceful else ""
    inside = f" ({graceful:,} graceful)" if graceful and not kind else ""
    return f"{len(restarts):,} {kind}restart{'' if len(restarts) == 1 else 's'}{inside}"


@dataclass(frozen=True, slots=True)
class Absence:
    """A stretch in which the server was not up."""

    why: Why
    begin: int
    """UTC microseconds at which it is known to be down."""
    not_before: int
    """UTC microseconds of its last sign of life: it went between the two."""
    end: int | None
    """UTC microseconds of the next successful start; None: it was down when the log ended."""
    lines: tuple[Event, ...]
    """Why it ended and what kept it from starting, in order of time."""
    up: Sighting | None = None
    """The line of the start that ended it."""
    ordered: bool = False
    """A reload or restart had been ordered before it."""
    parent: int = 0
    """pid of the parent that ended without an order; 0: unknown, or it was told to stop."""

    @property
    def refusals(self) -> tuple[Event, ...]:
        """Failed attempts to start, and what made the server give up."""
        return tuple(event for event in self.lines if event.kind in {"refused", "died", "word"})

    def until(self, log_end: int) -> int:
        """UTC microseconds of the start that ended it, or of the end of the log (`log_end`)."""
        return log_end if self.end is None else self.end


@dataclass(frozen=True, slots=True)
class ServerLife:
    """All that the log says of the parent process."""

    restarts: tuple[Restart, ...] = ()
    """In order of time."""
    absences: tuple[Absence, ...] = ()
    parents: frozenset[int] = field(default_factory=frozenset)
    """pids known to be parents: no worker is one of them."""
    ups: tuple[int, ...] = ()
    """UTC microseconds of each start or reload that succeeded."""
    unclean: tuple[Event, ...] = ()
    """Pid files that a start found left over."""

    @property
    def down_at_the_end(self) -> Absence | None:
        """The stretch without a server that the log ends with; None: it is up, or nothing says that it is not."""
        last = self.absences[-1] if self.absences else None
        return last if last is not None and last.end is None else None

    def up_after(self, time: int) -> int | None:
        """UTC microseconds of the first successful start or reload at or after a moment; None: there is none."""
        place = bisect_left(self.ups, time)
        return self.ups[place] if place < len(self.ups) else None

    def up_before(self, time: int) -> int | None:
        """UTC microseconds of the last successful start or reload before a moment; None: there is none."""
        place = bisect_left(self.ups, time)
        return self.ups[place - 1] if place else None


def live(timeline: Timeline) -> ServerLife:
    """The server's life, from all that its parent processes wrote."""
    events = _events(timeline)
    restarts = _restarts(events)
    since = steady_since([restart.time for restart in restarts])
    return ServerLife(
        restarts=tuple(replace(one, steady_since=first) for one, first in zip(restarts, since, strict=True)),
        absences=_absences(timeline, events),
        parents=_parents(timeline, events),
        ups=tuple(event.time for event in events if event.kind == "up"),
        unclean=tuple(event for event in events if event.kind == "unclean"),
    )


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


def _events(timeline: Timeline) -> list[Event]:
    """The parent's lines in order. Lines without a time are put where they can only have been written."""
    dated, undated = [], []
    for series in timeline.series.values():
        kind = kind_of(series.meaning)
        if kind is None:
            continue
        dated += [Event(m.time, kind, series, m.sighting, m.sighting.dated) for m in series.moments]
        if series.undated is not None and kind == "refused":
            undated.append((series, series.undated))
    dated = _each_once(sorted(dated, key=_order))
    placed = [event for series, moment in undated for event in _place(dated, series, moment)]
    return sorted([*dated, *placed], key=_order)


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


def _restarts(events: list[Event]) -> tuple[Restart, ...]:
    """What ended each generation of workers, paired with the start of the next."""
    restarts: list[Restart] = []
    pending: Restart | None = None
    parent = 0
    for event in events:
        if event.kind == "up":
            if pending is not None or not _is_of_a_child(event, parent):
                restarts.append(_completed(pending, event))
            pending, parent = None, event.sighting.reporter
        elif event.kind in {"stop", "reload", "hup"}:
            if pending is not None and (event.kind != "stop" or pending.kind == "stop"):
                if event.kind == "stop":  # an order given twice
                    continue
                restarts.append(pending)
            pending = Restart(event.kind, event.time, None, event.parent, (event.sighting,))
        elif event.kind in {"refused", "died"} and pending is not None:
            pending = replace(pending, refusals=(*pending.refusals, event))
    return (*restarts, *([pending] if pending is not None else ()))


def _is_of_a_child(up: Event, parent: int) -> bool:
    """Whether a Windows parent, which nobody told to restart, says so of the child in place of one that ended."""
    return up.sighting.module == WINDOWS_MPM and up.sighting.reporter == parent != 0


def _completed(pending: Restart | None, up: Event) -> Restart:
    if pending is None:
        return Restart("start", None, up.time, 0, (up.sighting,))
    return replace(pending, up=up.time, sightings=(*pending.sightings, up.sighting))


def _absences(timeline: Timeline, events: list[Event]) -> tuple[Absence, ...]:
    """When the server was not up. A reload is no absence unless it was refused and the server ended with it."""
    found: list[Absence] = []
    current: list[Event] = []
    words: list[Event] = []
    parent, last_up, ordered = 0, None, False
    says_its_end = not any(event.sighting.module == WINDOWS_MPM for event in events)
    for event in events:
        if parent and event.parent == parent and _are_of_another(current, parent):
            current = []
        if event.kind == "up":
            unannounced = event.series.meaning.if_unannounced
            if (
                says_its_end
                and unannounced
                and not current
                and not ordered
                and _took_over(timeline, parent, last_up, event)
            ):
                left = replace(event, kind="unclean", series=replace(event.series, meaning=unannounced))
                current = [*words, left]
            if current:
                found.append(_absence(timeline, current, last_up, event, parent, ordered=ordered))
            current, words, ordered = [], [], False
            parent, last_up = event.parent, event.time
        elif event.kind == "kept" and _is_one_attempt(current, event):
            current, ordered = [], False
        elif event.kind == "word":
            words.append(event)
        elif event.kind in {"reload", "hup"}:
            ordered = True
        elif event.kind in {"stop", "died", "refused"}:
            current.append(event)
        elif event.kind == "unclean" and says_its_end and not current and event.parent != (parent or -1):
            # a parent that finds its own pid file was told to restart
            current = [*words, event]
        elif event.kind == "unclean" and not ordered and _were_refused(current):
            current.append(event)  # the server had gone before the starts that failed
    if current:
        found.append(_absence(timeline, current, last_up, None, parent, ordered=ordered))
    return tuple(one for one in found if not _went_on(timeline, one) and not _others_answer(timeline, one))


def _took_over(timeline: Timeline, parent: int, last_up: int | None, up: Event) -> bool:
    """Whether another parent came up though none was told to stop, and the one before is never heard again."""
    if 0 in {up.parent, parent} or last_up is None:
        return False
    if up.parent == parent:
        return parent == INIT and _fell_silent(timeline, last_up, up.time)
    return not any(sign.last > up.time for sign in timeline.signs.get(parent))


def _fell_silent(timeline: Timeline, since: int, until: int) -> bool:
    """Whether a server that had been serving `since` then answered nobody `until` a moment (UTC microseconds).

    In a container each run of httpd has the same pid, so the silence is all that tells that one ended; and where the
    logs of several containers were put together, the others go on. The first requests may come while it starts.
    """
    traces = _traces(timeline)
    silent = max((last for counts in traces if (last := counts.last(until - ONE_RELOAD)) is not None), default=since)
    if silent <= since:
        return False
    asked = sum(counts.between(since, silent) for counts in traces)
    return asked * (until - silent - ONE_RELOAD) >= MISSED * max(silent - since, SECOND)


def _are_of_another(lines: list[Event], parent: int) -> bool:
    """Whether these are failed starts of a second server: the first, which goes on, is still heard."""
    return all(event.kind == "refused" and event.parent not in {0, parent} for event in lines)


def _were_refused(lines: list[Event]) -> bool:
    """Whether nothing but failed starts is known: a pid file that is found after them is of the run before."""
    return bool(lines) and all(event.kind == "refused" for event in lines)


def _is_one_attempt(lines: list[Event], kept: Event) -> bool:
    """Whether all that was refused is what a reload was refused for."""
    return all(event.kind == "refused" and kept.time - event.time <= ONE_RELOAD for event in lines)


def _went_on(timeline: Timeline, absence: Absence) -> bool:
    """Whether it was an attempt to start a second server beside the one that went on serving.

    Nothing was said of an end before the refusal, and after it requests left traces, or a process wrote that had done
    so before. What requests leave is counted by the second: the one in which the server started again proves nothing.
    """
    if absence.why != "refused" or absence.ordered or not _were_refused(_until_found(absence)):
        return False
    until = absence.until(timeline.end)
    since = absence.begin + ONE_RELOAD
    asked = any(
        after is not None and after + counts.width <= until
        for counts in _traces(timeline)
        for after in (counts.next(since),)
    )
    return asked or any(
        signs[0].first < absence.begin and any(sign.first < until and sign.last > since for sign in signs)
        for _, signs in timeline.signs.items()
    )


def _others_answer(timeline: Timeline, absence: Absence) -> bool:
    """Whether a container was stopped beside others that go on: their logs were put together.

    What it had begun to answer was asked before, so that a request after that is another's.
    """
    if absence.why == "refused" or absence.lines[0].parent != INIT:
        return False
    until = absence.until(timeline.end)
    return any(counts.between(absence.begin + ONE_RELOAD, until - ONE_RELOAD) for counts in _traces(timeline))


def _until_found(absence: Absence) -> list[Event]:
    """Its lines up to a pid file that the start which ended it found left over."""
    last = absence.lines[-1]
    return list(absence.lines[:-1] if last.kind == "unclean" else absence.lines)


def _absence(
    timeline: Timeline, lines: list[Event], last_up: int | None, up: Event | None, parent: int, *, ordered: bool
) -> Absence:
    """The stretch that these lines begin.

    `parent`: pid of the parent that was last up; `ordered`: a reload or restart had been ordered before them.
    """
    first = lines[0]
    why = _why(lines)
    begin = first.time if first.kind != "unclean" else _came(up or first, parent)
    sign = _last_sign(timeline, min(first.time, begin)) if first.kind != "stop" else first.time
    return Absence(
        why=why,
        begin=begin,
        not_before=max(min(sign, begin), last_up or min(sign, begin)),
        end=up.time if up else None,
        lines=tuple(lines),
        up=up.sighting if up else None,
        ordered=ordered,
        parent=_parent_gone(lines, parent),
    )


def _came(start: Event, parent: int) -> int:
    """The last moment at which a server that nobody announced can't have answered yet (UTC microseconds).

    It is up when it says so; requests are counted by the second, and the first may come while it starts.
    """
    starting = ONE_RELOAD if start.parent == parent == INIT else 0
    return (start.time - starting) // SECOND * SECOND


def _parent_gone(lines: list[Event], parent: int) -> int:
    """The pid of the parent that gave up, or ended without a word; 0: it was told to end, or nothing names it."""
    first = lines[0]
    if first.kind == "died":
        return first.parent or parent
    return parent if first.kind in {"unclean", "word"} else 0


def _why(lines: list[Event]) -> Why:
    kinds = {event.kind for event in lines}
    if "refused" in kinds:
        return "refused"
    if "died" in kinds and ("stop" not in kinds or _had_to_stop(lines)):
        return "died"
    if "word" in kinds:
        return "died"
    return "killed" if kinds == {"unclean"} else "stopped"


def _had_to_stop(lines: list[Event]) -> bool:
    """Whether nobody ordered the stop: what supervises httpd stopped it for a reason that it then tells."""
    told = [event.time for event in lines if event.kind == "died" and event.series.meaning.role == "cause"]
    return any(event.kind == "stop" and is_near(told, event.time, ONE_EVENT) for event in lines)


def _last_sign(timeline: Timeline, before: int) -> int:
    """UTC microseconds of the last line before a moment that any log of the host has, access logs included.

    What is only written at a start is of the next server, or of an attempt to start one.
    """
    times = [
        series.moments[place - 1].last
        for series in timeline.series.values()
        if series.meaning.phase != "start"
        and (place := bisect_left(series.moments, before, key=lambda moment: moment.time))
    ]
    if (last := timeline.signs.last_before(before)) is not None:
        times.append(last)
    times += [last for counts in _traces(timeline) if (last := counts.last(before)) is not None]
    return max(times, default=before)


def _traces(timeline: Timeline) -> list[Counts]:
    """What requests left behind, in any log."""
    return [timeline.served, *(traffic.all for traffic in timeline.traffic.values())]


def _parents(timeline: Timeline, events: list[Event]) -> frozenset[int]:
    """The pids that write what only a parent writes: of starts and stops, of its pool's limit, of children's ends."""
    found = {event.parent for event in events if event.kind in {"up", "stop", "reload", "hup", "unclean"}}
    for series in timeline.known():
        meaning = series.meaning
        if meaning.role == "capacity" and meaning.about == "server":
            lines = (moment.sighting for moment in series.moments)
            found |= {line.reporter for line in lines if line.module.startswith("mpm_")}
        if meaning.worker is not None and meaning.worker.subject != "reporter":
            lines = (moment.sighting for of_pid in series.by_pid.values() for moment in (of_pid.first, of_pid.last))
            found |= {
                line.reporter for line in lines if line.subject != line.reporter and line.log not in timeline.neighbours
            }
    for event in events:
        if event.kind == "died" and not event.parent and not event.series.meaning.witnessed:
            found |= _witnessed_ends(timeline, event.time)
    return frozenset(found - {0})


def _witnessed_ends(timeline: Timeline, time: int) -> set[int]:
    """The process that ended at a moment by the word of another program, such as the kernel; empty: none, or several.

    Where httpd, before 2.4, says without a pid that the parent died, this is the parent.
    """
    pids = {
        pid
        for series in timeline.known()
        if series.meaning.worker is not None and series.meaning.worker.state in ENDS_AT_ONCE
        for pid, of_pid in series.by_pid.items()
        if any(
            one.sighting.log in timeline.neighbours and abs(one.time - time) <= ONE_DEATH
            for one in (of_pid.first, of_pid.last)
        )
    }
    return pids if len(pids) == 1 else set()
