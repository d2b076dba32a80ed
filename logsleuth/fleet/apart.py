"""The traits that distinguish the hosts that were hit from those that were spared.

Of many traits, some divide the hosts by chance: a trait counts only if that is unlikely, given how many were compared.
Traits that divide the hosts in the same way, such as all settings of one template, count as one comparison.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from math import exp, lgamma
from typing import TYPE_CHECKING

from logsleuth.fleet.model import Apart
from logsleuth.signals.tuning import AROUND_US, BY_CHANCE

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from logsleuth.fleet.model import Hit, HostFacts, TraitKind

    Key = tuple[TraitKind, str]

LEAST_APART = 3
"""Hosts on each side for which a trait must be known: one or two may differ in anything."""
ALMOST_ALL = 0.9
"""Share of one side that must have the value…"""
ALMOST_NONE = 0.1
"""…and share of the other side that may have it too."""
FEWEST_IN_ORDER = 4
"""Hosts that must be hit in the order of their changes: with three, that happens by chance one time in six."""
UNSET = ""
"""The value of a setting or module that a known configuration does not name."""
UNCHANGED = "unchanged"
"""The value for a host whose logs would show changes, but show none."""


def set_apart(hosts: Sequence[HostFacts], hits: Sequence[Hit], spared: Collection[str]) -> tuple[Apart, ...]:
    """The traits of which nearly all hosts on one side share a value, and nearly none on the other side."""
    hit = {one.incident.host for one in hits}
    mine = [_Traits(host, hits) for host in hosts if host.name in hit]
    theirs = [_Traits(host, hits) for host in hosts if host.name in spared]
    both = [*mine, *theirs]
    columns = {
        key: tuple(one.of(key) for one in both) for key in dict.fromkeys(key for one in both for key in one.values)
    }
    varying = {key: column for key, column in columns.items() if len(set(column) - {None}) > 1}
    compared = len({_sorted_alike(column) for column in varying.values()})
    found = (_apart(key, column[: len(mine)], column[len(mine) :], compared) for key, column in varying.items())
    return tuple(one for one in found if one is not None)


class _Traits:
    """The traits of one host, and whether it was changed shortly before it was hit, or before any other was."""

    def __init__(self, host: HostFacts, hits: Sequence[Hit]) -> None:
        self.values: dict[Key, str] = {(trait.kind, trait.name): trait.value for trait in host.traits}
        self._configured = host.configured
        if host.changes is not None:
            own = [hit.incident.onset for hit in hits if hit.incident.host == host.name]
            begin, end = (own[0], own[0]) if own else (hits[0].onset, max(hit.onset for hit in hits))
            changed = any(begin - AROUND_US <= time <= end for time, _ in host.changes)
            self.values["change", "change"] = "changed" if changed else UNCHANGED

    def of(self, key: Key) -> str | None:
        """A trait's value; None: it is not known of this host."""
        return self.values.get(key, UNSET if self._configured and key[0] in {"setting", "module"} else None)


def in_order_of_changes(hosts: Sequence[HostFacts], hits: Sequence[Hit]) -> bool:
    """Whether the hosts were hit in the order in which each had been changed shortly before.

    Changes that several hosts share, as in a common list of deploys, show no order.
    """
    of_how_many = Counter(change for host in hosts for change in host.changes or ())
    own = {host.name: [one[0] for one in host.changes or () if of_how_many[one] == 1] for host in hosts}
    changed: dict[str, int] = {}
    for hit in hits:
        onset, name = hit.incident.onset, hit.incident.host
        if name not in changed:
            before = [time for time in own[name] if onset - AROUND_US <= time <= onset]
            if not before:
                return False
            changed[name] = before[-1] - onset + hit.onset
    return len(changed) >= FEWEST_IN_ORDER and all(one < other for one, other in pairwise(changed.values()))


def _sorted_alike(column: Sequence[str | None]) -> tuple[int, ...]:
    """The same for two columns that divide the hosts in the same way, whatever the values."""
    numbers: dict[str | None, int] = {}
    return tuple(numbers.setdefault(value, len(numbers)) for value in column)


def _apart(key: Key, hit: Sequence[str | None], spared: Sequence[str | None], compared: int) -> Apart | None:
    """A trait that distinguishes them: the hosts hit share a value, or else those spared do."""
    mine, theirs = ([value for value in side if value is not None] for side in (hit, spared))
    if min(len(mine), len(theirs)) < LEAST_APART:
        return None
    (my_value, my_count), (their_value, their_count) = (Counter(side).most_common(1)[0] for side in (mine, theirs))
    by_hit = _parts(my_count, len(mine), theirs.count(my_value), len(theirs), compared)
    if not by_hit and not _parts(their_count, len(theirs), mine.count(their_value), len(mine), compared):
        return None
    return Apart(
        kind=key[0],
        name=key[1],
        hit=my_value if by_hit else None,
        hit_count=my_count if by_hit else mine.count(their_value),
        hit_known=len(mine),
        spared=their_value if not by_hit or their_count == len(theirs) else None,
        spared_count=theirs.count(my_value) if by_hit else their_count,
        spared_known=len(theirs),
    )


def _parts(count: int, of: int, also: int, others: int, compared: int) -> bool:
    """Whether a value that this many hosts on one side have, and that many on the other, distinguishes the two.

    Chance must be unlikely to divide the hosts like that, over all comparisons; three of six it does once in twenty.
    """
    if count < ALMOST_ALL * of or also > ALMOST_NONE * others:
        return False
    return compared * by_chance(count, of, also, others) <= BY_CHANCE + 1e-9


def by_chance(count: int, of: int, also: int, others: int) -> float:
    """Probability that at least this many of all hosts with the value are on one side (hypergeometric)."""
    having, total = count + also, of + others
    return sum(
        exp(_choose(of, here) + _choose(others, having - here) - _choose(total, having))
        for here in range(count, min(having, of) + 1)
    )


def _choose(total: int, some: int) -> float:
    """Logarithm of the number of ways to choose some of all."""
    return lgamma(total + 1) - lgamma(some + 1) - lgamma(total - some + 1)
