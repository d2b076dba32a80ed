"""A watch and a check of a real site, and what they tell."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.real.site import Site

OURS = [sys.executable, "-m", "logsleuth"]


class Watched:
    """Starts a watch; each event becomes a line of words: time, event, category, restart."""

    def __init__(self, site: Site, *options: str) -> None:
        self.site = site
        self._told = site.folder / "told"
        tell = f'echo "$(date +%s.%N) $LOGSLEUTH_EVENT $LOGSLEUTH_CATEGORY $LOGSLEUTH_RESTART" >> {self._told}'
        site.run(
            *OURS, "watch", str(site.log), "--state", str(site.folder / "watch.state"), "--every", "0.2",
            "--exec", tell, "--report", str(site.folder / "reports"), *options,
        )  # fmt: skip

    def events(self) -> list[list[str]]:
        """Event, category and restart of each."""
        return [line.split()[1:] for line in self._lines()]

    def times(self) -> list[float]:
        """When each was told, in seconds since 1970."""
        return [float(line.split()[0]) for line in self._lines()]

    def has(self, *words: str) -> bool:
        """Whether there was an event that begins with these words."""
        return any(event[: len(words)] == list(words) for event in self.events())

    def advises(self, category: str) -> bool:
        """Whether some event of this category advised a restart."""
        return any(event[1:] == [category, "advised"] for event in self.events())

    def _lines(self) -> list[str]:
        return self._told.read_text().splitlines() if self._told.exists() else []


def check(site: Site, *options: str) -> tuple[int, str]:
    """Exit code and line of one check."""
    command = [*OURS, "check", str(site.log), "--state", str(site.folder / "check.state"), *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout


def probe_script(site: Site) -> str:
    """The command of a check, for a shell."""
    state = str(site.folder / "check.state")
    return shlex.join([*OURS, "check", "--restart-only", "--state", state, str(site.log)])


def incidents(site: Site) -> list[dict[str, Any]]:
    """What the report of the run tells."""
    command = [*OURS, "analyze", str(site.log), "--format", "json"]
    told = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout)
    found: list[dict[str, Any]] = told["incidents"]
    return found
