"""The same fault again: relapses, and what comes back at a steady interval, are one incident."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from logsleuth.signals.clients import is_even
from logsleuth.signals.tuning import RELAPSE, RELAPSE_MOST_US
from logsleuth.units import HOUR, SECOND

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.signals.model import Signal

LEAST_TIMES = 4
"""Times at equal distances that are no chance any more."""
EVEN = 0.1
"""Share by which the distances from onset to onset may differ from their mean."""
LONGEST_PERIOD = 2 * HOUR
"""What comes back more rarely (every night) is reported as several incidents: the server was well in between."""


def comes_back(groups: Sequence[Sequence[Signal]]) -> list[list[Signal]]:
    """Groups of signals in order of time, those that are the same fault again as one each."""
    joined: list[list[Signal]] = []
    for group in _periodic(groups):
        if joined and _is_relapse(joined[-1], group):
            joined[-1] = [*joined[-1], *group]
        else:
            joined.append(list(group))
    return joined


def _periodic(groups: Sequence[Sequence[Signal]]) -> list[list[Signal]]:
    """Groups of the same fault at equal distances, one after the other with nothing else in between, as one each."""
    result: list[list[Signal]] = []
    index = 0
    while index < len(groups):
        last = index + 1
        while (
            last < len(groups) and _names(groups[index]) == _names(groups[last]) and _are_even(groups[index : last + 1])
        ):
            last += 1
        if last - index < LEAST_TIMES:
            last = index + 1
        result.append([signal for group in groups[index:last] for signal in group])
        index = last
    return result


def period(begins: Sequence[int]) -> float | None:
    """Seconds from onset to onset of an incident that comes back at equal distances; None: it does not."""
    if len(begins) < LEAST_TIMES or not _at_equal_distances(begins):
        return None
    return (begins[-1] - begins[0]) / (len(begins) - 1) / SECOND


def begins_of(signals: Sequence[Signal]) -> list[int]:
    """UTC microseconds at which the stretches of one fault begin, those that overlap as one."""
    begins: list[int] = []
    end = 0
    for signal in sorted(signals, key=lambda one: one.begin):
        if not begins or signal.begin > end:
            begins.append(signal.begin)
        end = max(end, signal.end)
    return begins


def one_a_series(signals: Sequence[Signal]) -> list[Signal]:
    """The signals, those of one series together: what came back is one kind of evidence, not several."""
    by_series: dict[str, Signal] = {}
    for signal in signals:
        known = by_series.get(signal.name)
        if known is None:
            by_series[signal.name] = signal
            continue
        moments = {(moment.time, moment.sighting.place): moment for moment in (*known.moments, *signal.moments)}
        both = tuple(moments[place] for place in sorted(moments))
        by_series[signal.name] = replace(
            known, moments=both, until=max(known.until, signal.until), surprise=max(known.surprise, signal.surprise)
        )
    return list(by_series.values())


def _are_even(groups: Sequence[Sequence[Signal]]) -> bool:
    return _at_equal_distances([min(signal.begin for signal in group) for group in groups])


def _at_equal_distances(begins: Sequence[int]) -> bool:
    longest = max((after - before for before, after in pairwise(begins)), default=0)
    return 0 < longest <= LONGEST_PERIOD and is_even(begins, EVEN)


def _names(group: Sequence[Signal]) -> set[str]:
    return {signal.name for signal in group if signal.category is not None}


def _is_relapse(before: Sequence[Signal], after: Sequence[Signal]) -> bool:
    """Whether the fault came back soon: what names it is said again, and nothing else that would name another."""
    begin, end = min(s.begin for s in before), max(s.end for s in before)
    again, over = min(s.begin for s in after), max(s.end for s in after)
    common = _names(before) & _names(after)
    if not common or _names(after) - _names(before):
        return False
    return again - end <= min(RELAPSE * max(end - begin, over - again), RELAPSE_MOST_US)
