"""When the requests' trace stops: what a server that answers nobody looks like where no line tells why."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from logsleuth.story.incident import SECOND

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.story.timeline import Timeline

BESIDE = 3600 * SECOND
"""The hour before and the hour after are the measure: a night's traffic is not a day's."""
TIMES_LONGEST = 10
"""A silence is so many times as long as the longest other one beside it…"""
LEAST_EXPECTED = 30
"""…and at the lower of both hours' rates so many moments with a line are missing in it."""


def find_silence(timeline: Timeline) -> tuple[int, int, int] | None:
    """The longest time without any line that names a client; None: none stands out.

    Its begin and end in UTC microseconds, and how many moments with such lines were to be expected in it. It proves
    nothing: a log tells of failures, and a server that is well may have none.
    """
    times = [time for time, _, _ in timeline.served]
    gaps = np.diff(times)
    for nth in np.argsort(gaps, kind="stable")[::-1][:3].tolist():
        gap, begin, end = int(gaps[nth]), times[nth], times[nth + 1]
        before = times[bisect_left(times, begin - BESIDE) : bisect_right(times, begin)]
        after = times[bisect_left(times, end) : bisect_right(times, end + BESIDE)]
        expected = min(len(before), len(after)) * gap / BESIDE
        others = max(_longest(before), _longest(after), SECOND)
        if expected >= LEAST_EXPECTED and gap >= TIMES_LONGEST * others:
            return begin, end, round(expected)
    return None


def _longest(times: Sequence[int]) -> int:
    return max((b - a for a, b in pairwise(times)), default=0)
