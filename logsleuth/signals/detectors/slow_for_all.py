"""Requests that take many times as long as before, for many clients at once, though hardly one of them fails.

A database that is locked, a crawler, a disk that is worn out: every page waits, and no line of an error log says so.
Only how long requests took (%D, %T) shows it. A report, an upload or a page that waits for news takes long all the
time; a client that reads slowly, or a job, is one client. The table `if_slow` of a pattern says what a slow request
means then.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from logsleuth.lives.requests import is_download
from logsleuth.signals.clients import effective
from logsleuth.signals.model import Signal, Why
from logsleuth.signals.rhythm import is_a_timers
from logsleuth.signals.slow import slow_stretches
from logsleuth.signals.tuning import ALMOST_ALL, LEAST_CLIENTS, LEAST_EXPECTED, MOST
from logsleuth.timeline.model import between
from logsleuth.values import replace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logsleuth.lives.requests import Requests
    from logsleuth.signals.scene import Scene
    from logsleuth.timeline.model import AskedBy, Moment, Series, Traffic


def slow_for_all(scene: Scene) -> Iterator[Signal]:
    """Each stretch in which requests took many times as long as in the hour before."""
    traffic = _says_how_long(scene.lives.requests)
    if traffic is None:
        return
    slow = [
        (series, meaning) for series in scene.lives.timeline.known() if (meaning := series.meaning.if_slow) is not None
    ]
    stretches = slow_stretches(traffic.took) if slow else []
    for series, meaning in slow:
        parts = _Parts(series, traffic, stretches)
        found = [
            (moments, end)
            for begin, end in stretches
            if (moments := tuple(filter(parts.may_be_quick, between(series.moments, begin, end - 1))))
            and _are_everybodys(tuple(filter(parts.was_quick, moments)), traffic)
        ]
        every = tuple(moment for moments, _ in found for moment in moments)
        if found and not is_a_timers(series, every, scene.lives.requests):
            whole = replace(series, meaning=meaning, moments=every, clients=None)
            yield from (Signal(whole, moments, Why.SLOW, until=end) for moments, end in found)


def _says_how_long(requests: Requests) -> Traffic | None:
    """The first access log, the server's own before a proxy's, that says how long requests took."""
    return next((traffic for traffic in requests.logs.values() if traffic.took), None)


class _Parts:
    """The parts of a site, by the first segment of the path: which were slow outside of some stretches, too."""

    def __init__(self, series: Series, traffic: Traffic, stretches: Sequence[tuple[int, int]]) -> None:
        every = Counter[str]()
        for moment in series.moments:
            every[_part(moment)] += moment.count
        inside = Counter[str]()
        for begin, end in stretches:
            for moment in between(series.moments, begin, end - 1):
                inside[_part(moment)] += moment.count
        self._logs = traffic.parts
        known = [
            (one.key, every[one.key] - inside[one.key], one.requests - inside[one.key]) for one in traffic.by_path.kept
        ]
        self._slow = frozenset(key for key, slow, requests in known if slow > MOST * max(requests, 1))
        self._quick = frozenset(key for key, slow, requests in known if requests - slow >= LEAST_EXPECTED)

    def may_be_quick(self, moment: Moment) -> bool:
        """Whether a request of this log asks for what is not known to be slow at all times, and is no download."""
        return moment.sighting.log in self._logs and _part(moment) not in self._slow and not is_download(moment)

    def was_quick(self, moment: Moment) -> bool:
        """Whether a request asks for what others got quickly."""
        return _part(moment) in self._quick


def _part(moment: Moment) -> str:
    """The first segment of the path that a request asks for."""
    path = dict(moment.sighting.fields).get("path", "")
    return "/" + path[1:].partition("/")[0]


def _are_everybodys(moments: Sequence[Moment], traffic: Traffic) -> bool:
    """Whether many clients waited, for what makes a good part of all requests."""
    named = Counter(moment.client for moment in moments if moment.client)
    parts = {_part(moment) for moment in moments}
    asked_for = sum(one.requests for one in traffic.by_path.kept if one.key in parts)
    return (
        sum(moment.count for moment in moments) >= LEAST_EXPECTED
        and (effective(named.values()) >= LEAST_CLIENTS or _is_behind_one_address(traffic.by_client))
        and asked_for > (1 - ALMOST_ALL) * sum(one.requests for one in traffic.by_path.kept)
    )


def _is_behind_one_address(clients: AskedBy) -> bool:
    """Whether most requests of the log come from one address: a proxy's, behind which all users are."""
    most = max((one.requests for one in clients.kept), default=0)
    return most > MOST * sum(one.requests for one in clients.kept)
