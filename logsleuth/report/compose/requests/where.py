"""Where a probe asks: of which site, at which port and by which protocol, as the requests that failed came in."""

from __future__ import annotations

from collections import Counter
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from logsleuth.causes.reach import Reach
from logsleuth.regexes import regex
from logsleuth.report.compose.probe.probe import HOST, HTTP, HTTPS, HTTPS_PORTS
from logsleuth.report.compose.requests.referers import led_by, own_referers, port_of_referers, site_that_failed
from logsleuth.report.compose.story.exhibits import log_name
from logsleuth.report.compose.story.reached import reach
from logsleuth.report.compose.story.whom import site_hit
from logsleuth.timeline.banner import last_banner
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from logsleuth.causes.model import Diagnosis
    from logsleuth.lives.live import Lives
    from logsleuth.report.compose.requests.asked import AskedThen
    from logsleuth.report.compose.requests.visits import Visit, Visits
    from logsleuth.report.compose.story.exhibits import Exhibits
    from logsleuth.timeline.model import Timeline

TLS_SERVER: Final = regex(r"in handshake \(server (?P<name>[^):]{1,253}):(?P<port>\d{1,5})\)")
"""Which virtual host a client spoke to when its handshake failed (ssl_engine_io.c, AH02008)."""
MISDIRECTED: Final = regex(r"and hostname (?P<name>\S{1,253}) provided via HTTP have no compatible SSL setup")
"""Which virtual host was asked for in a request that was refused for that (ssl_engine_kernel.c, AH02032)."""
UPSTREAM: Final = regex(
    r'upstream: "http://(?:127\.0\.0\.1|localhost|\[::1\]):(?P<port>\d{1,5})/', needs=('upstream: "http://',)
)
"""Where an nginx on the same machine, in front of httpd, reaches it."""
OF_TLS: Final = regex(r"(?:\A|[._-])(?:ssl|https|tls)(?:[._-]|\Z)")
"""In the name of an access log of requests over TLS, such as ssl_access_log."""
MOSTLY: Final = 0.5
"""Share of the requests that came to one port, or over TLS, from which on a probe does the same."""


@dataclass(frozen=True, slots=True)
class Where:
    """What a probe speaks to."""

    port: str = HTTP
    is_tls: bool = False
    site: str = ""
    """The one of several sites that was hit; empty: there is one, or it is not known which."""
    is_forwarded: bool = False
    """Requests come through a proxy that ends TLS and says so: without its header a site may only redirect to https."""


def site(diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits, then: AskedThen | None) -> str:
    """The one of several sites that the outage hit; empty: there is one, or nothing tells them apart."""
    if reach(diagnosis) is Reach.HANDSHAKE:
        named = (TLS_SERVER.search(line) or MISDIRECTED.search(line) for line in first_lines(diagnosis))
        return next((found["name"] for found in named if found and HOST.fullmatch(found["name"])), "")
    if reach(diagnosis) is Reach.DOWN:
        return ""
    logs = {number: log_name(number, exhibits.logs, of.parts) for number, of in lives.requests.logs.items()}
    hit = site_hit(diagnosis.incident.requests, lives.requests, then, logs)
    return hit if HOST.fullmatch(hit) else ""


def where(diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits, visits: Visits, of_site: str) -> Where:
    """Where a probe meets the outage. `of_site`: the site that it hit.

    A handshake that fails is met at the port that its line names, else at 443.
    """
    if reach(diagnosis) is Reach.HANDSHAKE:
        named = (TLS_SERVER.search(line) for line in first_lines(diagnosis))
        return Where(next((found["port"] for found in named if found), HTTPS), is_tls=True, site=of_site)
    if (behind := by_nginx(lives.timeline)) is not None:
        return Where(behind, site=of_site)
    own = {part for number in own_logs(diagnosis, lives) for part in (number, *lives.requests.logs[number].parts)}
    asked = [
        one
        for one in (*visits.during, *visits.elsewhen)
        if one.log in own and (not of_site or not one.site or one.site == of_site)
    ]
    of_site = of_site or site_that_failed(asked)
    names = {number: PurePath(exhibits.logs[number].path).name for number in own}
    harmed = [one for one in asked if not one.is_well]
    shown = [moment.sighting.log for signal in diagnosis.incident.signals for moment in signal.moments[:1]]
    if is_forwarded(asked):
        ports = Counter(one.port for one in asked if one.port)
        return Where(max(ports, key=lambda port: (ports[port], port), default=HTTP), site=of_site, is_forwarded=True)
    led = own_referers(asked) or [found for line in lines_of(diagnosis) if (found := led_by(line)) is not None]
    banner = last_banner(lives.timeline)
    port, is_tls = (
        port_asked(harmed, names)
        or port_asked(asked, names)
        or port_of_referers(led, banner.text if banner is not None else None)
        or port_of_error_logs(shown, exhibits)
        or (taken(lives.timeline) or HTTP, False)
    )
    return Where(port, is_tls, of_site)


def own_logs(diagnosis: Diagnosis, lives: Lives) -> tuple[int, ...]:
    """The access log whose requests an outage is counted by, or else the server's own; none: there is no access log."""
    seen = diagnosis.incident.requests
    number = seen.log if seen is not None else lives.requests.counted
    return () if number is None else (number,)


def port_asked(visits: Sequence[Visit], names: Mapping[int, str]) -> tuple[str, bool] | None:
    """The port at which most requests came in, and whether they came over TLS; None: the logs do not say.

    `names`: of the logs, by their numbers.
    """
    ports = Counter(one.port for one in visits if one.port)
    over_tls = sum(one.is_tls or OF_TLS.search(names.get(one.log, "")) is not None for one in visits)
    is_tls = over_tls > MOSTLY * len(visits)
    if ports:
        port = max(ports.items(), key=lambda item: (item[1], item[0]))[0]
        return port, is_tls or port in HTTPS_PORTS
    return (HTTPS, True) if is_tls else None


def is_forwarded(visits: Sequence[Visit]) -> bool:
    """Whether most requests came to a proxy over TLS, and from there without."""
    return sum(one.is_forwarded and not one.is_tls for one in visits) > MOSTLY * len(visits)


def port_of_error_logs(shown: Collection[int], exhibits: Exhibits) -> tuple[str, bool] | None:
    """The port of TLS, where all that showed the outage are logs of sites by TLS alone, such as ssl_error_log.

    `shown`: the numbers of the logs.
    """
    names = {PurePath(exhibits.logs[number].path).name for number in shown}
    return (HTTPS, True) if names and all(map(OF_TLS.search, names)) else None


def by_nginx(timeline: Timeline) -> str | None:
    """The port at which an nginx on the same machine, in front of httpd, reaches it; None: no line names one."""
    lines = (UPSTREAM.search(series.first_sighting.text) for series in timeline.known())
    return next((found["port"] for found in lines if found), None)


def taken(timeline: Timeline) -> str | None:
    """The port that another process held when httpd wanted it; None: no line names one."""
    of_ports = (series for series in timeline.known() if series.meaning.category == "port-in-use")
    return next((dict(series.first_sighting.fields).get("port") for series in of_ports), None)


def lines_of(diagnosis: Diagnosis) -> Iterable[str]:
    """Lines that report the failures."""
    return (moment.sighting.text for signal in diagnosis.incident.signals for moment in signal.moments)


def first_lines(diagnosis: Diagnosis) -> Iterable[str]:
    """Of each of its signals the first line."""
    return (moment.sighting.text for signal in diagnosis.incident.signals for moment in signal.moments[:1])
