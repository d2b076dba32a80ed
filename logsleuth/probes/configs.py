"""The configurations: for each supervisor its files, where they go, and what checks them."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING

from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from logsleuth.probes.host import Host

SLOT = re.compile(r"\[\[(\w+)\]\]")


@dataclass(frozen=True, slots=True)
class Config:
    """One file."""

    name: str
    place: str
    """The folder that it belongs into."""
    text: str


PLACES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "monit": (("logsleuth-monit.conf", "/etc/monit/conf.d"),),
    "systemd": (
        ("logsleuth-check.service", "/etc/systemd/system"),
        ("logsleuth-check.timer", "/etc/systemd/system"),
        ("logsleuth-http.service", "/etc/systemd/system"),
        ("logsleuth-http.timer", "/etc/systemd/system"),
        ("logsleuth-restart.service", "/etc/systemd/system"),
        ("logsleuth-watch.service", "/etc/systemd/system"),
    ),
    "nagios": (("logsleuth-nagios.cfg", "/etc/nagios4/conf.d"),),
    "icinga": (("logsleuth-icinga2.conf", "/etc/icinga2/conf.d"),),
    "prometheus": (("logsleuth-rules.yml", "/etc/prometheus"),),
}
"""Supervisor to its files."""


def configs(kind: str, host: Host) -> tuple[Config, ...]:
    """The files for one supervisor, filled in."""
    slots = host.slots()
    folder = files("logsleuth.probes") / "templates"
    return tuple(
        Config(name, place, SLOT.sub(lambda slot: slots[slot[1]], (folder / name).read_text(encoding="utf-8")))
        for name, place in PLACES[kind]
    )
