"""Read the requests around an outage once more, from the access logs."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from logsleuth.regexes import regex
from logsleuth.report.compose.requests.around import AROUND
from logsleuth.report.compose.requests.asked import REFERER
from logsleuth.report.compose.requests.fates import is_asked_who
from logsleuth.report.compose.requests.monitors import monitors_among
from logsleuth.report.compose.requests.visits import How, Visit, Visits

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from logsleuth.report.compose.log.again import AskedAgain
    from logsleuth.report.compose.requests.monitors import Monitor
    from logsleuth.report.compose.story.exhibits import Exhibits

HOW: Final[dict[str, How]] = {"error": "failed", "warn": "refused", "notice": "redirected"}
"""By the level of a request that is read again."""
NO_PAGE: Final = "204"
"""The status of a good answer that a probe does not take for one: it expects 200."""
MOST: Final = 20_000
"""Requests of the outage that are looked at: about a second."""
MOST_AROUND: Final = 5_000
"""Of the time before it, and after it, each."""
PORT: Final = regex(rb"\A[^\s:]{1,253}:(\d{1,5}) ")
"""What vhost_combined begins with: %v:%p."""
TLS: Final = regex(rb'[ "](?:TLSv1(?:\.[0-3])?|SSLv[23])(?:[ "]|\Z)')
"""What %{SSL_PROTOCOL}x prints for a request over TLS."""
FORWARDED: Final = regex(rb'[ "]https(?:[ ",]|\Z)')
"""What %{X-Forwarded-Proto}i prints of one that came to a proxy over TLS."""


QUERY: Final = regex(rb'"[A-Za-z-]{1,20} [^"? ]{1,2000}\?[^" ]')
"""A request whose path is followed by a query."""


def read_visits(
    logs: Iterable[int],
    exhibits: Exhibits,
    begin: int,
    over: int,
    by_referer: Collection[str] = (),
    refused_with: Collection[int] | None = None,
    error_size: int = 0,
) -> Visits:
    """The requests of some access logs from one moment to another (UTC microseconds), and before and after.

    `by_referer`: the sites that are told apart by the page that led to a request; `refused_with`: the client
    errors (4xx) that were failures of the outage; empty: none was; None: that is not known; `error_size`: bytes of a
    page with status 200 that was one; 0: none was.
    """
    numbers = sorted(set(logs))
    around = max(over - begin, AROUND)
    during = _between(numbers, exhibits, begin, over, MOST)
    last = max((one.time for one in during), default=over) if len(during) >= MOST else over
    before = _between(numbers, exhibits, begin - around, begin - 1, MOST_AROUND)
    after = _between(numbers, exhibits, over + 1, over + around, MOST_AROUND)
    return Visits(
        tuple(sorted((_visit(one, by_referer, refused_with, error_size) for one in during), key=_order)),
        tuple(_visit(one, by_referer, refused_with) for one in (*before, *after)),
        last,
        _monitors(
            (before, during, after),
            begin,
            last if after else max((one.time for one in during), default=begin),
            refused_with or (),
        ),
    )


def _order(visit: Visit) -> tuple[int, str, str, str]:
    """By time; of one moment by what was asked, so that the order of the logs does not matter.

    How long a request took is left out: of two that are alike else, one log may say it and the other not.
    """
    return visit.time, visit.path, visit.how, visit.method


def _monitors(
    asked: Iterable[Iterable[AskedAgain]], begin: int, until: int, refused_with: Collection[int]
) -> tuple[Monitor, ...]:
    """What monitors saw of an outage.

    `asked`: what was asked for before it, in it and after it; `until`: up to when the log shows it (UTC microseconds).
    """
    before, own, after = (
        sorted((one for one in some if not is_asked_who(one)), key=lambda one: one.time) for some in asked
    )
    return monitors_among(own, before, begin, until, after, refused_with)


def _between(numbers: Sequence[int], exhibits: Exhibits, begin: int, end: int, most: int) -> list[AskedAgain]:
    again, clock = exhibits.again, exhibits.clock
    return list(islice(chain.from_iterable(again.requests(number, clock, begin, end) for number in numbers), most))


def _visit(
    one: AskedAgain, by_referer: Collection[str], refused_with: Collection[int] | None, error_size: int = 0
) -> Visit:
    site = one.request.vhost
    if by_referer and (led := REFERER.match(one.referer)) is not None:
        site = led[1].lower() if led[1].lower() in by_referer else site
    port = PORT.match(one.text) if one.request.vhost else None
    return Visit(
        one.time,
        one.path,
        "failed" if error_size and one.size == error_size else _how(one, refused_with),
        one.method,
        one.took,
        site,
        port[1].decode() if port is not None else "",
        TLS.search(one.text) is not None,
        one.log,
        QUERY.search(one.text) is not None,
        one.referer.partition("?")[0],
        one.names_user,
        FORWARDED.search(one.text) is not None,
    )


def _how(one: AskedAgain, refused_with: Collection[int] | None) -> How:
    if is_asked_who(one):
        return "asked who"
    if one.level == "info" and one.status == NO_PAGE:
        return "other"
    is_other = one.level == "warn" and refused_with is not None and one.status and int(one.status) not in refused_with
    return "other" if is_other else HOW.get(one.level, "well")
