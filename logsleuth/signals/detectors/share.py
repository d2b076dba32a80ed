"""Almost every request to the site, or to one part of it, fails from the access log's first line to its last.

Then no stretch of time stands out, but the share of failed requests does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.signals.clients import effective, is_this_machine
from logsleuth.signals.model import Signal, Why
from logsleuth.signals.scene import is_standing
from logsleuth.signals.tuning import ALMOST_ALL, LEAST_CLIENTS, LEAST_MOMENTS, MANY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.signals.scene import Scene
    from logsleuth.timeline.model import AskedBy, Traffic


def almost_all_fail(scene: Scene) -> Iterable[Signal]:
    """An access log in which almost all requests fail, or almost all of those to one virtual host or path."""
    traffic, timeline = scene.lives.requests.own, scene.lives.timeline
    if traffic is None:
        return
    if _are_one_clients(traffic.by_client):
        return
    for series in scene.failures:
        moments = tuple(moment for moment in series.moments if moment.sighting.log in traffic.parts)
        if len(moments) < LEAST_MOMENTS:
            continue
        if _fails(traffic.failed.total, traffic.all.total) or (
            _a_part_fails(traffic) and not is_standing(moments, timeline)
        ):
            yield Signal(series, moments, Why.SHARE)


def _a_part_fails(traffic: Traffic) -> bool:
    """Whether a virtual host or a path that many requests are for fails almost always."""
    return any(
        part.requests >= MANY * traffic.all.total and _fails(part.failed, part.requests)
        for part in (*traffic.by_vhost.kept, *traffic.by_path.kept)
    )


def _fails(failed: int, requests: int) -> bool:
    return failed >= LEAST_MOMENTS and failed >= ALMOST_ALL * requests


def _are_one_clients(clients: AskedBy) -> bool:
    """Whether a client or two fail by themselves: others are served, or they are somebody at the machine itself.

    One address that everything comes from is a proxy's: behind it are all users.
    """
    if effective(one.failed for one in clients.kept) >= LEAST_CLIENTS:
        return False
    spared = sum(not one.failed for one in clients.kept)
    return spared >= LEAST_CLIENTS or all(is_this_machine(one.key) for one in clients.kept if one.failed)
