"""Which host a log is from, as its path says: `web01/error.log`, `web01/apache2/error.log`, `web01-error.log`.

An address says it alike: `s3://bucket/web01/error.log`; the machine in `https://web01.example.com/error.log` and
`sftp://web01/var/log/apache2/error.log` is a host's name, a bucket is one if it looks so, or if several are named.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Literal

from logsleuth.errors import LogsleuthError
from logsleuth.logs.open.stores.schemes import SCHEMES, scheme_name
from logsleuth.regexes import regex
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

HowKnown = Literal["lines", "folder", "file name", "option", "tally"]
"""What names a host: the lines' shipper, syslog or journal; the log's path; --host-from; or who scanned."""
LONGEST_HOST = 100
"""Characters of a host's name that are kept; DNS allows 253, people use 30."""

GENERIC = frozenset((
    "", ".", "..", "var", "log", "logs", "tmp", "opt", "usr", "local", "srv", "etc", "data", "mnt", "media", "root",
    "apache", "apache2", "apache24", "httpd", "httpd24", "nginx", "web", "error", "errors", "errorlog", "archive",
    "archives", "old", "backup", "backups", "incident", "incidents", "downloads", "desktop", "documents", "pods",
    "containers", "private", "home", "users",
))  # fmt: skip
"""Folders that are named after no host."""
SITES = frozenset({"www", "vhosts", "sites", "domains", "virtualhosts", "htdocs", "public_html", "webapps"})
"""Folders below which one host's sites are."""
DATE = regex(r"\d{4}[-_.]?\d\d(?:[-_.]?\d\d)?\Z|\d{1,8}\Z")
SEPARATORS = str.maketrans("\\:", "//")
HOST = regex(r"(?:[Ii][Pp]-\d+(?:-\d+){3}|[A-Za-z][A-Za-z\-]*\d{1,5}(?:[A-Za-z]{1,3})?)(?:\.[A-Za-z0-9\-]+)*\Z")
"""A name that only a host is likely to have: web01, app-3, ip-10-0-0-1, web01.example.com."""
_LOG = (
    r"(?:apache2?[-_.])?(?:httpd[-_.])?(?:ssl[-_.])?error(?:s)?(?:[-_.]?log)?(?:[-_.\d]*)(?:\.(?:gz|bz2|xz|zst|txt))*"
)
BEFORE = regex(rf"(?i)(?P<host>[a-z][\w.\-]*?)[-_.]{_LOG}\Z")
"""web01-error.log, web01.example.com_error_log.1.gz"""
BEHIND = regex(r"(?i)error[-_.]?(?:log)?[-_.](?P<host>[a-z][\w.\-]*?)(?:\.log)?(?:\.\d+)?(?:\.(?:gz|bz2|xz|zst))?\Z")
"""error-web01.log, error.log.web01"""


SITE = regex(r"(?i)(?:web)?sites?[-_]?\d|v(?:irtual)?hosts?[-_]?\d|domains?[-_]?\d")
"""Names with a number that are rather one server's sites."""


@dataclass(frozen=True, slots=True)
class Named:
    """A host, and what names it."""

    host: str
    known: HowKnown


def host_rule(text: str | None) -> re.Pattern[str] | None:
    """The regex of --host-from; None: none was given. Raises LogsleuthError if it is not one."""
    if text is None:
        return None
    try:
        return re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise LogsleuthError(
            f"--host-from {text}: not a regular expression: {error}", r"for example '([^/]+)/[^/]+\Z'"
        ) from None


def hosts_of(paths: Sequence[str], rule: re.Pattern[str] | None = None) -> list[Named | None]:
    """The host of each of these paths; None: nothing in it names one.

    A folder's name is a host's if it looks like one, or if logs in several such folders are named beside each other.
    `rule`: the user's own: its group `host`, else its first group, else all that it matches, is the host.
    """
    if rule is not None:
        return [_by_rule(rule, path) for path in paths]
    several_buckets = len({bucket for path in paths if (bucket := _bucket(path)) is not None}) > 1
    folders = [_folder(path if several_buckets else _without_bucket(path)) for path in paths]
    several = len({folder for folder in folders if folder is not None}) > 1
    return [_by_path(path, folder, several=several) for path, folder in zip(paths, folders, strict=True)]


def looks_like_host(name: str) -> bool:
    """Whether a name is one that only a host is likely to have."""
    return HOST.match(name) is not None


def _by_rule(rule: re.Pattern[str], path: str) -> Named | None:
    found = rule.search(path)
    if found is None:
        return None
    group = "host" if "host" in rule.groupindex else min(rule.groups, 1)
    return Named(found[group][:LONGEST_HOST], "option") if found[group] else None


def _by_path(path: str, folder: str | None, *, several: bool) -> Named | None:
    name = _in_name(PurePath(path).name)
    if name is not None:
        return Named(name[:LONGEST_HOST], "file name")
    if folder and (several or HOST.match(folder)):
        return Named(folder[:LONGEST_HOST], "folder")
    return None


def _in_name(name: str) -> str | None:
    """The host that a file's name begins or ends with."""
    if "error" not in name.lower():
        return None
    for found in (BEFORE.match(name), BEHIND.match(name)):
        if found is not None and HOST.match(found["host"]) and not SITE.match(found["host"]):
            return found["host"]
    return None


def _bucket(path: str) -> str | None:
    """The bucket that an address leads to; None: it is a path, or leads to a machine."""
    scheme = SCHEMES.get(scheme_name(path) or "")
    return path.partition("://")[2].partition("/")[0] if scheme is not None and scheme.kind == "bucket" else None


def _without_bucket(path: str) -> str:
    bucket = _bucket(path)
    return path if bucket is None or looks_like_host(bucket) else path.partition("://")[2].removeprefix(bucket)


def _folder(path: str) -> str | None:
    """The nearest folder that may be named after a host, or the machine that an address leads to."""
    address = path.partition("://")[2].rpartition("@")[2]
    parts = [part for part in (address or path).translate(SEPARATORS).split("/")[:-1] if part]
    if SITES & {part.lower() for part in parts}:
        return None
    return next((part for part in reversed(parts) if part.lower() not in GENERIC and not _is_date(part)), None)


def _is_date(part: str) -> bool:
    """Whether a folder is named after a day, a month or a number."""
    return part[0].isdigit() and DATE.match(part) is not None
