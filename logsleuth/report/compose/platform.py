"""Which kind of machine the logs of a host come from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from logsleuth.library.platforms import ITS_OWN, PLESK, Platform, system_by_files, system_of
from logsleuth.logs.format.sniff import OF_OLD
from logsleuth.logs.open.rotation import family
from logsleuth.timeline.banner import last_banner
from logsleuth.units import MINUTE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.library.containers import Container
    from logsleuth.logs.open.log import Log
    from logsleuth.timeline.clock import Clock
    from logsleuth.timeline.model import Timeline

MARGIN: Final = 5 * MINUTE
VERSION: Final = re.compile(r"Apache/(\d{1,3})\.(\d{1,3})(?:\.(\d{1,3}))?")
RED_HAT_LOG: Final = re.compile(r"(?:^|/)(?:ssl_)?(?:error|access)_log\Z")
RED_HAT_PAGES: Final = re.compile(rf"{ITS_OWN}var/www/")
RUNTIMES: Final[dict[Container, frozenset[str]]] = {
    "kubernetes": frozenset({"Kubernetes CRI"}),
    "docker": frozenset({"docker json-file", "docker compose"}),
}
"""By which wrappers a container's output is known (logs/wrappers)."""
NEW_NAMES: Final = (2, 3, 13)
"""The version since which the limit of workers is called MaxRequestWorkers (docs/manual/mod/mpm_common.html)."""


def around(first: int | None, last: int | None, clock: Clock) -> dict[str, str]:
    """Values for commands that ask other logs for the time of a fault (UTC microseconds): some minutes more than it."""
    if first is None or last is None:
        return {}
    since, until = (clock.local(time) for time in (first - MARGIN, last + MARGIN))
    return {"since": f"{since:%Y-%m-%d %H:%M}", "until": f"{until:%Y-%m-%d %H:%M}"}


def platform(timeline: Timeline, logs: Sequence[Log]) -> Platform:
    """Where the logs of a host were written and by which httpd, by the server's own lines, or else paths and format."""
    said = [series for series in timeline.series.values() if "platform" in series.meaning.shows]
    lines = [series.moments[-1].sighting.text for series in said if series.moments]
    of_windows = next((s for s in timeline.series.values() if s.first_sighting.module == "mpm_winnt"), None)
    texts = [*lines, *([of_windows.first_sighting.text] if of_windows else []), *(log.path for log in logs)]
    known = system_of(texts)
    lines_of = ([moment.sighting.text for moment in series.moments] for series in timeline.series.values())
    told = ["\n".join(lines) for lines in lines_of]
    if known == "unknown":
        known = system_by_files(told)
        if known == "unknown" and _is_of_red_hat(told, (log.path for log in logs)):
            known = "red-hat"
    return Platform(
        known,
        is_old=not _is_since(NEW_NAMES, timeline, logs),
        has_plesk=any(PLESK.search(text) for text in (*told, *(log.path for log in logs))),
        container=_container(timeline, logs),
    )


def _container(timeline: Timeline, logs: Iterable[Log]) -> Container:
    """What runs the container that the logs come from, by what their lines are in, or as httpd has the first pid."""
    wrappers = {log.format.wrapper.name for log in logs if log.format.wrapper is not None}
    for container, names in RUNTIMES.items():
        if wrappers & names:
            return container
    of_server = (series for series in timeline.known() if series.meaning.about == "server")
    lines = (moment.sighting for series in of_server for moment in series.moments)
    return "docker" if any(line.reporter == 1 and line.module.startswith("mpm_") for line in lines) else ""


def _is_of_red_hat(texts: Iterable[str], paths: Iterable[str]) -> bool:
    """Whether logs have the names that they have on Red Hat's kin and SUSE, and pages lie where SUSE has none."""
    return any(RED_HAT_LOG.search(family(path)) for path in paths) and any(RED_HAT_PAGES.search(t) for t in texts)


def _is_since(version: tuple[int, int, int], timeline: Timeline, logs: Sequence[Log]) -> bool:
    """Whether the server is of this version or a later one, by its last banner, else by the format of its log."""
    banner = last_banner(timeline)
    named = VERSION.search(banner.text) if banner is not None else None
    if named is None:
        return all(log.format.name != OF_OLD for log in logs)
    # 'Apache/2.4' (ServerTokens Minor) names no third number
    return tuple(int(part or 0) for part in named.groups()) >= version
