"""Slow clients that hold a full pool: requests that were never finished, of a few clients, for as long as they may.

httpd answers such a request with 408 (or 400, where its headers end half-way) when the client has taken too long, and
its worker waits until then (mod_reqtimeout, Timeout). One is a phone in a tunnel; where they have held most of the
workers' time, they are the reason.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from logsleuth.causes.model import Reason
from logsleuth.library.category import LIMIT, category_of
from logsleuth.report.compose.findings.sought import MOST_READ
from logsleuth.report.compose.findings.surge import requests_of
from logsleuth.report.words import clock, joined
from logsleuth.signals.humps import usual_lengths
from logsleuth.signals.tuning import ALMOST_ALL, AROUND_US, CROWD, LEAST_EXPECTED, MOST, SOON_US
from logsleuth.units import SECOND, duration
from logsleuth.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.causes.model import Diagnosis
    from logsleuth.lives.live import Lives
    from logsleuth.report.compose.log.again import AskedAgain
    from logsleuth.report.compose.story.exhibits import Exhibits

NEVER_FINISHED: Final = "408"
BROKEN_OFF: Final = "400"
"""What a client gets as well that sends half a request."""
SAMPLED: Final = 1000
"""Lines by which it is inferred how long requests took."""
NAMED: Final = 5
"""Clients that are named."""
FIX: Final = (
    "Block these clients at the firewall, and give RequestReadTimeout (mod_reqtimeout) shorter limits, such as "
    "header=10-20,MinRate=500. More workers only last a little longer."
)


class Held(NamedTuple):
    """A request that took a worker's time."""

    client: str
    begin: int
    """UTC microseconds."""
    took: int
    """Microseconds."""
    status: str


class Slow(NamedTuple):
    """What slow clients held."""

    clients: list[str]
    """Who held most of it, the most persistent first."""
    requests: list[Held]
    """Theirs that were never finished, in order of time."""
    at_once: int
    """The most of these that were open at the same time."""


def of_slow_clients(diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits) -> Reason | None:
    """The slow clients that filled the pool of an incident; None: its workers did something else."""
    seen, incident = diagnosis.incident.requests, diagnosis.incident
    if seen is None or category_of(diagnosis.category).group != LIMIT:
        return None
    # the lines of requests that took long stand among those of later ones
    asked = requests_of(seen.log, incident.onset - AROUND_US, incident.over + SOON_US, lives, exhibits)
    if len(asked) > MOST_READ:
        return None
    by_time = {(one.client, one.time): one for one in reversed(asked)}
    lines = sorted((one.line for one in asked), key=lambda one: (one.log, one.line.offset))
    held = [
        Held(one.request.client, one.time, took, one.status)
        for one, took in zip(lines, _durations(lines), strict=True)
        if took is not None
    ]
    found = slow_clients(held, incident.onset, incident.over)
    if found is None:
        return None
    line = by_time[found.requests[0].client, found.requests[0].begin].line
    sighting = exhibits.again.sighting(line.log, line.line, line.local, exhibits.tally)
    return Reason(
        found.requests[0].begin, _said(found, exhibits), (sighting,), "high", FIX, title="Slow clients hold the workers"
    )


def _durations(lines: Sequence[AskedAgain]) -> list[int | None]:
    """How long each of some requests took (microseconds), which stand in the order of their log.

    A number at the end of a line is known to be a duration by lines that stand late: those of the first requests that
    were never finished do, if no line at the beginning of the log did.
    """
    first = next((nth for nth, one in enumerate(lines) if one.status == NEVER_FINISHED), None)
    if first is None or any(one.took is not None for one in lines):
        return [one.took for one in lines]
    from logsleuth.logs.others.access.guess import layouts_of  # noqa: PLC0415 - most runs have no access log
    from logsleuth.logs.others.access.reader import access_reader  # noqa: PLC0415

    around = lines[max(first - SAMPLED // 2, 0) : first + SAMPLED // 2]
    layouts = layouts_of([one.line.text for one in around])
    read = access_reader(layouts[:1])
    records = (read(one.line.text) for one in lines)
    return [record.took if record is not None else None for record in records]


def slow_clients(asked: Sequence[Held], onset: int, over: int) -> Slow | None:
    """The few clients that held most of the workers' time of an incident with requests that they never finished."""
    open_then = [one for one in asked if one.begin <= over and one.begin + one.took >= onset]
    slow = {one.client for one in open_then if one.status == NEVER_FINISHED}
    unfinished = [one for one in open_then if one.client in slow and one.status in {NEVER_FINISHED, BROKEN_OFF}]
    if len(unfinished) < LEAST_EXPECTED or _time_of(unfinished) < MOST * _time_of(open_then):
        return None
    counts = Counter[str]()
    for one in unfinished:
        counts[one.client] += one.took
    clients = [client for client, _ in counts.most_common(int(CROWD))]
    own = sorted((one for one in unfinished if one.client in clients), key=lambda one: one.begin)
    if _time_of(own) < ALMOST_ALL * _time_of(unfinished):
        return None
    return Slow(clients, own, _most_at_once(own))


def _time_of(asked: Iterable[Held]) -> int:
    return sum(one.took for one in asked)


def _most_at_once(asked: Iterable[Held]) -> int:
    """How many requests were open at the same time for sure: their beginnings are cut to the second."""
    steps = [(time, step) for one in asked for time, step in ((one.begin + SECOND, 1), (one.begin + one.took, -1))]
    most = now = 0
    for _, step in sorted(steps):
        now += step
        most = max(most, now)
    return most


def _said(found: Slow, exhibits: Exhibits) -> str:
    shown = found.clients[:NAMED]
    rest = len(found.clients) - len(shown)
    who = joined([*shown, *([f"{rest} more"] if rest else [])])
    many = "one client" if len(found.clients) == 1 else f"{len(found.clients)} clients"
    statuses = Counter(one.status for one in found.requests)
    unfinished = [one.took for one in found.requests if one.status == NEVER_FINISHED]
    usual = " or ".join(duration(took / SECOND) for took in usual_lengths(unfinished))
    other = f", {statuses[BROKEN_OFF]:,} with 400" if statuses[BROKEN_OFF] else ""
    return (
        f"From {clock(found.requests[0].begin, exhibits.clock.tz)} on {many} ({who}) held up to {found.at_once:,} "
        f"workers at a time with requests that they never finished: {statuses[NEVER_FINISHED]:,} ended with 408 after "
        f"{usual}{other}. That is how a slow-client attack (Slowloris) looks"
    )
