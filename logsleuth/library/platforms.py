"""Commands and advice for the machine that wrote a log: Debian and its kin, Red Hat and its kin, Windows; old httpd."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

from logsleuth.library import powershell
from logsleuth.library.commands import Command, instruction
from logsleuth.regexes import regex
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from logsleuth.library.commands import Shell

System = Literal["debian", "red-hat", "windows", "unknown"]


@dataclass(frozen=True, slots=True)
class Platform:
    """What advice depends on."""

    system: System = "unknown"
    is_old: bool = False
    """The server is httpd 1.3 to 2.2, some of whose directives have other names."""


ERROR_LOG: Final = "/var/log/apache2/error.log"
"""The path that patterns write, which is Debian's."""
ANY_ERROR_LOG: Final = regex(rf"{ERROR_LOG}|(?<![\w./*-])error\.log\b(?!\.)")
"""The path that patterns write for the error log, or only its name."""
PACKED: Final = (".gz", ".bz2", ".xz", ".zst", ".zip", ".tgz", ".tar")
AGO: Final = regex(r"--since (?:\"[^\"]*\"|-\d+h)(?! --until)")
"""How patterns ask the journal for the last hour or two."""
CONFIGURATION: Final = "/etc/apache2 /etc/httpd"
"""Where patterns look for the configuration."""
SERVICE: Final = regex(r"(?<![\w.-])apache2(?=\.(?:pid|service)\b|[^\w.-]|$)")
UPGRADES: Final = regex(r'grep -E "[\w|]+" /var/log/dpkg\.log \| tail')
"""What was installed last, of Debian."""
RED_HAT_NAMES: Final = {
    CONFIGURATION: "/etc/httpd",
    "/etc/apache2/apache2.conf": "/etc/httpd/conf/httpd.conf",
    ERROR_LOG: "/var/log/httpd/error_log",
    "/var/log/dpkg.log /var/log/dnf.rpm.log": "/var/log/dnf.rpm.log",
    "/var/log/dpkg.log": "/var/log/dnf.rpm.log",
    "dpkg -S": "rpm -qf",
    "www-data apache": "apache",
    "www-data": "apache",
}
WINDOWS_NAMES: Final = {
    "systemctl restart apache2": "Restart-Service Apache2.4",
    "systemctl restart httpd": "Restart-Service Apache2.4",
    "apachectl configtest": "httpd -t",
    "apachectl -t": "httpd -t",
    "the package manager's log (dpkg.log, dnf.log)": "the list of installed programs and updates",
}
"""Apache2.4 is the name that `httpd -k install` gives the service (os/win32)."""
OLD_NAMES: Final = {"MaxRequestWorkers": "MaxClients", "MaxConnectionsPerChild": "MaxRequestsPerChild"}
"""Directives that were renamed in 2.3.13 and 2.3.9 (docs/manual/mod/mpm_common.html)."""
KNOWN_BY: Final[tuple[tuple[System, re.Pattern[str]], ...]] = (
    ("windows", re.compile(r"\((?:Win32|Win64)\)|[\[ ]mpm_winnt:|^[A-Za-z]:[\\/]")),
    ("debian", re.compile(r"\((?:Debian|Ubuntu|Raspbian)[^)]*\)|/usr/sbin/apache2\b")),
    (
        "red-hat",
        re.compile(
            r"\((?:Red Hat|CentOS|Rocky|AlmaLinux|Fedora|Amazon|Oracle Linux|Scientific Linux)[^)]*\)|/usr/sbin/httpd\b"
        ),
    ),
    ("red-hat", re.compile(r"^/var/log/httpd/")),
    ("debian", re.compile(r"^/var/log/apache2/")),
)
"""What a banner, a command line or the path of a log says, the most certain first."""


def system_of(texts: Iterable[str]) -> System:
    """What these lines and paths say of the machine."""
    known = list(texts)
    for system, found in KNOWN_BY:
        if any(found.search(text) for text in known):
            return system
    return "unknown"


def commands(templates: Iterable[str], values: Mapping[str, str], log: str, there: Platform) -> tuple[Command, ...]:
    """The commands of a pattern, filled; `log`: path of the log with its line. A packed one or a stream has no grep.

    Values `since` and `until` are local times: what a pattern asks of the last hour is asked of that time.
    """
    can_be_read = log not in {"", "-"} and not log.lower().endswith(PACKED)
    known = {**values, "log": log} if can_be_read else dict(values)
    named = (ANY_ERROR_LOG.sub("{log}", template) if can_be_read else template for template in templates)
    timed = (AGO.sub("--since {since} --until {until}", t) if "since" in values else t for t in named)
    translated = (as_there(template, there) for template in timed)
    shell: Shell = "powershell" if there.system == "windows" else "sh"
    return tuple(Command(template, tuple(known.items()), shell) for template in translated if template is not None)


def advice(text: str, values: Mapping[str, str], there: Platform) -> str:
    """A pattern's sentence on what to do, filled, with the names of the machine."""
    return instruction(sentence(text, there), values)


def as_there(template: str, platform: Platform) -> str | None:
    """A command with the names of a platform; None: there is no such command there."""
    if platform.system == "windows":
        return powershell.translated(template)
    if platform.system != "unknown" and powershell.is_for_windows(template):
        return None
    return sentence(template, platform)


def sentence(text: str, platform: Platform) -> str:
    """Advice, or a configuration, with the names of a platform."""
    if platform.is_old:
        text = _renamed(text, OLD_NAMES)
    match platform.system:
        case "red-hat":
            return SERVICE.sub("httpd", _renamed(UPGRADES.sub("rpm -qa --last | head", text), RED_HAT_NAMES))
        case "windows":
            return _renamed(text, WINDOWS_NAMES)
        case "debian":
            return text.replace(CONFIGURATION, "/etc/apache2")
        case "unknown":
            return text


def _renamed(text: str, names: dict[str, str]) -> str:
    for ours, there in names.items():
        text = text.replace(ours, there)
    return text
