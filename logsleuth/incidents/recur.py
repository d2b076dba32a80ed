"""The same fault again at a steady interval is one incident."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from logsleuth.signals.clients import is_even
from logsleuth.signals.tuning import LASTING_US, LEAST_MOMENTS
from logsleuth.units import SECOND
from logsleuth.values import replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.signals.model import Signal


def comes_back(groups: Sequence[Sequence[Signal]]) -> list[list[Signal]]:
    """Groups of signals in order of time; those of one fault at equal distances, with nothing in between, are one."""
    result: list[list[Signal]] = []
    index = 0
    while index < len(groups):
        last = index + 1
        while (
            last < len(groups) and _names(groups[index]) == _names(groups[last]) and _are_even(groups[index : last + 1])
        ):
            last += 1
        if last - index <= LEAST_MOMENTS:
            last = index + 1
        result.append([signal for group in groups[index:last] for signal in group])
        index = last
    return result


def period(begins: Sequence[int]) -> float | None:
    """Seconds from onset to onset of an incident that comes back at equal distances; None: it does not."""
    if len(begins) <= LEAST_MOMENTS or not _at_equal_distances(begins):
        return None
    return (begins[-1] - begins[0]) / (len(begins) - 1) / SECOND


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
            known,
            moments=both,
            until=max(known.until, signal.until),
            surprise=max(known.surprise, signal.surprise),
            in_others=max(known.in_others - (len(both) - len(known.moments)), 0),
        )
    return list(by_series.values())


def _are_even(groups: Sequence[Sequence[Signal]]) -> bool:
    return _at_equal_distances([min(signal.begin for signal in group) for group in groups])


def _at_equal_distances(begins: Sequence[int]) -> bool:
    """What comes back more rarely (every night) is reported as several: the server was well in between."""
    longest = max((after - before for before, after in pairwise(begins)), default=0)
    return 0 < longest <= LASTING_US and is_even(begins)


def _names(group: Sequence[Signal]) -> set[str]:
    return {signal.name for signal in group if signal.category is not None}
