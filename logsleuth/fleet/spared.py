"""Which hosts an incident never reached, and what sets those that it did reach apart."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from logsleuth.fleet.model import Apart

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from logsleuth.fleet.model import HostFacts

LEAST_APART = 3
"""Hosts on either side that must name a trait: one or two may differ in anything."""
ALMOST_ALL = 0.9
"""Share of those hit that must have the value…"""
ALMOST_NONE = 0.1
"""…and share of those spared that may have it too."""


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


def set_apart(hosts: Sequence[HostFacts], hit: Collection[str], spared: Collection[str]) -> tuple[Apart, ...]:
    """The traits of which nearly all hosts that were hit share a value, and nearly none of those spared."""
    mine = [dict(host.traits) for host in hosts if host.name in hit]
    theirs = [dict(host.traits) for host in hosts if host.name in spared]
    names = dict.fromkeys(name for traits in mine for name in traits)
    found = (_apart(name, [t.get(name) for t in mine], [t.get(name) for t in theirs]) for name in names)
    return tuple(one for one in found if one is not None)


def _apart(name: str, hit: Sequence[str | None], spared: Sequence[str | None]) -> Apart | None:
    mine = [value for value in hit if value is not None]
    theirs = [value for value in spared if value is not None]
    if min(len(mine), len(theirs)) < LEAST_APART:
        return None
    value, count = Counter(mine).most_common(1)[0]
    also = theirs.count(value)
    if count < ALMOST_ALL * len(mine) or also > ALMOST_NONE * len(theirs):
        return None
    return Apart(name, value, count, len(mine), also, len(theirs))
