"""Which requests an outage meets: all of them, those of a path, or some that are never read.

How grave it was and what would have noticed it follow from this, and are not guessed from the requests that got in.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from logsleuth.library.category import category_of
from logsleuth.signals.tuning import MOST

if TYPE_CHECKING:
    from logsleuth.incidents.model import Incident, Workers
    from logsleuth.lives.requests import Seen
    from logsleuth.signals.model import Signal

NEARLY_ALL = 0.9
"""Share of the requests that fail from which on a page that is requested twice fails twice."""


class Reach(StrEnum):
    """What a request has to be to meet an outage."""

    DOWN = "the server is not up"
    HANDSHAKE = "clients leave before they ask for anything, and the access log has no line of it"
    WAITING = "all workers are busy, and whatever is asked for waits"
    ALL = "nearly every request fails"
    DEATHS = "what a worker was serving when it died; another takes its place"
    WORKERS = "what a worker answers that lives on without serving"
    SOME = "some requests fail, as an access log counts them"
    UNSEEN = "an access log counts the requests, and none failed"
    UNKNOWN = "no log counts the requests"


def reach_of(incident: Incident, workers: Workers, first: Signal | None) -> Reach:
    """Which requests an outage met; the first answer that fits. `first`: its likeliest cause."""
    if incident.was_down:
        return Reach.DOWN
    if kept_out(incident, first):
        return Reach.HANDSHAKE
    seen = incident.requests
    if incident.was_starved or (_is_full(incident) and not _are_answered(incident)):
        return Reach.WAITING
    if seen is not None and seen.share >= NEARLY_ALL:
        return Reach.ALL
    return _by_workers(workers, first) or _by_requests(seen)


def _are_answered(incident: Incident) -> bool:
    """Whether the access log shows the harm though httpd is full: requests fail or are refused, and none is missing."""
    seen = incident.requests
    if seen is None or not (seen.failed or seen.turned_away):
        return False
    return seen.share < MOST or not incident.lacks_requests


def _by_workers(workers: Workers, first: Signal | None) -> Reach | None:
    """Which requests meet lost workers; None: none was lost, or their ends are not what failed the requests."""
    if any(worker.lives_on for worker in workers.lost_workers):
        return Reach.WORKERS
    by_ends = first is not None and first.meaning.worker is not None
    return Reach.DEATHS if workers.lost_workers and by_ends else None


def _by_requests(seen: Seen | None) -> Reach:
    """What the access log shows where some requests fail at most."""
    if seen is None:
        return Reach.UNKNOWN
    return Reach.SOME if seen.failed or seen.refused else Reach.UNSEEN


def _is_full(incident: Incident) -> bool:
    """Whether httpd reached its own limit on workers."""
    return any(signal.meaning.role == "capacity" and signal.meaning.about == "server" for signal in incident.signals)


def kept_out(incident: Incident, first: Signal | None) -> int:
    """Requests that were never made because this cause came before them; 0: it does not keep any out.

    Each failed handshake of a client writes a line of its own, and may write a second one that names its reason.
    """
    if first is None or not _comes_before_requests(first) or _is_with_a_backend(incident, first):
        return 0
    return max(signal.count for signal in (first, *incident.signals) if _comes_before_requests(signal))


def _comes_before_requests(signal: Signal) -> bool:
    """Whether it breaks clients' connections off before they ask for anything.

    httpd's own to a backend come later, and so does what is refused because of a handshake that went well (421).
    """
    meaning = signal.meaning
    return category_of(signal.category).before_requests and meaning.about == "client" and not meaning.refuses_requests


def _is_with_a_backend(incident: Incident, first: Signal) -> bool:
    """Whether the handshakes are httpd's own: as many lines are about a backend; mod_ssl has one text for both."""
    return any(
        signal.meaning.about == "backend" and category_of(signal.category).before_requests
        for signal in incident.signals
        if signal.count >= MOST * first.count
    )
