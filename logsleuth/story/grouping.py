"""Which strands of evidence are one incident: those that overlap or nearly touch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from logsleuth.story.incident import SECOND

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.story.incident import Strand

JOIN = 30 * SECOND
"""Strands at most this far apart are one incident…"""
JOIN_SHARE = 0.5
"""…or this share of the longer one's duration…"""
JOIN_MOST = 600 * SECOND
"""…but never farther than this."""


@dataclass(slots=True)
class _Group:
    strands: list[Strand]
    begin: int
    end: int


def group_strands(strands: Sequence[Strand]) -> list[list[Strand]]:
    """Strands that overlap or nearly touch are one incident."""
    groups: list[_Group] = []
    for strand in sorted(strands, key=lambda s: (s.begin, s.track.name)):
        mine = _Group([strand], strand.begin, strand.end)
        while groups and mine.begin - groups[-1].end <= _reach(groups[-1], mine):
            before = groups.pop()
            mine = _Group([*before.strands, *mine.strands], before.begin, max(before.end, mine.end))
        groups.append(mine)
    return [group.strands for group in groups]


def _reach(a: _Group, b: _Group) -> float:
    longest = max(a.end - a.begin, b.end - b.begin)
    return min(max(JOIN, JOIN_SHARE * longest), JOIN_MOST)
