"""The requests of an outage's own time, read once more from an access log that can be read twice.

A tally counts paths over the whole log, by their first segment, and in a long log by more than a second: how many
requests were hit between two moments, what was asked for, and which pages of a site failed while others did not, only
the lines of that time say. What is counted here is of users: monitors, balancers and scanners are set aside.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import field, replace
from typing import TYPE_CHECKING, Final

from logsleuth.regexes import regex
from logsleuth.report.compose.requests.bystanders import bystanders, scanners_among
from logsleuth.report.compose.requests.challenges import Challenge, Challenges, challenges_among
from logsleuth.report.compose.requests.error_pages import size_of_error_pages
from logsleuth.report.compose.requests.folders import told_apart
from logsleuth.report.compose.requests.monitors import HEALTH
from logsleuth.report.compose.requests.newcomers import Newcomers, newcomers
from logsleuth.report.compose.requests.usual import NOTHING, Share, fail_as_usual
from logsleuth.report.compose.requests.yardstick import HIT, USUAL, kind_of, methods_apart, statuses_of, whole_from
from logsleuth.signals.slow import TimedOut, exactly, timed_out
from logsleuth.timeline.model import Asked, AskedBy
from logsleuth.units import MINUTE, SECOND, median
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from logsleuth.lives.requests import Requests, Seen
    from logsleuth.report.compose.log.again import AskedAgain
    from logsleuth.report.compose.requests.yardstick import Kind, Whole
    from logsleuth.report.compose.story.exhibits import Exhibits
    from logsleuth.timeline.model import Counts

MOST: Final = 50_000
"""Requests of one outage that are read again at most: a second."""
MOST_AROUND: Final = 20_000
"""Of the time before it, and after it, each."""
MOSTLY, HARDLY = 0.9, 0.1
"""Shares of requests that fail, by which sites differ."""
LEAST: Final = 2
"""Requests for a page that show whether it failed; one may be chance."""
LEAST_OF_SITE: Final = 5
"""Requests from which on the share of a site's that failed is more than chance."""
REFERER: Final = regex(r"https?://([A-Za-z0-9.-]{1,253})(?=[:/]|\Z)")
FILE: Final = regex(r"\.(?:css|js|png|jpe?g|gif|svg|ico|webp|woff2?)\Z")
"""What a page of the same site asks for."""
LEAST_AGENTS: Final = 5
"""User agents of one address that show many clients behind it: one client has a few at most."""
MOST_SHARED: Final = 0.5
"""Share of the requests that come from such addresses, where counts of addresses are none of clients."""
READS: Final = frozenset({"GET", "HEAD"})
NOT_LOGGED_IN: Final = regex(rb' - \[[^\]"]{1,40}\] "[^"]*" 401 ')
"""A line in httpd's usual formats that names no user and has the status of a request that needs one."""
NO_LOGIN: Final = 401
"""The status of a request that needs a user name, and has none that is let in."""
FIRST_OF: Final = {"error": 500, "warn": 400, "notice": 302, "info": 200}
"""By level the first of its statuses."""
AROUND: Final = 30 * MINUTE
"""Of the time before and after an outage at least this much is read, and at least as much as it lasted itself."""


@dataclass(frozen=True, slots=True)
class Before:
    """The users' requests of a time as long just before an outage, or of as much of it as the log has."""

    hit: int
    """Those that got what the outage's got."""
    requests: int
    length: int
    """Microseconds."""


@dataclass(frozen=True, slots=True)
class Silent:
    """Connections that timed out before they asked for anything (408)."""

    connections: int
    clients: int
    of_regulars: int
    """Clients of these that made requests, too, in that time or around it."""
    took: int | None
    """Microseconds, the median; None: the log does not say."""


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


@dataclass(slots=True)
class _Around:
    """The requests of an outage's own time, and of the time before and after it, in order of time."""

    within: list[AskedAgain]
    before: list[AskedAgain]
    after: list[AskedAgain]
    since: int
    """UTC microseconds from which on those before it are all here."""
    opening: int
    """UTC microseconds at which the log begins."""


