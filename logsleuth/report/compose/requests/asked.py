"""The requests of an outage's own time, read once more from an access log that can be read twice.

A tally counts paths over the whole log, by their first segment, and in a long log by more than a second: how many
requests were hit between two moments, what was asked for, and which pages of a site failed while others did not, only
the lines of that time say. What is counted here is of users: monitors, balancers and scanners are set aside.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from logsleuth.regexes import regex
from logsleuth.report.compose.requests.around import read_around
from logsleuth.report.compose.requests.earlier import read_before
from logsleuth.report.compose.requests.fates import FILE, fates_of, in_window, status_of
from logsleuth.report.compose.requests.folders import told_apart
from logsleuth.report.compose.requests.hanging import Hung, hung_among
from logsleuth.report.compose.requests.newcomers import Newcomers, newcomers
from logsleuth.report.compose.requests.proxy_ends import ends_by_haproxy
from logsleuth.report.compose.requests.sampled import Fuller, fuller_than
from logsleuth.report.compose.requests.yardstick import HIT, USUAL, kind_of, methods_apart, whole_from
from logsleuth.signals.humps import usual_lengths
from logsleuth.signals.slow import TimedOut, exactly, timed_out
from logsleuth.timeline.model import Asked, AskedBy
from logsleuth.units import MINUTE
from logsleuth.values import dataclass, field, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from logsleuth.lives.requests import Requests, Seen
    from logsleuth.report.compose.log.again import AskedAgain
    from logsleuth.report.compose.requests.earlier import Before
    from logsleuth.report.compose.requests.fates import Fates
    from logsleuth.report.compose.requests.yardstick import Kind, Whole
    from logsleuth.report.compose.story.exhibits import Exhibits

MOSTLY, HARDLY = 0.9, 0.1
"""Shares of requests that fail, by which sites differ."""
LEAST_OF_SITE: Final = 5
"""Requests from which on the share of a site's that failed is more than chance."""
REFERER: Final = regex(r"https?://([A-Za-z0-9.-]{1,253})(?=[:/]|\Z)")
LEAST_AGENTS: Final = 5
"""User agents of one address that show many clients behind it: one client has a few at most."""
MOST_SHARED: Final = 0.5
"""Share of the requests that come from such addresses, where counts of addresses are none of clients."""
NO_LOGIN: Final = 401
"""The status of a request that needs a user name, and has none that is let in."""


@dataclass(frozen=True, slots=True)
class Silent:
    """Connections that timed out before they asked for anything (408)."""

    connections: int
    clients: int
    of_regulars: int
    """Clients of these that made requests, too, in that time or around it."""
    took: tuple[int, ...]
    """Microseconds: the median, or those of two kinds; none: the log does not say."""


