"""Where error logs usually are: for those who named one that is not there."""

from __future__ import annotations

from pathlib import Path
from typing import Final

USUAL: Final = (
    ("Debian", "/var/log/apache2/error.log"),
    ("Red Hat", "/var/log/httpd/error_log"),
    ("httpd's own build", "/usr/local/apache2/logs/error_log"),
    ("Homebrew", "/opt/homebrew/var/log/httpd/error_log"),
    ("Windows", "C:\\Apache24\\logs\\error.log"),
)
"""Whose, and where."""


def way_out(path: str) -> str:
    """What to do about a log that is not there."""
    others = [(whose, place) for whose, place in USUAL if place != path]
    there = [place for _, place in others if _exists(place)]
    if there:
        return f"check the path; there is {' and '.join(there)}"
    return f"check the path; {', '.join(f'{whose} keeps it in {place}' for whose, place in others[:2])}"


def _exists(place: str) -> bool:
    try:
        return Path(place).exists()
    except OSError:  # a folder that is closed to us
        return False
