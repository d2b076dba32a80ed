"""Which program holds the port that httpd could not open: by what systemd started before, and stopped in the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.causes.model import ONLY_TOLD, Ground
from logsleuth.regexes import regex

if TYPE_CHECKING:
    from logsleuth.causes.model import Diagnosis

PORT_TAKEN: Final = "port-in-use"
STARTED: Final = "changes.unit-started"
"""The pattern of what systemd says when it has started a service; its capture `unit` names it first."""
SERVERS: Final = regex(
    r"(?:nginx|openresty|lighttpd|caddy|haproxy|varnish|hitch|squid|traefik|envoy|tomcat\d*|lsws|openlitespeed)\b"
)
"""Services that listen where httpd does."""


def of_taker(diagnosis: Diagnosis) -> tuple[Ground, ...]:
    """The service that was started just before, if it is a web server, or its stop made way."""
    if diagnosis.category != PORT_TAKEN:
        return ()
    end = diagnosis.ended_by.text if diagnosis.ended_by is not None else ""
    started = [one.sightings[-1] for one in diagnosis.triggers if one.pattern == STARTED]
    units = [dict(line.fields).get("unit", "").partition(" ")[0] for line in started]
    said = next((text for unit in units if (text := holds_the_port(unit, end))), "")
    return (Ground("taker", ONLY_TOLD, said),) if said else ()


def holds_the_port(unit: str, end: str) -> str:
    """A sentence on a service that was started just before; empty: it has hardly to do with the port.

    `end`: what was done just before the start of httpd that succeeded; empty: nothing is known.
    """
    program = unit.removesuffix(".service")
    made_way = bool(program) and program in end.replace(":", " ").replace(".service", " ").split()
    if not made_way and SERVERS.match(program) is None:
        return ""
    then = ", and httpd could start once it was stopped" if made_way else ""
    return f"It is probably {unit}: systemd had started it just before{then}."
