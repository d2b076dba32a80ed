"""Which requests an outage failed, as an access log counts them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from logsleuth.lives.requests import LONGEST_WAIT, Seen
from logsleuth.signals.slow import lateness
from logsleuth.signals.tuning import ALMOST_ALL, AROUND_US, JOIN_US, LEAST_EXPECTED, MOST, TIMES_AS_MANY
from logsleuth.units import SECOND
from logsleuth.values import replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.lives.requests import Requests
    from logsleuth.timeline.model import Counts, Traffic


LONGEST_COMPARED = 3
"""Hours of an outage whose requests are compared with those before and after it."""


def requests_of(
    requests: Requests,
    onset: int,
    over: int,
    *,
    turns_away: bool = False,
    lines: int = 0,
    sends_away: bool = False,
    spells: Sequence[tuple[int, int]] = (),
) -> Seen | None:
    """The requests of an outage: also those that failed just before its first line, or after its last.

    An access log dates a request by its beginning (%t): what waited for a timeout is dated before the line that
    reports it. Times are UTC microseconds; `spells`: of an outage that paused the stretches that count; None: no access
    log covers it; `lines`: how often it was logged.
    """
    seen = _what_users_saw(requests, onset, over)
    if seen is None:
        return None
    traffic = requests.logs[seen.log]
    parts = spells if len(spells) > 1 else ((onset, over),)
    stretches = _apart([_with_edges(traffic.failed, begin, end) for begin, end in parts])
    each = [requests.seen_by(seen.log, begin, end) for begin, end in stretches]
    counted = [one for one in each if one is not None]
    if not counted:
        return None
    found = _together(counted, stretches)
    usual = usual_answers(traffic, traffic.failed, stretches)
    usual_refused = usual_answers(traffic, traffic.refused, stretches)
    return replace(
        found,
        usual=usual,
        usual_refused=usual_refused,
        usual_redirected=usual_answers(traffic, traffic.redirected, stretches),
        sent_away=sends_away,
        turned_away=found.refused - usual_refused > max(found.failed - usual, 0)
        and (
            turns_away
            or (_are_those_logged(found, usual, usual_refused, lines) and _are_oftener(traffic, found, onset))
        ),
        blocks_a_part=blocks_a_part(traffic, found.failed, found.seen),
        expected=_expected_in_all(traffic, parts),
        late=lateness(traffic.took, stretches),
    )


def _are_those_logged(found: Seen, usual: int, usual_refused: int, lines: int) -> bool:
    """Whether as many requests more than usual were refused as lines were logged, and none failed: that is its harm."""
    more = found.refused - usual_refused
    return (
        found.failed <= usual
        and lines >= LEAST_EXPECTED
        and more >= ALMOST_ALL * lines
        and found.refused >= TIMES_AS_MANY * usual_refused
    )


def _are_oftener(traffic: Traffic, found: Seen, onset: int) -> bool:
    """Whether a larger share of the requests is refused than in the hour before: more visitors meet more dead links."""
    begin = onset - AROUND_US
    before, refused = traffic.all.between(begin, onset - SECOND), traffic.refused.between(begin, onset - SECOND)
    return found.refused * before >= TIMES_AS_MANY * refused * found.seen


def _with_edges(failed: Counts, onset: int, over: int) -> tuple[int, int]:
    """A stretch with the failures just before and after it."""
    begins = failed.begins
    begin, end = onset, over
    place = bisect_left(begins, onset)
    while place and onset - begins[place - 1] <= LONGEST_WAIT + SECOND:  # whole seconds, after which it timed out
        place -= 1
        begin = begins[place]
    place = bisect_right(begins, over)
    while place < len(begins) and begins[place] - end <= JOIN_US and begins[place] - over <= LONGEST_WAIT:
        end = begins[place] + failed.width - 1
        place += 1
    return begin, end


def _apart(stretches: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The stretches, those that lie in one second or overlap as one: no request counts twice."""
    found = [stretches[0]]
    for begin, end in stretches[1:]:
        if begin // SECOND <= found[-1][1] // SECOND:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((begin, end))
    return found