@dataclass(frozen=True, slots=True)
class AskedThen:
    """What users asked for while an outage lasted."""

    seen: Seen
    """The same that the tally counts, counted exactly: from the first request that was hit on, users' only, and what
    failed by the statuses that were the outage."""
    paths: AskedBy
    """By the shortest part of the path that tells pages that failed from those that did not."""
    clients: AskedBy
    vhosts: AskedBy
    """By virtual host; where the log names none, by the site whose page led to it, if only some sites failed."""
    statuses: frozenset[int] = frozenset()
    """Those that were the outage's failure."""
    asked_who: int = 0
    """Further requests, in none of these: they were only asked for a user name, which is no failure."""
    logins: tuple[int, int] | None = None
    """(failed, all) where each request of a user begins with such a prompt, and the answer to it was refused."""
    folders: frozenset[str] = frozenset()
    """Paths below which further ones were asked for."""
    not_served: frozenset[str] = frozenset()
    """Paths and sites that were not hit, and not well: most requests for them got another error, or some failed as
    they do at other times."""
    as_usual: int = 0
    """Of the requests in these, those that failed for pages that fail as often at other times: they were not hit."""
    always: int = 0
    """Further requests, in none of these: for pages that fail before and after the outage as well."""
    of_everybody: tuple[int, int] = (0, 0)
    """(answered with a status of 500 or more, all requests): with those of monitors and scanners."""
    by_monitors: int = 0
    """Further requests, in none of these: of monitors, and of balancers that check on httpd."""
    by_jobs: int = 0
    """Further requests, in none of these: of this host's own jobs, and of httpd itself."""
    by_scanners: int = 0
    """Further requests, in none of these: of clients that ask for what is never there."""
    before: Before | None = None
    """None: too much was asked for to be read again."""
    whole: Whole | None = None
    """From when on every request failed."""
    methods_of: Mapping[str, tuple[tuple[str, int, int], ...]] = field(default_factory=dict)
    """By path, of those that were hit by some methods only: (method, hit, requests)."""
    named_users: bool = False
    """Nearly all requests that failed had a user name."""
    only_askers: bool = False
    """Whoever asked for one of the pages that failed was hit, and nobody else."""
    are_shared: bool = False
    """Most requests came from addresses that many clients share: those of proxies, or of NAT."""
    timed_out: TimedOut | None = None
    """Of those that failed, the ones that a timeout ended; None: they took different times, or it is not known."""
    newcomers: Newcomers | None = None
    """The requests of a form that came up with the outage and makes most of it; None: nothing did."""
    silent: Silent | None = None
    """Connections besides on which no request came; None: there were none."""
    fuller: Fuller | None = None
    """Another log that has far more of what was served: a share of these requests says nothing. None: there is none."""
    hung: Hung | None = None
    """Those that hung; None: none did, or the log does not show it."""
    ends: str = ""
    """What the codes of a proxy's log say of those that failed, in a sentence; empty: the log has none."""
    by_referer: bool = False
    """Sites are told apart by the page that led to a request: those of the others are not counted for any."""

    @property
    def hits_users(self) -> bool:
        """Whether more of them were hit than happens at all times; where requests failed, whether there are any."""
        kind = kind_of(self.seen)
        return self.seen.seen > 0 if kind == "failed" else getattr(self.seen, kind) > self.always

    @property
    def aside(self) -> int:
        """All further requests that are in none of these."""
        return self.by_monitors + self.by_jobs + self.by_scanners + self.always + self.asked_who


def asked_then(
    seen: Seen, onset: int, requests: Requests, exhibits: Exhibits, lines: int = 0, *, set_off: bool = False
) -> AskedThen | None:
    """The requests that `seen` counts; None: the log cannot be read again, or is not what was counted.

    `onset`: UTC microseconds of the first sign of the outage, which may come before the first request that failed;
    `lines`: of the error log that report its failures; `set_off`: requests did it that have a form in common.
    """
    read = read_around(seen, requests, exhibits)
    if read is None:
        return None
    fates = fates_of(seen, onset, read, lines)
    before = read_before(fates, read)
    found = fates.found
    hit = [one for one in found if fates.was_hit(one)]
    by_referer = not any(one.request.vhost for one in found)
    site_of = _by_referer(fates) if by_referer else {id(one): one.request.vhost for one in found}
    sites = [(site_of.get(id(one), ""), fates.fate(one)) for one in found]
    hit_sites = {site for site, fate in sites if fate == HIT}
    # another site's pages may be called alike
    there = [one for one, (site, _) in zip(found, sites, strict=True) if site in hit_sites]
    told = told_apart(Counter((one.path, fates.fate(one)) for one in there if one.path))
    return AskedThen(
        seen=_exactly(seen, fates, before),
        paths=_by(told.elements(), fates.kind),
        clients=_by(((one.request.client, fates.fate(one)) for one in found if one.request.client), fates.kind),
        vhosts=_by(((site, fate) for site, fate in sites if site), fates.kind),
        statuses=fates.statuses,
        asked_who=len(fates.of_users) - len(fates.asked),
        logins=_logins(fates),
        folders=_folders(told, found),
        not_served=_not_served(told) | _not_served(Counter(sites)),
        as_usual=sum(fate == USUAL for _, fate in sites),
        always=sum(one.path in fates.always and one.request.client not in fates.scanners for one in fates.asked),
        of_everybody=(sum(one.level == "error" for one in fates.within), len(fates.within)),
        by_monitors=sum(fates.others.get(id(one)) == "monitor" for one in fates.within),
        by_jobs=sum(fates.others.get(id(one)) == "job" for one in fates.within),
        by_scanners=sum(one.request.client in fates.scanners for one in fates.asked),
        before=before,
        whole=whole_from([(one.time, fates.was_hit(one)) for one in found], fates.begin, fates.end),
        methods_of=_methods(fates),
        named_users=_have_names(hit),
        only_askers=_only_askers(found, hit),
        timed_out=timed_out([one.took for one in hit if one.took is not None]),
        are_shared=_are_shared(found),
        newcomers=_newcomers(fates, hit, onset) if set_off else None,
        silent=_silent(seen, fates, requests, exhibits),
        fuller=fuller_than(seen, len(found), requests, exhibits),
        hung=hung_among(fates.within, [*read.before, *read.after], fates.hit, set(map(id, found))),
        ends=ends_by_haproxy(one.line.text for one in hit if one.usual),
        by_referer=by_referer,
    )


