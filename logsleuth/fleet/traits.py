"""The traits of a host: its software, configuration, sites and changes."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING

from logsleuth.fleet.model import Trait
from logsleuth.logs.open.log import COMPANIONS
from logsleuth.timeline.banner import last_banner

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logsleuth.fleet.scanned import Scanned
    from logsleuth.logs.conf.settings import ServerSettings
    from logsleuth.logs.open.log import Log
    from logsleuth.timeline.model import Timeline

PRODUCT = re.compile(r"(?P<name>[A-Za-z][\w.+-]{0,40})/(?P<version>[\w.+~-]{1,40})")
PLATFORM = re.compile(r"\((?P<name>[A-Za-z][\w .+-]{0,40})\)")
HTTPD = frozenset({"Apache", "httpd"})
MOST_PRODUCTS = 16
CHIEF = 0.5
"""Share of the requests that a virtual host must have to count as what a host mostly serves."""
MOST_CHANGES = 64
"""The last changes of a host that are kept."""
ROLE = re.compile(r"([A-Za-z][A-Za-z._-]*?)[._-]?\d")
"""What comes before the number in a host's name: 'web' of web01, 'shop-app' of shop-app-3."""


def traits_of(scanned: Scanned, timeline: Timeline) -> tuple[Trait, ...]:
    """All traits of a host, each name of a kind once."""
    return (
        *_software(timeline),
        *_configured(scanned.settings),
        *_place(scanned),
        *_served(timeline, scanned.logs),
    )


def changes_of(logs: Sequence[Log], timeline: Timeline) -> tuple[tuple[int, str], ...] | None:
    """(UTC microseconds, what it was) of a host's last changes, in order; None: it has no log that would show any."""
    found = [
        (moment.last, series.title)
        for series in timeline.known()
        if series.meaning.role == "trigger"
        for moment in series.moments
    ]
    if not found and not any(log.format.kind in COMPANIONS for log in logs):
        return None
    return tuple(sorted(found)[-MOST_CHANGES:])


def _software(timeline: Timeline) -> Iterator[Trait]:
    """The products of the last banner, and the MPM that wrote it."""
    sighting = last_banner(timeline)
    if sighting is None:
        return
    words = sighting.words.rpartition(" configured -- ")[0].rpartition("] ")[2]
    found = {"httpd" if one["name"] in HTTPD else one["name"]: one["version"] for one in PRODUCT.finditer(words)}
    yield from (Trait("software", name, version) for name, version in list(found.items())[:MOST_PRODUCTS])
    if platform := PLATFORM.search(words):
        yield Trait("platform", "platform", platform["name"])
    if sighting.module.startswith("mpm_"):
        yield Trait("MPM", "MPM", sighting.module.removeprefix("mpm_"))


def _configured(settings: ServerSettings | None) -> Iterator[Trait]:
    """Settings and modules, if its configuration is known."""
    if settings is None:
        return
    yield from (Trait("setting", name, value) for name, value in settings.values)
    yield from (Trait("module", name, "loaded") for name in settings.modules)


def _place(scanned: Scanned) -> Iterator[Trait]:
    """Its name without the number, the folder above its own, and its time zone."""
    if role := ROLE.match(scanned.host.name):
        yield Trait("role", "name", role[1])
    if scanned.host.known == "folder" and (above := _above(scanned.logs[0].path, scanned.host.name)):
        yield Trait("folder", "folder", above)
    if scanned.clock.known != "unknown":
        yield Trait("zone", "time zone", scanned.clock.name)


def _above(path: str, host: str) -> str:
    """The folder above a host's folder: 'eu-west' of `s3://logs/eu-west/web01/error.log`."""
    parts = PurePath(path).parts
    return parts[parts.index(host) - 1] if host in parts[1:-1] else ""


def _served(timeline: Timeline, logs: Sequence[Log]) -> Iterator[Trait]:
    """The virtual host with most of the requests in its own access log."""
    counts = [one for number, one in timeline.traffic.items() if number < len(logs)]
    asked = max(counts, key=lambda one: one.all.total, default=None)
    if asked is None or not asked.by_vhost.kept:
        return
    chief = max(asked.by_vhost.kept, key=lambda one: (one.requests, one.key))
    if chief.requests >= CHIEF * asked.all.total:
        yield Trait("site", "virtual host", chief.key)
