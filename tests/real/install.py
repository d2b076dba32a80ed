"""What CI installs from Debian, so that the tests with real programs run there; elsewhere that is the user's choice."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tests.real.site import module, program

PACKAGES = {
    "apache2": "apache2-bin",
    "mod_wsgi": "libapache2-mod-wsgi-py3",
    "nginx": "nginx-light",
    "monit": "monit",
    "logrotate": "logrotate",
    "rotatelogs": "apache2-utils",
    "chromium": "chromium",
    "chromedriver": "chromium-driver",
    "zsh": "zsh",
    "fish": "fish",
    "mandoc": "mandoc",
}
"""Program, or module of Apache, to the package that holds it."""
NO_SERVICES = Path("/usr/sbin/policy-rc.d")
PATIENCE = 600
"""Seconds."""


def install() -> str:
    """Install what is missing, if this is CI and we may; a sentence on what was done."""
    missing = [
        package
        for name, package in PACKAGES.items()
        if not (module(name) if name.startswith("mod_") else program(name))
    ]
    if not missing:
        return "all programs are here"
    if os.environ.get("CI") != "true" or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return f"not installed, so not tested: {' '.join(missing)} (apt-get install them to have it done)"
    ours = not NO_SERVICES.exists()
    if ours:  # what is installed must not start, and take ports
        NO_SERVICES.write_text("#!/bin/sh\nexit 101\n")
        NO_SERVICES.chmod(0o755)
    try:
        for command in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", *missing]):
            subprocess.run(["apt-get", *command], check=True, timeout=PATIENCE, capture_output=True)
    except (subprocess.SubprocessError, OSError) as error:
        return f"could not be installed, so not tested: {' '.join(missing)} ({error})"
    finally:
        if ours:
            NO_SERVICES.unlink()
    return f"installed: {' '.join(missing)}"
