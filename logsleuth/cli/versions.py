"""The versions of everything that a report depends on."""

from __future__ import annotations

import platform
import re
from importlib import metadata

from logsleuth._version import __version__

DISTRIBUTION = "logsleuth-httpd"


def versions() -> dict[str, str]:
    """Name to version: ours, Python's, the platform's and those of the libraries that are required."""
    from logsleuth.scan.core import scan_in_use

    ours = {
        "logsleuth": __version__, "scan": scan_in_use(), "python": platform.python_version(),
        "implementation": platform.python_implementation(), "system": platform.system(),
        "release": platform.release(), "machine": platform.machine(),
    }  # fmt: skip
    return ours | {name: found for name in _libraries() if (found := _version_of(name))}


def _libraries() -> list[str]:
    try:
        required = metadata.requires(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        return []
    return sorted({found[0] for line in required if "extra ==" not in line and (found := re.match(r"[\w.-]+", line))})


def _version_of(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
