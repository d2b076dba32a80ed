"""Who waited: stretches in which nobody was answered, and moments in which all who had waited were."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

from logsleuth.signals.chance import tail
from logsleuth.signals.edges import patience
from logsleuth.signals.tuning import (
    ALMOST_ALL,
    AROUND_US,
    CROWD,
    FALSE_ALARMS_PER_DAY,
    JOIN_US,
    NEAR_GAPS,
)
from logsleuth.units import DAY, SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.lives.requests import Requests
    from logsleuth.timeline.model import Counts


def answers_are_missing(requests: Requests, begin: int, end: int) -> bool:
    """Whether answers are missing between two moments, where they show best."""
    return _is_notable(_best(requests), begin, end)


def silent_until(requests: Requests, time: int) -> int | None:
    """UTC microseconds at which the first of the logs goes on, where all are silent from a moment on.

    None: one went on as in the hour before, so that nothing kept the server from writing. An error log in which almost
    nobody was named before is not silent, however long nobody is named afterwards.
    """
    ends = []
    for counts in requests.traces:
        end = counts.next(time)
        if end is None:
            continue
        seen = max(min(time - counts.begins[0], AROUND_US), counts.width)
        busy = min(counts.between(time - AROUND_US, time) * counts.width / seen, ALMOST_ALL)
        if -math.log1p(-busy) * (end - time) / counts.width < NEAR_GAPS:
            return None
        ends.append(end)
    return min(ends, default=None)


def waited_until(requests: Requests, time: int, up: int) -> int | None:
    """UTC microseconds of the end of the silence beside a moment; None: there is none.

    A server that is full answers those who had waited as soon as some of its workers are free, and is silent again
    when those are busy: it is over with the last of such silences, each soon after the one before (`patience`). Nobody
    waited for a worker before the server had started (`up`, UTC microseconds): its silence begins then at the earliest.
    """
    counts = _best(requests)
    gap, end = _longest(counts, time - JOIN_US, time + JOIN_US), None
    if gap is not None and gap[1] > up:
        gap = max(gap[0], up), gap[1]
    begin, near = gap[0] if gap is not None else time, JOIN_US
    while gap is not None and _is_notable(counts, *gap, among=_gaps(counts, gap[0], near)):
        end = gap[1]
        near = patience(end - begin)
        gap = _longest(counts, end, end + near)
    return end


def dropped_until(requests: Requests, time: int) -> int | None:
    """UTC microseconds up to which, from a moment on, far fewer requests were answered than in the hour before.

    A full server is not silent: it goes on with what is quick, or answers one slow page after the other. The stretch is
    that of the greatest likelihood ratio (Kulldorff's, as for stretches with too many failures); requests come in
    clumps, so that it is divided by their dispersion. None: there is no such drop, or nothing shows that it ended, or
    the log is so long that its requests are counted by longer times than the steps in which a drop is looked for.
    """
    counts = _best(requests)
    if counts.width >= JOIN_US:
        return None
    before, earlier = _Rate(counts, time), counts.up_to(time)

    def ratio(end: int) -> float:
        """How surprisingly few there were up to then; 0 if most of them were answered."""
        expected = before.rate * (end - time)
        answered = counts.up_to(end - counts.width) - earlier
        return _too_few(answered, expected) / before.dispersion if answered <= ALMOST_ALL * expected else 0.0

    horizon = min(time + AROUND_US, counts.begins[-1]) if counts else time
    steps = range(time + JOIN_US, horizon, JOIN_US)
    if not steps:
        return None
    rough = max(steps, key=ratio)
    # a step in which those who had waited are answered all at once hides that it was low up to then
    first = max(rough - 2 * JOIN_US, steps[0])
    near = bisect_left(counts.begins, first), bisect_right(counts.begins, rough + 2 * JOIN_US)
    until = max(counts.begins[slice(*near)], key=ratio, default=horizon)
    is_over = until < horizon
    return until if is_over and ratio(until) >= NEAR_GAPS + math.log(len(steps)) else None


class _Rate:
    """How many requests were answered in the hour before a moment, and how evenly they came."""

    def __init__(self, counts: Counts, time: int) -> None:
        """`time`: UTC microseconds."""
        since = max(time - AROUND_US, counts.begins[0] if counts else time)
        steps = (time - since) // JOIN_US
        edges = range(time - steps * JOIN_US - counts.width, time, JOIN_US)
        found = [after - before for before, after in pairwise(map(counts.up_to, edges))]
        mean = sum(found) / len(found) if found else 0.0
        self.rate = mean / JOIN_US
        """Requests a microsecond."""
        self.dispersion = max(sum((count - mean) ** 2 for count in found) / (len(found) * mean), 1.0) if mean else 1.0
        """Variance over mean of the requests of half a minute; at least 1."""


def _too_few(count: int, expected: float) -> float:
    """The logarithm of how much likelier so few are at their own rate than at the expected one; 0 if they are not few.

    By Chernoff's bound, minus the logarithm of the probability that chance brings no more.
    """
    if count >= expected:
        return 0.0
    return expected - count + (count * math.log(count / expected) if count else 0.0)


def _best(requests: Requests) -> Counts:
    """What shows best when requests were answered: an access log, else the lines that name a client."""
    return requests.trace if requests.own is None else requests.own.all


def _longest(counts: Counts, begin: int, end: int) -> tuple[int, int] | None:
    """The longest gap between two counts that begins between two moments, or goes on at the first of them."""
    begins = counts.begins
    first = max(bisect_right(begins, begin) - 1, 0)
    last = min(bisect_right(begins, end), len(begins) - 1)
    gaps = ((begins[nth], begins[nth + 1]) for nth in range(first, last))
    return max(gaps, key=lambda gap: gap[1] - gap[0], default=None)


def _gaps(counts: Counts, time: int, near: int) -> int:
    """How many gaps beside a moment the longest one was chosen from; it alone, at least."""
    begins = counts.begins
    return max(bisect_right(begins, time + near) - bisect_left(begins, time - near), 1)


def _is_notable(counts: Counts, begin: int, end: int, among: int = 1) -> bool:
    """Whether nothing came between two moments, though the hours before and after let expect several.

    Of its seconds each has traces of requests as often as those before and after do; that none has is as unlikely as
    all of them together. `among`: how many gaps it is the longest of; by chance the longest of many is longer.
    """
    begins = counts.begins
    first, last = bisect_right(begins, begin), bisect_left(begins, end)
    if not begins or end <= begin or last > first:
        return False
    before = first - bisect_left(begins, begin - AROUND_US)
    after = bisect_right(begins, end + AROUND_US) - last
    seen = max(min(begin - begins[0], AROUND_US) + min(begins[-1] - end, AROUND_US), SECOND)
    busy = min((before + after) * counts.width / seen, ALMOST_ALL)
    return -math.log1p(-busy) * (end - begin) / counts.width >= NEAR_GAPS + math.log(among)


def find_releases(answered: Counts, span: int) -> Iterable[int]:
    """The lone moments with far more answers than the log ever has by chance, in order of time."""
    usual = answered.total / span * answered.width
    rarest = FALSE_ALARMS_PER_DAY * answered.width / DAY
    rare = {count for count in set(answered.counts) if count >= CROWD and tail(count, usual) < rarest}
    crowded = [(begin, count) for begin, count in answered.items() if count in rare]
    for nth, (begin, count) in enumerate(crowded):
        if not _has_company(crowded, nth, count, 2 * answered.width):
            yield begin


def _has_company(crowded: list[tuple[int, int]], nth: int, count: int, touching: int) -> bool:
    """Whether other moments near, but not touching, are as crowded: a scanner, or an outage, makes many in a row."""
    begin = crowded[nth][0]
    for step in (-1, 1):
        place = nth + step
        while 0 <= place < len(crowded) and abs(crowded[place][0] - begin) <= JOIN_US:
            if abs(crowded[place][0] - begin) > touching and crowded[place][1] >= ALMOST_ALL * count:
                return True
            place += step
    return False
