"""Builds the compiled scan (core/) where cargo is at hand; without it the package is complete, and slower.

Nothing that goes wrong here fails the installation: `logsleuth --version` says which scan is in use.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NAME = "_core.pyd" if os.name == "nt" else "_core.abi3.so"
SECONDS = 900
"""At most for the build; a registry that is out of reach must not hold up the installation forever."""


class CoreBuildHook(BuildHookInterface[Any]):
    """Puts the compiled scan beside the Python code."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build it for a wheel or an editable install; an sdist holds its source."""
        if self.target_name != "wheel":
            return
        built, reason = _build(Path(self.root) / "core")
        if built is None:
            (Path(self.root) / "logsleuth" / NAME).unlink(missing_ok=True)  # of an older version
            print(
                f"logsleuth: installed without its compiled scan ({reason}); everything works, only slower",
                file=sys.stderr,
            )
            return
        place = Path(self.root) / "logsleuth" / NAME
        _put(built, place)
        if version != "editable":
            build_data["force_include"][str(place)] = f"logsleuth/{NAME}"
            build_data["pure_python"] = False
            platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
            build_data["tag"] = f"cp311-abi3-{platform}"


def _put(built: Path, place: Path) -> None:
    """Replaced, not overwritten: a running program may have the old one mapped."""
    beside = place.with_suffix(".new")
    shutil.copyfile(built, beside)
    beside.replace(place)


def _build(core: Path) -> tuple[Path | None, str]:
    """The built library, or why there is none."""
    cargo = shutil.which("cargo")
    if os.environ.get("LOGSLEUTH_CORE") == "0":
        return None, "LOGSLEUTH_CORE=0"
    if cargo is None:
        return None, "cargo was not found"
    environment = os.environ | {
        "PYO3_PYTHON": sys.executable,
        "PYO3_USE_ABI3_FORWARD_COMPATIBILITY": "1",  # the stable ABI holds for Pythons that came after pyo3
        "CARGO_NET_RETRY": "1",
    }
    command = [cargo, "build", "--release", "--locked", "--target-dir", str(core / "target")]
    try:
        done = subprocess.run(
            command, cwd=core, env=environment, check=False, capture_output=True, text=True, timeout=SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return None, str(error)
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if line.startswith("error")]
        return None, f"cargo: {errors[0] if errors else f'exit code {done.returncode}'}"
    names = ("liblogsleuth_core.so", "liblogsleuth_core.dylib", "logsleuth_core.dll")
    found = [path for name in names if (path := core / "target" / "release" / name).exists()]
    return (found[0], "") if found else (None, "cargo made no library")
