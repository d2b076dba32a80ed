"""Which hosts were not hit by an incident."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from logsleuth.fleet.model import HostFacts


def not_hit(
    hosts: Sequence[HostFacts], hit: Collection[str], onset: int, over: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The hosts that were spared, and those whose logs do not cover its time (UTC microseconds)."""
    others = [host for host in hosts if host.name not in hit]
    spared = tuple(host.name for host in others if _covers(host, onset, over))
    return spared, tuple(host.name for host in others if not _covers(host, onset, over))


def _covers(host: HostFacts, onset: int, over: int) -> bool:
    """Whether a host's logs start before the incident is over, and end after its onset."""
    return host.first is not None and host.last is not None and host.last >= onset and host.first <= over
