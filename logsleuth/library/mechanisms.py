"""Which pattern explains which: the known mechanisms, as the patterns' `leads_to` tells them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from logsleuth.library.pattern import Library

    Mechanisms = Mapping[str, frozenset[str]]
    """Pattern id to the ids of everything that it brings about, directly or not."""


def mechanisms(library: Library) -> Mechanisms:
    """What each pattern explains, through any number of steps; a group means all that are in it."""
    named: dict[str, list[str]] = {}
    for pattern in library.patterns:
        for name in (pattern.id, *pattern.aliases, *pattern.groups):
            named.setdefault(name, []).append(pattern.id)
    direct = {
        pattern.id: {target for name in pattern.leads_to for target in named.get(name, ())}
        for pattern in library.patterns
    }
    reach: dict[str, frozenset[str]] = {}
    for name, targets in direct.items():
        seen: set[str] = set()
        todo = list(targets)
        while todo:
            target = todo.pop()
            if target not in seen:
                seen.add(target)
                todo += direct.get(target, ())
        reach[name] = frozenset(seen - {name})
    return reach
