"""When the server was not up, and the lines that say so.

A state lasts until something says otherwise. A refused start lasts until a start succeeds, one minute or eleven
hours later; a server that was stopped stays down until it is up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.lives.server.events import ONE_EVENT, ONE_RELOAD, WINDOWS_MPM
from logsleuth.lives.server.model import Absence
from logsleuth.lives.server.presence import (
    INIT,
    heard_again,
    last_sign,
    others_answer,
    took_over,
    went_on,
    were_refused,
)
from logsleuth.units import SECOND, is_near
from logsleuth.values import replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.lives.server.model import Event, Why
    from logsleuth.timeline.model import Timeline

PORT_TAKEN: Final = "port-in-use"
"""The category of a start that fails because the port is taken."""


def find_absences(timeline: Timeline, events: Sequence[Event]) -> tuple[Absence, ...]:
    """When the server was not up. A reload is no absence unless it was refused and the server ended with it."""
    found = _read(timeline, events)
    if any(map(_is_of_a_container, found)):
        found = _read(timeline, events, is_one_container=True)
    return tuple(found)


def _read(timeline: Timeline, events: Sequence[Event], *, is_one_container: bool = False) -> list[Absence]:
    says_its_end = not any(event.sighting.module == WINDOWS_MPM for event in events)
    walk = _Walk(timeline, says_its_end=says_its_end, is_one_container=is_one_container)
    for event in events:
        walk.read(event)
    return [one for one in walk.ended() if not went_on(timeline, one) and not others_answer(timeline, one)]


def _is_of_a_container(absence: Absence) -> bool:
    """Whether all was silent before a container's httpd came up that had not been told to end.

    The log is that one container's then: of several, the others would have gone on. So the next time it comes up
    unannounced it was killed once more, though nobody happened to ask for anything in the seconds that it was gone.
    """
    return absence.why == "killed" and absence.parent == INIT and absence.end == absence.lines[-1].time


class _Walk:
    """The parent's lines one after the other, and what is known of the server after each."""

    def __init__(self, timeline: Timeline, *, says_its_end: bool, is_one_container: bool) -> None:
        """`says_its_end`: whether a parent that was told to end writes so.

        `is_one_container`: whether no other server of the same pid can have written to the log.
        """
        self._timeline, self._says_its_end = timeline, says_its_end
        self._is_one_container = is_one_container
        self._found: list[Absence] = []
        self._lines: list[Event] = []
        """What began the absence that goes on, and what kept it from ending; empty: the server is up."""
        self._words: list[Event] = []
        """Grave lines since the last start, which it may have ended with."""
        self._parent = 0
        """pid of the parent that was last up."""
        self._last_up: int | None = None
        self._ordered = False
        """A reload or restart was ordered since the last start."""

    def read(self, event: Event) -> None:
        """Go on by one line."""
        self._hear(event.time)
        if self._parent and event.parent == self._parent and _are_of_another(self._lines, self._parent):
            self._lines = []
        match event.kind:
            case "up":
                self._up(event)
            case "kept":
                if _is_one_attempt(self._lines, event):
                    self._lines, self._ordered = [], False
            case "word":
                self._words.append(event)
            case "reload" | "hup":
                self._ordered = True
            case "stop":
                if _shows_it_was_up(event, self._lines):
                    self._lines = []
                self._lines.append(event)
            case "died" | "refused":
                self._lines.append(event)
            case "unclean":
                self._left_over(event)

    def ended(self) -> list[Absence]:
        """All absences; the last may go on at the end of the log."""
        self._hear(self._timeline.end)
        return [*self._found, *([self._absence(None)] if self._lines else ())]

    def _hear(self, until: int) -> None:
        """End an absence, before the next line (UTC microseconds), that requests were served after."""
        if not self._lines or were_refused(self._lines):
            return
        back = heard_again(self._timeline, self._lines[-1].time, until)
        if back is not None:
            self._found.append(replace(self._absence(None), end=back))
            self._lines, self._words, self._ordered, self._parent = [], [], False, 0

    def _up(self, event: Event) -> None:
        """The server came up, after an absence or a reload; or it is another one, as the one before ended unseen."""
        if not self._lines and (left := self._unannounced(event)) is not None:
            self._lines = [*self._words, left]
        if self._lines and not _are_of_before_the_log(self._lines, event):
            self._found.append(self._absence(event))
        self._lines, self._words, self._ordered = [], [], False
        self._parent, self._last_up = event.parent, event.time

    def _unannounced(self, up: Event) -> Event | None:
        """A start as the first that is known of the end before it; None: it was ordered, or the server went on."""
        meaning = up.series.meaning.if_unannounced
        if not self._says_its_end or meaning is None or self._ordered:
            return None
        again = self._is_one_container and up.parent == self._parent == INIT
        if not again and not took_over(self._timeline, self._parent, self._last_up, up):
            return None
        return replace(up, kind="unclean", series=replace(up.series, meaning=meaning))

    def _left_over(self, event: Event) -> None:
        """A start found a pid file: the run before it ended uncleanly. Its own pid file a parent finds at a restart."""
        if self._says_its_end and not self._lines and event.parent != (self._parent or -1):
            self._lines = [*self._words, event]
        elif not self._ordered and were_refused(self._lines):
            self._lines.append(event)  # the server had gone before the starts that failed

    def _absence(self, up: Event | None) -> Absence:
        """The stretch that the lines begin; `up`: the start that ended it."""
        lines, parent = self._lines, self._parent
        first = lines[0]
        begin = first.time if first.kind != "unclean" else _came(up or first, parent)
        sign = last_sign(self._timeline, min(first.time, begin)) if first.kind != "stop" else first.time
        return Absence(
            why=_why(lines),
            begin=begin,
            not_before=max(min(sign, begin), self._last_up or min(sign, begin)),
            end=up.time if up else None,
            lines=tuple(lines),
            up=up.sighting if up else None,
            ordered=self._ordered,
            parent=_parent_gone(lines, parent),
        )


def _are_of_another(lines: list[Event], parent: int) -> bool:
    """Whether these are failed starts of a second server: the first, which goes on, is still heard."""
    return all(event.kind == "refused" and event.parent not in {0, parent} for event in lines)


def _are_of_before_the_log(lines: list[Event], up: Event) -> bool:
    """Whether starts failed at a time that nothing names: their lines only have that of the start after them."""
    return were_refused(lines) and all(not one.dated and one.time // SECOND == up.time // SECOND for one in lines)


def _shows_it_was_up(stop: Event, lines: list[Event]) -> bool:
    """Whether a server tells of its stop that had gone on, and held the port, beside failed starts of a second one.

    Before 2.4 no line names its process. What another program says of a stop may be of a unit that never came up.
    """
    is_held = any(one.series.meaning.category == PORT_TAKEN for one in lines)
    return is_held and were_refused(lines) and not stop.series.meaning.witnessed


def _is_one_attempt(lines: list[Event], kept: Event) -> bool:
    """Whether all that was refused is what a reload was refused for."""
    return all(event.kind == "refused" and kept.time - event.time <= ONE_RELOAD for event in lines)


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
