"""Restarts of httpd that made an outage worse: caches and open connections that had carried some requests are gone.

Seen by the requests just before the restart and just after it, so that what grows by itself is not taken for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.signals.chance import tail
from logsleuth.signals.tuning import BY_CHANCE, JOIN_US, LEAST_EXPECTED, SOON_US, TIMES_AS_MANY
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from logsleuth.incidents.model import Incident
    from logsleuth.lives.requests import Requests
    from logsleuth.lives.server.model import Restart

LENGTHS: Final = (JOIN_US, 2 * JOIN_US, 5 * JOIN_US, SOON_US)
"""Microseconds before and after a restart in which requests are compared; those of the longest are told."""


@dataclass(frozen=True, slots=True)
class Share:
    """How many requests of a stretch of time failed."""

    failed: int
    seen: int
    length: int
    """Microseconds."""


@dataclass(frozen=True, slots=True)
class Worsened:
    """A restart after which far more requests failed than before."""

    restart: Restart
    before: Share
    after: Share


def restarts_that_worsened(incident: Incident, requests: Requests) -> tuple[Worsened, ...]:
    """Those within an incident that made it worse, in order of time; none where no access log counts requests."""
    found = (_beside(restart, incident, requests) for restart in incident.restarts_in_vain)
    return tuple(one for one in found if one is not None)


def _beside(restart: Restart, incident: Incident, requests: Requests) -> Worsened | None:
    """A restart with the requests before and after it, if it made the outage worse.

    They are compared as near to it as there are enough of them, and for as long as is told.
    """
    pairs = [pair for length in LENGTHS if (pair := _pair(restart, incident, requests, length)) is not None]
    if not pairs or not (_is_worse(*pairs[0]) and _is_worse(*pairs[-1])):
        return None
    return Worsened(restart, *pairs[-1])


def _pair(restart: Restart, incident: Incident, requests: Requests, length: int) -> tuple[Share, Share] | None:
    """The requests just before and just after a restart; None: too few to say anything."""
    down, up = restart.time, restart.up or restart.time
    ups = [one.up for one in incident.restarts if one.up is not None]
    since = max([incident.onset, down - length, *(one for one in ups if one < down)])
    until = min([incident.over, up + length, *(one for one in ups if one > up)])
    before, after = _share(incident, requests, since, down), _share(incident, requests, up, until)
    return None if before is None or after is None else (before, after)


def _share(incident: Incident, requests: Requests, begin: int, end: int) -> Share | None:
    """The requests between two moments that were failed as the incident's are; None: too few to say anything."""
    if incident.requests is None or end <= begin:
        return None
    seen = requests.seen_by(incident.requests.log, begin, end)
    if seen is None or seen.seen < LEAST_EXPECTED:
        return None
    return Share(seen.refused if incident.requests.turned_away else seen.failed, seen.seen, end - begin)


def _is_worse(before: Share, after: Share) -> bool:
    """Whether three times as large a share failed, or of those that were served only a third is left; by no chance."""
    was, now = before.failed / before.seen, after.failed / after.seen
    if now < TIMES_AS_MANY * was and 1 - was < TIMES_AS_MANY * (1 - now):
        return False
    return now > was and tail(after.failed, was * after.seen) <= BY_CHANCE
