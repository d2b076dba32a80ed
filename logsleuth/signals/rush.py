"""A rush of visitors, as an error log alone shows it: far more lines that name a client than at any other time.

A server whose workers are all busy in a rush has them busy for as long as the rush goes on: httpd reports that the
limit is reached once, and the harmless notices that requests leave show how many came before and after.
"""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

from logsleuth.signals.clients import effective
from logsleuth.signals.tuning import AROUND_US, CROWD, LEAST_EXPECTED, MOST, SOON_US, TIMES_AS_MANY
from logsleuth.timeline.model import between

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.timeline.model import Counts, Series, Timeline


def rush_until(timeline: Timeline, trace: Counts, time: int) -> int | None:
    """UTC microseconds up to which a rush of many clients lasted that was on at a moment; None: there was none.

    `trace`: the lines that name a client and report no failure.
    """
    until = rushed_until(trace, time, timeline.start, timeline.end)
    if until is None or not _are_of_many(timeline.series.values(), time, until):
        return None
    return until


def rushed_until(trace: Counts, time: int, start: int, end: int) -> int | None:
    """UTC microseconds up to which far more was logged from a moment on than at any other time; None: it was not.

    In steps of ten minutes; those just before it may be of the rush as well. A log of less than another hour does not
    show what is usual. `start`, `end`: of the log, in UTC microseconds.
    """
    first = _in_step(trace, time)
    if first < LEAST_EXPECTED:
        return None
    until = time + SOON_US
    while until < end and _in_step(trace, until) >= MOST * first:
        until += SOON_US
    before, after = range(start, time - 2 * SOON_US, SOON_US), range(until + SOON_US, end - SOON_US, SOON_US)
    if (len(before) + len(after)) * SOON_US < AROUND_US:
        return None
    # of the thousands of steps of a long log, the first that is as busy is enough
    is_far_more = all(first >= TIMES_AS_MANY * _in_step(trace, begin) for begin in chain(before, after))
    return min(until, end) if is_far_more else None


def _in_step(trace: Counts, begin: int) -> int:
    """Lines of the ten minutes from a moment on."""
    return trace.between(begin, begin + SOON_US - trace.width)


def _are_of_many(series: Iterable[Series], begin: int, end: int) -> bool:
    """Whether the lines between two moments name many clients: a scanner leaves as many, all by itself."""
    clients = Counter(moment.client for one in series for moment in between(one.moments, begin, end) if moment.client)
    return effective(clients.values()) >= CROWD