def _newcomers(fates: Fates, hit: Iterable[AskedAgain], onset: int) -> Newcomers | None:
    """The requests of a form that came up with the outage."""
    every = [*fates.before, *fates.found, *fates.after]
    return newcomers(every, fates.found, set(map(id, hit)), onset, fates.end)


def _only_askers(found: Sequence[AskedAgain], hit: Sequence[AskedAgain]) -> bool:
    """Whether the clients that were hit are all those that asked for a page that failed, though it did not always."""
    pages = {one.path for one in hit}
    clients = {one.request.client for one in hit}
    asked = [one for one in found if one.path in pages]
    # where each of these requests failed, it goes without saying
    return bool(clients) and len(asked) > len(hit) and clients == {one.request.client for one in asked}


def _are_shared(found: Sequence[AskedAgain]) -> bool:
    """Whether most requests came from addresses with as many user agents as one client does not have."""
    agents: dict[str, set[str]] = {}
    for one in found:
        agents.setdefault(one.request.client, set()).add(one.agent)
    shared = {client for client, names in agents.items() if client and len(names) >= LEAST_AGENTS}
    return sum(one.request.client in shared for one in found) > MOST_SHARED * len(found)


def _silent(seen: Seen, fates: Fates, requests: Requests, exhibits: Exhibits) -> Silent | None:
    """The connections of an outage's time on which no request came."""
    numbers = sorted(requests.parts_of(seen.log))
    read = exhibits.connections(numbers, fates.begin, fates.end)
    found = [one for one in in_window(read, seen, fates.begin) if not one.request.asks]
    clients = {one.request.client for one in found}
    regulars = {one.request.client for one in (*fates.asked, *fates.before, *fates.after)}
    took = [one.took for one in found if one.took is not None]
    return Silent(len(found), len(clients), len(clients & regulars), usual_lengths(took)) if found else None


def _exactly(seen: Seen, fates: Fates, before: Before | None) -> Seen:
    """The same as `seen`, of these requests."""
    kind, found = fates.kind, fates.found
    hit = sum(map(fates.was_hit, found))
    of_level = Counter(one.level for one in found)
    hosts = Counter(one.request.vhost for one in found)
    usual = before.usual_among(hosts) if before is not None else None
    exact = replace(
        seen,
        failed=hit if kind == "failed" else of_level["error"],
        refused=hit if kind == "refused" else of_level["warn"],
        redirected=hit if kind == "redirected" else of_level["notice"],
        seen=len(found),
        peak=_peak(fates) if kind == "failed" else seen.peak,
        stretches=((fates.begin, max(seen.stretches[0][1], fates.begin)), *seen.stretches[1:]),
        usual=usual if kind == "failed" and usual is not None else seen.usual,
        usual_refused=usual if kind == "refused" and usual is not None else seen.usual_refused,
        usual_redirected=usual if kind == "redirected" and usual is not None else seen.usual_redirected,
        late=None if seen.late is None else exactly(seen.late, [one.took for one in found if one.took is not None]),
        error_size=fates.error_size,
    )
    return exact if kind_of(exact) == kind else replace(exact, turned_away=kind == "refused")


