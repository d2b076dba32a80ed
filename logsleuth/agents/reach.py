"""Which files an agent may have read: logs below folders that the user allowed, and nothing by way of a link."""

from __future__ import annotations

import glob
from pathlib import Path
from typing import TYPE_CHECKING, Final

from logsleuth.errors import LogsleuthError

if TYPE_CHECKING:
    from collections.abc import Sequence

USUAL: Final = ("/var/log", "/usr/local/apache2/logs", "/opt/homebrew/var/log")
"""Where logs are kept."""
MOST: Final = 200
"""Files that one call may name."""


def usual_roots(here: Path) -> tuple[Path, ...]:
    """The folders that are open by default: those of logs, and the current one unless it is the root of all."""
    return (*map(Path, USUAL), *([here] if here != here.parent else []))


def within(paths: Sequence[str], roots: Sequence[Path]) -> tuple[str, ...]:
    """The files and folders that are meant, globs expanded. Raises LogsleuthError if one lies outside of the roots."""
    allowed = [root.resolve() for root in roots]
    found = [path for written in paths for path in _expanded(written)]
    if not found or len(found) > MOST:
        raise LogsleuthError(f"{len(found)} logs were given", f"give 1 to {MOST}")
    for path in found:
        real = Path(path).resolve()
        if not any(real.is_relative_to(root) for root in allowed):
            raise LogsleuthError(
                f"{path} lies outside of the folders that may be read ({', '.join(map(str, roots))})",
                "the user allows more with: logsleuth mcp --root FOLDER",
            )
    return tuple(found)


def _expanded(written: str) -> list[str]:
    """The paths that a glob means; any other path as it is. Raises LogsleuthError for what can be no path."""
    if "\0" in written or not written:
        raise LogsleuthError("not a path", "name a log")
    if glob.has_magic(written) and not Path(written).exists():
        return sorted(glob.glob(written))  # noqa: PTH207 - the pattern may be absolute
    # '-' is a file of this name: standard input belongs to the protocol; and nobody but a user names an address
    return [f"./{written}" if written.startswith("-") or "://" in written else written]
