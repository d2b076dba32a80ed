"""Whether the log that counts an outage's failures has but a part of what was served: a share of it would mislead.

A proxy may write down each request that failed and one in many of the others, or be in front of a part of what comes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.report.compose.requests.around import MOST
from logsleuth.report.compose.requests.bystanders import bystanders
from logsleuth.signals.tuning import LEAST_EXPECTED, TIMES_AS_MANY
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from logsleuth.lives.requests import Requests, Seen
    from logsleuth.report.compose.story.exhibits import Exhibits

IS_FAR_MORE: Final = TIMES_AS_MANY
"""Times as many requests that were served: then the two logs do not count the same."""


@dataclass(frozen=True, slots=True)
class Fuller:
    """Another log of an outage's time that has far more of what was served."""

    log: int
    served: int
    """Users' requests in it that did not fail."""


def fuller_than(seen: Seen, found: int, requests: Requests, exhibits: Exhibits) -> Fuller | None:
    """That log; None: there is none. `found`: users' requests in the log that `seen` is of, failed or not.

    What a proxy has given up on may be served in httpd's own log.
    """
    begin, end = seen.begin, seen.stretches[-1][1]
    for other in requests.seen_by_each(begin, end):
        if other.log == seen.log or other.seen > MOST or not is_far_more(other.seen - other.failed, found):
            continue
        numbers = sorted(requests.parts_of(other.log))
        read = [one for since, until in seen.stretches for one in exhibits.requests(numbers, since, until)]
        aside = bystanders(read)
        number = sum(one.level != "error" and id(one) not in aside for one in read)
        if is_far_more(number, found):
            return Fuller(other.log, number)
    return None


def is_far_more(served: int, found: int) -> bool:
    """Whether more were served than a log may have that counts the same requests."""
    return served >= max(IS_FAR_MORE * found, LEAST_EXPECTED)
