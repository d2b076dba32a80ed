"""Real incidents with their truth, and what a report says of them: what the benchmarks of verdicts share.

A folder holds error.log (and rotated ones) and a truth.json: what was wrong, from when to when, which lines tell it.
"""

from __future__ import annotations

import json
import re
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import logsleuth

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Truth:
    """What is known of one incident."""

    categories: frozenset[str]
    onset: tuple[datetime, datetime]
    """UTC: it begins between these."""
    last: datetime
    """UTC: the last failure."""
    recovered: bool
    slack: timedelta
    lost: frozenset[int]
    keys: tuple[str, ...]
    """What its true lines hold."""


@dataclass(frozen=True)
class Case:
    """One folder."""

    name: str
    zone: str
    text: str
    incidents: tuple[Truth, ...]

    def local(self, time: datetime) -> datetime:
        """A moment on the log's own clock."""
        return time.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)

    def utc(self, time: datetime) -> datetime:
        """What the log's own clock shows, in UTC."""
        return time.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)


ROUTINE = ("resuming normal operations", "estart requested", "caught SIG", "SIGHUP received", "Command line:")


def load(folder: Path) -> Case:
    """Read a folder."""
    truth = json.loads((folder / "truth.json").read_text())
    names = sorted((name for name in truth["files"] if name.startswith("error.log")), reverse=True)
    text = "".join((folder / name).read_text(errors="surrogateescape") for name in names)
    given = truth.get("incidents") or [truth]
    shown = [one for one in given if one.get("incident") and one.get("visible_in_error_log", True)]
    return Case(folder.name, truth["timezone"].split()[0], text, tuple(_truth(one) for one in shown))


def _truth(one: dict[str, Any]) -> Truth:
    def time(key: str) -> datetime | None:
        return datetime.fromisoformat(one[key].replace("Z", "+00:00")) if one.get(key) else None

    slack = timedelta(seconds=one.get("tolerance_s", 10))
    first = time("first_symptom_utc") or time("trigger_utc") or datetime.min.replace(tzinfo=UTC)
    trigger = time("trigger_utc") or first
    recovered = time("recovered_utc")
    return Truth(
        frozenset((one["category"], *one.get("also", ()), *one.get("accept", ()))),
        (trigger - slack, first + slack),
        time("last_failed_request_utc") or recovered or first,
        recovered is not None,
        slack,
        frozenset({worker["pid"] for worker in one["dead_pids"]} | set(one["poisoned_pids"])),
        tuple(key for key in one["key_lines"] if not any(word in key for word in ROUTINE)),
    )


def tell(text: str, zone: str, patterns: Iterable[Path] = ()) -> logsleuth.Report:
    """The report on a log with this text."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "error.log"
        path.write_text(text, errors="surrogateescape")
        return logsleuth.analyze([path], tz=zone, jobs=1, patterns=list(patterns))


def utc(micros: int) -> datetime:
    """A report's time."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)


def told(report: logsleuth.Report, truth: Truth, begin: datetime | None = None) -> str:
    """What is wrong in the report about this incident; empty: nothing. `begin`: the log begins only then."""
    earliest, latest = truth.onset
    if begin is not None:
        earliest, latest = begin - truth.slack, begin + 3 * truth.slack
    reach = max(truth.last - truth.onset[0], 6 * truth.slack)
    near = [i for i in report.incidents if earliest - reach <= utc(i.onset) <= truth.last + truth.slack]
    if not near:
        return "no incident"
    right = next((i for i in near if i.category in truth.categories), None)
    if right is None:
        return f"said {near[0].category} ({near[0].confidence})"
    if not earliest <= utc(right.onset) <= latest:
        return f"onset {utc(right.onset):%H:%M:%S} not in {earliest:%H:%M:%S} to {latest:%H:%M:%S}"
    return ""


def cases_in(folder: Path, only: str = "") -> list[Case]:
    """All cases of a folder of folders whose name matches this regex."""
    paths = sorted(folder.glob("*/truth.json"))
    return [load(path.parent) for path in paths if re.search(only, path.parent.name)]
