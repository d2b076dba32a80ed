"""Joins incidents of several hosts: those of one mechanism at the same time, or one after another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.fleet.mechanism import of_one_mechanism
from logsleuth.fleet.model import Hit
from logsleuth.units import MINUTE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from logsleuth.fleet.model import HostIncident

SPREAD = 30 * MINUTE
"""The longest time from the onset on one host to that on the next: rollouts, expiring caches and failing backends take
minutes from host to host; later incidents are separate."""


def join(incidents: Iterable[HostIncident], ahead: Mapping[str, int]) -> list[tuple[Hit, ...]]:
    """Groups of incidents that belong together, each in order of onset.

    `ahead`: microseconds by which each host's clock is ahead, if known; onsets are corrected by it.
    """
    hits = [Hit(incident, incident.onset - ahead.get(incident.host, 0)) for incident in incidents]
    return [group for alike in of_one_mechanism(hits) for group in _in_time(alike, ahead)]


def _in_time(hits: list[Hit], ahead: Mapping[str, int]) -> list[tuple[Hit, ...]]:
    """Hits of one mechanism, split where a host is hit long after all earlier hits are over.

    Incidents that recur on a single host stay separate, as in its own report.
    """
    hits.sort(key=lambda hit: (hit.onset, hit.incident.host, hit.incident.number))
    groups: list[list[Hit]] = []
    until = 0
    for hit in hits:
        near = bool(groups) and hit.onset <= max(until, groups[-1][-1].onset + SPREAD)
        again = bool(groups) and all(other.incident.host == hit.incident.host for other in groups[-1])
        if near and not again:
            groups[-1].append(hit)
            until = max(until, _over(hit, ahead))
        else:
            groups.append([hit])
            until = _over(hit, ahead)
    return [tuple(group) for group in groups]


def _over(hit: Hit, ahead: Mapping[str, int]) -> int:
    """UTC microseconds at which it was over, or of its last sign, by the corrected clock."""
    incident = hit.incident
    return (incident.last if incident.end is None else incident.end) - ahead.get(incident.host, 0)
