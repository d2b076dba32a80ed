"""The facts of this host that go into a configuration: the service, its files, and the path of logsleuth."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path
from urllib.parse import urlsplit

from logsleuth.errors import LogsleuthError
from logsleuth.values import dataclass

LOGS = (
    "/var/log/apache2/error.log",  # Debian, Ubuntu
    "/var/log/httpd/error_log",  # Fedora, RHEL
    "/var/log/apache2/error_log",  # SUSE
    "/usr/local/apache2/logs/error_log",  # httpd's own layout
)
SERVICES = {"apache2": "/etc/apache2", "httpd": "/etc/httpd"}
PLAIN = re.compile(r"[A-Za-z0-9_./:@+=,-]+")
"""Characters without a special meaning to the supervisors or a shell."""
PLAIN_URL = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?(?:/[A-Za-z0-9_./~@+=,?&-]*)?")


@dataclass(frozen=True, slots=True)
class Host:
    """The values for the slots, without characters that have a special meaning to any supervisor."""

    logs: tuple[str, ...]
    url: str
    service: str
    pid_file: str
    program: str
    """How logsleuth is run here: a path, or Python's with `-m logsleuth`."""

    def slots(self) -> dict[str, str]:
        """Each slot's name and text."""
        parts = urlsplit(self.url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        request = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return {
            "logs": " ".join(self.logs), "log": self.logs[0], "url": self.url, "service": self.service,
            "pid_file": self.pid_file, "program": self.program, "host": parts.hostname or "localhost",
            "port": str(port), "request": request, "protocol": parts.scheme,
            "ssl": " --ssl" if parts.scheme == "https" else "",
            "ssl_on": "true" if parts.scheme == "https" else "false",
        }  # fmt: skip


def host(logs: tuple[str, ...], url: str, service: str, pid_file: str) -> Host:
    """The facts of this host; empty arguments are looked up. Raises LogsleuthError for names that are not plain."""
    service = service or _service()
    logs = tuple(_plain(str(Path(log).absolute()), "the log") for log in logs or _logs())
    pid_file = pid_file or f"/run/{service}/{service}.pid"
    if PLAIN_URL.fullmatch(url) is None:
        raise LogsleuthError(f"not a plain URL: '{url}'", "write it as http://localhost/health")
    return Host(logs, url, _plain(service, "the service"), _plain(pid_file, "the pid file"), _program())


def _plain(text: str, what: str) -> str:
    """A text that needs no quotes: each supervisor has its own rules for them, or none. Raises LogsleuthError."""
    if PLAIN.fullmatch(text) is None or ".." in text.split("/"):
        raise LogsleuthError(
            f"{what} {text!r} has characters that not every supervisor supports", "make a link to it with a plain name"
        )
    return text


def _logs() -> tuple[str, ...]:
    found = next((log for log in LOGS if may_be_there(log)), None)
    if found is None:
        raise LogsleuthError("no error log found in the usual places", "name it: logsleuth probe monit LOG")
    return (found,)


def may_be_there(log: str) -> bool:
    """Whether there is such a file, or its folder may not be read (Debian's, for most users)."""
    try:
        Path(log).stat()
    except PermissionError:
        return True
    except OSError:
        return False
    return True


def _service() -> str:
    return next((name for name, folder in SERVICES.items() if Path(folder).is_dir()), "apache2")


def _program() -> str:
    """The program by its full path: supervisors have a different PATH."""
    beside = Path(sys.executable).with_name("logsleuth")
    found = str(beside) if beside.exists() else shutil.which("logsleuth")
    program = str(Path(found).absolute()) if found else sys.executable
    return _plain(program, "the program") + ("" if found else " -m logsleuth")
