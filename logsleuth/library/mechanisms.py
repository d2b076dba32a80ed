"""Which pattern explains which: the known mechanisms, as the patterns' `leads_to` tells them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.library.index import index_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from logsleuth.library.pattern import Library

    Mechanisms = Mapping[str, frozenset[str]]
    """Pattern id to the ids of everything that it brings about, directly or not."""


def mechanisms(library: Library, names: Iterable[str]) -> Mechanisms:
    """What each of these patterns explains, through any number of steps."""
    leads_to = index_of(library).leads_to
    return {name: reach(name, leads_to) for name in names}


def reach(name: str, leads_to: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """All that one leads to, through any number of steps."""
    seen: set[str] = set()
    todo = list(leads_to.get(name, ()))
    while todo:
        target = todo.pop()
        if target not in seen:
            seen.add(target)
            todo += leads_to.get(target, ())
    return frozenset(seen - {name})
