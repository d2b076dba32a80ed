"""Run everything that is checked, and stop at the first thing that is not right."""

import subprocess
import sys
from pathlib import Path

from tests.real.install import install

ROOT = Path(__file__).resolve().parent.parent
CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("pytest",),
)


def main() -> int:
    """The exit code of the first check that fails, or 0."""
    print(f"--- real Apache, nginx, monit, logrotate, Chromium: {install()}", flush=True)
    for check in CHECKS:
        print(f"--- {' '.join(check)}", flush=True)
        code = subprocess.run([sys.executable, "-m", *check], cwd=ROOT, check=False).returncode
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
