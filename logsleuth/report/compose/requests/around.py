"""The requests of an outage's own time and of the time around it, read once more from the log that counted them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.units import MINUTE, SECOND
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from logsleuth.lives.requests import Requests, Seen
    from logsleuth.report.compose.log.again import AskedAgain
    from logsleuth.report.compose.story.exhibits import Exhibits
    from logsleuth.timeline.model import Counts

MOST: Final = 50_000
"""Requests of one outage that are read again at most: a second."""
MOST_AROUND: Final = 20_000
"""Of the time before it, and after it, each."""
AROUND: Final = 30 * MINUTE
"""Of the time before and after an outage at least this much is read, and at least as much as it lasted itself."""


@dataclass(frozen=True, slots=True)
class Around:
    """The requests of an outage's own time, and of the time before and after it, in order of time."""

    within: Sequence[AskedAgain]
    before: Sequence[AskedAgain]
    after: Sequence[AskedAgain]
    since: int
    """UTC microseconds from which on those before it are all here."""
    opening: int
    """UTC microseconds at which the log begins."""

    @property
    def every(self) -> list[AskedAgain]:
        """All of them."""
        return [*self.before, *self.within, *self.after]

    def without(self, aside: Collection[int]) -> Around:
        """Those that are not among these identities."""
        within, before, after = (
            [one for one in asked if id(one) not in aside] for asked in (self.within, self.before, self.after)
        )
        return Around(within, before, after, self.since, self.opening)


def read_around(seen: Seen, requests: Requests, exhibits: Exhibits) -> Around | None:
    """The requests again; None: there are too many, or they are not those that were counted."""
    if seen.seen > MOST:
        return None
    traffic = requests.logs[seen.log]
    numbers = sorted(requests.parts_of(seen.log))
    margin = traffic.all.width
    begin, end = seen.stretches[0][0] - margin, seen.stretches[-1][1] + margin
    read = exhibits.requests(numbers, begin, end)
    failed = sum(one.level == "error" and _is_counted(one, traffic.failed, seen.stretches) for one in read)
    refused = sum(one.level == "warn" and _is_counted(one, traffic.refused, seen.stretches) for one in read)
    every = [one for one in read if _is_counted(one, traffic.all, seen.stretches)]
    if (len(every), failed, refused) != (seen.seen, seen.failed, seen.refused):
        return None
    length = max(seen.stretches[-1][1] - seen.begin, AROUND)
    first, last = every[0].time if every else seen.begin, every[-1].time if every else seen.stretches[-1][1]
    since = begin - length
    before = exhibits.requests(numbers, since, first - 1)
    after = exhibits.requests(numbers, last + 1, last + length)
    if len(before) > MOST_AROUND:
        since = before[-MOST_AROUND].time + SECOND
    return Around(every, before[-MOST_AROUND:], after[:MOST_AROUND], since, traffic.all.begins[0])


def _is_counted(one: AskedAgain, counts: Counts, stretches: Sequence[tuple[int, int]]) -> bool:
    """Whether a request is among those that the counts have of some stretches, whole stretches each."""
    if not counts:
        return False
    first, width = counts.begins[0], counts.width
    begins = first + (one.time - first) // width * width
    return any(begin - width < begins <= end for begin, end in stretches)
