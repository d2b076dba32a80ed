"""Which host a log is from, as its path says: `web01/error.log`, `web01/apache2/error.log`, `web01-error.log`."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

GENERIC = frozenset((
    "", ".", "..", "var", "log", "logs", "tmp", "opt", "usr", "local", "srv", "etc", "data", "mnt", "media", "root",
    "apache", "apache2", "apache24", "httpd", "httpd24", "nginx", "web", "error", "errors", "errorlog", "archive",
    "archives", "old", "backup", "backups", "incident", "incidents", "downloads", "desktop", "documents", "pods",
    "containers", "private", "home", "users",
))  # fmt: skip
"""Folders that are named after no host."""
SITES = frozenset({"www", "vhosts", "sites", "domains", "virtualhosts", "htdocs", "public_html", "webapps"})
"""Folders below which one host's sites are."""
DATE = re.compile(r"\d{4}[-_.]?\d\d(?:[-_.]?\d\d)?\Z|\d{1,8}\Z")
HOST = re.compile(r"(?i)(?:ip-\d+(?:-\d+){3}|[a-z][a-z\-]*\d{1,5}(?:[a-z]{1,3})?)(?:\.[a-z0-9\-]+)*\Z")
"""A name that only a host is likely to have: web01, app-3, ip-10-0-0-1, web01.example.com."""
_LOG = (
    r"(?:apache2?[-_.])?(?:httpd[-_.])?(?:ssl[-_.])?error(?:s)?(?:[-_.]?log)?(?:[-_.\d]*)(?:\.(?:gz|bz2|xz|zst|txt))*"
)
SHOWN = 5
"""Hosts that are named in a sentence."""
BEFORE = re.compile(rf"(?i)(?P<host>[a-z][\w.\-]*?)[-_.]{_LOG}\Z")
"""web01-error.log, web01.example.com_error_log.1.gz"""
BEHIND = re.compile(
    r"(?i)error[-_.]?(?:log)?[-_.](?P<host>[a-z][\w.\-]*?)(?:\.log)?(?:\.\d+)?(?:\.(?:gz|bz2|xz|zst))?\Z"
)
"""error-web01.log, error.log.web01"""


def hosts_of(paths: Sequence[str]) -> list[str | None]:
    """The host of each of these paths; None: nothing in it names one.

    A folder's name is a host's if it looks like one, or if logs in several such folders are named beside each other.
    """
    folders = [_folder(path) for path in paths]
    several = len({folder for folder in folders if folder is not None}) > 1
    return [
        _in_name(PurePath(path).name) or (folder if folder and (several or HOST.match(folder)) else None)
        for path, folder in zip(paths, folders, strict=True)
    ]


def _in_name(name: str) -> str | None:
    """The host that a file's name begins or ends with."""
    for found in (BEFORE.match(name), BEHIND.match(name)):
        if found is not None and HOST.match(found["host"]):
            return found["host"]
    return None


def _folder(path: str) -> str | None:
    """The nearest folder that may be named after a host."""
    parts = [part for part in re.split(r"[/\\:]", path)[:-1] if part]
    if SITES & {part.lower() for part in parts}:
        return None
    return next((part for part in reversed(parts) if part.lower() not in GENERIC and not DATE.match(part)), None)


def remark_on(hosts: Iterable[str]) -> list[str]:
    """What to know where the logs are of several hosts: a sentence, or none."""
    names = sorted(set(hosts))
    if len(names) < 2:
        return []
    shown = ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
    return [
        f"The logs are of {len(names)} hosts ({shown}) and are read as one server's: processes of different hosts may "
        "have the same pid. Analyze the hosts one by one for a sure account of their workers."
    ]
