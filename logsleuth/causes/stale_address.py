"""Whether httpd goes on to ask for a backend at an address that is no longer its own.

httpd looks a backend's name up once in the life of each child (mod_proxy, "DNS resolution for origin domains"). A
container that is recreated gets another address, and its old one answers nobody, until another container has it: that
one refuses, since nothing of it listens at that port. The backend is well, and a restart of httpd ends the outage.
"""

from __future__ import annotations

from collections import Counter
from ipaddress import IPv4Address, ip_address
from typing import TYPE_CHECKING, Final

from logsleuth.causes.model import Reason
from logsleuth.incidents.model import How
from logsleuth.regexes import regex
from logsleuth.signals.tuning import LEAST_MOMENTS, SOON_US
from logsleuth.timeline.text import message
from logsleuth.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logsleuth.incidents.model import Incident
    from logsleuth.timeline.model import Moment

ATTEMPT: Final = "attempt to connect to "
TRIED: Final = regex(
    r"\A\((?P<error>(?:OS )?\d{1,5})\)[^\n]{0,200}? attempt to connect to (?P<address>\d{1,3}(?:\.\d{1,3}){3}):\d{1,5} "
    r"\((?P<name>[A-Za-z][\w.\-]{0,250})(?::\d{1,5})?\)",
    needs=(ATTEMPT,),
)
"""A backend with a name, and the address at which httpd asked for it (modules/proxy/proxy_util.c)."""
NOBODY: Final = frozenset({"113", "65", "148", "OS 10065", "110", "60", "145", "OS 10060"})
"""Errors of an address at which nobody answers: no route to the host (EHOSTUNREACH), timed out (ETIMEDOUT)."""
REFUSES: Final = frozenset({"111", "61", "146", "OS 10061"})
"""Errors of an address at which somebody answers who does not listen at that port (ECONNREFUSED)."""


class Tried(NamedTuple):
    """A line on a connection that failed."""

    address: str
    name: str
    error: str
    moment: Moment


def stale_address(incident: Incident) -> Reason | None:
    """That httpd seems to hold an old address; None: nothing shows it.

    First nobody answers at a private address, and from then on it refuses, for so long that it is no backend that
    starts; nor did the outage end by itself, or go on after a restart of httpd.
    """
    if incident.restarts_in_vain or (incident.recovery is not None and incident.recovery.how is How.FADED):
        return None
    every = [tried for signal in incident.signals for tried in _tried(signal.moments)]
    for (address, name), _ in Counter((one.address, one.name) for one in every).most_common():
        own = [one for one in every if (one.address, one.name) == (address, name)]
        nobody = [one.moment for one in own if one.error in NOBODY]
        refuses = [one.moment for one in own if one.error in REFUSES]
        if _is_private(address) and _is_another_since(nobody, refuses):
            return _reason(address, name, nobody, refuses)
    return None


def _tried(moments: Sequence[Moment]) -> Iterator[Tried]:
    for moment in moments:
        if ATTEMPT not in moment.sighting.words:
            continue
        found = TRIED.search(message(moment.sighting))
        if found is not None:
            yield Tried(found["address"], found["name"], found["error"], moment)


def _is_private(address: str) -> bool:
    """Whether it is one that containers and machines of a private network get."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return isinstance(found, IPv4Address) and found.is_private and not found.is_loopback


def _is_another_since(nobody: Sequence[Moment], refuses: Sequence[Moment]) -> bool:
    """Whether nobody answered, and then somebody refused, for longer than a backend takes to start."""
    if min(len(nobody), len(refuses)) < LEAST_MOMENTS:
        return False
    first = min(one.time for one in refuses)
    return max(one.last for one in nobody) < first and max(one.last for one in refuses) - first >= SOON_US


def _reason(address: str, name: str, nobody: Sequence[Moment], refuses: Sequence[Moment]) -> Reason:
    silent, refused = sum(one.count for one in nobody), sum(one.count for one in refuses)
    text = (
        f"httpd seems to hold an old address of {name}: at {address} first nobody answered ({silent:,} lines), and "
        f"since then connections are refused ({refused:,} lines), as by another host or container that has it now"
    )
    fix = (
        f"Compare `getent hosts {name}`, where httpd runs, with {address}. If they differ, restart httpd: each of its "
        "children looks the name of a backend up only once."
    )
    lines = (min(nobody, key=_time).sighting, min(refuses, key=_time).sighting)
    restart = f"it ends this only if the address of {name} changed"
    return Reason(min(one.time for one in nobody), text, lines, "medium", fix, restart=restart)


def _time(moment: Moment) -> int:
    return moment.time
