"""Who was hit and who was not: the virtual hosts, paths and clients of the access log.

Where the log can be read again, they are those of the incident's time. Else there is the tally, which counts the
requests of each key over the whole log, not by time. What is said then follows from that all the same: of a key's
failures at least as many lie within the incident as exceed all failures outside of it, and a key without any failure
was not hit.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from logsleuth.regexes import regex
from logsleuth.report.compose.requests.yardstick import kind_of
from logsleuth.report.compose.story.scope import hit_of, shown
from logsleuth.report.words import joined, plural
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from logsleuth.lives.requests import Requests, Seen
    from logsleuth.report.compose.requests.asked import AskedThen
    from logsleuth.report.compose.requests.yardstick import Kind
    from logsleuth.timeline.model import Asked, AskedBy, Traffic

NAMED: Final = 3
MOSTLY: Final = 0.9
"""Share of the failures that one client must have met to be named for it."""
LEAST_SHARE: Final = 0.1
"""Part of an outage's failures from which on a page's are more than what always fails."""
BY_REFERER: Final = ", by the page that led to another one"
SHARED: Final = "How many clients were hit is not known: the addresses are those of proxies or NAT, shared by many."
OF_A_LOG: Final = regex(r"[._-]?(?:ssl[._-])?access(?:[._-]?log)?(?![A-Za-z]).*|\.log(?![A-Za-z]).*")
"""What is added to a site's name to make that of its access log."""
SITE_IN_NAME: Final = regex(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,24}(?![A-Za-z0-9.-])")
"""A host with its domain, in the name of a log."""
LEAST_OF_ONE: Final = 5
"""Failures from which on it is worth a sentence that one client met nearly all of them."""
CLEARLY: Final = 4.0
"""Failures expected of a key, had it been hit like the rest, from which on having none is no chance (e^-4 is 2 %)."""


@dataclass(frozen=True, slots=True)
class _Harm:
    """How requests were failed in an incident, and how many others were failed likewise outside of it."""

    kind: Kind
    within: int
    outside: int
    requests: int
    """Requests of the incident, failed or not."""
    is_exact: bool = False
    """Keys are counted within the incident alone."""
    statuses: frozenset[int] = frozenset()
    """What those that were hit got; empty: not known."""
    is_part: bool = False
    """The log has but a part of the requests that were served."""

    def of(self, asked: Asked) -> int:
        """How many requests of a key were answered so, in the whole log."""
        return hit_of(asked, self.kind)

    def at_least(self, asked: Asked) -> int:
        """Those of them that must lie within the incident."""
        return max(self.of(asked) - self.outside, 0)


def whom(
    seen: Seen | None,
    requests: Requests,
    then: AskedThen | None,
    *,
    apart: bool = True,
) -> tuple[str, ...]:
    """Sentences: which virtual hosts and paths were hit, which were not, and how many clients. Log text is in them.

    `then`: what was asked for in the incident's own time, as far as that is known; `apart`: what did not fail was
    spared.
    """
    return whom_of(seen, requests.logs[seen.log], then, apart=apart) if seen is not None else ()


def whom_of(
    seen: Seen,
    traffic: Traffic,
    then: AskedThen | None = None,
    *,
    apart: bool = True,
) -> tuple[str, ...]:
    """The same of the requests of one incident and the access log that counts them."""
    if seen.sent_away and then is None:
        return ()  # whom redirects are for is counted over the whole log only
    harm = _harm(seen, traffic, then)
    if harm.within <= harm.outside:
        return ()  # most of it lies elsewhere in the log: nothing follows for the incident
    by_vhost, by_path, by_client = traffic.by_vhost, traffic.by_path, traffic.by_client
    if then is not None:
        by_vhost, by_path, by_client = then.vhosts, then.paths, then.clients
    only_askers = apart and then is not None and then.only_askers
    if then is not None and then.newcomers is not None:
        clients: tuple[str, ...] = (then.newcomers.said,)
    elif then is not None and then.are_shared:
        clients = (SHARED,)
    else:
        clients = () if is_behind_one(traffic) else tuple(_clients(by_client, harm, only_askers=only_askers))
    if harm.within == harm.requests:  # everybody was hit, whatever they asked for
        return clients
    total = harm.requests if harm.is_exact else traffic.all.total
    by_referer = then is not None and then.by_referer
    what = "Sites" if by_referer else "Virtual hosts"
    hosts = _keys(what, by_vhost, harm, total, then, by_referer=by_referer, apart=apart)
    paths = _keys("Paths", by_path, harm, total, then, apart=apart)
    return (*hosts, *(() if _are_whole(by_vhost, harm) else paths), *clients)


