"""What failed on a host, in a form that shows whether two hosts had the same outage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.fleet.model import Mechanism

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from logsleuth.causes.model import Diagnosis
    from logsleuth.fleet.model import Hit
    from logsleuth.signals.model import Signal

OUTSIDE = frozenset({"backend", "socket", "host", "address", "database", "server", "process", "module", "library"})
"""Fields of patterns that name what failed."""
FILES = frozenset({"path", "file", "script"})
"""Fields that name it only if they have a single value: a fault of every request names many files."""
FEWEST_PAIRS = 3
"""From this many hosts on, incidents that each name a different thing (their own backend) count as one outage."""


def mechanism_of(diagnosis: Diagnosis) -> Mechanism:
    """The mechanism of an incident."""
    if not diagnosis.causes:
        name = diagnosis.incident.signals[0].name if diagnosis.incident.signals else "unknown"
        return Mechanism(diagnosis.category or name, frozenset({name}), frozenset())
    cause = diagnosis.causes[0]
    return Mechanism(
        kind=diagnosis.category or cause.signal.name,
        patterns=frozenset({cause.signal.name, *(signal.name for signal in cause.also)}),
        names=frozenset(_names(cause.signal)),
    )


def _names(signal: Signal) -> Iterator[tuple[str, str]]:
    """The things that a signal's lines name, by field."""
    values: dict[str, set[str]] = {}
    for moment in signal.moments:
        for field, value in moment.sighting.fields:
            if field in OUTSIDE | FILES:
                values.setdefault(field, set()).add(value)
    for field, found in values.items():
        if field in OUTSIDE or len(found) == 1:
            yield from ((field, value) for value in found)


def of_one_mechanism(hits: Iterable[Hit]) -> list[list[Hit]]:
    """The hits in groups, one per mechanism.

    Hits of one kind belong together if they have a pattern in common and, if they name anything, name the same thing:
    hosts that lost the same backend had one outage, and hosts that lost a different one had another.
    """
    kinds: dict[str, list[Hit]] = {}
    for hit in hits:
        kinds.setdefault(hit.incident.mechanism.kind, []).append(hit)
    return [
        group
        for _, alike in sorted(kinds.items())
        for said in _connected(alike, [hit.incident.mechanism.patterns for hit in alike])
        for group in _by_name(said)
    ]


def _by_name(hits: list[Hit]) -> list[list[Hit]]:
    """Hits in groups that name the same thing; hits that name nothing join the largest group."""
    naming = [hit for hit in hits if hit.incident.mechanism.names]
    groups = _connected(naming, [hit.incident.mechanism.names for hit in naming])
    hosts = {hit.incident.host for hit in naming}
    each_its_own = FEWEST_PAIRS <= len(hosts) == len(groups)
    if len(groups) < 2 or each_its_own:
        return [hits]
    most = max(groups, key=len)
    most += [hit for hit in hits if not hit.incident.mechanism.names]
    return groups


def _connected(hits: Sequence[Hit], signs: Sequence[frozenset[object]]) -> list[list[Hit]]:
    """Hits in groups: two are in one group if they share a sign, directly or through others."""
    groups: list[tuple[set[object], list[Hit]]] = []
    for hit, own in zip(hits, signs, strict=True):
        near = [group for group in groups if group[0] & own]
        groups = [group for group in groups if not group[0] & own]
        groups.append((set(own).union(*(one[0] for one in near)), [other for one in near for other in one[1]] + [hit]))
    return [members for _, members in groups]
