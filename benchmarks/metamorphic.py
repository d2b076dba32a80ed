"""Give real incidents differently, and see whether the verdict stays: python benchmarks/metamorphic.py DIR [CHANGE…].

DIR is a folder of folders, each with error.log (and rotated ones) and a truth.json: what was wrong, from when to when,
which pids were lost (see `Truth`). For each change one line: how many incidents are told as they were, and those
that are not with what was told instead. Exits 1 if a share below --least is told.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import logsleuth
from logsleuth.errors import LogsleuthError
from logsleuth.library.load import load_library

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks import changes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SLACK = timedelta(seconds=10)


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


def same(change: changes.Change, case: Case, *, loses: bool = False) -> list[str]:
    """All incidents are told as in the log as it was, and no other. `loses`: the change takes lines away."""
    report = tell(change(case.text), case.zone)
    wrong = [fault for truth in case.incidents if (fault := told(report, truth))]
    grave = sum(incident.severity in {"critical", "major"} for incident in report.incidents)
    if grave > max(len(case.incidents), 0):
        wrong.append(f"{grave} incidents: {', '.join(f'{i.category} ({i.confidence})' for i in report.incidents)}")
    return wrong


def other_time(case: Case) -> list[str]:
    """The log at another time of the year: the same report, to the second."""
    by = timedelta(days=14, hours=7, minutes=11)
    one = tell(case.text, "UTC").incidents
    other = tell(changes.shifted(case.text, by), "UTC").incidents
    moved = [(i.category, i.confidence, utc(i.onset) + by, i.recovery_how, len(i.lost)) for i in one]
    found = [(i.category, i.confidence, utc(i.onset), i.recovery_how, len(i.lost)) for i in other]
    return [] if moved == found else [f"{moved} is {found}"]


def other_zone(case: Case) -> list[str]:
    """The same log read in another zone: the same report, so many hours later."""
    one = tell(case.text, "UTC").incidents
    other = tell(case.text, "Asia/Kathmandu").incidents
    by = timedelta(hours=-5, minutes=-45)
    moved = [(i.category, i.confidence, utc(i.onset) + by, i.recovery_how, len(i.lost)) for i in one]
    found = [(i.category, i.confidence, utc(i.onset), i.recovery_how, len(i.lost)) for i in other]
    return [] if moved == found else [f"{moved} is {found}"]


def other_pids(case: Case) -> list[str]:
    """Other pids: the same report, with the other pids."""
    one = tell(case.text, case.zone).incidents
    other = tell(changes.renumbered(case.text), case.zone).incidents
    moved = [(i.category, i.confidence, i.onset, i.recovery_how, {w.pid + 40000 for w in i.lost}) for i in one]
    found = [(i.category, i.confidence, i.onset, i.recovery_how, {w.pid for w in i.lost}) for i in other]
    return [] if moved == found else [f"{moved} is {found}"]


def begins_within(case: Case, share: float = 0.3) -> list[str]:
    """A log that begins in the incident: the kind of outage is told, or is told as unsure."""
    wrong = []
    for truth in case.incidents:
        at = truth.onset[1] - truth.slack + (truth.last - truth.onset[1] + truth.slack) * share
        rest = changes.cut_begin(case.text, case.local(at))
        if not any(key in rest for key in truth.keys):
            continue  # the lines that tell of it are gone
        report = tell(rest, case.zone)
        fault = told(report, truth, at)
        near = [i for i in report.incidents if i.category not in truth.categories and utc(i.onset) < truth.last]
        if fault and (not near or near[0].confidence == "high"):
            wrong.append(fault)
    return wrong


def ends_within(case: Case, share: float = 0.6) -> list[str]:
    """A log that ends in the incident: it is told, and as not over."""
    wrong = []
    for truth in case.incidents:
        first = truth.onset[1] - truth.slack
        report = tell(changes.cut_end(case.text, case.local(first + (truth.last - first) * share)), case.zone)
        fault = told(report, truth)
        near = [i for i in report.incidents if i.category in truth.categories and utc(i.onset) <= truth.onset[1]]
        if fault or (near and near[-1].recovery_time is not None):
            wrong.append(fault or f"told as over ({near[-1].recovery_how})")
    return wrong


def ablated(case: Case) -> list[str]:
    """Without the patterns of the true cause: no other cause at high confidence; the true line is shown early."""
    wrong = []
    for truth in case.incidents:
        gone = [p.id for p in load_library().patterns if p.category in truth.categories]
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "gone.toml").write_text("")
            for number, name in enumerate(gone):
                Path(folder, f"{number}.toml").write_text(f"id = '{name}'\ndisabled = true\n")
            Path(folder, "gone.toml").unlink()
            report = tell(case.text, case.zone, [Path(folder)])
        near = [i for i in report.incidents if truth.onset[0] - 6 * truth.slack <= utc(i.onset) <= truth.last]
        for incident in near[:1]:
            if incident.confidence == "high":
                wrong.append(f"said {incident.category} (high)")
        if not truth.keys:
            continue
        cited = [
            {e.id: e.text for e in i.evidence}.get(ref, "")
            for i in near[:2]
            for c in i.causes[:2]
            for ref in c.evidence
        ]
        shown = cited + [message.text for message in report.unknown[:2]]
        if not any(key in text for key in truth.keys for text in shown):
            wrong.append("the true line is not among the first: " + ("no incident" if not near else near[0].title[:60]))
    return wrong


def chronic(case: Case) -> list[str]:
    """Faults that are always there: around an incident of minutes too, so that they can be seen to be always there."""
    times = [time for time, _ in changes.times_of(case.text) if time is not None]
    around = timedelta(hours=8) if max(times) - min(times) < timedelta(hours=4) else timedelta()
    return same(partial(changes.with_chatter, kind="chronic", lines=10_000, around=around), case)


def only_24(check: Callable[[Case], list[str]]) -> Callable[[Case], list[str]]:
    """A change that only the 2.4 default format can be given."""
    return lambda case: check(case) if changes.LINE_24.match(case.text) else []


def pidless(case: Case) -> Case:
    """2.2 writes no pids, so nothing is known of workers but what messages name."""
    return replace(case, incidents=tuple(replace(truth, lost=frozenset()) for truth in case.incidents))


CHECKS: dict[str, Callable[[Case], list[str]]] = {
    "as it is": partial(same, lambda text: text),
    "time": other_time,
    "zone": other_zone,
    "pids": other_pids,
    "2.2": only_24(lambda case: same(changes.as_22, pidless(case))),
    "thinned": partial(same, changes.thinned),
    "denied": partial(same, partial(changes.with_chatter, kind="denied")),
    "mixed": partial(same, partial(changes.with_chatter, kind="mixed")),
    "chronic": chronic,
    "begins": begins_within,
    "ends": ends_within,
    "ablated": ablated,
}


def checked(check: Callable[[Case], list[str]], case: Case) -> list[str]:
    """What a check says; that the tool refuses the log is a fault as well."""
    try:
        return check(case)
    except LogsleuthError as error:
        return [error.message]


def main() -> None:
    """Read the command line and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("changes", nargs="*", metavar="CHANGE", help=f"one of: {', '.join(CHECKS)} (default: all)")
    parser.add_argument("--only", default="", help="only folders whose name matches this regex")
    parser.add_argument("--least", type=float, default=0.0, help="share that must be told in each change")
    options = parser.parse_args()
    cases = [
        load(path.parent)
        for path in sorted(options.folder.glob("*/truth.json"))
        if re.search(options.only, path.parent.name)
    ]
    bad = False
    for name in options.changes or CHECKS:
        faults = {case.name: fault for case in cases if (fault := checked(CHECKS[name], case))}
        bad |= 1 - len(faults) / len(cases) < options.least
        print(f"{name:10} {len(cases) - len(faults)} of {len(cases)}", flush=True)
        for case, fault in faults.items():
            print(f"           {case}: {'; '.join(fault)[:300]}", flush=True)
    sys.exit(int(bad))


if __name__ == "__main__":
    main()
