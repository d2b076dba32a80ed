"""The user's home, and the folders of settings, of what can be made again, and of what probes remember.

On POSIX systems as the XDG Base Directory Specification has it, on Windows below AppData and ProgramData.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

NOWHERE = Path(os.devnull)
"""In place of a home: nothing can be below it. A container's user may have none, nor a name."""
NAME: Final = "logsleuth"
WINDOWS: Final = os.name == "nt"


def home() -> Path:
    """The home; NOWHERE if there is none."""
    try:
        return Path.home()
    except RuntimeError:
        return NOWHERE


def user_folder(kind: str, environment: Mapping[str, str] = os.environ, windows: bool = WINDOWS) -> Path:
    """The user's folder of a kind: 'config', 'cache' or 'state'."""
    usual = {"config": Path(".config"), "cache": Path(".cache"), "state": Path(".local", "state")}[kind]
    if not windows:
        return Path(environment.get(f"XDG_{kind.upper()}_HOME") or home() / usual) / NAME
    if kind == "config":
        return Path(environment.get("APPDATA") or home() / "AppData" / "Roaming") / NAME
    return Path(environment.get("LOCALAPPDATA") or home() / "AppData" / "Local") / NAME / kind


def system_folder(environment: Mapping[str, str] = os.environ, windows: bool = WINDOWS) -> Path:
    """The folder of all users: of patterns, and beside it the file of settings."""
    return Path(environment.get("PROGRAMDATA") or "C:/ProgramData") / NAME if windows else Path("/etc") / NAME


def state_folder() -> Path:
    """Where probes remember: the system's folder for root, else the user's."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return Path("/var/lib") / NAME if is_root else user_folder("state")
