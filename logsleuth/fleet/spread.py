"""The fleet's story: incidents across hosts, in what order they were hit, how fast, and who was spared."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from logsleuth.fleet.apart import in_order_of_changes, set_apart
from logsleuth.fleet.join import join
from logsleuth.fleet.model import FleetIncident, FleetStory
from logsleuth.fleet.spared import not_hit
from logsleuth.units import MINUTE, median

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.fleet.model import ClockOffset, Hit, HostFacts

LEAST_LEAD = 5 * MINUTE
"""By which a host must be hit before all others to be called a canary: less is the spread itself."""
LEADING = 5
"""Times the usual time between two onsets that such a lead must be."""
FEWEST = 3
"""Hosts hit: of two, one is always the first."""
ORDER = ("critical", "major", "minor", "info")


def fleet_story(hosts: Sequence[HostFacts], offsets: Sequence[ClockOffset] = ()) -> FleetStory:
    """The story of these hosts. `offsets`: how far their clocks differ, where that is known."""
    ahead = {offset.host: offset.ahead for offset in offsets}
    groups = join((incident for host in hosts for incident in host.incidents), ahead)
    incidents = [_incident(group, hosts) for group in groups]
    incidents.sort(key=_rank)
    return FleetStory(tuple(incidents), tuple(sorted(offsets, key=lambda offset: offset.host)))


def severity_of(incident: FleetIncident) -> str:
    """The gravest on any host."""
    return min((hit.incident.severity for hit in incident.hits), key=ORDER.index)


def _rank(incident: FleetIncident) -> tuple[int, int, int, str]:
    first = incident.hits[0]
    return ORDER.index(severity_of(incident)), -len(incident.hosts), first.onset, first.incident.host


def _incident(hits: tuple[Hit, ...], hosts: Sequence[HostFacts]) -> FleetIncident:
    names = {hit.incident.host for hit in hits}
    spared, unseen = not_hit(hosts, names, hits[0].onset, max(hit.incident.end or hit.incident.last for hit in hits))
    return FleetIncident(
        hits=hits,
        spared=spared,
        unseen=unseen,
        apart=set_apart(hosts, hits, spared),
        by_change=in_order_of_changes(hosts, hits),
        canary=_canary(hits),
    )


def _canary(hits: Sequence[Hit]) -> int | None:
    """By how much the first host was hit before all others, where that is far more than between any others."""
    onsets: dict[str, int] = {}
    for hit in hits:
        onsets.setdefault(hit.incident.host, hit.onset)
    times = sorted(onsets.values())
    if len(times) < FEWEST:
        return None
    lead = times[1] - times[0]
    usual = median(later - earlier for earlier, later in pairwise(times[1:]))
    return lead if lead >= max(LEAST_LEAD, LEADING * usual) else None


def shares(incident: FleetIncident, fleet: int, steps: int) -> tuple[tuple[int, float], ...]:
    """(UTC microseconds, share of the fleet hit by then) at equal steps from the first onset to the last."""
    onsets = sorted({hit.incident.host: hit.onset for hit in reversed(incident.hits)}.values())
    width = max((onsets[-1] - onsets[0]) // max(steps - 1, 1), 1)
    moments = [onsets[0] + width * step for step in range(steps - 1)] + [onsets[-1]]
    return tuple((moment, sum(onset <= moment for onset in onsets) / fleet) for moment in moments)
