"""Everybody is turned away: what is noise for one client is an outage for all.

Scanners are denied, ask for what is not there, and send too much, all day long. A `Require all denied` that was
deployed by mistake, or a rewrite to nowhere, turns away everybody who comes. The table `if_everybody` of a pattern
says what its message means then.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import replace
from ipaddress import ip_address, ip_network
from itertools import groupby
from typing import TYPE_CHECKING

from logsleuth.signals.baseline import budget, find_stretches
from logsleuth.signals.clients import effective
from logsleuth.signals.model import Signal, Why
from logsleuth.signals.tuning import ALMOST_ALL, CROWD, LEAST_MOMENTS
from logsleuth.timeline.model import Counts, between
from logsleuth.timeline.text import client_of
from logsleuth.units import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.signals.scene import Scene
    from logsleuth.timeline.model import Moment, Series

INSIDE = tuple(
    map(
        ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "fc00::/7", "::1")
    )
)
"""Networks of RFC 1918, 6598 and 4193: what asks from there is a proxy, a balancer, a gateway, or a colleague."""
NO_TRACE = Counts(SECOND, [])
"""What requests leave says nothing of how busy the server was: each request that is refused leaves several lines."""


def turned_away(scene: Scene) -> Iterable[Signal]:
    """Stretches in which nearly all clients are refused, each for the same reason."""
    timeline = scene.lives.timeline
    refusals = [
        (series, meaning) for series in timeline.known() if (meaning := series.meaning.if_everybody) is not None
    ]
    least = budget(timeline.span, len(refusals))
    for series, meaning in refusals:
        found = [
            (stretch, moments)
            for stretch in find_stretches(series.moments, timeline.start, timeline.end, NO_TRACE, least)
            for moments in by_configuration(scene.lives.server.ups, series.moments[stretch.first : stretch.last])
            if _is_everybody(scene, series, moments)
            or (meaning.refuses_addresses and _is_a_proxy_refused(scene, series, moments))
        ]
        # what single clients were refused at other times is no sign of this
        whole = replace(series, meaning=meaning, moments=tuple(moment for _, part in found for moment in part))
        for stretch, moments in found:
            yield Signal(whole, moments, Why.SURPRISE, stretch.surprise, stretch.usual)


def by_configuration(ups: Sequence[int], moments: Sequence[Moment]) -> Iterable[tuple[Moment, ...]]:
    """The moments, cut at each start and reload: what the configuration does begins with one, and ends with one.

    Scanners that were refused before, and are refused afterwards, are then no part of it.
    """
    for _, part in groupby(moments, key=lambda moment: bisect_right(ups, moment.time)):
        yield tuple(part)


def _is_a_proxy_refused(scene: Scene, series: Series, moments: Sequence[Moment]) -> bool:
    """Whether the address that is refused is that of a proxy inside, and nobody else is served meanwhile.

    An address of the internet may be an attacker's own, however much of the traffic is his. An access log must agree;
    without one, all else that the log says of clients must be of that address.
    """
    named = {name for moment in moments if (name := client_of(moment.sighting.words))}
    if len(named) != 1 or not all(map(_is_inside, named)):
        return False
    seen = scene.lives.requests.seen(moments[0].time, moments[-1].last)
    if seen is not None:
        return seen.refused >= ALMOST_ALL * seen.seen
    others = Counter(
        name
        for other in scene.lives.timeline.series.values()
        if other.name != series.name
        for moment in other.moments
        if (name := client_of(moment.sighting.words))
    )
    return sum(others[name] for name in named) >= ALMOST_ALL * max(others.total(), LEAST_MOMENTS)


def _is_inside(name: str) -> bool:
    """Whether an address is one of a private network, or of this machine."""
    try:
        address = ip_address(name)
    except ValueError:
        return False
    return any(address in network for network in INSIDE)


def _is_everybody(scene: Scene, series: Series, moments: Sequence[Moment]) -> bool:
    """Whether many clients meet it, and hardly one of those that are seen meanwhile does not.

    An error log shows only those who fail; so an access log must agree, or a reload have brought it about.
    """
    counts = Counter(name for moment in moments if (name := client_of(moment.sighting.words)))
    if effective(counts.values()) < CROWD:
        return False
    begin, end = moments[0].time, moments[-1].last
    others = {
        name
        for other in scene.lives.timeline.series.values()
        if other.name != series.name
        for moment in between(other.moments, begin, end)
        if (name := client_of(moment.sighting.words))
    }
    if len(counts) < ALMOST_ALL * len(others | counts.keys()):
        return False
    seen = scene.lives.requests.seen(begin, end)
    return scene.is_after_a_start(begin) if seen is None else seen.refused >= ALMOST_ALL * seen.seen
