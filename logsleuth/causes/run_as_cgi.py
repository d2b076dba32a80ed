"""Whether the program whose error is the cause is a CGI script: then the outage is of CGI scripts that fail.

The same line of Perl or Python is written by an application under mod_perl, PSGI or mod_wsgi, and by a script that
httpd starts for each request. 2.2 names no module in its lines; what follows tells them apart: httpd finds that the
script ended without a header.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

    from logsleuth.signals.model import Signal

CGI_FAILURE: Final = "cgi-failure"
OF_APPLICATIONS: Final = frozenset({"app-misconfigured", "wsgi-load-failure"})
"""Kinds of outages that say only that an application cannot run, whatever runs it."""
NO_HEADER: Final = "cgi.premature-end"
MODULES: Final = frozenset({"cgi", "cgid", ""})
"""Modules of httpd that run CGI scripts, and 2.2's lines, which name none."""
BY_FCGID: Final = "mod_fcgid: "
"""How mod_fcgid's own words begin: it hands on what a program that stays alive writes."""


def category_as_cgi(first: Signal, company: Collection[str]) -> str | None:
    """The kind of outage that a cause is because its program is run as CGI; None: it is not, or that says no more.

    `company`: names of the signals that come with nearly all of its lines.
    """
    if first.category not in OF_APPLICATIONS or NO_HEADER not in company:
        return None
    lines = (moment.sighting for moment in first.moments)
    by_cgi = all(line.module in MODULES and BY_FCGID not in line.words for line in lines)
    return CGI_FAILURE if by_cgi else None
