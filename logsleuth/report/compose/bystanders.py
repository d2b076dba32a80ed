"""Requests that are no user's: of monitors and balancers, and of scanners who ask for what is never there."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal

from logsleuth.regexes import regex
from logsleuth.report.compose.monitors import AGENTS, HEALTH
from logsleuth.signals.tuning import ALMOST_ALL, EVEN, MOST
from logsleuth.units import SECOND, median

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from logsleuth.report.compose.again import AskedAgain

LEAST_BY_TIMER: Final = 10
"""Requests of one client that show a steady interval."""
FEW: Final = 4
"""Monitors and balancers that ask for one page, at most."""
LEAST_PAGES: Final = 2
"""Pages that a scanner asks for at least: a browser asks for an icon that is not there."""
Bystander = Literal["monitor", "job"]
"""What asks and is no user: a monitor or a balancer; a job of the web server's own host, httpd itself included."""
LEAST_CHECKS: Final = 3
"""Requests of one client for a page that is made for checks: a scanner asks for many such pages, once each."""
THIS_HOST: Final = frozenset({"127.0.0.1", "::1", "localhost"})
TOOL: Final = regex(
    r"(?i)\A(?:wget|curl|libwww-perl|lwp|lynx|php|python|w3m|fetch|go-http)|\(internal dummy connection\)"
)
"""How what a job runs names itself, and how httpd does, which wakes its workers by requests."""
SHORTEST: Final = 5 * SECOND
"""Microseconds: intervals that are shorter cannot be told from chance by times of whole seconds."""


def is_steady(times: Sequence[int]) -> bool:
    """Whether requests come at a steady interval, as those of a timer do (UTC microseconds, in order).

    While httpd does not answer, some are late or lacking.
    """
    if len(times) < LEAST_BY_TIMER:
        return False
    gaps = [later - sooner for sooner, later in pairwise(times)]
    usual = median(gaps)
    even = sum(abs(gap - usual) <= max(EVEN * usual, SECOND) for gap in gaps)
    return usual >= SHORTEST and even >= ALMOST_ALL * len(gaps)


def by_timers(asked: Iterable[AskedAgain]) -> frozenset[tuple[str, str]]:
    """(client, agent) of those that ask for one page only, at a steady interval. `asked`: in order of time.

    Monitors of one page are few: where many ask for it so, they are the devices that it is made for.
    """
    times: dict[tuple[str, str], list[int]] = {}
    pages: dict[tuple[str, str], set[str]] = {}
    for one in asked:
        key = one.request.client, one.agent
        times.setdefault(key, []).append(one.time)
        pages.setdefault(key, set()).add(one.path)
    steady = {key: page for key, (page, *more) in pages.items() if not more and key[0] and is_steady(times[key])}
    number = Counter(steady.values())
    return frozenset(key for key, page in steady.items() if number[page] <= FEW)


def bystanders(asked: Sequence[AskedAgain]) -> dict[int, Bystander]:
    """By identity the requests of no user. `asked`: in order of time."""
    jobs = _jobs(asked)
    timers = by_timers(one for one in asked if id(one) not in jobs)
    checks: Counter[tuple[str, str]] = Counter()
    others: Counter[str] = Counter()
    for one in asked:
        if HEALTH.fullmatch(one.path):
            checks[one.request.client, one.agent] += 1
        else:
            others[one.request.client] += 1
    checkers = frozenset(key for key, number in checks.items() if number >= LEAST_CHECKS or number > others[key[0]])
    found: dict[int, Bystander] = {id(one): "monitor" for one in asked if _is_of_monitor(one, timers, checkers)}
    return found | dict.fromkeys(jobs, "job")


def _jobs(asked: Sequence[AskedAgain]) -> frozenset[int]:
    """The identities of the requests of this host's own jobs; empty: a proxy there passes users' requests on."""
    own = [one for one in asked if one.request.client in THIS_HOST]
    jobs = frozenset(id(one) for one in own if TOOL.search(one.agent) is not None)
    return jobs if len(jobs) >= ALMOST_ALL * len(own) and len(jobs) < MOST * len(asked) else frozenset()


def _is_of_monitor(one: AskedAgain, timers: Collection[tuple[str, str]], checkers: Collection[tuple[str, str]]) -> bool:
    """Whether a request is one of a monitor, or of a balancer that checks whether httpd is there."""
    key = one.request.client, one.agent
    if key in timers or AGENTS.search(one.agent) is not None:
        return True
    return key in checkers and HEALTH.fullmatch(one.path) is not None


def scanners_among(
    pages_of: Mapping[str, Counter[str]], always: Collection[str], served: Collection[str]
) -> frozenset[str]:
    """Clients that ask for what is never there: mostly for pages that fail at all times, for nothing that is served.

    `pages_of`: what each client asked for, and how often; `always`: pages that fail before and after an outage as well;
    `served`: those that anybody was served, at whatever time.
    """
    return frozenset(
        client
        for client, pages in pages_of.items()
        if len(pages) >= LEAST_PAGES
        and sum(count for page, count in pages.items() if page in always) >= MOST * pages.total()
        and not any(page in served for page in pages)
    )