def _together(each: Sequence[Seen], stretches: Sequence[tuple[int, int]]) -> Seen:
    """What an access log shows of several stretches."""
    return Seen(
        each[0].log,
        sum(one.failed for one in each),
        sum(one.refused for one in each),
        sum(one.seen for one in each),
        max((one.peak for one in each if one.peak is not None), key=lambda peak: (peak[1], -peak[0]), default=None),
        tuple(stretches),
        redirected=sum(one.redirected for one in each),
    )


def _expected_in_all(traffic: Traffic, parts: Sequence[tuple[int, int]]) -> int | None:
    """Requests that at least are to be expected in all parts together; None: it is not known of one of them."""
    each = [expected_requests(traffic, begin, end) for begin, end in parts]
    known = [one for one in each if one is not None]
    return sum(known) if len(known) == len(each) else None


def _what_users_saw(requests: Requests, begin: int, end: int) -> Seen | None:
    """The requests as the server's own log counts them, or as one does in which most failures are that this lacks.

    A proxy in front gives up on requests that httpd answers too late, never begins with, or is no longer sent.
    """
    each = list(requests.seen_by_each(begin, end))
    if not each:
        return None
    own, most = each[0], max(each, key=lambda seen: seen.failed)
    return most if most.failed > 2 * own.failed else own


def blocks_a_part(traffic: Traffic, failed: int, seen: int) -> bool:
    """Whether nearly all requests to one part of the site failed; `failed` of `seen`: of all requests of the outage.

    Parts are counted over the whole log: of the requests to one as many are due in the outage as its share of the log.
    """
    share = seen / max(traffic.all.total, 1)
    for part in (*traffic.by_vhost.kept, *traffic.by_path.kept):
        its_failures = min(part.failed, failed)
        is_served = part.requests - part.failed - part.refused >= LEAST_EXPECTED
        is_what_fails = its_failures >= max(LEAST_EXPECTED, MOST * failed)
        if is_served and is_what_fails and its_failures >= ALMOST_ALL * part.requests * share:
            return True
    return False


def usual_answers(traffic: Traffic, answers: Counts, stretches: Sequence[tuple[int, int]]) -> int:
    """Requests that fail in a time such as these stretches when there is no outage (UTC microseconds).

    `answers`: the log's failed requests, or its refused ones. By the hour before and the hour after, as far as the log
    covers them for as long as the outage: by the smaller of the two, since another outage may lie in one of them. Of
    visitors' requests a share fails, of scanners' and monitors' as many at any time: the larger number is usual.
    """
    begin, end = stretches[0][0], stretches[-1][1]
    length = sum(until - since for since, until in stretches)
    seen = sum(traffic.all.between(*stretch) for stretch in stretches)
    first, last = traffic.all.begins[0], traffic.all.begins[-1] + traffic.all.width
    numbers = []
    for since, until in (max(begin - AROUND_US, first), begin), (end, min(end + AROUND_US, last)):
        if until - since >= max(min(length, AROUND_US), SECOND):
            window = since + answers.width, until - answers.width
            found, every = answers.between(*window), traffic.all.between(*window)
            numbers.append(max(found * length / (until - since), found * seen / max(every, 1)))
    return int(min(numbers, default=0.0))


def expected_requests(traffic: Traffic, begin: int, end: int) -> int | None:
    """Requests that at least are to be expected in a stretch of time (UTC microseconds); None: it is not known.

    Those of a time as long just before it, of which the log covers half; or just after, if the log goes on for so long
    and they are fewer, since traffic may have ceased for the night. In more than an hour it changes by itself: then the
    log has to cover both, and of more than a few hours nothing is known.
    """
    length = max(end - begin, SECOND)
    first, last = traffic.all.begins[0], traffic.all.begins[-1]
    if length > LONGEST_COMPARED * AROUND_US or begin - length // 2 < first:
        return None
    if length > AROUND_US and (begin - length < first or end + length > last):
        return None
    before = traffic.all.between(begin - length, begin - SECOND)
    return min(before, traffic.all.between(end + SECOND, end + length)) if end + length <= last else before
