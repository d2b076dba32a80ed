"""What became of each request of an outage's time: whom the outage hit, what always fails, and who is no user."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from logsleuth.regexes import regex
from logsleuth.report.compose.requests.bystanders import bystanders, scanners_among
from logsleuth.report.compose.requests.challenges import Challenge, Challenges, challenges_among
from logsleuth.report.compose.requests.error_pages import size_of_error_pages
from logsleuth.report.compose.requests.monitors import HEALTH
from logsleuth.report.compose.requests.usual import NOTHING, Share, fail_as_usual
from logsleuth.report.compose.requests.yardstick import HIT, USUAL, kind_of, statuses_of
from logsleuth.units import SECOND
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from logsleuth.lives.requests import Seen
    from logsleuth.report.compose.log.again import AskedAgain
    from logsleuth.report.compose.requests.around import Around
    from logsleuth.report.compose.requests.bystanders import Bystander
    from logsleuth.report.compose.requests.yardstick import Kind

MOSTLY: Final = 0.9
"""Share of the requests for a page that fail, from which on it is one that fails."""
LEAST: Final = 2
"""Requests for a page that show whether it failed; one may be chance."""
FILE: Final = regex(r"\.(?:css|js|png|jpe?g|gif|svg|ico|webp|woff2?)\Z")
"""What a page of the same site asks for."""
NOT_LOGGED_IN: Final = regex(rb' - \[[^\]"]{1,40}\] "[^"]*" 401 ')
"""A line in httpd's usual formats that names no user and has the status of a request that needs one."""
FIRST_OF: Final = {"error": 500, "warn": 400, "notice": 302, "info": 200}
"""By level the first of its statuses."""


@dataclass(frozen=True, slots=True)
class Fates:
    """The requests of an outage's time, told apart. All sets hold identities of requests, but for those of paths."""

    kind: Kind
    statuses: frozenset[int]
    """Those that were the outage's failure."""
    error_size: int
    """Bytes of the error page, where it came with status 200; 0: it did not."""
    begin: int
    """UTC microseconds of the onset, or of the first request that was hit, in whole seconds."""
    end: int
    within: Sequence[AskedAgain]
    """All requests of the outage's own time, to the second."""
    of_users: Sequence[AskedAgain]
    """Those of users."""
    asked: Sequence[AskedAgain]
    """Those of these that asked for more than a login prompt."""
    found: Sequence[AskedAgain]
    """Those of these that count: not of scanners, not for pages that always fail."""
    before: Sequence[AskedAgain]
    """Users' requests of the time before, scanners' included."""
    after: Sequence[AskedAgain]
    others: Mapping[int, Bystander]
    """Requests of no user."""
    challenges: Challenges
    scanners: frozenset[str]
    """Their addresses."""
    always: frozenset[str]
    """Paths that fail at other times as well, and failed."""
    usual: frozenset[str]
    """Paths that failed no more often than at other times."""
    hit: frozenset[int]
    """Whom the outage met, at any time."""
    fate_of: Mapping[int, str]
    """Of each request within: HIT, USUAL, or the level of its status."""

    def was_hit(self, one: AskedAgain) -> bool:
        """Whether the outage met this request."""
        return id(one) in self.hit

    def fate(self, one: AskedAgain) -> str:
        """What became of a request of the outage's own time."""
        return self.fate_of[id(one)]


