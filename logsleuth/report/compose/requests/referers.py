"""Where users asked, by the pages that led to their requests: at which port and by which protocol, and for what."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from logsleuth.regexes import regex
from logsleuth.report.compose.probe.probe import FRONT_PAGE, HOST, HTTPS, PLAIN_PAGE, STATIC
from logsleuth.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.report.compose.requests.visits import Visit

URL: Final = regex(
    r"(?P<scheme>https?)://(?P<host>[A-Za-z0-9.-]{1,253})(?::(?P<port>\d{1,5}))?(?P<path>/[^?#;\s\"]{0,200})?"
)
IN_A_LINE: Final = regex(r", referer: (?P<url>https?://\S{1,500})\Z", needs=(", referer: http",))
"""With what httpd ends a line of its error log."""
TLS: Final = regex(r"(?i)\b(?:open|libre|wolf|boring)?ssl\b|\bmod_ssl\b|\bgnutls\b|\bmod_nss\b")
"""What does TLS in httpd, as its banner names it."""
MOSTLY: Final = 0.9
"""Share of the pages of one site that have a protocol, or lie below one folder."""
LEAST: Final = 5
"""Such pages, from which on they show something."""

SEVERAL: Final = 2
"""Sites of one server from which on a request must name the one that it is for."""
HARMED: Final = ("failed", "refused", "redirected")
"""How a request is answered that an outage met, the gravest first: others are answered so at all times."""


class Led(NamedTuple):
    """A page that led to a request."""

    is_tls: bool
    host: str
    port: str
    path: str


def led_by(line: str) -> Led | None:
    """The page that a line of an error log names as its request's referer."""
    found = IN_A_LINE.search(line)
    return _read(found["url"]) if found is not None else None


def own_referers(visits: Iterable[Visit]) -> list[Led]:
    """The referers that are pages of the site itself: another's page leads to a page, not to its pictures."""
    listed = [(one, led) for one in visits if one.referer and (led := _read(one.referer)) is not None]
    own = {led.host for one, led in listed if STATIC.search(one.path)}
    return [led for _, led in listed if led.host in own]


def site_that_failed(visits: Iterable[Visit]) -> str:
    """The site, of several whose pages led to requests, of which nearly all were that failed; empty: none is known.

    A probe of another one of them, or of that which httpd takes where none is named, would see nothing.
    """
    listed = list(visits)
    led = [(one, found.host) for one in listed if (found := _read(one.referer)) is not None]
    own = {host for one, host in led if STATIC.search(one.path)}
    sites = Counter(host for _, host in led if host in own)
    if sum(number >= LEAST for number in sites.values()) < SEVERAL:
        return ""
    for how in HARMED:
        failed = Counter(host for one, host in led if host in own and one.how == how)
        if failed.total() >= LEAST:
            site, number = max(failed.items(), key=lambda item: (item[1], item[0]))
            return site if number >= MOSTLY * failed.total() and HOST.fullmatch(site) else ""
    return ""


def port_of_referers(led: Iterable[Led], banner: str | None) -> tuple[str, bool] | None:
    """The port at which users asked, and whether over TLS; None: unknown, or httpd itself speaks no TLS.

    `banner`: of the server, which names what does TLS in it; None: no line has it.
    """
    listed = list(led)
    if len(listed) < LEAST:
        return None
    (is_tls, port), number = Counter((one.is_tls, one.port) for one in listed).most_common(1)[0]
    if number < MOSTLY * len(listed) or (is_tls and banner is not None and not TLS.search(banner)):
        return None
    return (port or HTTPS if is_tls else port, is_tls) if is_tls or port else None


def page_of_referers(led: Iterable[Led]) -> str:
    """The page that led to most requests, where nearly all such pages lie below one folder; empty: there is none."""
    listed = [one for one in led if PLAIN_PAGE.fullmatch(one.path)]
    folders = Counter(one.path.split("/")[1] for one in listed if one.path.count("/") > 1)
    if len(listed) < LEAST or not folders or max(folders.values()) < MOSTLY * len(listed):
        return ""
    pages = Counter(one.path for one in listed)
    return max(pages, key=lambda path: (pages[path], path))


def _read(url: str) -> Led | None:
    found = URL.match(url)
    if found is None:
        return None
    return Led(found["scheme"] == "https", found["host"].lower(), found["port"] or "", found["path"] or FRONT_PAGE)