def is_behind_one(traffic: Traffic) -> bool:
    """Whether nearly all requests of a log show one address: then it is of a proxy or a bridge, and no client's."""
    most = max((one.requests for one in traffic.by_client.kept), default=0)
    return most >= MOSTLY * traffic.all.total > 0


def most_hit_path(seen: Seen | None, requests: Requests, then: AskedThen | None) -> str:
    """The path of which most requests were hit, as far as that is known to be within the incident; empty: none is."""
    if seen is None:
        return ""
    traffic = requests.logs[seen.log]
    harm = _harm(seen, traffic, then)
    by_path = traffic.by_path if then is None else then.paths
    hit = [one for one in by_path.kept if harm.at_least(one)] if harm.within > harm.outside else []
    return shown(max(hit, key=harm.at_least).key) if hit else ""


def site_hit(seen: Seen | None, requests: Requests, then: AskedThen | None, logs: Mapping[int, str]) -> str:
    """The virtual host that met nearly all of an outage, of several, or the most of those that were hit whole.

    Empty: there is none. Where each site has a log of its own, its name tells: `logs` are the paths of all access logs.
    """
    if seen is None or not seen.failed + seen.refused:
        return ""
    if len(logs) > 1 and (named := SITE_IN_NAME.search(OF_A_LOG.sub("", PurePath(logs[seen.log]).name))):
        return named[0]
    if then is None or then.vhosts.distinct < 2:
        return ""
    harm = _harm(seen, requests.logs[seen.log], then)
    hit = max(then.vhosts.kept, key=harm.of, default=None)
    if hit is None or not harm.of(hit):
        return ""
    # where the page tells that led to a request, of some that failed it is not known for which site they were
    within = sum(map(harm.of, then.vhosts.kept)) if then.by_referer else harm.within
    is_all_of_it = harm.of(hit) >= MOSTLY * within
    return hit.key if is_all_of_it or _are_whole(then.vhosts, harm) else ""


def _harm(seen: Seen, traffic: Traffic, then: AskedThen | None) -> _Harm:
    kind = kind_of(seen)
    within, in_all = {
        "failed": (seen.failed, traffic.failed.total),
        "refused": (seen.refused, traffic.refused.total),
        "redirected": (seen.redirected, traffic.redirected.total),
    }[kind]
    if then is not None:
        return _Harm(kind, within, 0, seen.seen, is_exact=True, statuses=then.statuses, is_part=then.fuller is not None)
    return _Harm(kind, within, in_all - within, seen.seen)


def _keys(
    what: str,
    asked_by: AskedBy,
    harm: _Harm,
    requests: int,
    then: AskedThen | None,
    *,
    by_referer: bool = False,
    apart: bool,
) -> Iterable[str]:
    """Which virtual hosts or paths were hit, and which were spared.

    `then`: what is known of the incident's own time; `by_referer`: they are told apart by the page that led there.
    """
    if asked_by.distinct < 2:
        return
    share = harm.within / max(requests, 1)
    hit = _hit(asked_by, harm, share)
    if not hit:
        return
    counted = _counted(hit[:NAMED], harm, then.methods_of if then is not None else {})
    is_all = asked_by.is_complete and len(hit) == asked_by.distinct > NAMED
    named = f"all {len(hit):,}, most of all {joined(counted)}" if is_all else _named(counted, len(hit), asked_by)
    yield f"{what} hit{BY_REFERER if by_referer else ''}: {named}."
    spared = [one for one in asked_by.kept if apart and _is_spared(one, harm, share, then)]
    if spared:
        spared.sort(key=lambda one: (-one.requests, one.key))
        names = _named([shown(one.key) for one in spared[:NAMED]], len(spared), asked_by)
        count = plural(sum(one.requests for one in spared), "request")
        where = "" if harm.is_exact else " in the whole log"
        became = f"got {min(harm.statuses)}" if harm.kind != "failed" and len(harm.statuses) == 1 else harm.kind
        yield f"{what} not hit: {names} ({count}{where}, none {became})."


