"""Which of many packages that were changed at once are of what failed: those of which its lines speak.

An unattended upgrade changes dozens within a minute. Where ModSecurity denies requests, its rules matter; where a
database is away, the database; the time zones never. The others are counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.library.fragments import FRAGMENTS
from logsleuth.regexes import regex
from logsleuth.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logsleuth.signals.model import Signal
    from logsleuth.timeline.model import Moment

PACKAGE: Final = "package"
"""The capture of a package's name."""
REMOVED: Final = "removed"
"""The capture that says that it was removed."""
NAME: Final = regex(r"[a-z]{3,}")
"""A part of a package's name that says what it is of."""
EVERYWHERE: Final = frozenset(
    "apache bin client common core data dep dev httpd lib mod module plugin server tools utils".split()  # noqa: SIM905
)
"""Parts of names that fit everything."""
OF_APT: Final = regex(r"(?P<package>[a-z0-9][a-z0-9.+-]+):\w+ \((?P<first>[^\s,)]+)(?:, (?P<second>[^\s,)]+))?\)")
"""One package in a line of apt's history, which names all that one transaction upgrades, installs or removes."""
APT: Final = regex(
    r"(?:[^\n]{0,40} )?(?P<what>Install|Upgrade|Downgrade|Remove|Purge): (?=[a-z0-9][a-z0-9.+-]+:\w+ \()"
)
OF_A_SERVER: Final = regex(FRAGMENTS["deb-package"])
"""How the names of those packages begin that a server, its applications or backends are made of."""
REMOVALS: Final = frozenset({"Remove", "Purge"})


class Package(NamedTuple):
    """One package that a line reports as changed."""

    name: str
    old: str
    """Its version before; empty: the line does not say, or it was not there."""
    new: str
    """Its version after; empty: it was removed."""

    def __str__(self) -> str:
        if not self.new:
            return f"{self.name} ({self.old}, removed)"
        return f"{self.name} ({self.old} to {self.new})" if self.old else f"{self.name} (to {self.new})"


class Changed(NamedTuple):
    """Several packages that were changed together."""

    text: str
    """A sentence without its full stop that names some of them."""
    lines: tuple[Moment, ...]
    """Those that report the ones named."""


def changed_together(moments: Sequence[Moment], first: Signal | None, most: int) -> Changed | None:
    """Up to `most` of several packages that these lines report: those that fit `first`, the likeliest cause, if any do.

    None: the lines report no package, or only one.
    """
    named = [(package, moment) for moment in moments for package in _packages(moment)]
    every = sum(max(_items(moment), moment.count) for moment in moments if _field(moment, PACKAGE))
    if every <= 1 or not named:
        return None
    told = ([one for one in named if name_fits(one[0].name, first)] or named)[:most]
    text = _listed([str(package) for package, _ in told], others=every - len(told))
    return Changed(text, tuple(dict.fromkeys(moment for _, moment in told)))


def _listed(packages: Sequence[str], others: int) -> str:
    many = len(packages) > 1
    names = f"{', '.join(packages[:-1])} and {packages[-1]}" if many else packages[0]
    besides = f", with {others:,} other{'s' if others > 1 else ''}" if others else ""
    return f"Package{'s' if many else ''} {names} {'were' if many else 'was'} changed{besides}"


def _packages(moment: Moment) -> Iterator[Package]:
    """The packages of a server that a line names: one, or of apt's history all that it has."""
    if not _field(moment, PACKAGE):
        return
    apt = APT.match(moment.sighting.text)
    if apt is None:
        is_gone = bool(_field(moment, REMOVED))
        version, old = _field(moment, "version"), _field(moment, "old")
        yield Package(_field(moment, PACKAGE), version if is_gone else old, "" if is_gone else version)
        return
    for found in OF_APT.finditer(moment.sighting.text, apt.end()):
        if OF_A_SERVER.match(found["package"]):
            yield _of_apt(found["package"], apt["what"], found["first"], found["second"] or "")


def _of_apt(name: str, what: str, first: str, second: str) -> Package:
    """An upgrade names both versions; an installation one, and perhaps that it was automatic."""
    if what in REMOVALS:
        return Package(name, first, "")
    return Package(name, "", first) if what == "Install" else Package(name, first, second)


def _items(moment: Moment) -> int:
    """How many packages a line of apt's history names; 1: it is another log's."""
    text = moment.sighting.text
    return sum(1 for _ in OF_APT.finditer(text)) if APT.match(text) else 1


def _field(moment: Moment, name: str) -> str:
    return dict(moment.sighting.fields).get(name, "")


def name_fits(package: str, first: Signal | None) -> bool:
    """Whether a package is, by its name, of what the likeliest cause reports."""
    if first is None or not package:
        return False
    said = f"{first.title} {first.name} {first.moments[0].sighting.text}".lower()
    return any(part in said for part in _parts(package.lower()))


def _parts(package: str) -> Iterator[str]:
    for part in NAME.findall(package):
        name = part.removeprefix("lib")
        if len(name) > 2 and name not in EVERYWHERE:
            yield name
