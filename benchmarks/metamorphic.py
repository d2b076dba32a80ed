"""Give real incidents differently, and see whether the verdict stays: python benchmarks/metamorphic.py DIR [CHANGE…].

DIR is a folder of folders, each with error.log (and rotated ones) and a truth.json: what was wrong, from when to when,
which pids were lost (see `cases.Truth`). For each change one line: how many incidents are told as they were, and those
that are not with what was told instead. Exits 1 if a share below --least is told.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from logsleuth.errors import LogsleuthError

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks import changes
from benchmarks.cases import Case, cases_in, tell, told, utc

if TYPE_CHECKING:
    from collections.abc import Callable


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
        said = [time for time, line in changes.times_of(rest) if time and any(key in line for key in truth.keys)]
        if not said:
            continue  # the lines that tell of it are gone
        report = tell(rest, case.zone)
        fault = told(report, truth, max(at, case.utc(said[0])))
        latest = truth.last + truth.slack
        near = [i for i in report.incidents if i.category not in truth.categories and utc(i.onset) < latest]
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
    "workers": only_24(partial(same, changes.workers_elsewhere)),
    "2.2": only_24(lambda case: same(changes.as_22, pidless(case))),
    "thinned": partial(same, changes.thinned),
    "denied": partial(same, partial(changes.with_chatter, kind="denied")),
    "mixed": partial(same, partial(changes.with_chatter, kind="mixed")),
    "chronic": chronic,
    "begins": begins_within,
    "ends": ends_within,
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
    cases = cases_in(options.folder, options.only)
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
