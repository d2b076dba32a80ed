"""Whether requests were refused in place of being served: if so, those who are refused are users.

All users may come from one address: a proxy's, a content network's, a company's. What tells them from an attacker who
is refused is what goes missing: his requests come on top of theirs, which are served as before. Of a part of a site an
access log's counts show only the sum; there it is those who are refused that are known to be served, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.signals.chance import at_least, at_most
from logsleuth.signals.shares import Share
from logsleuth.signals.tuning import ALMOST_ALL, AROUND_US, LEAST_EXPECTED, MOST, SOON_US
from logsleuth.units import MINUTE, SECOND
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.timeline.model import Traffic

FEWEST = 3
"""Steps of time of which one can be called the usual one: the middle one."""


@dataclass(frozen=True, slots=True)
class Step:
    """What was answered within a stretch of time."""

    served: int
    refused: int
    seen: int


def are_refused_instead(traffic: Traffic, begin: int, end: int) -> bool:
    """Whether from one moment to another (UTC microseconds) far more was refused, and as much less was served.

    As in the hour before, and as in the hour after so far as the log has it: who comes for an hour, and is then
    refused, made more of the traffic than is usual, and takes it with him.
    """
    length = end - begin
    step = min(max(length, MINUTE), SOON_US)
    first, last = traffic.all.begins[0], traffic.all.begins[-1]
    before = _steps(traffic, max(begin - AROUND_US, first), begin, step)
    after = _steps(traffic, end, min(end + AROUND_US, last), step)
    sides = [side for side in (before, after) if len(side) >= FEWEST]
    if len(before) < FEWEST:
        return False
    within = _step(traffic, begin, end)
    times = length / step
    refused = max(_usual(one.refused for one in side) for side in sides) * times
    served = min(_usual(one.served for one in side) for side in sides) * times
    more, fewer = within.refused - refused, served - within.served
    return (
        more >= max(LEAST_EXPECTED, (1 - ALMOST_ALL) * within.seen)
        and fewer >= MOST * more
        and at_most(within.served) < at_least(round(served))
    )


def is_gone(traffic: Traffic, key: str, refused: int, begin: int, end: int) -> bool:
    """Whether a part of the site that had been served is refused from one moment to another (UTC microseconds).

    `key`: its first segment; `refused`: its requests that were. They are many of all requests of that time, far more
    than in the hour before and the hour after, and about as many as are served there at other times. Where nobody asked
    for anything before, nothing shows that it is not always so.
    """
    part = next((one for one in traffic.by_path.kept if one.key == key), None)
    if part is None:
        return False
    length, first, last = max(end - begin, SECOND), traffic.all.begins[0], traffic.all.begins[-1]
    since, until = max(begin - AROUND_US, first), min(end + AROUND_US, last)
    within, before, after = (
        Share.of(traffic.all, traffic.refused, *stretch) for stretch in ((begin, end), (since, begin), (end, until))
    )
    was_asked = before.seen * length >= MOST * within.seen * (begin - since)
    if not was_asked or not within.exceeds(before) or (after.seen >= LEAST_EXPECTED and not within.exceeds(after)):
        return False
    served = part.requests - part.refused - part.failed - part.redirected
    usual = served * length / max(last - first - length, length)
    return served >= LEAST_EXPECTED and refused >= max(LEAST_EXPECTED, MOST * usual, MOST * within.found)


def _steps(traffic: Traffic, begin: int, end: int, length: int) -> list[Step]:
    """What was answered in each whole step between two moments."""
    return [_step(traffic, time, time + length) for time in range(begin, end - length + 1, length)]


def _usual(counts: Iterable[int]) -> int:
    """The median; of an even number the lower of the two in the middle."""
    ordered = sorted(counts)
    return ordered[(len(ordered) - 1) // 2]


def _step(traffic: Traffic, begin: int, end: int) -> Step:
    turned = Share.of(traffic.all, traffic.refused, begin, end)
    failed = Share.of(traffic.all, traffic.failed, begin, end)
    return Step(turned.seen - turned.found - failed.found, turned.found, turned.seen)
