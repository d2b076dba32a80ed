"""What every detector is given: the lives, and the failures in them."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from logsleuth.lives.server.events import kind_of
from logsleuth.signals.clients import Clients
from logsleuth.signals.rhythm import without_a_timers
from logsleuth.signals.targets import by_health
from logsleuth.signals.tuning import AROUND_US, BY_CHANCE, JOIN_US, LASTING_US, SOON_US, TOGETHER_US
from logsleuth.signals.waiting import find_releases
from logsleuth.timeline.model import between
from logsleuth.units import SECOND
from logsleuth.values import dataclass, field, replace

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from logsleuth.library.mechanisms import Mechanisms
    from logsleuth.lives.live import Lives
    from logsleuth.timeline.model import Moment, Series, Timeline


REAP_US = SECOND
ENDING_US = 30 * SECOND
"""Children that are told to end die from just before the parent writes that it stops (it reaps those that die at once
first, ap_reclaim_child_processes) until it has waited for the last."""


@dataclass(frozen=True, slots=True)
class Scene:
    """The lives, and what is asked of them again and again."""

    lives: Lives
    failures: tuple[Series, ...]
    """Every series that says that something is wrong, without what a start, a stop, a restart or a timer brings
    about. Backends that were dead all the time are series of their own."""
    clients: Clients
    mechanisms: Mechanisms
    """What each kind of message brings about."""
    releases: tuple[int, ...] = ()
    """UTC microseconds of the moments in which all who had waited were answered."""
    _leading: tuple[tuple[Series, frozenset[str]], ...] = field(default=(), init=False, repr=False, compare=False)
    """The failures that bring others about, and which: each group of signals is asked whether any leads to it."""

    def __post_init__(self) -> None:
        """Find out which failures bring others about."""
        each = ((one, self.mechanisms.get(one.name)) for one in self.failures if one.meaning.role != "symptom")
        object.__setattr__(self, "_leading", tuple((one, to) for one, to in each if to))

    def release_after(self, time: int) -> int | None:
        """UTC microseconds of the first release within an hour after a moment; None: there is none."""
        place = bisect_right(self.releases, time)
        found = self.releases[place] if place < len(self.releases) else None
        return found if found is not None and found - time <= AROUND_US else None

    def causes_of(self, names: Collection[str], begin: int, end: int) -> Iterator[tuple[Series, tuple[Moment, ...]]]:
        """Known causes of what is named that were logged from ten minutes before a stretch of time on, wherever.

        Only those that are so rare at other times that they are hardly there by chance. Times are UTC microseconds.
        """
        window = (end - begin + SOON_US) / self.lives.timeline.span
        for series, brought_about in self._leading:
            if brought_about.isdisjoint(names):
                continue
            near = tuple(between(series.moments, begin - SOON_US, end))
            if near and (len(series.moments) - len(near)) * window <= BY_CHANCE:
                yield series, near

    def is_after_a_start(self, time: int) -> bool:
        """Whether the server had just taken up new code or configuration: with a start, or a reload."""
        up = self.lives.server.up_before(time + 1)
        return up is not None and time - up <= JOIN_US

    def is_at_a_restart(self, time: int) -> bool:
        """Whether the server was being stopped or restarted: children die then because they end."""
        orders = (restart.down for restart in self.lives.server.restarts if restart.down is not None)
        return any(-REAP_US <= time - order <= ENDING_US for order in orders)


def scene_of(lives: Lives, mechanisms: Mechanisms) -> Scene:
    """The failures of these lives, and who has them."""
    timeline = lives.timeline
    releases = find_releases(lives.requests.trace, timeline.span)
    return Scene(lives, tuple(_failures(lives)), Clients(timeline), mechanisms, tuple(releases))


def _failures(lives: Lives) -> Iterable[Series]:
    """The series of failures. The server's own life has a detector of its own."""
    for series in lives.timeline.series.values():
        if not series.meaning.is_failure or kind_of(series.meaning) not in {None, "word"}:
            continue
        moments = tuple(moment for moment in series.moments if not _is_routine(series, moment, lives))
        if moments:
            own = series if len(moments) == len(series.moments) else replace(series, moments=moments)
            for found in by_health(own, lambda some: is_standing(some, lives.timeline)):
                rest = found if found.meaning.proof == "single" else without_a_timers(found, lives.requests)
                if rest.moments:
                    yield rest


def _is_routine(series: Series, moment: Moment, lives: Lives) -> bool:
    """Whether a line is what every start, stop or restart brings about."""
    meaning = series.meaning
    if meaning.phase == "stop":
        return True
    if meaning.role == "capacity" or (meaning.known_by == "level" and meaning.about == "server"):
        return just_started(lives, moment.time)
    if meaning.known_by == "level" and not moment.sighting.dated:
        return _is_at_a_restart(lives, moment.time)
    return False


def just_started(lives: Lives, time: int) -> bool:
    """Whether the server had just started, when a limit that is reached means nothing."""
    up = lives.server.up_before(time + 1)
    return up is not None and time - up <= TOGETHER_US


def _is_at_a_restart(lives: Lives, time: int) -> bool:
    """Whether a line without a head is a program's greeting or farewell: beside a start or a stop."""
    ends = (end for restart in lives.server.restarts for end in (restart.down, restart.up) if end is not None)
    return any(abs(time - end) <= TOGETHER_US for end in ends)


def is_standing(moments: Sequence[Moment], timeline: Timeline) -> bool:
    """Whether it is there from the beginning to the end of a log of many hours: a standing fault, not an outage."""
    if timeline.span < LASTING_US:
        return False
    margin = timeline.span // 20
    return moments[0].time - timeline.start <= margin and timeline.end - moments[-1].last <= margin
