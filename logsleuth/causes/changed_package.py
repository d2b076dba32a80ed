"""Which of many packages that were changed at once is of what failed: the one of which its lines speak.

An unattended upgrade changes dozens within a minute. Where ModSecurity denies requests, its rules matter; where a
database is away, the database; the time zones never.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.regexes import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logsleuth.signals.model import Signal
    from logsleuth.timeline.model import Moment

PACKAGE: Final = "package"
"""The capture of a package's name."""
NAME: Final = regex(r"[a-z]{3,}")
"""A part of a package's name that says what it is of."""
EVERYWHERE: Final = frozenset(
    "apache bin client common core data dep dev httpd lib mod module plugin server tools utils".split()  # noqa: SIM905
)
"""Parts of names that fit everything."""


def fits(moment: Moment, first: Signal | None) -> bool:
    """Whether a changed package is, by its name, of what the likeliest cause reports; without a name it is not."""
    package = dict(moment.sighting.fields).get(PACKAGE, "")
    if first is None or not package:
        return False
    said = f"{first.title} {first.name} {first.moments[0].sighting.text}".lower()
    return any(part in said for part in _parts(package.lower()))


def _parts(package: str) -> Iterator[str]:
    for part in NAME.findall(package):
        name = part.removeprefix("lib")
        if len(name) > 2 and name not in EVERYWHERE:
            yield name
