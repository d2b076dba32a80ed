"""Whether a page answers a probe well while all is well, as the log shows it.

A probe reads the page, without a user name and without a cookie, and takes only status 200 for a good answer. A page
that asks it for a login, sends it elsewhere or is only ever written to fails such a check at all times.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.regexes import regex
from logsleuth.report.compose.probe.probe import STATIC
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from logsleuth.report.compose.requests.visits import Visit, Visits

MOSTLY: Final = 0.9
"""Share of the requests for a page that are answered well where the page is."""
BY_SESSION: Final = regex(
    r"(?i)(?:/[\w.-]{1,30})?/(?:wp-admin|admin(?:istrator)?|(?:my-?)?account|dashboard|profile|logout|signout|checkout)(?:[./]|\Z)"
)
"""Pages that, as a rule, only a browser gets that has logged in, or has put something into a basket.

Its cookie is in no log, and anybody else is sent elsewhere."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What requests to read a page were answered while nothing was wrong."""

    well: int = 0
    """Well, without a query and without a user name: as a probe would be."""
    with_query: int = 0
    """Well, with a query."""
    to_users: int = 0
    """Well, with a user name."""
    login: int = 0
    """Only asked for a user name."""
    otherwise: int = 0
    """Sent elsewhere, refused, failed, or too slow for a probe."""

    @property
    def needs_login(self) -> bool:
        """Hardly anybody is answered well who has no user name."""
        others = self.well + self.with_query
        return self.login + self.to_users > 0 and others < MOSTLY * (others + self.login + self.to_users)

    @property
    def is_unfit(self) -> bool:
        """A probe's check would fail though nothing is wrong, even with a login."""
        served = self.well + self.with_query + self.to_users
        return self.otherwise > 0 and served < MOSTLY * (served + self.otherwise)

    def is_shown(self, *, logs_in: bool = False) -> bool:
        """The log shows that a probe's request is answered well; `logs_in`: it has a user name."""
        if self.is_unfit:
            return False
        return self.well + self.to_users > 0 if logs_in else self.well > 0 and not self.needs_login


def ease(path: str) -> tuple[bool, bool]:
    """How easily a page shows anybody that the application is well, to be compared: without a session, and no file."""
    return BY_SESSION.match(path) is None, STATIC.search(path) is None


UNKNOWN: Final = Answers()
"""Of a page that nobody asked for while nothing was wrong."""


def answers_by_page(visits: Visits, site: str) -> Mapping[str, Answers]:
    """How pages of a site, '' for any, answer those who read them; of an outage's time only good answers count."""
    counted: dict[str, dict[str, int]] = {}
    for one, kind in _judged(visits):
        if one.reads and one.may_be_of(site):
            of_page = counted.setdefault(one.path, {})
            of_page[kind] = of_page.get(kind, 0) + 1
    return {path: Answers(**of_page) for path, of_page in counted.items()}


def _judged(visits: Visits) -> Iterable[tuple[Visit, str]]:
    """Requests, each with the field of Answers that counts it."""
    for one in (*visits.elsewhen, *(other for other in visits.during if other.is_well or other.how == "asked who")):
        if one.how == "asked who":
            yield one, "login"
        elif not one.is_well:
            yield one, "otherwise"
        else:
            yield one, "to_users" if one.names_user else "with_query" if one.has_query else "well"
