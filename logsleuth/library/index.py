"""What every run asks of all patterns: worked out once, and kept with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.library.pattern import Index, numbers_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.library.pattern import Library, Pattern


def index_of(library: Library) -> Index:
    """The index that was kept, or made now."""
    return made(library.patterns) if library.index is None else library.index


def made(patterns: Sequence[Pattern]) -> Index:
    """The index of these patterns."""
    from logsleuth.library.scan_bytes import scan_bytes  # noqa: PLC0415 - most runs find the index kept

    return Index(numbers_of(patterns), _leads_to(patterns), scan_bytes(patterns))


def _leads_to(patterns: Sequence[Pattern]) -> dict[str, list[str]]:
    """What each explains at once; a group means all that are in it."""
    named: dict[str, list[str]] = {}
    for pattern in patterns:
        for name in (pattern.id, *pattern.aliases, *pattern.groups):
            named.setdefault(name, []).append(pattern.id)
    return {
        pattern.id: sorted({target for name in pattern.leads_to for target in named.get(name, ())})
        for pattern in patterns
        if pattern.leads_to
    }
