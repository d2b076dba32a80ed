"""Whether a page answers a probe well while all is well, as the log shows it.

A probe reads the page, without a user name and without a cookie, and takes only status 200 for a good answer. A page
that asks it for a login, sends it elsewhere or is only ever written to fails such a check at all times.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from logsleuth.regexes import regex
from logsleuth.report.compose.probe.probe import STATIC
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from logsleuth.report.compose.requests.visits import Visit, Visits

Key = TypeVar("Key")
MOSTLY: Final = 0.9
"""Share of the requests for a page that are answered well where the page is."""
LEAST_ELSEWHEN: Final = 2
"""Requests for a page at other times that show whether it was well then; one may be chance."""
BY_SESSION: Final = regex(
    r"(?i)(?:/[\w.-]{1,30})?/(?:wp-admin|admin(?:istrator)?|(?:my-?)?account|dashboard|profile|logout|signout|checkout)(?:[./]|\Z)"
)
"""Pages that, as a rule, only a browser gets that has logged in, or has put something into a basket.

Its cookie is in no log, and anybody else is sent elsewhere."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What requests for a page, mostly to read it, were answered while nothing was wrong."""

    well: int = 0
    """Well, without a query and without a user name: as a probe would be."""
    with_query: int = 0
    """Well, with a query."""
    to_users: int = 0
    """Well, with a user name."""
    login: int = 0
    """Only asked for a user name."""
    otherwise: int = 0
    """Refused, failed, or too slow for a probe."""
    sent: int = 0
    """Sent elsewhere (a redirect)."""

    @property
    def served(self) -> int:
        """Well, in whatever way."""
        return self.well + self.with_query + self.to_users

    @property
    def was_well(self) -> bool | None:
        """Whether it was, for anybody; None: hardly anybody asked for it.

        That a page sends a reader elsewhere is no chance: one such request shows it.
        """
        number = self.served + self.otherwise + self.sent
        if number < LEAST_ELSEWHEN and (self.served or not self.sent):
            return None
        return self.served >= MOSTLY * number

    @property
    def needs_login(self) -> bool:
        """Hardly anybody is answered well who has no user name."""
        others = self.well + self.with_query
        return self.login + self.to_users > 0 and others < MOSTLY * (others + self.login + self.to_users)

    @property
    def is_unfit(self) -> bool:
        """A probe's check would fail though nothing is wrong, even with a login."""
        others = self.otherwise + self.sent
        return others > 0 and self.served < MOSTLY * (self.served + others)

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
    meanwhile = (one for one in visits.during if one.is_well or one.how == "asked who")
    read = (one for one in (*visits.elsewhen, *meanwhile) if one.reads and one.may_be_of(site))
    return answers_by(read, lambda one: one.path)


def answers_by(visits: Iterable[Visit], key: Callable[[Visit], Key]) -> Mapping[Key, Answers]:
    """What requests were answered, taken together by their keys."""
    counted: dict[Key, dict[str, int]] = {}
    for one in visits:
        of_key = counted.setdefault(key(one), {})
        kind = _field(one)
        of_key[kind] = of_key.get(kind, 0) + 1
    return {one: Answers(**numbers) for one, numbers in counted.items()}


def _field(one: Visit) -> str:
    """The field of Answers that counts a request."""
    if one.how == "asked who":
        return "login"
    if one.is_well:
        return "to_users" if one.names_user else "with_query" if one.has_query else "well"
    return "sent" if one.how == "redirected" else "otherwise"
