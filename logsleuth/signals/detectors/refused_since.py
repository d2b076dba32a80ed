"""A start or reload from which on much of what had been served is refused, without a line in any error log.

A virtual host that configuration management removed, a changed DocumentRoot, a Require that is too strict: the
configuration is without a mistake of syntax, httpd says that it serves, and its access log that it does not. The table
`if_refusing` of the pattern of that line says what it means then.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

from logsleuth.signals.clients import effective
from logsleuth.signals.model import Signal, Why
from logsleuth.signals.shares import Share
from logsleuth.signals.tuning import AROUND_US, CROWD, LEAST_EXPECTED, MOST, SOON_US
from logsleuth.values import replace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logsleuth.signals.scene import Scene
    from logsleuth.timeline.model import AskedBy, Traffic


def refused_since(scene: Scene) -> Iterator[Signal]:
    """Each line of a start or reload with which it begins, until the next one with which it ends."""
    traffic, timeline = scene.lives.requests.own, scene.lives.timeline
    if traffic is None:
        return
    if not _are_users(traffic):
        return
    for series in timeline.known():
        meaning = series.meaning.if_refusing
        if meaning is None:
            continue
        for moment in series.moments:
            until = refused_until(traffic, moment.time, scene.lives.server.ups)
            if until is not None:
                # what names a reason, such as a rule that denies, says more
                found = replace(series, meaning=replace(meaning, fallback=True), moments=(moment,))
                yield Signal(found, (moment,), Why.REFUSED, until=until)


def _are_users(traffic: Traffic) -> bool:
    """Whether many clients are refused, and at parts of the site that others are served: scanners ask for others."""
    if effective(one.refused for one in traffic.by_client.kept) < CROWD:
        return False
    return any(_were_served(parts) for parts in (traffic.by_path, traffic.by_vhost))


def _were_served(parts: AskedBy) -> bool:
    refused = sum(part.refused for part in parts.kept)
    known = sum(part.refused for part in parts.kept if part.requests - part.refused - part.failed >= LEAST_EXPECTED)
    return known >= MOST * max(refused, 1)


def refused_until(traffic: Traffic, up: int, ups: Sequence[int]) -> int | None:
    """UTC microseconds up to which far more is refused than before a start or reload; None: no more is.

    `ups`: all starts and reloads. It ends with the first of them after which it is as before, or with the log.
    """
    after = ups[bisect_right(ups, up) :]
    end = traffic.all.begins[-1] if traffic.all else up
    bounds = [up, *(time for time in after if time < end), end]
    before = _refused(traffic, max([up - AROUND_US, *ups[: bisect_right(ups, up - 1)][-1:]]), up)
    just_before = _refused(traffic, up - SOON_US, up)
    until = None
    for begin, over in pairwise(bounds):
        share = _refused(traffic, begin, over)
        if not (share.exceeds(before) and share.exceeds(just_before)):
            return until
        if not (_refused(traffic, begin, min(begin + SOON_US, over)).exceeds(before) or until):
            return until  # it began later
        until = over
    return until


def _refused(traffic: Traffic, begin: int, end: int) -> Share:
    """The refused requests between two moments (UTC microseconds)."""
    return Share.of(traffic.all, traffic.refused, begin, end)
