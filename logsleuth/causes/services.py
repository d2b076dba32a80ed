"""Restarts of services behind httpd in an outage: those with which somebody tried to help, and the one that did.

What is refused or cut off in the seconds of such a restart is its effect, and no further fault.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.library.category import category_of
from logsleuth.lives.server.model import Restart
from logsleuth.signals.tuning import JOIN_US, SOON_US, TOGETHER_US
from logsleuth.timeline.model import TIME, between
from logsleuth.units import MINUTE, SECOND
from logsleuth.values import NamedTuple, dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.incidents.model import Incident
    from logsleuth.lives.server.model import RestartKind
    from logsleuth.signals.model import Signal
    from logsleuth.timeline.model import Moment, Series, Timeline

HELD_US: Final = MINUTE
"""Microseconds in which httpd does not ask a backend again that it could not reach (ProxyPass: retry=60)."""
HELD_OFF: Final = "proxy.worker-disabled"
"""The pattern of what httpd says when it does that."""
NEAR_US: Final = 2 * MINUTE
"""Microseconds: what ended an outage was written no longer before it did."""
MOST: Final = 3
"""Starts of one service in an outage; more are no attempts to help: it ends again and again by itself."""


@dataclass(frozen=True, slots=True)
class ServiceRestart:
    """One restart, or start, of a service behind httpd."""

    title: str
    """What its last line says: that it is ready."""
    pattern: str
    """The id of the pattern that knows that line."""
    restart: Restart
    """Its times; `down` is None where no line shows that it was stopped before."""

    @property
    def window(self) -> tuple[int, int]:
        """When it was under way, in UTC microseconds: from its stop, or from as long before as one may take."""
        up = self.restart.up or self.restart.time
        down = self.restart.down if self.restart.down is not None else up - NEAR_US
        return down - TOGETHER_US, up + TOGETHER_US


def service_restarts(incident: Incident, timeline: Timeline) -> tuple[ServiceRestart, ...]:
    """Those within an incident, and the one that ended it, in order of time."""
    found = []
    for series in recoveries(timeline):
        if series.meaning.phase != "start":
            continue
        said = list(between(series.moments, incident.onset, incident.over + NEAR_US))
        ready = [one for before, one in zip([None, *said], said, strict=False) if not _says_once_more(one, before)]
        if len(ready) > MOST:
            continue
        for moment in ready:
            order = order_before(moment, timeline)
            lines = (moment.sighting,) if order is None else (order.moment.sighting, moment.sighting)
            down = order.moment.time if order is not None else None
            restart = Restart("stop" if order is None else order.kind, down, moment.time, 0, lines)
            found.append(ServiceRestart(series.title, series.name, restart))
    return tuple(sorted(found, key=lambda one: one.restart.time))


def _says_once_more(moment: Moment, before: Moment | None) -> bool:
    """Whether it is only the second line of one start."""
    return before is not None and moment.time - before.time <= TOGETHER_US


class Order(NamedTuple):
    """What a service was told to do before it was ready."""

    moment: Moment
    """The line that reports it."""
    kind: RestartKind
    """A stop, or a reload."""


def order_before(started: Moment, timeline: Timeline) -> Order | None:
    """The last order in the log of a service that was started, if it came soon before; None: none did."""
    orders = [
        Order(moment, "reload" if series.meaning.role == "restart" else "stop")
        for series in timeline.known()
        if series.meaning.role in {"shutdown", "restart"} and series.meaning.about == "backend"
        for moment in between(series.moments, started.time - SOON_US, started.time)
        if moment.sighting.log == started.sighting.log
    ]
    return max(orders, key=lambda order: order.moment.time, default=None)


def recoveries(timeline: Timeline) -> Iterable[Series]:
    """What services behind httpd, and NFS servers, say when they are back."""
    return (one for one in timeline.known() if one.meaning.role == "recovery" and one.meaning.about == "backend")


def last_back(since: int, until: int, timeline: Timeline) -> tuple[Moment, Series] | None:
    """The last time that anything behind httpd said between two moments (UTC microseconds) that it was back."""
    found = [(moment, series) for series in recoveries(timeline) for moment in between(series.moments, since, until)]
    return max(found, key=lambda one: TIME(one[0])) if found else None


def reach(incident: Incident) -> int:
    """Microseconds by which a service may be back before the last failure: httpd may not ask it at once."""
    held_off = any(signal.name == HELD_OFF for signal in incident.signals)
    return HELD_US + TOGETHER_US if held_off else JOIN_US


def of_their_restarts(
    incident: Incident, first: Signal | None, restarts: Sequence[ServiceRestart], back: int | None
) -> frozenset[str]:
    """The names of signals whose lines were all written while a service behind httpd restarted.

    `back`: when a service was back that ended it, in UTC microseconds; None: none did.
    """
    if first is None:
        return frozenset()
    windows = [one.window for one in restarts]
    if back is not None:
        windows.append((back - NEAR_US, max(back, incident.over) + TOGETHER_US))
    elif (refused := refused_at_the_end(incident, first)) is not None:
        windows.append((refused.begin - TOGETHER_US, incident.over + TOGETHER_US))
    return frozenset(
        signal.name
        for signal in incident.signals
        if signal is not first and first.begin < signal.begin - TOGETHER_US
        and signal.meaning.about == "backend"
        and all(any(begin <= one.time and one.last <= end for begin, end in windows) for one in signal.moments)
    )  # fmt: skip


def refused_at_the_end(incident: Incident, first: Signal | None) -> Signal | None:
    """Refused connections that are all there is of the last seconds of an outage of another kind; None: there are none.

    A backend that lets nobody connect and then answers well was restarted.
    """
    if first is None or category_of(first.category).slug == "backend-down":
        return None
    for signal in incident.signals:
        is_last = signal.begin >= first.end - TOGETHER_US and signal.end >= incident.end - TOGETHER_US
        short = SECOND <= signal.end - signal.begin <= NEAR_US
        if signal.category == "backend-down" and is_last and short and signal.outside == 0:
            return signal
    return None
