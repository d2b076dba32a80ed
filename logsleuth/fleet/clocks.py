"""How far the clocks of hosts differ, from the requests that are in the logs of two of them.

A proxy and the backend behind it write a line each for one request: its client (where the backend logs the
forwarded address), its path and its second. What one client asks for only once within a log can be paired.
"""

from __future__ import annotations

from collections import Counter
from statistics import median_low
from typing import TYPE_CHECKING

from logsleuth.fleet.model import ClockOffset
from logsleuth.units import SECOND

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Seen = Mapping[str, Sequence[int]]
    """What was asked for and by whom, to the UTC microseconds at which it was."""

LEAST_SHARED = 5
"""Requests that two hosts must share: by chance one or two look alike."""
NEAR = 2 * SECOND
"""A request is logged when it begins or when it ends, and to the second."""
AGREEING = 0.6
"""Share of the shared requests that must agree on one offset."""
FARTHEST = 3600 * SECOND
"""Clocks that differ by more are of another day or zone: then nothing is paired."""


def compare_clocks(requests: Mapping[str, Seen]) -> tuple[ClockOffset, ...]:
    """The offsets of all hosts that share requests with the host which shares some with most of them.

    That one is the proxy, and its clock is the reference. Clocks that agree within the lines' own precision have the
    offset 0.
    """
    once = {host: _once(seen) for host, seen in requests.items()}
    reference = _reference(once)
    if reference is None:
        return ()
    found = (_offset(host, once[host], reference, once[reference]) for host in sorted(once) if host != reference)
    return tuple(offset for offset in found if offset is not None)


def _once(seen: Seen) -> dict[str, int]:
    """What was asked for only once."""
    return {key: times[0] for key, times in seen.items() if len(times) == 1}


def _reference(once: Mapping[str, Mapping[str, int]]) -> str | None:
    """The host that shares requests with most others; None: none shares enough with any."""
    owners: dict[str, list[str]] = {}
    for host, seen in once.items():
        for key in seen:
            owners.setdefault(key, []).append(host)
    pairs: Counter[tuple[str, str]] = Counter()
    for hosts in owners.values():
        if len(hosts) == 2:  # what three hosts log is no one request
            pairs[hosts[0], hosts[1]] += 1
    partners: Counter[str] = Counter()
    for (one, other), count in pairs.items():
        if count >= LEAST_SHARED:
            partners[one] += 1
            partners[other] += 1
    return min(partners, key=lambda host: (-partners[host], host), default=None)


def _offset(host: str, mine: Mapping[str, int], reference: str, theirs: Mapping[str, int]) -> ClockOffset | None:
    """By how much a host's clock is ahead of the reference's; None: too few requests agree on it."""
    ahead = [mine[key] - theirs[key] for key in mine.keys() & theirs.keys() if abs(mine[key] - theirs[key]) < FARTHEST]
    if len(ahead) < LEAST_SHARED:
        return None
    middle = median_low(ahead)
    agreeing = [one for one in ahead if abs(one - middle) <= NEAR]
    if len(agreeing) < max(LEAST_SHARED, AGREEING * len(ahead)):
        return None
    best = median_low(agreeing)
    return ClockOffset(host, 0 if abs(best) < SECOND else best, reference, len(agreeing))
