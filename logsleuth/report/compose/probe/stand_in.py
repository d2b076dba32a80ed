"""The page that a probe asks for where none is known to have failed as a whole."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from logsleuth.regexes import regex
from logsleuth.report.compose.probe.fit import UNKNOWN, answers_by_page, ease
from logsleuth.report.compose.probe.page import LEAST
from logsleuth.report.compose.probe.probe import FRONT_PAGE, PLAIN_PAGE, SOME_PAGE
from logsleuth.values import NamedTuple, replace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.report.compose.requests.visits import Visits

NAMED: Final = regex(
    r"(?:returned by|URI|request URL|requested URL|failed for) (?P<path>/[A-Za-z0-9_./-]{1,59})(?=[\s?,:;'\")\]]|\Z)",
    needs=("returned by /", "URI /", "URL /", "failed for /"),
)
"""How lines name the request that failed (mod_proxy, mod_authnz_ldap, and others)."""


class StandIn(NamedTuple):
    """What a probe asks for instead."""

    well: str = FRONT_PAGE
    """A page that is answered well while all is well."""
    named: str = ""
    """One that lines of the failures name."""
    below: str = ""
    """One below the folder that was hit most, or that folder itself."""
    stays_green: bool = False
    """The page that is well was answered well in the outage, too."""


NONE: Final = StandIn()


def stayed_green(page: str, visits: Visits, site: str) -> bool:
    """Whether all requests to read a page were answered well in the outage, and they were too many for chance."""
    asked = [one for one in visits.during if one.reads and one.path == page and one.may_be_of(site)]
    return len(asked) >= LEAST and all(one.is_well for one in asked)


def named_by(lines: Iterable[str]) -> str:
    """The page that lines of failures name most often; empty: they name none."""
    found = Counter(named["path"] for line in lines if (named := NAMED.search(line)) is not None)
    return max(found, key=lambda path: (found[path], path), default="")


def page_below(folder: str, visits: Visits, site: str, *, logs_in: bool = False) -> str:
    """What a probe asks for where requests of a folder failed: a page below it, to be named when the probe is set up.

    The folder itself, where nothing is below it; empty: nobody reads any of it, or it is no page for a probe.
    `logs_in`: the probe has a user name.
    """
    if not visits.during:
        return folder if "." in folder.rpartition("/")[2] else f"{folder}{SOME_PAGE}"
    every = (*visits.during, *visits.elsewhen)
    read = {one.path for one in every if one.reads and one.may_be_of(site)}
    if any(path.startswith(f"{folder}/") for path in read):
        return f"{folder}{SOME_PAGE}"
    return folder if is_for_a_probe(folder, visits, site, logs_in=logs_in) else ""


def is_for_a_probe(page: str, visits: Visits, site: str = "", *, logs_in: bool = False) -> bool:
    """Whether a page is read, and no requests for it show that a probe's would fail at all times."""
    if not any(one.reads and one.path == page for one in (*visits.during, *visits.elsewhen)):
        return False
    answers = answers_by_page(visits, site).get(page, UNKNOWN)
    return not answers.is_unfit and (logs_in or not answers.needs_login)


def well_page(visits: Visits, site: str, *, logs_in: bool = False) -> str:
    """A page that is answered well while all is well: the front page, unless the log shows that it is not.

    Where it only redirects, asks for a login or is never asked for, the page of those answered well that was asked for
    most: `status = 200` would fail on the front page though nothing is wrong. Where there is none, one to be named.
    `logs_in`: the probe has a user name, so it asks for a page that takes one.
    """
    known = answers_by_page(replace(visits, during=()), site)
    of_users = {path: one for path, one in known.items() if one.needs_login and one.is_shown(logs_in=True)}
    if logs_in and (plain := [path for path in of_users if PLAIN_PAGE.fullmatch(path)]):
        return max(plain, key=lambda path: (of_users[path].to_users, path))
    if not known or known.get(FRONT_PAGE, UNKNOWN).is_shown():
        return FRONT_PAGE
    good = {path: one for path, one in known.items() if PLAIN_PAGE.fullmatch(path) and one.is_shown()}
    return max(
        good,
        key=lambda path: (*ease(path), good[path].well, path),
        default=SOME_PAGE if FRONT_PAGE in known else FRONT_PAGE,
    )
