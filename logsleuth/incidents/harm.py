"""Which requests an outage failed, as an access log counts them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

from logsleuth.lives.requests import LONGEST_WAIT
from logsleuth.signals.tuning import AROUND_US, JOIN_US
from logsleuth.units import SECOND

if TYPE_CHECKING:
    from logsleuth.lives.requests import Requests, Seen
    from logsleuth.timeline.model import Counts, Traffic


def requests_of(requests: Requests, onset: int, over: int, *, turns_away: bool = False) -> Seen | None:
    """The requests of an outage: also those that failed just before its first line, or after its last.

    An access log dates a request by its beginning (%t): what waited for a timeout is dated before the line that
    reports it. Times are UTC microseconds; None: no access log covers it.
    """
    seen = _what_users_saw(requests, onset, over)
    if seen is None:
        return None
    failed = requests.logs[seen.log].failed.begins
    begin, end = onset, over
    place = bisect_left(failed, onset)
    while place and begin - failed[place - 1] <= JOIN_US and onset - failed[place - 1] <= LONGEST_WAIT:
        place -= 1
        begin = failed[place]
    place = bisect_right(failed, over)
    while place < len(failed) and failed[place] - end <= JOIN_US and failed[place] - over <= LONGEST_WAIT:
        end = failed[place]
        place += 1
    found = requests.seen_by(seen.log, begin, end)
    if found is None:
        return None
    traffic = requests.logs[found.log]
    usual = usual_answers(traffic, traffic.failed, begin, end)
    usual_refused = usual_answers(traffic, traffic.refused, begin, end)
    return replace(
        found,
        usual=usual,
        usual_refused=usual_refused,
        turned_away=turns_away and found.refused - usual_refused > max(found.failed - usual, 0),
        expected=expected_requests(traffic, onset, over),
    )


def _what_users_saw(requests: Requests, begin: int, end: int) -> Seen | None:
    """The requests as the server's own log counts them, or, where nothing failed in that, as one that shows failures.

    A proxy in front gives up on requests that httpd answers too late, or never begins with.
    """
    each = list(requests.seen_by_each(begin, end))
    return next((seen for seen in each if seen.failed), each[0] if each else None)


def usual_answers(traffic: Traffic, answers: Counts, begin: int, end: int) -> int:
    """Requests that fail in a time of this length when there is no outage (UTC microseconds).

    `answers`: the log's failed requests, or its refused ones. By the hour before and the hour after, as far as the log
    covers them for as long as the outage: the smaller rate of the two, since another outage may lie in one of them.
    """
    length = end - begin
    first, last = traffic.all.begins[0], traffic.all.begins[-1] + traffic.all.width
    windows = [(max(begin - AROUND_US, first), begin), (end, min(end + AROUND_US, last))]
    rates = [
        answers.between(since + answers.width, until - answers.width) / (until - since)
        for since, until in windows
        if until - since >= max(min(length, AROUND_US), SECOND)
    ]
    return int(min(rates, default=0.0) * length)


def expected_requests(traffic: Traffic, begin: int, end: int) -> int | None:
    """Requests that at least are to be expected in a stretch of time (UTC microseconds); None: it is not known.

    Those of a time as long just before it, of which the log covers half; or just after, if the log goes on for so long
    and they are fewer, since traffic may have ceased for the night. In more than an hour it changes by itself.
    """
    length = max(end - begin, SECOND)
    first, last = traffic.all.begins[0], traffic.all.begins[-1]
    if length > AROUND_US or begin - length // 2 < first:
        return None
    before = traffic.all.between(begin - length, begin - SECOND)
    return min(before, traffic.all.between(end + SECOND, end + length)) if end + length <= last else before