def asked_then(
    seen: Seen, onset: int, requests: Requests, exhibits: Exhibits, lines: int = 0, *, set_off: bool = False
) -> AskedThen | None:
    """The requests that `seen` counts; None: the log cannot be read again, or is not what was counted.

    `onset`: UTC microseconds of the first sign of the outage, which may come before the first request that failed;
    `lines`: of the error log that report its failures; `set_off`: requests did it that have a form in common.
    """
    if seen.seen > MOST:
        return None
    read = _read(seen, requests, exhibits)
    if read is None:
        return None
    kind = kind_of(seen)
    others = bystanders([*read.before, *read.within, *read.after])
    challenges = _challenges(kind, read)
    statuses = _statuses(kind, read, {*others, *challenges.prompts})
    if not statuses and getattr(seen, kind):  # monitors alone were hit, or users who look like them
        others = {}
        statuses = _statuses(kind, read, challenges.prompts)

    def is_of_user(one: AskedAgain) -> bool:
        return id(one) not in others

    users_before = [one for one in read.before if is_of_user(one) and id(one) not in challenges.prompts]

    error_size = _error_size(read, lines) if kind == "failed" and not statuses else 0

    failing = frozenset(
        id(one)
        for one in (*read.before, *read.within, *read.after)
        if (one.size == error_size if error_size else _status(one) in statuses) and id(one) not in challenges.prompts
    )

    def fails(one: AskedAgain) -> bool:
        return id(one) in failing

    own, *others_times = (_by_page(filter(is_of_user, some), fails) for some in (read.within, read.before, read.after))
    usual = fail_as_usual(own, others_times)

    def is_hit(one: AskedAgain) -> bool:
        return fails(one) and one.path not in usual

    begin = min([onset // SECOND * SECOND, *(one.time for one in read.within if is_hit(one))])
    within = _in_window(read.within, seen, begin)
    of_users = list(filter(is_of_user, within))
    around = [*users_before, *filter(is_of_user, read.after)]
    fail_always = _fail_at_other_times(around, statuses, challenges.prompts)
    always = fail_always & {one.path for one in of_users if fails(one)}
    everything = [one for one in of_users if id(one) not in challenges.prompts]
    scanners = _scanners([*everything, *around], fail_always)
    found = [one for one in everything if one.request.client not in scanners and one.path not in always]
    fates = {id(one): HIT if is_hit(one) else USUAL if fails(one) else one.level for one in within}
    by_referer = not any(one.request.vhost for one in found)
    site_of = _by_referer(found, fates) if by_referer else {id(one): one.request.vhost for one in found}
    end = seen.stretches[-1][1]
    length = max((end + 1) // SECOND * SECOND - begin, SECOND)
    before = None
    if max(begin - length, read.opening) >= read.since:
        aside = always | usual
        of_before = [one for one in users_before if one.path not in aside and one.request.client not in scanners]
        before = _before(of_before, is_hit, max(begin - length, read.opening), begin)
    hit_sites = {site_of.get(id(one)) for one in found if fates[id(one)] == HIT}
    there = [one for one in found if site_of.get(id(one)) in hit_sites]  # another site's pages may be called alike
    told = told_apart(Counter((one.path, fates[id(one)]) for one in there if one.path))
    return AskedThen(
        replace(_exactly(seen, found, fates, kind, begin, before), error_size=error_size),
        _by(told.elements(), kind),
        _by(((one.request.client, fates[id(one)]) for one in found if one.request.client), kind),
        _by(((site_of[id(one)], fates[id(one)]) for one in found if site_of.get(id(one))), kind),
        statuses,
        asked_who=len(of_users) - len(everything),
        logins=_logins(found, challenges, statuses),
        folders=_folders(told, found),
        not_served=_not_served(told)
        | _not_served(Counter((site_of.get(id(one), ""), fates[id(one)]) for one in found)),
        as_usual=sum(fates[id(one)] == USUAL for one in found),
        always=sum(one.path in always and one.request.client not in scanners for one in everything),
        of_everybody=(sum(one.level == "error" for one in within), len(within)),
        by_monitors=sum(others.get(id(one)) == "monitor" for one in within),
        by_jobs=sum(others.get(id(one)) == "job" for one in within),
        by_scanners=sum(one.request.client in scanners for one in everything),
        before=before,
        whole=whole_from([(one.time, fates[id(one)] == HIT) for one in found], begin, end),
        methods_of=_methods(found, fates),
        named_users=_have_names([one for one in found if fates[id(one)] == HIT]),
        only_askers=_only_askers(found, fates),
        timed_out=timed_out([one.took for one in found if fates[id(one)] == HIT and one.took is not None]),
        are_shared=_are_shared(found),
        newcomers=newcomers(
            [*users_before, *found, *filter(is_of_user, read.after)],
            found,
            {one for one, fate in fates.items() if fate == HIT},
            onset,
            end,
        )
        if set_off
        else None,
        silent=_silent(seen, begin, {one.request.client for one in everything + around}, requests, exhibits),
        by_referer=by_referer,
    )


def _only_askers(found: Iterable[AskedAgain], fates: Mapping[int, str]) -> bool:
    """Whether the clients that were hit are all those that asked for a page that failed, and there are others."""
    listed = list(found)
    pages = {one.path for one in listed if fates[id(one)] == HIT}
    hit = {one.request.client for one in listed if fates[id(one)] == HIT}
    return bool(hit) and hit == {one.request.client for one in listed if one.path in pages}


def _are_shared(found: Sequence[AskedAgain]) -> bool:
    """Whether most requests came from addresses with as many user agents as one client does not have."""
    agents: dict[str, set[str]] = {}
    for one in found:
        agents.setdefault(one.request.client, set()).add(one.agent)
    shared = {client for client, names in agents.items() if client and len(names) >= LEAST_AGENTS}
    return sum(one.request.client in shared for one in found) > MOST_SHARED * len(found)


def _silent(seen: Seen, begin: int, regulars: Collection[str], requests: Requests, exhibits: Exhibits) -> Silent | None:
    """The connections of an outage's time on which no request came."""
    numbers = sorted(requests.parts_of(seen.log))
    read = exhibits.connections(numbers, begin, seen.stretches[-1][1])
    found = [one for one in _in_window(read, seen, begin) if not one.request.asks]
    clients = {one.request.client for one in found}
    took = [one.took for one in found if one.took is not None]
    usual = round(median(took)) if took else None
    return Silent(len(found), len(clients), len(clients & set(regulars)), usual) if found else None


def _read(seen: Seen, requests: Requests, exhibits: Exhibits) -> _Around | None:
    """The requests again; None: they are not those that were counted."""
    traffic = requests.logs[seen.log]
    numbers = sorted(requests.parts_of(seen.log))
    margin = traffic.all.width
    begin, end = seen.stretches[0][0] - margin, seen.stretches[-1][1] + margin
    read = exhibits.requests(numbers, begin, end)
    failed = sum(one.level == "error" and _is_counted(one, traffic.failed, seen.stretches) for one in read)
    refused = sum(one.level == "warn" and _is_counted(one, traffic.refused, seen.stretches) for one in read)
    every = [one for one in read if _is_counted(one, traffic.all, seen.stretches)]
    if (len(every), failed, refused) != (seen.seen, seen.failed, seen.refused):
        return None
    length = max(seen.stretches[-1][1] - seen.begin, AROUND)
    first, last = every[0].time if every else seen.begin, every[-1].time if every else seen.stretches[-1][1]
    since = begin - length
    before = exhibits.requests(numbers, since, first - 1)
    after = exhibits.requests(numbers, last + 1, last + length)
    if len(before) > MOST_AROUND:
        since = before[-MOST_AROUND].time + SECOND
    return _Around(every, before[-MOST_AROUND:], after[:MOST_AROUND], since, traffic.all.begins[0])


def _error_size(read: _Around, lines: int) -> int:
    """The size of the error pages with status 200; 0: there are none."""
    within, others = (
        [(one.path, one.size) for one in some if one.level == "info" and not FILE.search(one.path)]
        for some in (read.within, (*read.before, *read.after))
    )
    return size_of_error_pages(within, others, lines)


def _statuses(kind: Kind, read: _Around, aside: Collection[int]) -> frozenset[int]:
    """Those that tell who was hit. `aside`: identities of the requests of no user."""
    within, before = (
        Counter(_status(one) for one in asked if id(one) not in aside) for asked in (read.within, read.before)
    )
    return statuses_of(kind, within, before)


def _in_window(asked: Iterable[AskedAgain], seen: Seen, begin: int) -> list[AskedAgain]:
    """Those of an outage's own time, to the second. `begin`: of its onset, or of the first request that was hit.

    A long log is counted by more than a second, so that what was counted also holds a little of the time around.
    """
    spans = [(max(since, begin) // SECOND * SECOND, until) for since, until in seen.stretches]
    return [one for one in asked if any(since <= one.time <= until for since, until in spans)]


def _exactly(
    seen: Seen, found: Sequence[AskedAgain], fates: Mapping[int, str], kind: Kind, begin: int, before: Before | None
) -> Seen:
    """The same as `seen`, of these requests."""
    hit = sum(fates[id(one)] == HIT for one in found)
    of_level = Counter(one.level for one in found)
    usual = round(before.hit * len(found) / max(before.requests, 1)) if before is not None else None
    exact = replace(
        seen,
        failed=hit if kind == "failed" else of_level["error"],
        refused=hit if kind == "refused" else of_level["warn"],
        redirected=hit if kind == "redirected" else of_level["notice"],
        seen=len(found),
        peak=_peak(found, fates) if kind == "failed" else seen.peak,
        stretches=((begin, max(seen.stretches[0][1], begin)), *seen.stretches[1:]),
        usual=usual if kind == "failed" and usual is not None else seen.usual,
        usual_refused=usual if kind == "refused" and usual is not None else seen.usual_refused,
        usual_redirected=usual if kind == "redirected" and usual is not None else seen.usual_redirected,
        late=None if seen.late is None else exactly(seen.late, [one.took for one in found if one.took is not None]),
    )
    return exact if kind_of(exact) == kind else replace(exact, turned_away=kind == "refused")


def _peak(found: Sequence[AskedAgain], fates: Mapping[int, str]) -> tuple[int, int, int] | None:
    """(UTC microseconds, hit, requests) of the minute with most that were hit; None: none was, or several alike."""
    hit = Counter(one.time // MINUTE for one in found if fates[id(one)] == HIT)
    if not hit:
        return None
    minute, most = max(hit.items(), key=lambda item: (item[1], -item[0]))
    if sum(count == most for count in hit.values()) > 1:
        return None  # none was the worst
    return minute * MINUTE, most, sum(one.time // MINUTE == minute for one in found)


def _before(asked: Iterable[AskedAgain], is_hit: Callable[[AskedAgain], bool], since: int, begin: int) -> Before:
    """How it was from one moment up to the outage."""
    own = [one for one in asked if since <= one.time < begin]
    return Before(sum(map(is_hit, own)), len(own), begin - since)


def _not_served(told: Mapping[tuple[str, str], int]) -> frozenset[str]:
    """`told`: requests by path, or site, and fate."""
    served: Counter[str] = Counter()
    for (path, fate), count in told.items():
        served[path] += count if fate in {"info", "notice"} else 0 if fate == HIT else -count
    hardly = {path for path, balance in served.items() if balance < 0}
    return frozenset(hardly | {path for path, fate in told if fate == USUAL})


def _by_page(asked: Iterable[AskedAgain], fails: Callable[[AskedAgain], bool]) -> Mapping[str, Share]:
    """How many requests for each page failed."""
    found: dict[str, Share] = {}
    for one in asked:
        if one.path:  # requests that name none have nothing in common
            found[one.path] = found.get(one.path, NOTHING).plus(Share(int(fails(one)), 1))
    return found


def _folders(told: Iterable[tuple[str, str]], found: Iterable[AskedAgain]) -> frozenset[str]:
    """Of some paths those below which further ones were asked for."""
    longer = {one.path for one in found}
    return frozenset(path for path, _ in told if any(page.startswith(f"{path}/") for page in longer))


def _methods(asked: Iterable[AskedAgain], fates: Mapping[int, str]) -> Mapping[str, tuple[tuple[str, int, int], ...]]:
    """By page, of those that were hit by some methods only."""
    counted: dict[str, dict[str, tuple[int, int]]] = {}
    for one in asked:
        of_page = counted.setdefault(one.path, {})
        hit, number = of_page.get(one.method, (0, 0))
        of_page[one.method] = (hit + (fates[id(one)] == HIT), number + 1)
    found = {page: methods_apart(by_method) for page, by_method in counted.items()}
    return {page: apart for page, apart in found.items() if apart}


def _have_names(hit: Sequence[AskedAgain]) -> bool:
    return bool(hit) and sum(one.names_user for one in hit) >= MOSTLY * len(hit)


def _scanners(asked: Iterable[AskedAgain], fail_always: Collection[str]) -> frozenset[str]:
    pages_of: dict[str, Counter[str]] = {}
    served = set()
    for one in asked:
        if HEALTH.fullmatch(one.path):
            continue  # users ask for none, and scanners for each such page that they can think of
        pages_of.setdefault(one.request.client, Counter())[one.path] += 1
        if one.level in {"info", "notice"}:
            served.add(one.path)
    return scanners_among(pages_of, fail_always, served)


def _fail_at_other_times(
    around: Iterable[AskedAgain], statuses: Collection[int], prompts: Collection[int]
) -> frozenset[str]:
    """The pages that fail before and after an outage as well: what is not there, and what nobody may see.

    `statuses`: those that are the outage's failure, which may be a redirect; `prompts`: identities of the requests that
    were only asked for a user name.
    """
    asked: Counter[str] = Counter()
    fails: Counter[str] = Counter()
    for one in around:
        asked[one.path] += 1
        fails[one.path] += (one.level in {"warn", "error"} or _status(one) in statuses) and id(one) not in prompts
    often = (path for path, number in asked.items() if number >= LEAST and fails[path] >= MOSTLY * number)
    return frozenset(path for path in often if path)  # requests that name none have nothing in common


def _by_referer(asked: Sequence[AskedAgain], fates: Mapping[int, str]) -> Mapping[int, str]:
    """By a request's identity: the site whose page led to it, where some sites failed and the others did not.

    A site is known by its pages' own files: another's page leads to a page, not to its pictures.
    """
    hosts = [(one, found[1].lower()) for one in asked if (found := REFERER.match(one.referer))]
    own = {host for one, host in hosts if FILE.search(one.path)}
    led = [(one, host) for one, host in hosts if host in own]
    counted: dict[str, Counter[str]] = {}
    for one, host in led:
        counted.setdefault(host, Counter())[fates[id(one)]] += 1
    shares = [by_fate[HIT] / by_fate.total() for by_fate in counted.values() if by_fate.total() >= LEAST_OF_SITE]
    are_told_apart = (
        any(share >= MOSTLY for share in shares)
        and any(share <= HARDLY for share in shares)
        and all(share >= MOSTLY or share <= HARDLY for share in shares)
    )
    return {id(one): host for one, host in led} if are_told_apart else {}


def _status(one: AskedAgain) -> int:
    """The status of an answer; the first of its level, where it does not stand as in httpd's usual formats."""
    return int(one.status) if one.status else FIRST_OF[one.level]


def _challenges(kind: Kind, read: _Around) -> Challenges:
    """The requests that only asked for a user name, and those of the logins that failed.

    Where refusal is the outage, a second one of the same request is a login that failed.
    """
    every = [*read.before, *read.within, *read.after]
    if kind != "refused":
        return Challenges(frozenset(id(one) for one in every if is_asked_who(one)))
    return challenges_among(
        Challenge(id(one), (one.request.client, one.agent, one.method, one.path), one.time, asks=is_asked_who(one))
        for one in every
    )


def _logins(found: Sequence[AskedAgain], challenges: Challenges, statuses: Collection[int]) -> tuple[int, int] | None:
    """(failed, all) of the logins of an outage that consists in their failure; None: it is another's."""
    if statuses != {NO_LOGIN} or not challenges.failed:
        return None
    own = [id(one) for one in found]
    failed = sum(one in challenges.failed for one in own)
    hit = sum(_status(one) == NO_LOGIN for one in found)
    return (failed, failed + sum(one in challenges.done for one in own)) if failed == hit else None


def is_asked_who(one: AskedAgain) -> bool:
    """It came without a user name and was answered that it takes one (401), as the first request of every login is."""
    return NOT_LOGGED_IN.search(one.text) is not None


def _is_counted(one: AskedAgain, counts: Counts, stretches: Sequence[tuple[int, int]]) -> bool:
    """Whether a request is among those that the counts have of some stretches, whole stretches each."""
    if not counts:
        return False
    first, width = counts.begins[0], counts.width
    begins = first + (one.time - first) // width * width
    return any(begin - width < begins <= end for begin, end in stretches)


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
