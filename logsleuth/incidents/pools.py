"""How many workers there are to serve, in each pool: only where a line or the configuration says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.bounded import number
from logsleuth.incidents.model import Pool
from logsleuth.lives.workers.pools import FPM
from logsleuth.timeline.model import between
from logsleuth.units import HOUR, MINUTE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logsleuth.incidents.model import Incident, LostWorker
    from logsleuth.lives.live import Lives

COUNTED = "httpd counted its children"
CONFIGURED = "from the configuration"


def find_pools(incident: Incident, lives: Lives, lost: Sequence[LostWorker]) -> tuple[Pool, ...]:
    """The pools that had workers around an incident, or lost some, each with its size and how that is known."""
    begin = incident.onset - max(MINUTE, incident.end - incident.onset)
    sizes = dict(_stated_sizes(lives, incident))
    names = lives.workers.pools_between(begin, incident.over) | {worker.pool for worker in lost} | ({""} & sizes.keys())
    return tuple(_pool(name, sizes.get(name), sum(worker.pool == name for worker in lost)) for name in sorted(names))


def _pool(name: str, size: tuple[int, str] | None, lost: int) -> Pool:
    return Pool(name, None, "", lost) if size is None else Pool(name, *size, lost)


def _stated_sizes(lives: Lives, incident: Incident) -> Iterator[tuple[str, tuple[int, str]]]:
    """(pool, (size, how it is known)) where something says it; the best last.

    httpd counts its children when it starts many at once ("server seems busy ... N total children"); FPM names the
    limit that it has reached; the configuration bounds them.
    """
    if lives.limits.children is not None:
        yield "", (lives.limits.children, lives.limits.source or CONFIGURED)
    for series in lives.timeline.known():
        if series.meaning.role != "capacity":
            continue
        for moment in reversed(between(series.moments, incident.onset - HOUR, incident.over)):
            fields = dict(moment.sighting.fields)
            total, limit = number(fields.get("total", "")), number(fields.get("limit", ""))
            if total:
                yield "", (total, COUNTED)
                break
            if limit and fields.get("pool_name"):
                yield f"{FPM} {fields['pool_name']}", (limit, "pm.max_children, as FPM reports it")
                break
