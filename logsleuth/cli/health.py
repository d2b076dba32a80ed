"""What `logsleuth doctor` looks at: each check returns findings, and none of them changes anything."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from enum import Enum
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Final

from logsleuth._version import __version__
from logsleuth.errors import LogsleuthError
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

DISTRIBUTION: Final = "logsleuth-httpd"
NAMESAKE: Final = "logsleuth"
"""A distribution by others that installs a command and a package of the same name."""
EXTRAS: Final = (
    ("prometheus_client", "watch --metrics", f"pip install '{DISTRIBUTION}[metrics]'"),
    ("mcp", "logsleuth mcp", f"pip install '{DISTRIBUTION}[mcp]'"),
)
"""Module, what needs it, and how to get it."""
FOLDERS: Final = ("/var/log/apache2", "/var/log/httpd", "/usr/local/apache2/logs", "/opt/homebrew/var/log/httpd")
"""Where Debian, Red Hat, httpd's own build and Homebrew keep logs."""
MOST_LOGS: Final = 20


class Grade(Enum):
    """How a finding is."""

    GOOD = "ok"
    LIMITED = "limited"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    grade: Grade
    subject: str
    text: str


def examine() -> tuple[Finding, ...]:
    """All findings, the installation first."""
    return (*_installation(), *_command(), *_scan(), *_patterns(), *_extras(), *_logs(FOLDERS))


def _installation() -> Iterator[Finding]:
    installed = {name: _version_of(name) for name in (DISTRIBUTION, NAMESAKE)}
    if installed[NAMESAKE] is not None:
        yield Finding(
            Grade.BROKEN, "install",
            f"the distribution '{NAMESAKE}' {installed[NAMESAKE]} is another program with the same command; "
            f"remove it, then install {DISTRIBUTION} again",
        )  # fmt: skip
    if installed[DISTRIBUTION] is None:
        yield Finding(Grade.LIMITED, "install", f"logsleuth {__version__}, run without being installed")
    elif installed[DISTRIBUTION] != __version__:
        text = f"{DISTRIBUTION} {installed[DISTRIBUTION]} is installed, but its code is {__version__}; install it again"
        yield Finding(Grade.BROKEN, "install", text)
    else:
        yield Finding(Grade.GOOD, "install", f"{DISTRIBUTION} {__version__}")


def _version_of(distribution: str) -> str | None:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def _command() -> Iterator[Finding]:
    """Whether the command that a shell finds belongs to this Python."""
    found = shutil.which("logsleuth")
    if found is None:
        yield Finding(Grade.LIMITED, "command", "no 'logsleuth' on PATH; call it by its full path")
        return
    # the folder of the interpreter, not of what it is a link to: in a virtual environment that is the system's
    own = Path(os.path.realpath(found)).parent == Path(sys.executable).parent.resolve()
    yield Finding(
        Grade.GOOD if own else Grade.LIMITED, "command", found if own else f"{found} on PATH is another installation's"
    )


def _scan() -> Iterator[Finding]:
    from logsleuth.scan.core import scan_in_use

    used = scan_in_use()
    if used == "compiled":
        yield Finding(Grade.GOOD, "scan", "compiled")
    else:
        yield Finding(Grade.LIMITED, "scan", f"{used}: the same reports, slower; with cargo at hand, install again")


def _patterns() -> Iterator[Finding]:
    from logsleuth.library.load import load_library

    try:
        library = load_library([])
    except LogsleuthError as error:
        yield Finding(Grade.BROKEN, "patterns", str(error))
        return
    yield Finding(Grade.GOOD, "patterns", f"{len(library.patterns)} patterns")


def _extras() -> Iterator[Finding]:
    for module, use, remedy in EXTRAS:
        there = importlib.util.find_spec(module) is not None
        text = f"{use} works" if there else f"{use} needs {module}: {remedy}"
        yield Finding(Grade.GOOD if there else Grade.LIMITED, "extras", text)


def _logs(folders: tuple[str, ...]) -> Iterator[Finding]:
    there = [Path(folder) for folder in folders if Path(folder).is_dir()]
    if not there:
        yield Finding(Grade.GOOD, "logs", "no folder of an Apache here; name your logs")
    for folder in there:
        yield from _logs_in(folder)


def _logs_in(folder: Path) -> Iterator[Finding]:
    try:
        logs = sorted(path for path in folder.iterdir() if path.is_file() and "log" in path.name)
    except PermissionError:
        yield Finding(Grade.LIMITED, "logs", f"{folder} is closed to you; use sudo, or join group adm")
        return
    for path in logs[:MOST_LOGS]:
        yield _log(path)
    if len(logs) > MOST_LOGS:
        yield Finding(Grade.GOOD, "logs", f"{folder}: {len(logs) - MOST_LOGS} more files; logsleuth formats shows them")


def _log(path: Path) -> Finding:
    from logsleuth.logs.open.log import look_at

    if not os.access(path, os.R_OK):
        return Finding(Grade.LIMITED, "logs", f"{path} is closed to you; use sudo, or join group adm")
    try:
        kinds = ", ".join(log.format.name for log in look_at([str(path)]))
    except (LogsleuthError, OSError) as error:
        return Finding(Grade.LIMITED, "logs", str(error))
    return Finding(Grade.GOOD, "logs", f"{path}: {kinds}")
