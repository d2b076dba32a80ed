"""How it was before an outage: the requests of a time as long just before it, or of as much of it as the log has.

By the lines of that time, where they can be read again: of users alone, without pages that fail at all times. Else as
the tally counted them, of everybody.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from logsleuth.report.compose.requests.yardstick import kind_of
from logsleuth.units import SECOND
from logsleuth.values import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from logsleuth.lives.requests import Requests, Seen
    from logsleuth.report.compose.requests.around import Around
    from logsleuth.report.compose.requests.fates import Fates
    from logsleuth.report.compose.requests.yardstick import Kind


@dataclass(frozen=True, slots=True)
class Before:
    """The users' requests of a time as long just before an outage, or of as much of it as the log has."""

    hit: int
    """Those that got what the outage's got."""
    requests: int
    length: int
    """Microseconds."""
    failed: int = 0
    """Of all requests of users then, those that got a server error: also another than the outage's, or for pages that
    get one at all times."""
    every: int = 0
    """All requests of users then."""
    by_host: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """By virtual host: (hit, requests). A site of which a tenth fails at all times says nothing of the others."""

    def usual_among(self, requests: Mapping[str, int]) -> int:
        """How many of some requests, counted by virtual host, would be hit as they were before."""
        shares = {host: hit / of_all for host, (hit, of_all) in self.by_host.items() if of_all}
        return round(sum(shares.get(host, 0) * count for host, count in requests.items()))

    def of(self, kind: Kind) -> tuple[int, int]:
        """(hit, requests) by what an outage is measured by: of users' requests that failed in whatever way, all."""
        return (self.failed, self.every) if kind == "failed" else (self.hit, self.requests)


def as_long_before(onset: int, end: int, opening: int) -> tuple[int, int]:
    """(begin, end) of a time as long as an outage just before it, in whole seconds, as far as a log has it.

    `onset`, `end`: of the outage, and `opening`: of the log, all in UTC microseconds.
    """
    begin = onset // SECOND * SECOND
    return max(begin - max(end // SECOND * SECOND - begin, SECOND), opening), begin


def read_before(fates: Fates, read: Around) -> Before | None:
    """How it was before the outage, for as long as it lasted; None: too much was asked for then to be read again."""
    since, begin = as_long_before(fates.begin, fates.end + 1, read.opening)
    if since < read.since:
        return None
    aside = fates.always | fates.usual
    users = [one for one in fates.before if since <= one.time < begin and one.request.client not in fates.scanners]
    own = [one for one in users if one.path not in aside]
    failed = sum(one.level == "error" or fates.was_hit(one) for one in users) if fates.kind == "failed" else 0
    every, hit = (Counter(one.request.vhost for one in some) for some in (own, filter(fates.was_hit, own)))
    by_host = {host: (hit[host], count) for host, count in every.items()}
    return Before(hit.total(), len(own), begin - since, failed, len(users), by_host)


def counted_before(seen: Seen, end: int, requests: Requests, log: int) -> Before | None:
    """How many requests one access log counts; None: it begins with the outage. `end`: of it, in UTC microseconds."""
    begin, onset = as_long_before(seen.begin, end, requests.logs[log].all.begins[0])
    found = requests.seen_by(log, begin, onset - SECOND) if begin < onset else None
    if found is None:
        return None
    hit = getattr(found, kind_of(seen))
    return Before(hit, found.seen, onset - begin, failed=hit, every=found.seen)
