"""Requests that are refused are noise from one client, and an outage if everybody is refused.

Scanners are denied, ask for missing files, and send too much, all day long. A `Require all denied` that was deployed
by mistake, or a rewrite to a missing path, refuses every visitor; a redirect to itself keeps everybody from every page.
The table `if_everybody` of a pattern says what its message means then.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from ipaddress import ip_address, ip_network
from itertools import groupby
from typing import TYPE_CHECKING

from logsleuth.lives.requests import REDIRECTED
from logsleuth.signals.baseline import find_stretches
from logsleuth.signals.chance import budget
from logsleuth.signals.clients import are_a_crowd, are_users
from logsleuth.signals.instead import are_refused_instead
from logsleuth.signals.model import Signal, Why
from logsleuth.signals.places import was_served
from logsleuth.signals.shares import Share
from logsleuth.signals.tuning import (
    ALMOST_ALL,
    AROUND_US,
    JOIN_US,
    LEAST_EXPECTED,
    LEAST_MOMENTS,
    MOST,
    TIMES_AS_MANY,
)
from logsleuth.timeline.model import Counts, between
from logsleuth.units import SECOND
from logsleuth.values import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.library.meaning import Meaning
    from logsleuth.signals.scene import Scene
    from logsleuth.timeline.model import Moment, Series

INSIDE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "fc00::/7", "::1")
"""Networks of RFC 1918, 6598 and 4193: a client from there is a proxy, a balancer, a gateway, or a colleague."""
UNUSUAL = frozenset({"info", "debug", *(f"trace{n}" for n in range(1, 9))})
"""Levels below httpd's own LogLevel, which is warn (server/core.c)."""
NO_TRACE = Counts(SECOND, [])
"""What requests leave says nothing of how busy the server was: each request that is refused leaves several lines."""


def turned_away(scene: Scene) -> Iterable[Signal]:
    """Stretches in which nearly all clients are refused for the same reason."""
    timeline = scene.lives.timeline
    refusals = [
        (series, meaning) for series in timeline.known() if (meaning := series.meaning.if_everybody) is not None
    ]
    least = budget(timeline.span, len(refusals))
    for series, meaning in refusals:
        found = [
            (stretch, moments)
            for stretch in find_stretches(series.moments, timeline.start, timeline.end, NO_TRACE, least)
            for moments in _turned_away(scene, series, meaning, series.moments[stretch.first : stretch.last])
        ]
        # what single clients were refused at other times is no sign of this
        whole = replace(series, meaning=meaning, moments=tuple(moment for _, part in found for moment in part))
        for stretch, moments in found:
            since = _since_the_start(scene, series, moments)
            early = tuple(between(series.moments, since, moments[0].time - 1)) if since else ()
            yield Signal(whole, (*early, *moments), Why.SURPRISE, stretch.surprise, stretch.usual, since=since)


def _turned_away(
    scene: Scene, series: Series, meaning: Meaning, moments: tuple[Moment, ...]
) -> Iterable[tuple[Moment, ...]]:
    """A stretch in which everybody is refused, or those parts of it: scanners may be refused before and after, too."""
    whole = _until_a_start(scene, series, _from_a_start_on(scene, moments))
    all_refused = _are_all_refused(scene, series, whole)
    if _is_everybody(scene, series, whole, all_refused):
        return (whole,)
    if meaning.refuses_addresses and (
        _is_a_proxy_refused(scene, series, whole, all_refused) or _is_in_place_of(scene, whole)
    ):
        return (whole,)
    ups = scene.lives.server.ups
    parts = between_reloads(ups, moments) if all_refused is None else by_configuration(ups, moments)
    return (part for part in parts if _is_everybody(scene, series, part, _are_all_refused(scene, series, part)))


def _is_in_place_of(scene: Scene, moments: Sequence[Moment]) -> bool:
    """Whether an access log has users refused, few as their addresses may be: as many fewer requests were served."""
    own = scene.lives.requests.own
    return own is not None and are_refused_instead(own, moments[0].time, moments[-1].last)


