"""Whom it hurt, and how much: requests where an access log counts them, lines where none does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.lives.requests import longest_gap
from logsleuth.report.model import ReportRequests
from logsleuth.report.words import clock, duration, plural
from logsleuth.units import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.causes.model import Diagnosis
    from logsleuth.incidents.model import Incident
    from logsleuth.lives.live import Lives
    from logsleuth.report.compose.exhibits import Exhibits

SERIES_SHOWN = 4
GAP_SHARE = 0.2
"""Share of an incident's time without any answer that is worth a sentence."""
LEAST_GAP = 5 * SECOND
FEWER = 0.5
"""Share of the requests of the time before, below which answers are missing."""


def requests_of(incident: Incident, exhibits: Exhibits) -> ReportRequests | None:
    """The requests of an incident, as its access log counts them; None: no log does."""
    seen = incident.requests
    if seen is None:
        return None
    return ReportRequests(seen.failed, seen.seen, exhibits.logs[seen.log].path)


def impact(diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits) -> tuple[str, ...]:
    """Sentences on the harm, the most telling first."""
    return (*_requests(diagnosis, lives, exhibits), *_duration(diagnosis.incident), *_lines(diagnosis.incident))


def _requests(diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits) -> Iterable[str]:
    incident, seen = diagnosis.incident, diagnosis.incident.requests
    if seen is None:
        yield "No access log was given, so that failed requests are not counted, only lines."
        return
    path = exhibits.logs[seen.log].path
    yield (
        f"{path}: {seen.failed:,} of {plural(seen.seen, 'request')} were answered with a server error"
        f"{f', {seen.refused:,} with a client error' if seen.refused else ''}."
    )
    yield from _before(incident, lives)
    yield from _gap(incident, lives, exhibits)


def _before(incident: Incident, lives: Lives) -> Iterable[str]:
    """How it was before, for as long."""
    length = max(incident.over - incident.onset, SECOND)
    before = lives.requests.seen(incident.onset - length, incident.onset - SECOND)
    if before is None or not before.seen or incident.requests is None:
        return
    yield f"In the {duration(length / SECOND)} before, {before.failed:,} of {before.seen:,} failed."
    if incident.requests.seen < FEWER * before.seen:
        yield "An answer that is never given is not logged: so much less traffic is damage, too."


def _gap(incident: Incident, lives: Lives, exhibits: Exhibits) -> Iterable[str]:
    """A stretch in which nothing was answered: an access log has no line for a request that never ends."""
    counted = lives.requests.counted
    gap = longest_gap(lives.requests.logs[counted].all, incident.onset, incident.over) if counted is not None else None
    if gap is None or gap[1] - gap[0] < max(LEAST_GAP, GAP_SHARE * (incident.over - incident.onset)):
        return
    tz = exhibits.clock.tz
    yield f"No request at all was logged from {clock(gap[0], tz)} to {clock(gap[1], tz)}."


def _duration(incident: Incident) -> Iterable[str]:
    if incident.recovery is not None:
        yield f"It lasted {duration(incident.seconds)}."
    else:
        yield f"It was going on when the log ended, after {duration(incident.seconds)} or more."
    if incident.period is not None:
        yield f"It came back every {duration(incident.period)}."


def _lines(incident: Incident) -> Iterable[str]:
    for signal in sorted(incident.signals, key=lambda one: -one.count)[:SERIES_SHOWN]:
        yield f"{signal.title.rstrip('.')}: {plural(signal.count, 'line')}."
