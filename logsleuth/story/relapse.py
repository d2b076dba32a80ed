"""The same fault again: relapses, and what comes back every so many minutes, is one incident."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from logsleuth.story.incident import SECOND
from logsleuth.story.spacing import even_gap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.story.incident import Strand

RELAPSE = 2.0
"""The same fault within so many times the longer outage's duration was not cured."""
RELAPSE_MOST = 1800 * SECOND
LEAST_TIMES = 4
"""So many times in equal distance are no chance."""
EVEN = 0.1
"""Equal is: the distances from begin to begin differ by at most this share of their mean."""
LONGEST_PERIOD = 7200 * SECOND
"""What comes back more rarely (every night) is told as several incidents: the server was well in between."""


def comes_back(groups: Sequence[Sequence[Strand]]) -> list[list[Strand]]:
    """Groups of strands in order of time, those that are the same fault again taken together."""
    joined: list[list[Strand]] = []
    for group in periodic(groups):
        if joined and _relapse(joined[-1], group):
            joined[-1] = [*joined[-1], *group]
        else:
            joined.append(list(group))
    return joined


def periodic(groups: Sequence[Sequence[Strand]]) -> list[list[Strand]]:
    """Groups of the same fault at equal distances, one after the other with nothing else in between, as one each."""
    result: list[list[Strand]] = []
    index = 0
    while index < len(groups):
        last = index + 1
        while last < len(groups) and _same(groups[index], groups[last]) and _even([*groups[index : last + 1]]):
            last += 1
        if last - index < LEAST_TIMES:
            last = index + 1
        result.append([strand for group in groups[index:last] for strand in group])
        index = last
    return result


def period(strands: Sequence[Strand]) -> float | None:
    """Seconds from begin to begin of an incident that comes back at equal distances; None: it does not."""
    begins: list[int] = []
    end = 0
    for strand in sorted(strands, key=lambda s: s.begin):
        if not begins or strand.begin > end:
            begins.append(strand.begin)
        end = max(end, strand.end)
    gap = _gap(begins)
    return None if len(begins) < LEAST_TIMES or gap is None else gap / SECOND


def one_a_track(strands: Sequence[Strand]) -> list[Strand]:
    """The strands, those of the same track taken together: what came back is one kind of evidence, not several."""
    by_track: dict[str, Strand] = {}
    for strand in strands:
        known = by_track.get(strand.track.name)
        if known is None:
            by_track[strand.track.name] = strand
            continue
        moments = {(moment.time, moment.sighting.place): moment for moment in (*known.moments, *strand.moments)}
        both = tuple(moments[place] for place in sorted(moments))
        by_track[strand.track.name] = replace(known, moments=both, until=max(known.until, strand.until))
    return list(by_track.values())


def _even(groups: Sequence[Sequence[Strand]]) -> bool:
    """Whether these begin at equal distances, and not too far apart."""
    return _gap([min(strand.begin for strand in group) for group in groups]) is not None


def _gap(begins: Sequence[int]) -> float | None:
    """Microseconds from begin to begin; None: they are not even, or too far apart."""
    gap = even_gap(begins, EVEN)
    return gap if gap is not None and gap <= LONGEST_PERIOD else None


def _same(one: Sequence[Strand], other: Sequence[Strand]) -> bool:
    """Whether both are opened by the same kinds of lines."""
    return _names(one) == _names(other)


def _names(group: Sequence[Strand]) -> set[str]:
    return {strand.track.name for strand in group if strand.category is not None}


def _relapse(before: Sequence[Strand], after: Sequence[Strand]) -> bool:
    """Whether the fault came back soon: what names it is said again, and nothing else that would name another."""
    begin, end = min(s.begin for s in before), max(s.end for s in before)
    again, over = min(s.begin for s in after), max(s.end for s in after)
    common = _names(before) & _names(after)
    if not common or _names(after) - _names(before):
        return False
    return again - end <= min(RELAPSE * max(end - begin, over - again), RELAPSE_MOST)
