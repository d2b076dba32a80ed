"""The tools that logsleuth is measured beside, and how to get them.

Each only does a part of what logsleuth does: count the lines that hold a literal (ripgrep, grep), index the log
(lnav), find templates (Drain3), match a list of regular expressions (searchkit, fail2ban-regex). So a ratio says how
far a whole report is from that part.
"""

from __future__ import annotations

import importlib.util
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Peer:
    """A command to measure; `{log}` stands for the log, `{literals}` for a file of one literal a line."""

    name: str
    command: tuple[str, ...]
    install: str
    needs: str = ""
    """A Python module that it needs; else its first word must be on the path."""
    most: int = sys.maxsize
    """Bytes of the log that it gets: the slow ones are measured on a cut, and their rate is scaled."""

    @property
    def is_there(self) -> bool:
        """Whether it can be run here."""
        return bool(importlib.util.find_spec(self.needs) if self.needs else shutil.which(self.command[0]))


def _ours(*options: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "logsleuth", "analyze", "--tz", "UTC", *options, "{log}")


def _slow(which: str) -> tuple[str, ...]:
    return (sys.executable, str(HERE / "slow_peers.py"), which, "{log}", "{literals}")


YARDSTICK = "rg -c -F -f"
ONE_PROCESS = "logsleuth --jobs 1"
ALL_PROCESSES = "logsleuth"
CUT = 8_000_000

PEERS = (
    Peer(ONE_PROCESS, _ours("--jobs", "1"), "this project"),
    Peer(ALL_PROCESSES, _ours(), "this project"),
    Peer("wc -l", ("wc", "-l", "{log}"), "apt install coreutils"),
    Peer(YARDSTICK, ("rg", "-c", "-F", "-f", "{literals}", "{log}"), "apt install ripgrep"),
    Peer("grep -c -F -f", ("grep", "-c", "-F", "-f", "{literals}", "{log}"), "apt install grep"),
    Peer("lnav, headless", ("lnav", "-n", "-N", "-c", ";SELECT count(*) FROM all_logs", "{log}"), "apt install lnav"),
    Peer("Drain3", _slow("drain3"), "pip install drain3", needs="drain3", most=CUT),
    Peer("searchkit (hotsos)", _slow("searchkit"), "pip install searchkit", needs="searchkit", most=CUT),
    Peer(
        "fail2ban-regex", ("fail2ban-regex", "--print-no-missed", "{log}", "apache-auth"),
        "apt install fail2ban", most=CUT,
    ),
)  # fmt: skip
