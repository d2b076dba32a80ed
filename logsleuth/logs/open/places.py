"""Where error logs usually are: for those who named one that is not there."""

from __future__ import annotations

import itertools
import os
from pathlib import Path
from shlex import quote
from typing import Final

from logsleuth.regexes import regex
from logsleuth.spelling import closest, did_you_mean

USUAL: Final = (
    ("Debian", "/var/log/apache2/error.log"),
    ("Red Hat", "/var/log/httpd/error_log"),
    ("httpd's own build", "/usr/local/apache2/logs/error_log"),
    ("Homebrew", "/opt/homebrew/var/log/httpd/error_log"),
    ("Windows", "C:\\Apache24\\logs\\error.log"),
)
"""Whose, and where."""


REMOTE: Final = regex(r"(?:(?:ssh|scp|sftp)://)?(?P<host>[\w.@-]{2,}):?(?P<path>/.*)")
"""A file on another machine, as scp and ssh name it."""
DRIVE: Final = regex(r"(?P<letter>[A-Za-z]):[\\/]")
MOST_NAMES: Final = 5000
"""Files of a folder among which a misspelt one is looked for."""


def way_out(path: str) -> str:
    """What to do about a log that is not there."""
    if (remote := REMOTE.fullmatch(path)) is not None and ":" in path:
        return f"pipe it in: ssh {quote(remote['host'])} {quote('cat ' + quote(remote['path']))} | logsleuth analyze -"
    if os.name != "nt" and (drive := DRIVE.match(path)) is not None:
        mounted = f"/mnt/{drive['letter'].lower()}/{path[drive.end() :]}".replace("\\", "/")
        return f"a Windows path is not known here; in WSL the file is {mounted}"
    if near := near_file(path):
        return did_you_mean([near])
    others = [(whose, place) for whose, place in USUAL if place != path]
    there = [place for _, place in others if _exists(place)]
    if there:
        return f"check the path; there is {' and '.join(there)}"
    return f"check the path; {', '.join(f'{whose} keeps it in {place}' for whose, place in others[:2])}"


def near_file(path: str) -> str:
    """A file in the same folder whose name is much like this one's; empty: there is none."""
    folder, name = os.path.split(path)
    try:
        with os.scandir(folder or ".") as entries:
            names = [entry.name for entry in itertools.islice(entries, MOST_NAMES) if entry.name != name]
    except (OSError, ValueError):
        return ""
    near = closest(name, names)
    return os.path.join(folder, near[0]) if near else ""  # noqa: PTH118 - as it was written


def _exists(place: str) -> bool:
    try:
        return Path(place).exists()
    except OSError:  # a folder that is closed to us
        return False
