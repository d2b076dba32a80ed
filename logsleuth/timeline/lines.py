"""All lines that are kept, in order of time: what lies in a stretch of it is found without a look at each series."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.timeline.model import Moment, Series


class Lines:
    """The moments of some series. They are put in order when first asked for."""

    def __init__(self, series: Iterable[Series] = ()) -> None:
        """`series`: those of a timeline."""
        self._series = series

    def between(self, begin: int, end: int) -> Sequence[tuple[Series, Moment]]:
        """Those from one time to another, both included (UTC microseconds), each with its series."""
        times, lines = self._in_order
        first = bisect_left(times, begin)
        return lines[first : bisect_right(times, end, first)]

    @cached_property
    def _in_order(self) -> tuple[list[int], list[tuple[Series, Moment]]]:
        lines = [(series, one) for series in self._series for one in series.moments]
        times = [one.time for _, one in lines]
        order = sorted(range(len(times)), key=times.__getitem__)
        return [times[nth] for nth in order], [lines[nth] for nth in order]