def _since_the_start(scene: Scene, series: Series, moments: tuple[Moment, ...]) -> int:
    """UTC microseconds from when on it is seen after the start or reload that brought it about; 0: it is not.

    In a log of days the requests of some seconds are one moment, which may hold that start, and a few quiet seconds
    may follow on the first who met it.
    """
    up, begin = scene.lives.server.up_before(moments[0].time), moments[0].time
    traffic = scene.lives.requests.own
    if up is None or begin - up > JOIN_US or traffic is None or series.name != REDIRECTED:
        return 0
    since = up // SECOND * SECOND  # an access log tells whole seconds
    within = Share(traffic.redirected.between(since, begin - 1), traffic.all.between(since, begin - 1))
    before = Share.of(traffic.all, traffic.redirected, up - AROUND_US, up)
    first = traffic.redirected.next(since - traffic.redirected.width)
    if first is None or first >= begin or within.found < MOST * within.seen or not within.exceeds(before):
        return 0
    return max(first, since)


def _from_a_start_on(scene: Scene, moments: tuple[Moment, ...]) -> tuple[Moment, ...]:
    """Without a scanner's refusal or two just before the start, or the reload, that turned everybody away."""
    up = scene.lives.server.up_after(moments[0].time)
    if up is None or up - moments[0].time > JOIN_US:
        return moments
    return tuple(moment for moment in moments if moment.time >= up) or moments


def _until_a_start(scene: Scene, series: Series, moments: tuple[Moment, ...]) -> tuple[Moment, ...]:
    """Without what scanners meet after the reload that let others in again.

    They are refused at other times as well; or an access log has most of the other requests served from then on.
    """
    parts = by_configuration(scene.lives.server.ups, moments)
    if len(parts) < 2:
        return moments
    last = parts[-1]
    up = scene.lives.server.up_before(last[0].time)
    if up is not None and series.name != REDIRECTED and _are_most_served(scene, up, last[-1].last):
        return moments[: -len(last)]
    within, named = {moment.sighting.place for moment in moments}, {moment.client for moment in last}
    lines_of_these = (moment for moment in series.moments if moment.client in named)
    scanners = {moment.client for moment in lines_of_these if moment.sighting.place not in within}
    if sum(moment.client in scanners for moment in last) < ALMOST_ALL * len(last):
        return moments
    return moments[: -len(last)]


def _are_most_served(scene: Scene, begin: int, end: int) -> bool:
    """Whether an access log has most requests of a stretch served, and enough of them to say so."""
    seen = scene.lives.requests.seen(begin, end)
    return seen is not None and seen.seen >= LEAST_EXPECTED and seen.refused + seen.failed < MOST * seen.seen


def by_configuration(ups: Sequence[int], moments: Sequence[Moment]) -> list[tuple[Moment, ...]]:
    """The moments, cut at each start and reload: what a configuration does begins with one, and ends with one."""
    return [tuple(part) for _, part in groupby(moments, key=lambda moment: bisect_right(ups, moment.time))]


def between_reloads(ups: Sequence[int], moments: Sequence[Moment]) -> list[tuple[Moment, ...]]:
    """The parts that begin with a start or reload and end with one.

    An error log alone shows no more than that; any other part may be what goes on all the time.
    """
    return by_configuration(ups, moments)[1:-1]


