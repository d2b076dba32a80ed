"""Which failures are a timer's: a few lines at the same time of each night, by which no request is known to fail.

A backup, the renewal of a certificate, a nightly report runs into something, and again the night after. That is a
fault, and says nothing of an outage at noon.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING

from logsleuth.signals.clients import effective
from logsleuth.signals.tuning import LASTING_US, LEAST_CLIENTS, LEAST_MOMENTS, MOST, SOON_US
from logsleuth.units import DAY
from logsleuth.values import replace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logsleuth.lives.requests import Requests
    from logsleuth.timeline.model import Moment, Series

LONGEST_PERIOD = 7 * DAY
"""Of cron's fields the longest that is regular: the day of the week."""


def without_a_timers(series: Series, requests: Requests) -> Series:
    """The series without the few lines that come at a steady interval: `aside` says how many moments that is."""
    runs = _runs(series.moments)
    few = [run for run in runs if len(run) <= LEAST_MOMENTS]
    mine = set(_at_equal_distances([run[0].time for run in few]))
    timed = [run for run in few if run[0].time in mine]
    if not timed or _hurt_users(timed, requests):
        return series
    moments = tuple(moment for run in runs if run[0].time not in mine for moment in run)
    return replace(series, moments=moments, aside=len(series.moments) - len(moments))


def is_a_timers(series: Series, moments: Sequence[Moment], requests: Requests) -> bool:
    """Whether all of these moments of the series are a timer's."""
    return bool(moments) and not without_a_timers(replace(series, moments=tuple(moments)), requests).moments


def _runs(moments: Sequence[Moment]) -> list[tuple[Moment, ...]]:
    """The moments, taken together where one follows soon after the other."""
    runs: list[list[Moment]] = []
    for moment in moments:
        if runs and moment.time - runs[-1][-1].last <= SOON_US:
            runs[-1].append(moment)
        else:
            runs.append([moment])
    return [tuple(run) for run in runs]


def _at_equal_distances(begins: Sequence[int]) -> list[int]:
    """The longest series of times that are hours apart, and always as many; empty: there is none with most of them.

    It may begin with the first of the times, or where others come between, with the next ones.
    """
    longest: list[int] = []
    for nth, first in enumerate(begins[:LEAST_MOMENTS]):
        for second in begins[nth + 1 :]:
            if second - first > LONGEST_PERIOD:
                break
            if second - first > LASTING_US:
                longest = max(longest, list(_chain(begins, first, second - first)), key=len)
    return longest if len(longest) > max(LEAST_MOMENTS, MOST * len(begins)) else []


def _chain(begins: Sequence[int], first: int, period: int) -> Iterator[int]:
    """The times that follow on the first, a period after each other, up to where one is missing."""
    expected = first
    while (place := bisect_left(begins, expected - SOON_US)) < len(begins) and begins[place] <= expected + SOON_US:
        yield begins[place]
        expected = begins[place] + period


def _hurt_users(runs: Sequence[tuple[Moment, ...]], requests: Requests) -> bool:
    """Whether the lines are about several clients, or an access log has requests that failed meanwhile."""
    named = Counter(moment.client for run in runs for moment in run if moment.client)
    if effective(named.values()) >= LEAST_CLIENTS:
        return True
    seen = (requests.seen(run[0].time, run[-1].last) for run in runs)
    return any(one is not None and one.failed for one in seen)
