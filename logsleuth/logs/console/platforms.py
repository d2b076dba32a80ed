"""Prefixes of platforms that collect the output of many processes: Heroku and its likes, compose, supervisord."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logsleuth.logs.wrappers.containers import peel_compose, peel_stamp
from logsleuth.logs.wrappers.peeled import Peeled
from logsleuth.logs.wrappers.stamps import ISO, iso_stamp

if TYPE_CHECKING:
    from datetime import date

HEROKU = re.compile(rf"{ISO} (?P<source>[\w\-]{{1,40}})\[(?P<dyno>[\w.\-/]{{1,60}})\]: ?", re.ASCII)
NUMBERED = re.compile(r"\w[\w.\-]{0,100}[_-]\d{1,4} +\| ", re.ASCII)
CLOUD_FOUNDRY = re.compile(rf"{ISO} \[(?P<dyno>[A-Z]+[\w./\-]{{0,60}})\] (?P<stream>OUT|ERR) ?", re.ASCII)


def peel_heroku(text: str, _: date) -> Peeled | None:
    """`2020-03-03T14:02:11.120001+00:00 app[web.1]: `; Cloud Foundry's `… [APP/PROC/WEB/0] ERR `."""
    found = HEROKU.match(text) or CLOUD_FOUNDRY.match(text)
    stamp = iso_stamp(found) if found else None
    if found is None or stamp is None:
        return None
    return Peeled(text[found.end() :], *stamp, host=found["dyno"])


def peel_numbered(text: str, _: date) -> Peeled | None:
    """`web_1  | `, `web-1  | `, as compose names containers by itself."""
    return peel_compose(text) if NUMBERED.match(text) else None


def peel_container(text: str, _: date) -> Peeled | None:
    """`apache  | `: a container that was given a name."""
    return peel_compose(text)


def peel_time(text: str, _: date) -> Peeled | None:
    """A time stamp alone, or a pod's name."""
    return peel_stamp(text)
