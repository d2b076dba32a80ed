"""Commands that read the very log which showed a fault, in the words of the distribution that its path names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logsleuth.library.commands import Command

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DEFAULT = "/var/log/apache2/error.log"
"""The path that patterns write, which is Debian's."""
ANY_ERROR_LOG = re.compile(rf"{DEFAULT}|(?<![\w./*-])error\.log\b(?!\.)")
"""The same, or only its name."""
PACKED = (".gz", ".bz2", ".xz", ".zst", ".zip", ".tgz", ".tar")
BOTH = "/etc/apache2 /etc/httpd"
"""Where patterns look for the configuration if nothing says which distribution it is."""
RED_HAT = "/var/log/httpd/"
"""Where RHEL, Fedora and their kin log; their service, folders and processes are called httpd."""
PLACES = {BOTH: "/etc/httpd", "/etc/apache2/apache2.conf": "/etc/httpd/conf/httpd.conf", DEFAULT: f"{RED_HAT}error_log"}
DEBIAN = "/var/log/apache2/"
SERVICE = re.compile(r"(?<![\w.-])apache2(?=\.(?:pid|service)\b|[^\w.-]|$)")


def commands(templates: Iterable[str], values: Mapping[str, str], log: str) -> tuple[Command, ...]:
    """The commands of a pattern, filled; `log`: path of the log with its line. A packed one or a stream has no grep."""
    can_be_read = log not in {"", "-"} and not log.lower().endswith(PACKED)
    known = {**values, "log": log} if can_be_read else dict(values)
    return tuple(
        Command(as_there(ANY_ERROR_LOG.sub("{log}", template) if can_be_read else template, log), tuple(known.items()))
        for template in templates
    )


def as_there(template: str, log: str) -> str:
    """A command or configuration with the names of the distribution in which a log has this path."""
    if log.startswith(RED_HAT):
        for debian, there in PLACES.items():
            template = template.replace(debian, there)
        return SERVICE.sub("httpd", template)
    return template.replace(BOTH, "/etc/apache2") if log.startswith(DEBIAN) else template