def _hit(asked_by: AskedBy, harm: _Harm, share: float) -> list[Asked]:
    """Those that were hit, not only now and then where others were as a rule; most of all first.

    Of what is refused, a little is anywhere and at all times: what is not there, and what nobody may see.
    """
    least = max(LEAST_SHARE * harm.within if harm.kind == "refused" else 1, 1)
    hit = [
        one
        for one in asked_by.kept
        if harm.at_least(one) >= max(least, LEAST_SHARE * share * one.requests if harm.is_exact else 1)
    ]
    return sorted(hit, key=lambda one: (-harm.at_least(one) * min(harm.at_least(one) / one.requests, 1.0), one.key))


def _is_spared(one: Asked, harm: _Harm, share: float, then: AskedThen | None) -> bool:
    """Whether none of its requests was hit, of so many that this is no chance. `share`: of all requests, those hit."""
    if harm.of(one) or one.failed or (then is not None and one.key in then.not_served):
        return False
    return (one.requests - one.refused) * share >= CLEARLY


def _are_whole(by_vhost: AskedBy, harm: _Harm) -> bool:
    """Whether some sites were hit whole, and the others not at all: then which of their pages says nothing more."""
    hit = [one for one in by_vhost.kept if harm.of(one)]
    return harm.is_exact and 0 < len(hit) < by_vhost.distinct and all(harm.of(one) == one.requests for one in hit)


def _counted(hit: list[Asked], harm: _Harm, methods: Mapping[str, Sequence[tuple[str, int, int]]]) -> list[str]:
    """Each key with its requests: the first says of which kind they are."""
    least = "at least " if harm.outside else ""
    first, *others = hit
    if harm.is_exact:
        return [
            f"{shown(one.key)} ({_of_requests(one, harm, methods.get(one.key, ()), is_first=one is first)})"
            for one in hit
        ]
    counted = plural(harm.at_least(first), "request")
    return [
        f"{shown(first.key)} ({least}{counted} {harm.kind})",
        *(f"{shown(one.key)} ({least}{harm.at_least(one):,})" for one in others),
    ]


def _of_requests(one: Asked, harm: _Harm, methods: Sequence[tuple[str, int, int]], *, is_first: bool) -> str:
    """How many of its requests were hit; by method, where that decides."""
    if harm.is_part:
        return f"{plural(harm.of(one), 'request')} {harm.kind}" if is_first else f"{harm.of(one):,}"
    if methods:
        (method, hit, number), *others = methods
        of_kind = f" requests {harm.kind}" if is_first else ""
        return "; ".join((f"{method}: {hit:,} of {number:,}{of_kind}", *(f"{m}: {h:,} of {n:,}" for m, h, n in others)))
    if is_first:
        return f"{harm.of(one):,} of {plural(one.requests, 'request')} {harm.kind}"
    return f"{harm.of(one):,} of {one.requests:,}"


def _clients(clients: AskedBy, harm: _Harm, *, only_askers: bool) -> Iterable[str]:
    """How many clients were hit; and the one, if it was nearly alone. `only_askers`: all that asked for what failed."""
    hit = [one for one in clients.kept if harm.of(one)]
    if clients.distinct < 2 or not hit:
        return
    most = max(hit, key=harm.of)
    if harm.at_least(most) >= MOSTLY * harm.within and harm.within >= LEAST_OF_ONE:
        met = harm.at_least(most)
        these = f"All {met:,} of these requests" if met == harm.within else f"Nearly all of these requests ({met:,})"
        yield f"{these} came from one client, {shown(most.key)}."
    elif len(hit) <= 2 * harm.outside:
        return  # of too many it is not known whether they were hit within the incident
    elif harm.is_part:
        yield f"Clients hit: {len(hit):,}."
    elif harm.is_exact or clients.is_complete:
        if harm.is_exact and len(hit) == clients.distinct:
            yield f"All {len(hit):,} clients that made requests in that time were hit."
            return
        least = "at least " if harm.outside else ""
        where = "clients active in that time" if harm.is_exact else "clients in the access log"
        others = ": every client that requested what failed, and no other" if only_askers else ""
        yield f"Clients hit: {least}{len(hit) - harm.outside:,} of the {clients.distinct:,} {where}{others}."


def _named(names: list[str], of_all: int, asked_by: AskedBy) -> str:
    """The first of them, and how many more there are, where all are known."""
    more = of_all - len(names)
    others = f"{more:,} more" if asked_by.is_complete else "others"
    return joined([*names, *([others] if more else [])])
