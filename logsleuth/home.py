"""The user's home, for folders of settings, of what can be made again, and of what probes remember."""

from __future__ import annotations

import os
from pathlib import Path

NOWHERE = Path(os.devnull)
"""In place of a home: nothing can be below it. A container's user may have none, nor a name."""


def home() -> Path:
    """The home; NOWHERE if there is none."""
    try:
        return Path.home()
    except RuntimeError:
        return NOWHERE
