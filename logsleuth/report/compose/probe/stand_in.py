"""The page that a probe asks for where none is known to have failed as a whole."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from logsleuth.regexes import regex
from logsleuth.report.compose.probe.page import MOSTLY
from logsleuth.report.compose.probe.probe import FRONT_PAGE, PLAIN_PAGE, STATIC

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.report.compose.requests.visits import Visits

NAMED: Final = regex(
    r"(?:returned by|URI|request URL|requested URL|failed for) (?P<path>/[A-Za-z0-9_./-]{1,59})(?=[\s?,:;'\")\]]|\Z)",
    needs=("returned by /", "URI /", "URL /", "failed for /"),
)
"""How lines name the request that failed (mod_proxy, mod_authnz_ldap, and others)."""


def named_by(lines: Iterable[str]) -> str:
    """The page that lines of failures name most often; empty: they name none."""
    found = Counter(named["path"] for line in lines if (named := NAMED.search(line)) is not None)
    return max(found, key=lambda path: (found[path], path), default="")


def well_page(visits: Visits, site: str) -> str:
    """A page that is answered well while all is well: the front page, unless the log shows that it is not.

    Where it only redirects, asks for a login or is never asked for, the page of those answered well that was asked for
    most: `status = 200` would fail on the front page though nothing is wrong.
    """
    asked = [one for one in visits.elsewhen if one.reads and (not site or one.site == site)]
    total = Counter(one.path for one in asked)
    well = Counter(one.path for one in asked if one.how == "well")
    if not asked or well[FRONT_PAGE] >= MOSTLY * total[FRONT_PAGE] > 0:
        return FRONT_PAGE
    good = [path for path in well if PLAIN_PAGE.fullmatch(path) and well[path] >= MOSTLY * total[path]]
    return max(good, key=lambda path: (STATIC.search(path) is None, well[path], path), default=FRONT_PAGE)
