"""Heroku's log drains: RFC 5424 without structured data, counted or not, and what `heroku logs` prints."""

from __future__ import annotations

import re

from logsleuth.logs.wrappers.peeled import Peeled
from logsleuth.logs.wrappers.stamps import ISO, iso_stamp

DRAIN = re.compile(
    rf"(?:\d{{1,7}} )?<\d{{1,3}}>1 {ISO} (?P<host>\S+) (?P<app>[\w\-]+)"
    r" (?P<dyno>[a-z][\w\-]*\.\d{1,5}) - (?:- )?",
    re.ASCII,
)
"""`83 <40>1 2026-03-03T14:02:11+00:00 host app web.3 - …`: a dyno, and a dash for structured data or none."""
PRINTED = re.compile(
    rf"{ISO} (?:d\.[\w\-]{{36}} )?(?P<app>app|heroku)\[(?P<dyno>[a-z][\w\-]*\.\d{{1,5}})\]:? ", re.ASCII
)


def peel_heroku(line: str) -> Peeled | None:
    """A line of a drain, or of `heroku logs`; the dyno is the host."""
    found = DRAIN.match(line) or PRINTED.match(line)
    stamp = iso_stamp(found) if found else None
    if found is None or stamp is None:
        return None
    return Peeled(line[found.end() :], *stamp, host=found["dyno"], extra={"app": found["app"]})
