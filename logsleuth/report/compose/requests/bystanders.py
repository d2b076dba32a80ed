"""Requests that are no user's: of monitors and balancers, and of scanners who ask for what is never there."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, Literal

from logsleuth.regexes import regex
from logsleuth.report.compose.requests.monitors import AGENTS, HEALTH, is_check
from logsleuth.report.compose.requests.timers import by_timers
from logsleuth.signals.tuning import ALMOST_ALL, MOST

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from logsleuth.report.compose.log.again import AskedAgain

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
    if AGENTS.search(one.agent) is not None or (key in timers and is_check(one)):
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
