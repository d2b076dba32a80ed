"""Who asked: whether a fault is one client's doing, or concerns many."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logsleuth.story.incident import SECOND

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.story.timeline import Moment, Timeline, Track

LEAST_CLIENTS = 4
"""A burst that no pattern knows must concern at least so many clients: a scanner is one or two."""
SAME_CLIENT = 0.5
ON_REQUEST = frozenset({
    "app-misconfigured", "cgi-failure", "htaccess-error", "permission-denied", "php-fatal", "php-memory", "php-timeout",
    "request-too-large", "rewrite-loop", "slow-client", "tls-handshake",
})  # fmt: skip
"""Whether these come about depends on what is asked for, and how: one client can do it alone."""
OTHERS = 4
"""So many other clients, seen at the same time without that fault, show that it is one client's doing…"""
AROUND = 1800 * SECOND
"""…if they asked at most this long before or after."""
MANY = "many-clients"
"""Tag of what scanners bring about too."""
HOST = frozenset({"127.0.0.1", "::1", "[::1]"})
"""The host itself."""
NOBODY = HOST | {""}
"""Clients that are no visitors."""
CODE = re.compile(r"\bAH\d{5,6}: ")
BEHIND = (
    "proxy", "lbmethod", "fcgid", "cgid", "mpm", "dbd", "ldap", "authnz_ldap", "cache", "socache", "session", "md"
)  # fmt: skip
"""Modules (by how their names begin) that talk to back-ends, or serve the server itself."""


def one_clients_doing(track: Track, moments: Sequence[Moment], timeline: Timeline) -> bool:
    """Whether one client alone has a fault that depends on what it asks for, while others ask without it.

    Such is a crawler on a broken page, or a scanner of protocols. Behind a proxy all lines name one client; the host
    itself (127.0.0.1, ::1) is a proxy on it, or its probe.
    """
    if track.pattern is None or track.pattern.worker is not None or track.pattern.alone:
        return False
    if track.pattern.category is not None and track.pattern.category not in ON_REQUEST:
        return False
    named = {client_of(moment.sighting.words) for moment in moments}
    if len(named) != 1 or named <= NOBODY:
        return False
    begin, end = moments[0].time - AROUND, moments[-1].last + AROUND
    others = {
        client_of(moment.sighting.words)
        for other in (*timeline.tracks.values(), *timeline.unknown)
        if other.name != track.name
        for moment in other.moments
        if begin <= moment.time <= end
    }
    return len(others - named - {""}) >= OTHERS


def few_clients_doing(track: Track, moments: Sequence[Moment]) -> bool:
    """Whether what is only a fault if many clients have it comes from a handful, as scanners are."""
    return track.pattern is not None and MANY in track.pattern.tags and not many_clients(moments)


def one_visitors(track: Track, moments: Sequence[Moment]) -> bool:
    """Whether these come of what one visitor asked for."""
    named = {client_of(moment.sighting.words) for moment in moments}
    on_request = track.pattern is not None and track.pattern.category in ON_REQUEST
    return on_request and len(named) == 1 and not named <= NOBODY


def many_clients(moments: Sequence[Moment]) -> bool:
    """Whether a burst concerns many clients, and none of them most: a scanner's does not.

    All that comes from the host itself may be anybody's: it is what a proxy in front passes on, or its probe.
    """
    clients: dict[str, int] = {}
    for moment in moments:
        client = client_of(moment.sighting.words)
        clients[client] = clients.get(client, 0) + 1
    if clients.keys() <= HOST:
        return True
    return len(clients) >= LEAST_CLIENTS and max(clients.values()) <= SAME_CLIENT * len(moments)


def no_clients_doing(moments: Sequence[Moment]) -> bool:
    """Whether httpd itself (the line has a code) speaks of what no client brings about alone.

    That is: most lines name no client, or the module serves what stands behind the server. Applications' own words
    have no code: what they print in batches is no outage.
    """
    coded = [moment.sighting for moment in moments if CODE.search(moment.sighting.words)]
    if len(coded) <= len(moments) / 2:
        return False
    unnamed = sum(1 for sighting in coded if not client_of(sighting.words))
    return unnamed > len(moments) / 2 or coded[0].module.startswith(BEHIND)


def client_of(text: str) -> str:
    """The client that a line names, without its port; empty: none."""
    at = max(text.find("[client "), text.find("[remote "))
    if at < 0:
        return ""
    field = text[at + 8 : text.find("]", at)]
    return field.rsplit(":", 1)[0] if field.count(":") != 0 else field
