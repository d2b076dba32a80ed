"""How grave an incident was: by whom it hurt, as far as the logs show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.causes.reach import NEARLY_ALL, Reach, kept_out, reach_of
from logsleuth.incidents.harm import LONGEST_COMPARED
from logsleuth.signals.model import Why
from logsleuth.signals.tuning import AROUND_US, JOIN_US, LEAST_CLIENTS, LEAST_EXPECTED, MANY, MOST

if TYPE_CHECKING:
    from logsleuth.incidents.model import Incident, Workers
    from logsleuth.library.pattern import Severity
    from logsleuth.lives.requests import Seen
    from logsleuth.signals.model import Signal

ORDER: tuple[Severity, ...] = ("critical", "major", "minor", "info")


def severity_of(incident: Incident, workers: Workers, first: Signal | None) -> Severity:
    """Critical where it was surely down, hardly answered, or failed most requests; else what requests or messages say.

    Where most of the usual requests have no line, those that have one are no measure: that is no minor matter.
    """
    found = _severity_of(incident, workers, first)
    return min(found, "major", key=ORDER.index) if incident.lacks_requests else found


def with_parts(found: Severity, hit: int, clients: int) -> Severity:
    """The same where a count by page shows that a part of the site failed as a whole, for several clients.

    `hit`: requests of that part, 0 if there is none; `clients`: who made them.
    """
    return min(found, "major", key=ORDER.index) if hit >= LEAST_EXPECTED and clients >= LEAST_CLIENTS else found


def share_failed(incident: Incident) -> float:
    """Of what would have been requested: all while it was down or hardly answered; 0 where no log counts requests."""
    if incident.was_down or incident.was_starved:
        return 1.0
    return incident.requests.share if incident.requests is not None else 0.0


def _severity_of(incident: Incident, workers: Workers, first: Signal | None) -> Severity:
    is_surely_down = incident.was_down and not _may_have_been_short(incident)
    if is_surely_down or incident.was_starved or _lost_most(workers):
        return "critical"
    own = _by_messages(incident, first)
    seen = incident.requests
    if seen is None:
        return own
    if kept := kept_out(incident, first):
        return of_kept_out(kept / (kept + seen.seen), _clients(incident), own)
    if reach_of(incident, workers, first) is Reach.DEATHS:
        return _of_deaths(seen, len(workers.lost_workers), own)
    if seen.late is not None and seen.share < MANY:
        return own  # those who waited for an answer and got it are no smaller harm than the message says
    return _of_requests(incident, seen, own) if seen.failed or seen.turned_away or seen.sent_away else own


def _may_have_been_short(incident: Incident) -> bool:
    """Whether nothing shows that anybody missed the server: a machine that is switched off at night looks so, too.

    A run that ended without a word was up at its last line and gone at the next start; in between nobody knows. For
    hours that can be compared with those around them, the silence itself shows that requests are missing.
    """
    spells = incident.spells_down
    is_bounded_only = bool(spells) and all(spell.why == "killed" for spell in spells)
    return is_bounded_only and max(spell.begin - spell.not_before for spell in spells) > LONGEST_COMPARED * AROUND_US


def _lost_most(workers: Workers) -> bool:
    return workers.pool is not None and workers.pool > 0 and len(workers.lost_workers) >= MOST * workers.pool


def _of_requests(incident: Incident, seen: Seen, own: Severity) -> Severity:
    """By the share of the requests that failed; a part of the site that fails as a whole is no minor matter."""
    if _hit_a_few_for_a_moment(incident, seen):
        return "minor"
    if seen.share >= MOST:
        return "critical"
    return "major" if seen.share >= MANY else max(own, "major" if seen.blocks_a_part else "minor", key=ORDER.index)


def _hit_a_few_for_a_moment(incident: Incident, seen: Seen) -> bool:
    """Whether it was over before anybody could have looked: a share of two or three requests says nothing."""
    return (
        incident.recovery is not None and incident.over - incident.onset < JOIN_US and 0 < seen.failed < LEAST_EXPECTED
    )


def _of_deaths(seen: Seen, dead: int, own: Severity) -> Severity:
    """What a worker was serving when it died has no line: one request at least, and the rest is not known."""
    if (seen.failed + dead) / (seen.seen + dead) >= MOST:
        return "critical"
    return max(own, "major", key=ORDER.index)


def of_kept_out(share: float, clients: int, own: Severity) -> Severity:
    """By the share of connections that failed, and of how many clients: a scanner alone makes many.

    Many clients, each of which tried but once or twice, are users who were shut out, however many others came in.
    """
    if share >= NEARLY_ALL:
        return "critical"
    return min(own, "major", key=ORDER.index) if share >= MOST or clients >= LEAST_EXPECTED else own


def _clients(incident: Incident) -> int:
    """Clients that the lines of an incident name, at least."""
    return len({moment.client for signal in incident.signals for moment in signal.moments} - {""})


def _by_messages(incident: Incident, first: Signal | None) -> Severity:
    """The gravest of what is known; of what nothing knows, numbers say that many were failed."""
    named = [s.meaning.severity for s in incident.signals if s.category and s.why is not Why.COMPANION]
    if first is not None and first.meaning.known_by != "level":
        named.append(first.meaning.severity)
    if named:
        return min(named, key=ORDER.index)
    return "minor" if all(signal.is_latched for signal in incident.signals) else "major"