def _peak(fates: Fates) -> tuple[int, int, int] | None:
    """(UTC microseconds, hit, requests) of the minute with most that were hit; None: none was, or several alike."""
    hit = Counter(one.time // MINUTE for one in fates.found if fates.was_hit(one))
    if not hit:
        return None
    minute, most = max(hit.items(), key=lambda item: (item[1], -item[0]))
    if sum(count == most for count in hit.values()) > 1:
        return None  # none was the worst
    return minute * MINUTE, most, sum(one.time // MINUTE == minute for one in fates.found)


def _not_served(told: Mapping[tuple[str, str], int]) -> frozenset[str]:
    """`told`: requests by path, or site, and fate."""
    served: Counter[str] = Counter()
    for (path, fate), count in told.items():
        served[path] += count if fate in {"info", "notice"} else 0 if fate == HIT else -count
    hardly = {path for path, balance in served.items() if balance < 0}
    return frozenset(hardly | {path for path, fate in told if fate == USUAL})


def _folders(told: Iterable[tuple[str, str]], found: Iterable[AskedAgain]) -> frozenset[str]:
    """Of some paths those below which further ones were asked for."""
    longer = {one.path for one in found}
    return frozenset(path for path, _ in told if any(page.startswith(f"{path}/") for page in longer))


def _methods(fates: Fates) -> Mapping[str, tuple[tuple[str, int, int], ...]]:
    """By page, of those that were hit by some methods only."""
    counted: dict[str, dict[str, tuple[int, int]]] = {}
    for one in fates.found:
        of_page = counted.setdefault(one.path, {})
        hit, number = of_page.get(one.method, (0, 0))
        of_page[one.method] = (hit + fates.was_hit(one), number + 1)
    found = {page: methods_apart(by_method) for page, by_method in counted.items()}
    return {page: apart for page, apart in found.items() if apart}


def _have_names(hit: Sequence[AskedAgain]) -> bool:
    return bool(hit) and sum(one.names_user for one in hit) >= MOSTLY * len(hit)


def _by_referer(fates: Fates) -> Mapping[int, str]:
    """By a request's identity: the site whose page led to it, where some sites failed and the others did not.

    A site is known by its pages' own files: another's page leads to a page, not to its pictures. But only pages count:
    where each page fails, files may be served.
    """
    hosts = [(one, found[1].lower()) for one in fates.found if (found := REFERER.match(one.referer))]
    own = {host for one, host in hosts if FILE.search(one.path)}
    led = [(one, host) for one, host in hosts if host in own and not FILE.search(one.path)]
    counted: dict[str, Counter[str]] = {}
    for one, host in led:
        counted.setdefault(host, Counter())[fates.fate(one)] += 1
    shares = [by_fate[HIT] / by_fate.total() for by_fate in counted.values() if by_fate.total() >= LEAST_OF_SITE]
    are_told_apart = (
        any(share >= MOSTLY for share in shares)
        and any(share <= HARDLY for share in shares)
        and all(share >= MOSTLY or share <= HARDLY for share in shares)
    )
    return {id(one): host for one, host in led} if are_told_apart else {}


def _logins(fates: Fates) -> tuple[int, int] | None:
    """(failed, all) of the logins of an outage that consists in their failure; None: it is another's."""
    challenges = fates.challenges
    if fates.statuses != {NO_LOGIN} or not challenges.failed:
        return None
    own = [id(one) for one in fates.found]
    failed = sum(one in challenges.failed for one in own)
    hit = sum(status_of(one) == NO_LOGIN for one in fates.found)
    return (failed, failed + sum(one in challenges.done for one in own)) if failed == hit else None


def _by(asked: Iterable[tuple[str, str]], kind: Kind) -> AskedBy:
    """Requests by their key. `asked`: of each its key and its fate."""
    counted = Counter(asked)
    kept = []
    for key in sorted({key for key, _ in counted}):
        found = {fate: counted[key, fate] for fate in (HIT, USUAL, "error", "warn", "notice", "info")}
        hit = {"redirected": found["notice"]} | {kind: found[HIT]}
        kept.append(
            Asked(
                key,
                sum(found.values()),
                hit.get("refused", found["warn"] if kind == "failed" else 0),
                hit.get("failed", found["error"]),
                hit["redirected"],
            )
        )
    return AskedBy(tuple(kept), len(kept))