def _are_all_refused(scene: Scene, series: Series, moments: Sequence[Moment]) -> bool | None:
    """Whether an access log has nearly all requests of a stretch refused; None: none covers it.

    Or most of them, if far fewer were before and those who are refused are users: what their pages ask for besides
    (pictures, style sheets) may still be served. A dozen scanners can make most of the requests, too.
    Or redirected, if that is what the series is about: many a log has little else all day, so that far fewer must have
    been just before.
    """
    begin, end = moments[0].time, moments[-1].last
    seen = scene.lives.requests.seen(begin, end)
    if seen is None:
        return None
    traffic = scene.lives.requests.logs[seen.log]
    is_redirect = series.name == REDIRECTED
    counts, turned = (traffic.redirected, seen.redirected) if is_redirect else (traffic.refused, seen.refused)
    within, before = (
        Share.of(traffic.all, counts, *stretch)
        for stretch in ((begin - SECOND, end + SECOND), (begin - AROUND_US, begin))
    )
    nearly_all, most = (turned >= share * seen.seen for share in (ALMOST_ALL, MOST))
    if is_redirect:
        return nearly_all and within.exceeds(before)
    return nearly_all or (most and within.exceeds(before) and are_users(traffic, moments))


def _is_a_proxy_refused(scene: Scene, series: Series, moments: Sequence[Moment], all_refused: bool | None) -> bool:
    """Whether the address that is refused is that of a proxy inside, and nobody else is served meanwhile.

    An address of the internet may be an attacker's own, however much of the traffic is his. An access log must agree
    (`all_refused`); without one, all else that the log says of clients must be of that address.
    """
    named = {moment.client for moment in moments if moment.client}
    if len(named) != 1 or not all(map(_is_inside, named)):
        return False
    if all_refused is not None:
        return all_refused
    others = Counter(
        moment.client
        for other in scene.lives.timeline.series.values()
        if other.name != series.name
        for moment in other.moments
        if moment.client
    )
    return sum(others[name] for name in named) >= ALMOST_ALL * max(others.total(), LEAST_MOMENTS)


def _is_inside(name: str) -> bool:
    """Whether an address is one of a private network, or of this machine."""
    try:
        address = ip_address(name)
    except ValueError:
        return False
    return any(address in ip_network(network) for network in INSIDE)


def _is_everybody(scene: Scene, series: Series, moments: Sequence[Moment], all_refused: bool | None) -> bool:
    """Whether many clients meet it, and hardly one of those that are seen meanwhile does not.

    An error log shows only those who fail; so an access log must agree (`all_refused`), or a reload have brought it
    about, and they meet nothing else.
    """
    if not are_a_crowd(moments):
        return False
    begin, end = moments[0].time, moments[-1].last
    named = {moment.client for moment in moments if moment.client}
    others = scene.clients.seen_elsewhere(series, begin, end)
    if len(named) < ALMOST_ALL * len(others | named):
        return False
    if all_refused is not None:
        return all_refused and was_served(scene.lives.requests, moments) is not False
    if scene.clients.get_further(named, begin, end):
        return False
    return scene.is_after_a_start(begin) and _comes_oftener(scene, series, moments)


def _comes_oftener(scene: Scene, series: Series, moments: Sequence[Moment]) -> bool:
    """Whether it comes several times as often as at the other times at which the server was up and would say it."""
    length = moments[-1].last - moments[0].time
    others = _written_for(scene, series) - length
    if series.first_sighting.level in UNUSUAL and others < length:
        return False  # nothing shows whether it always comes so often
    within = sum(moment.count for moment in moments)
    elsewhere = sum(moment.count for moment in series.moments) - within
    return within / max(length, SECOND) >= TIMES_AS_MANY * elsewhere / max(others, SECOND)


def _written_for(scene: Scene, series: Series) -> int:
    """Microseconds for which the server was up and its LogLevel let such a line through.

    Somebody who looks for a fault lowers the level, with a start or a reload, and sees what was there all the time.
    """
    timeline, server = scene.lives.timeline, scene.lives.server
    down = [(absence.begin, absence.until(timeline.end)) for absence in server.absences]
    if series.first_sighting.level not in UNUSUAL:
        return timeline.span - sum(until - begin for begin, until in down)
    edges = [timeline.start, *server.ups, timeline.end]
    said = {bisect_right(server.ups, moment.time) for moment in series.moments}
    return sum(
        edges[run + 1]
        - edges[run]
        - sum(until - begin for begin, until in down if edges[run] <= begin < edges[run + 1])
        for run in said
    )