def fates_of(seen: Seen, onset: int, read: Around, lines: int) -> Fates:
    """What became of the requests that `seen` counts.

    `onset`: UTC microseconds of the first sign of the outage; `lines`: of the error log that report its failures.
    """
    kind = kind_of(seen)
    challenges = _challenges(kind, read)
    others = bystanders(read.every)
    statuses = _statuses(kind, read.without({*others, *challenges.prompts}))
    if not statuses and getattr(seen, kind):  # monitors alone were hit, or users who look like them
        others = {}
        statuses = _statuses(kind, read.without(challenges.prompts))
    error_size = _error_size(read, lines) if kind == "failed" and not statuses else 0
    fail = {id(one) for one in read.every if (one.size == error_size if error_size else status_of(one) in statuses)}
    fail -= challenges.prompts
    users = read.without(others)
    usual = _fail_as_usual(users, fail)
    hit = frozenset(id(one) for one in read.every if id(one) in fail and one.path not in usual)

    begin = min([onset // SECOND * SECOND, *(one.time for one in read.within if id(one) in hit)])
    within = in_window(read.within, seen, begin)
    of_users = [one for one in within if id(one) not in others]
    asked = [one for one in of_users if id(one) not in challenges.prompts]
    before = [one for one in users.before if id(one) not in challenges.prompts]
    around = [*before, *users.after]
    fail_always = _fail_at_other_times(around, statuses, challenges.prompts)
    always = fail_always & {one.path for one in of_users if id(one) in fail}
    scanners = _scanners([*asked, *around], fail_always)
    return Fates(
        kind,
        statuses,
        error_size,
        begin,
        seen.stretches[-1][1],
        within,
        of_users,
        asked,
        [one for one in asked if one.request.client not in scanners and one.path not in always],
        before,
        users.after,
        others,
        challenges,
        scanners,
        always,
        usual,
        hit,
        {id(one): HIT if id(one) in hit else USUAL if id(one) in fail else one.level for one in within},
    )


def in_window(asked: Iterable[AskedAgain], seen: Seen, begin: int) -> list[AskedAgain]:
    """Those of an outage's own time, to the second. `begin`: of its onset, or of the first request that was hit.

    A long log is counted by more than a second, so that what was counted also holds a little of the time around.
    """
    spans = [(max(since, begin) // SECOND * SECOND, until) for since, until in seen.stretches]
    return [one for one in asked if any(since <= one.time <= until for since, until in spans)]


def _error_size(read: Around, lines: int) -> int:
    """The size of the error pages with status 200; 0: there are none."""
    within, others = (
        [(one.path, one.size) for one in some if one.level == "info" and not FILE.search(one.path)]
        for some in (read.within, (*read.before, *read.after))
    )
    return size_of_error_pages(within, others, lines)


def _statuses(kind: Kind, read: Around) -> frozenset[int]:
    """Those that tell who was hit, of requests of users."""
    return statuses_of(kind, *(Counter(map(status_of, asked)) for asked in (read.within, read.before)))


def _fail_as_usual(users: Around, fail: Collection[int]) -> frozenset[str]:
    """The pages that failed no more often than before and after the outage."""
    within, before, after = (_by_page(asked, fail) for asked in (users.within, users.before, users.after))
    return fail_as_usual(within, [before, after])


def _by_page(asked: Iterable[AskedAgain], fail: Collection[int]) -> Mapping[str, Share]:
    """How many requests for each page failed."""
    found: dict[str, Share] = {}
    for one in asked:
        if one.path:  # requests that name none have nothing in common
            found[one.path] = found.get(one.path, NOTHING).plus(Share(int(id(one) in fail), 1))
    return found


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
        fails[one.path] += (one.level in {"warn", "error"} or status_of(one) in statuses) and id(one) not in prompts
    often = (path for path, number in asked.items() if number >= LEAST and fails[path] >= MOSTLY * number)
    return frozenset(path for path in often if path)  # requests that name none have nothing in common


def status_of(one: AskedAgain) -> int:
    """The status of an answer; the first of its level, where it does not stand as in httpd's usual formats."""
    return int(one.status) if one.status else FIRST_OF[one.level]


def _challenges(kind: Kind, read: Around) -> Challenges:
    """The requests that only asked for a user name, and those of the logins that failed.

    Where refusal is the outage, a second one of the same request is a login that failed.
    """
    if kind != "refused":
        return Challenges(frozenset(id(one) for one in read.every if is_asked_who(one)))
    return challenges_among(
        Challenge(id(one), (one.request.client, one.agent, one.method, one.path), one.time, asks=is_asked_who(one))
        for one in read.every
    )


def is_asked_who(one: AskedAgain) -> bool:
    """It came without a user name and was answered that it takes one (401), as the first request of every login is."""
    return NOT_LOGGED_IN.search(one.text) is not None
