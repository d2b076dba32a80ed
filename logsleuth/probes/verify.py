"""Has the supervisor itself check a configuration."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.probes.configs import Config

PATIENCE = 30.0
"""Seconds that the supervisor's check may take."""


def verify(kind: str, made: Sequence[Config]) -> tuple[bool | None, str]:
    """Whether the supervisor accepts the configuration, and a sentence; None: it was not checked."""
    if kind not in COMMANDS:
        return None, "not checked: this supervisor can only check a whole configuration"
    program, *arguments = COMMANDS[kind]
    found = shutil.which(program, path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
    if found is None:
        return None, f"not checked: {program} is not installed"
    with tempfile.TemporaryDirectory() as folder:
        paths = [_written(Path(folder), config) for config in made]
        ids = ["-p", f"{folder}/pid", "-s", f"{folder}/state"] if kind == "monit" else []
        done = subprocess.run(
            [found, *ids, *arguments, *map(str, paths)],
            capture_output=True, text=True, timeout=PATIENCE, check=False, errors="replace",
        )  # fmt: skip
        output = (done.stdout + done.stderr).replace(f"{folder}/", "").strip()
    if done.returncode == 0:
        return True, f"checked by {program}"
    return False, f"{program} rejects it: {output}"


COMMANDS: dict[str, tuple[str, ...]] = {
    "monit": ("monit", "-t", "-c"),
    "systemd": ("systemd-analyze", "verify", "--man=no", "--recursive-errors=no"),
    "prometheus": ("promtool", "check", "rules"),
}


def _written(folder: Path, config: Config) -> Path:
    """The file for the check; monit wants a complete configuration that only its owner can read."""
    whole = f"set daemon 60\nset idfile {folder}/id\n" if config.name.endswith("monit.conf") else ""
    path = folder / config.name
    path.write_text(whole + config.text, encoding="utf-8")
    path.chmod(0o600)
    return path
