"""Which kind of machine the logs of a host come from."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from logsleuth.library.platforms import ITS_OWN, PLESK, Platform, system_by_files, system_of
from logsleuth.logs.format.sniff import OF_OLD
from logsleuth.logs.open.rotation import family
from logsleuth.regexes import regex
from logsleuth.timeline.banner import last_banner
from logsleuth.units import MINUTE, SECOND
from logsleuth.values import replace

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from logsleuth.causes.model import Diagnosis
    from logsleuth.library.containers import Container
    from logsleuth.logs.open.log import Log
    from logsleuth.timeline.clock import Clock
    from logsleuth.timeline.model import Timeline

MARGIN: Final = 5 * MINUTE
VERSION: Final = regex(r"Apache/(\d{1,3})\.(\d{1,3})(?:\.(\d{1,3}))?")
RED_HAT_LOG: Final = regex(r"(?:^|/)(?:ssl_)?(?:error|access)_log\Z")
RED_HAT_PAGES: Final = regex(rf"{ITS_OWN}var/www/")
OF_KUBERNETES: Final = regex(
    r"\bkube-probe/|[\w-]\.svc\.cluster\.local\b|/var/run/secrets/kubernetes\.io/|/kubepods[./-]",
    needs=("kube-probe/", ".svc.cluster.local", "kubernetes.io", "/kubepods"),
)
"""What asks for pages in Kubernetes, names that its resolver gives, a folder in each of its pods, and their cgroup."""
EVENTS_OF_PODS: Final = regex(
    rb"\s(?:pod|replicaset|deployment|statefulset)/[a-z0-9.-]{1,253}\s|Back-off restarting failed container "
    rb"|Readiness probe failed: "
)
"""What the list of Kubernetes' events has (kubectl get events)."""
NAMED_PID_FILE: Final = regex(
    r"(?:\bpid file (?P<left>/[\w./-]{1,200}) overwritten|\bremoved PID file (?P<gone>/[\w./-]{1,200}) \(pid="
    r"|\bCommand line: .{0,400}? -[Cc] ['\"]?PidFile (?P<given>/[\w./-]{1,200}))",
    needs=("pid file", "PID file", "PidFile"),
)
"""In httpd's own words: AH00098, AH00096 and AH00094 (server/log.c, server/mpm_unix.c, server/core.c)."""
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


def explained_on(there: Platform, known: Collection[str], diagnosis: Diagnosis) -> Diagnosis:
    """A diagnosis whose causes are explained as what the server runs on has them, and as what else is known."""
    on = frozenset({*there.names, *known})
    return replace(diagnosis, causes=tuple(replace(cause, on=on) for cause in diagnosis.causes))


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
    version = _version(timeline)
    return Platform(
        known,
        is_old=_is_old(version, logs),
        version=version,
        named_pid_file=_pid_file(timeline),
        has_plesk=any(PLESK.search(text) for text in (*told, *(log.path for log in logs))),
        container=_container(timeline, logs),
        year=datetime.fromtimestamp(timeline.end / SECOND, UTC).year if timeline.end else 0,
    )


def _container(timeline: Timeline, logs: Sequence[Log]) -> Container:
    """What runs the container that the logs come from, by what their lines are in, or as httpd has the first pid."""
    wrappers = {log.format.wrapper.name for log in logs if log.format.wrapper is not None}
    for container, names in RUNTIMES.items():
        if wrappers & names:
            return container
    if any(log.format.kind == "dated" and EVENTS_OF_PODS.search(log.mark) for log in logs):
        return "kubernetes"
    first = (series.first_sighting.text for series in timeline.series.values())
    if any(OF_KUBERNETES.search(text) for text in first):
        return "kubernetes"
    of_server = (series for series in timeline.known() if series.meaning.about == "server")
    lines = (moment.sighting for series in of_server for moment in series.moments)
    return "docker" if any(line.reporter == 1 and line.module.startswith("mpm_") for line in lines) else ""


def _is_of_red_hat(texts: Iterable[str], paths: Iterable[str]) -> bool:
    """Whether logs have the names that they have on Red Hat's kin and SUSE, and pages lie where SUSE has none."""
    return any(RED_HAT_LOG.search(family(path)) for path in paths) and any(RED_HAT_PAGES.search(t) for t in texts)


def _version(timeline: Timeline) -> tuple[int, ...]:
    """The server's version by its last banner; empty: no line names it, or it is another's server."""
    banner = last_banner(timeline)
    named = VERSION.search(banner.text) if banner is not None else None
    # 'Apache/2.4' (ServerTokens Minor) names no third number
    return tuple(int(part) for part in named.groups() if part is not None) if named is not None else ()


def _is_old(version: tuple[int, ...], logs: Sequence[Log]) -> bool:
    """Whether the server is of a version before the new names, else by the format of its log."""
    return version < NEW_NAMES if version else any(log.format.name == OF_OLD for log in logs)


def _pid_file(timeline: Timeline) -> str:
    """Where the server writes its pid, by its last word on it; empty: no line says it."""
    of_server = (series for series in timeline.known() if series.meaning.about == "server")
    found = [
        (moment.time, named["left"] or named["gone"] or named["given"])
        for series in of_server
        for moment in series.moments[-1:]
        if (named := NAMED_PID_FILE.search(moment.sighting.text))
    ]
    return max(found)[1] if found else ""
