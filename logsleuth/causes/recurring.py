"""Which of what was done just before an outage is done all the time: a job that runs every five minutes.

Whenever an outage begins, such a job has just run. That it ran as always, and did no harm the times before, says that
it did not set the outage off. What runs once a night is another matter: an outage seldom begins with it by chance.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from logsleuth.signals.tuning import AROUND_US, EVEN, LEAST_MOMENTS, TOGETHER_US
from logsleuth.units import median

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from logsleuth.timeline.model import Moment

    Done = tuple[tuple[str, str], ...]
    """What a line says was done."""


def not_as_always(near: Sequence[Moment], moments: Sequence[Moment]) -> list[Moment]:
    """Of some moments of a series those that do not report what is done at short, steady intervals.

    `moments`: all of the series, in order of time.
    """
    times: dict[Done, list[int]] = {moment.sighting.fields: [] for moment in near if moment.sighting.fields}
    for moment in moments if times else ():
        if moment.sighting.fields in times:
            times[moment.sighting.fields].append(moment.time)
    return [moment for moment in near if not _is_as_always(moment, times)]


def _is_as_always(moment: Moment, times: Mapping[Done, Sequence[int]]) -> bool:
    """Whether the same was done several times before, and now as long after the last time as usual."""
    until = [time for time in times.get(moment.sighting.fields, ()) if time <= moment.time]
    if len(until) <= LEAST_MOMENTS:
        return False
    gaps = [after - before for before, after in pairwise(until)]
    usual = median(gaps)
    return usual <= AROUND_US and gaps[-1] <= (1 + EVEN) * usual + TOGETHER_US
