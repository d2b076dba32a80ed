"""Who was hit and who was not: the virtual hosts, paths and clients of the access log.

A tally counts the requests of each key over the whole log, not by time. What is said here follows from that all the
same: of a key's failures at least as many lie within the incident as exceed all failures outside of it, and a key
without any failure was not hit.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, Literal

from logsleuth.report.compose.summary import are_refused
from logsleuth.report.words import joined, plural
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.incidents.model import Incident
    from logsleuth.lives.requests import Requests, Seen
    from logsleuth.timeline.model import Asked, AskedBy, Traffic

NAMED: Final = 3
LONGEST_KEY: Final = 60
"""Characters of a path or host that are shown: a client chose them."""
MOSTLY: Final = 0.9
"""Share of the failures that one client must have met to be named for it."""
LEAST_OF_ONE: Final = 5
"""Failures from which on it is worth a sentence that one client met nearly all of them."""
CLEARLY: Final = 4.0
"""Failures expected of a key, had it been hit like the rest, from which on having none is no chance (e^-4 is 2 %)."""


@dataclass(frozen=True, slots=True)
class _Harm:
    """How requests were failed in an incident, and how many others were failed likewise outside of it."""

    kind: Literal["failed", "refused"]
    within: int
    outside: int
    requests: int
    """Requests of the incident, failed or not."""

    def of(self, asked: Asked) -> int:
        """How many requests of a key were answered so, in the whole log."""
        return asked.failed if self.kind == "failed" else asked.refused

    def at_least(self, asked: Asked) -> int:
        """Those of them that must lie within the incident."""
        return max(self.of(asked) - self.outside, 0)


def whom(incident: Incident, requests: Requests) -> tuple[str, ...]:
    """Sentences: which virtual hosts and paths were hit, which were not, and how many clients. Log text is in them."""
    seen = incident.requests
    return whom_of(seen, requests.logs[seen.log]) if seen is not None else ()


def whom_of(seen: Seen, traffic: Traffic) -> tuple[str, ...]:
    """The same of the requests of one incident and the access log that counts them."""
    harm = _harm(seen, traffic)
    if harm.within <= harm.outside:
        return ()  # most of it lies elsewhere in the log: nothing follows for the incident
    if harm.within == harm.requests:  # everybody was hit, whatever they asked for
        return tuple(_clients(traffic.by_client, harm))
    hosts = _keys("Virtual hosts", traffic.by_vhost, harm, traffic.all.total)
    paths = _keys("Paths", traffic.by_path, harm, traffic.all.total)
    return (*hosts, *paths, *_clients(traffic.by_client, harm))


def most_hit_path(incident: Incident, requests: Requests) -> str:
    """The path of which most requests were hit, as far as that is known to be within the incident; empty: none is."""
    seen = incident.requests
    if seen is None:
        return ""
    traffic = requests.logs[seen.log]
    harm = _harm(seen, traffic)
    hit = [one for one in traffic.by_path.kept if harm.at_least(one)] if harm.within > harm.outside else []
    return _shown(max(hit, key=harm.at_least).key) if hit else ""


def _harm(seen: Seen, traffic: Traffic) -> _Harm:
    if are_refused(seen):
        return _Harm("refused", seen.refused, traffic.refused.total - seen.refused, seen.seen)
    return _Harm("failed", seen.failed, traffic.failed.total - seen.failed, seen.seen)


def _keys(what: str, asked_by: AskedBy, harm: _Harm, requests: int) -> Iterable[str]:
    """Which virtual hosts or paths were hit, and which were spared."""
    if asked_by.distinct < 2:
        return
    hit = sorted((one for one in asked_by.kept if harm.at_least(one)), key=lambda one: (-harm.at_least(one), one.key))
    if hit:
        yield f"{what} hit: {_named(_counted(hit[:NAMED], harm), len(hit), asked_by)}."
    share = harm.within / max(requests, 1)
    spared = [one for one in asked_by.kept if not harm.of(one) and one.requests * share >= CLEARLY]
    if hit and spared:
        spared.sort(key=lambda one: (-one.requests, one.key))
        names = _named([_shown(one.key) for one in spared[:NAMED]], len(spared), asked_by)
        count = plural(sum(one.requests for one in spared), "request")
        yield f"{what} not hit: {names} ({count} in the whole log, none {harm.kind})."


def _counted(hit: list[Asked], harm: _Harm) -> list[str]:
    """Each key with its requests: the first says of which kind they are."""
    least = "at least " if harm.outside else ""
    first, *others = hit
    counted = plural(harm.at_least(first), "request")
    return [
        f"{_shown(first.key)} ({least}{counted} {harm.kind})",
        *(f"{_shown(one.key)} ({least}{harm.at_least(one):,})" for one in others),
    ]


def _clients(clients: AskedBy, harm: _Harm) -> Iterable[str]:
    """How many clients were hit; and the one, if it was nearly alone."""
    hit = [one for one in clients.kept if harm.of(one)]
    if clients.distinct < 2 or not hit:
        return
    most = max(hit, key=harm.of)
    if harm.at_least(most) >= MOSTLY * harm.within and harm.within >= LEAST_OF_ONE:
        met = harm.at_least(most)
        these = f"All {met:,} of these requests" if met == harm.within else f"Nearly all of these requests ({met:,})"
        yield f"{these} came from one client, {_shown(most.key)}."
    elif len(hit) <= 2 * harm.outside:
        return  # of too many it is not known whether they were hit within the incident
    elif clients.is_complete:
        least = "at least " if harm.outside else ""
        yield f"Clients hit: {least}{len(hit) - harm.outside:,} of the {clients.distinct:,} in the access log."
    else:
        share = math.floor(100 * len(hit) / len(clients.kept))
        yield f"Clients hit: about {max(share, 1)} % of some {clients.distinct:,} in the access log."


def _named(names: list[str], of_all: int, asked_by: AskedBy) -> str:
    """The first of them, and how many more there are, where all are known."""
    more = of_all - len(names)
    others = f"{more:,} more" if asked_by.is_complete else "others"
    return joined([*names, *([others] if more else [])])


def _shown(key: str) -> str:
    """'/' is the front page alone, not all that lies below it."""
    cut = key if len(key) <= LONGEST_KEY else f"{key[: LONGEST_KEY - 1]}…"
    return "/ itself" if cut == "/" else cut
