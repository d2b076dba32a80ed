"""Which hosts an incident never reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from logsleuth.fleet.model import HostFacts


def not_hit(
    hosts: Sequence[HostFacts], hit: Collection[str], onset: int, over: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The hosts that were spared, and those whose logs show nothing of its time (UTC microseconds)."""
    others = [host for host in hosts if host.name not in hit]
    spared = tuple(host.name for host in others if _covers(host, onset, over))
    return spared, tuple(host.name for host in others if not _covers(host, onset, over))


def _covers(host: HostFacts, onset: int, over: int) -> bool:
    """Whether a host's logs go on beyond the onset, and start before all is over."""
    return host.first is not None and host.last is not None and host.last >= onset and host.first <= over
