"""Run everything that is checked, and stop at the first thing that is not right."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.real.install import install

ROOT = Path(__file__).resolve().parent.parent
PYTEST = ("pytest", "--numprocesses", "auto", "--dist", "worksteal")
"""On all processors: each takes a stretch of the tests, and what another has not got to when its own are done."""
CHECKS = (("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",), PYTEST)
CARGO = ("cargo", "test", "--quiet", "--locked", "--no-default-features", "--manifest-path", "core/Cargo.toml")
"""The compiled scan's own tests; where there is no cargo, the reference is all that there is."""
WITHOUT_CORE = ("tests/scan", "tests/engines")
"""What is tested once more with the reference alone."""


def main() -> int:
    """The exit code of the first check that fails, or 0."""
    # hundreds of tests start the program: it would be compiled again each time
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    print(f"--- real Apache, nginx, monit, logrotate, Chromium: {install()}", flush=True)
    for check in CHECKS:
        print(f"--- {' '.join(check)}", flush=True)
        code = subprocess.run([sys.executable, "-m", *check], cwd=ROOT, check=False).returncode
        if code:
            return code
    return _the_reference_alone() or _the_compiled_scan_alone()


def _the_reference_alone() -> int:
    print(f"--- pytest {' '.join(WITHOUT_CORE)}, without the compiled scan", flush=True)
    environment = os.environ | {"LOGSLEUTH_CORE": "0"}
    command = [sys.executable, "-m", *PYTEST, *WITHOUT_CORE]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def _the_compiled_scan_alone() -> int:
    if shutil.which("cargo") is None:
        print("--- cargo test: there is no cargo", flush=True)
        return 0
    print("--- cargo test", flush=True)
    return subprocess.run(CARGO, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
