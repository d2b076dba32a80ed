"""Signs that the server was there all the same, or that it was not: requests and processes, in any log of the host."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from logsleuth.lives.server.events import ONE_RELOAD
from logsleuth.units import SECOND

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.lives.server.model import Absence, Event
    from logsleuth.timeline.model import Counts, Timeline

INIT = 1
"""The pid of httpd in a container, of each run."""
MISSED = 8
"""Requests that should have come since the last one, by the rate at which they came, if the server is to have been
away: by chance one time in 3,000 (Poisson)."""
FEW = 0.05
"""Share of the requests that may fail of a server that is up: a proxy's log has more while the server is down."""


def took_over(timeline: Timeline, parent: int, last_up: int | None, up: Event) -> bool:
    """Whether another parent came up though none was told to stop, and the one before is never heard again."""
    if 0 in {up.parent, parent} or last_up is None:
        return False
    if up.parent == parent:
        return parent == INIT and _fell_silent(timeline, last_up, up.time)
    return not any(sign.last > up.time for sign in timeline.signs.get(parent))


def _fell_silent(timeline: Timeline, since: int, until: int) -> bool:
    """Whether a server that had been serving `since` then answered nobody `until` a moment (UTC microseconds).

    In a container each run of httpd has the same pid, so the silence is all that tells that one ended; and where the
    logs of several containers were put together, the others go on. The first requests may come while it starts.
    """
    traces = _traces(timeline)
    silent = max((last for counts in traces if (last := counts.last(until - ONE_RELOAD)) is not None), default=since)
    if silent <= since:
        return False
    asked = sum(counts.between(since, silent) for counts in traces)
    return asked * (until - silent - ONE_RELOAD) >= MISSED * max(silent - since, SECOND)


def went_on(timeline: Timeline, absence: Absence) -> bool:
    """Whether it was an attempt to start a second server beside the one that went on serving.

    Nothing was said of an end before the refusal, and after it requests left traces, or a process wrote that had done
    so before. What requests leave is counted by the second: the one in which the server started again proves nothing.
    """
    if absence.why != "refused" or absence.ordered or not were_refused(_until_found(absence)):
        return False
    until = absence.until(timeline.end)
    since = absence.begin + ONE_RELOAD
    asked = any(
        after is not None and after + counts.width <= until
        for counts in _traces(timeline)
        for after in (counts.next(since),)
    )
    return asked or any(
        signs[0].first < absence.begin and any(sign.first < until and sign.last > since for sign in signs)
        for _, signs in timeline.signs.items()
    )


def heard_again(timeline: Timeline, since: int, until: int) -> int | None:
    """UTC microseconds from which on requests are served though no start was logged; None: they are not.

    `since`, `until`: of the last line by which the server was down, and of the next one about it. A line is lost where
    a log is torn or rotated. The last words of old workers come while these linger, and a proxy's log goes on with
    failures. As many requests must be served (`MISSED`) as must be missing for a server to be away.
    """
    found = []
    for counts, failed in _by_log(timeline):
        back = _resumed(counts, since)
        if back is None or back >= until:
            continue
        seen = counts.between(back, until - counts.width)
        if seen >= MISSED and (failed is None or failed.between(since, until) <= seen * FEW):
            found.append(back)
    return min(found, default=None)


def _resumed(counts: Counts, since: int) -> int | None:
    """UTC microseconds of the first of the requests that go on; one before a longer silence was an old worker's."""
    back = counts.next(since + ONE_RELOAD)
    for _ in range(MISSED):
        after = counts.next(back) if back is not None else None
        if back is None or after is None:
            return back
        if after - back > back - since:
            back = after
    return back


def _by_log(timeline: Timeline) -> list[tuple[Counts, Counts | None]]:
    """The traces of requests in the error logs, and the requests of each access log with those that failed."""
    return [(timeline.served, None), *((traffic.all, traffic.failed) for traffic in timeline.traffic.values())]


def others_answer(timeline: Timeline, absence: Absence) -> bool:
    """Whether a container was stopped beside others that go on: their logs were put together.

    What it had begun to answer was asked before, so that a request after that is another's.
    """
    if absence.why == "refused" or absence.lines[0].parent != INIT:
        return False
    until = absence.until(timeline.end)
    return any(counts.between(absence.begin + ONE_RELOAD, until - ONE_RELOAD) for counts in _traces(timeline))


def _until_found(absence: Absence) -> list[Event]:
    """Its lines up to a pid file that the start which ended it found left over."""
    last = absence.lines[-1]
    return list(absence.lines[:-1] if last.kind == "unclean" else absence.lines)


def were_refused(lines: Sequence[Event]) -> bool:
    """Whether nothing but failed starts is known: a pid file that is found after them is of the run before."""
    return bool(lines) and all(event.kind == "refused" for event in lines)


def last_sign(timeline: Timeline, before: int) -> int:
    """UTC microseconds of the last line before a moment that any log of the host has, access logs included.

    What is only written at a start is of the next server, or of an attempt to start one. Of a message that is said all
    day many lines are one moment, which may go on beyond it.
    """
    moments = (
        series.moments[place - 1]
        for series in timeline.series.values()
        if series.meaning.phase != "start"
        and (place := bisect_left(series.moments, before, key=lambda moment: moment.time))
    )
    times = [moment.last if moment.last < before else moment.time for moment in moments]
    if (last := timeline.signs.last_before(before)) is not None:
        times.append(last)
    times += [last for counts in _traces(timeline) if (last := counts.last(before)) is not None]
    return max(times, default=before)


def _traces(timeline: Timeline) -> list[Counts]:
    """What requests left behind, in any log."""
    return [timeline.served, *(traffic.all for traffic in timeline.traffic.values())]
