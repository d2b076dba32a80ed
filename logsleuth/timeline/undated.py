"""When undated lines were written: the scan lends them the time of the line before, which may be long ago.

What a library prints just before it aborts a process, or an application before its start is given up, comes with the
line that reports the end: where a known mechanism leads from an undated line to the next dated one, it has the time of
that one. A start that finds traces of an end, such as a pid file, does not say when that was.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from logsleuth.timeline.model import TIME
from logsleuth.units import SECOND
from logsleuth.values import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from logsleuth.library.mechanisms import Mechanisms
    from logsleuth.timeline.model import Moment, Series

    Dated = Mapping[int, Sequence[tuple[int, int, str]]]
    """By log: offset, UTC microseconds and series of its dated lines that are kept, in order."""


def with_what_follows(series: Sequence[Series], mechanisms: Mechanisms) -> list[Series]:
    """The series, each undated line at the time of the line that it leads to, where that is the next one."""
    bare = {one.name for one in series if any(not moment.sighting.dated for moment in one.moments)}
    prompt = {one.name for one in series if one.meaning.role != "death" or one.meaning.phase != "start"}
    leading = {name: found for name in bare if (found := mechanisms.get(name, frozenset()) & prompt)}
    if not leading:
        return list(series)
    logs = {moment.sighting.log for one in series if one.name in leading for moment in one.moments}
    dated = _dated(series, logs)
    return [_settled(one, leading[one.name], dated) if one.name in leading else one for one in series]


class Following:
    """The lines with a time of their own, by their place in their logs. They are put in order when first asked for."""

    def __init__(self, series: Iterable[Series]) -> None:
        """`series`: those of a timeline."""
        self._series = series

    @cached_property
    def _by_log(self) -> dict[int, list[tuple[int, int]]]:
        """Of each log: where such lines begin, and when they were written."""
        found: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        for one in self._series:
            for moment in one.moments:
                line = moment.sighting
                if line.dated:
                    found[line.log].append((line.offset, moment.time))
        return {log: sorted(places) for log, places in found.items()}

    def written_by(self, moment: Moment) -> int | None:
        """UTC microseconds by which an undated line was written: of the next line of its log that is kept.

        None: it has a time, or none of a second or more after the time that it was lent.
        """
        line = moment.sighting
        if line.dated:
            return None
        places = self._by_log.get(line.log, [])
        nth = bisect_left(places, (line.offset + 1, 0))
        time = places[nth][1] if nth < len(places) else 0
        return time if time - moment.time >= SECOND else None


def _dated(series: Iterable[Series], logs: set[int]) -> Dated:
    found: dict[int, list[tuple[int, int, str]]] = {log: [] for log in logs}
    for one in series:
        name = one.name
        for moment in one.moments:
            line = moment.sighting
            if line.dated and line.log in logs:
                found[line.log].append((line.offset, moment.time, name))
    return {log: sorted(lines) for log, lines in found.items()}


def _settled(series: Series, leads_to: frozenset[str], dated: Dated) -> Series:
    moments = (_moved(moment, leads_to, dated[moment.sighting.log]) for moment in series.moments)
    return replace(series, moments=tuple(sorted(moments, key=TIME)))


def _moved(moment: Moment, leads_to: frozenset[str], dated: Sequence[tuple[int, int, str]]) -> Moment:
    line = moment.sighting
    place = bisect_right(dated, (line.offset,))
    if line.dated or place == len(dated) or dated[place][2] not in leads_to:
        return moment
    time = dated[place][1]
    return replace(moment, time=time, last=time)
