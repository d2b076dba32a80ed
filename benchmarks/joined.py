"""Join real incidents, days apart, in one log, and see whether they come back: python benchmarks/joined.py DIR.

DIR is a folder of folders, as in metamorphic.py; only logs in httpd's 2.4 format are joined. Each log that is made
holds --each of them, in random order. One line for each log: which are not told with their kind and onset, and what
is told that is not there. Exits 1 if one is missing, or another major or critical one is told.
"""

from __future__ import annotations

import argparse
import random
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks import changes
from benchmarks.cases import Case, Truth, cases_in, tell, told, utc

BEGIN = datetime(2026, 3, 2, 1)
APART = timedelta(days=2)


def join(cases: list[Case], rng: random.Random) -> Case:
    """One case of all of these, in UTC."""
    texts, truths = [], []
    for number, case in enumerate(cases):
        first = next(time for time, _ in changes.times_of(case.text) if time is not None)
        by = BEGIN + APART * number + timedelta(minutes=rng.randrange(720)) - first
        text = changes.shifted(case.text, by)
        texts.append(text if text.endswith("\n") else text + "\n")
        truths += [moved(truth, case, by) for truth in case.incidents]
    return Case("+".join(case.name for case in cases), "UTC", "".join(texts), tuple(truths))


def moved(truth: Truth, case: Case, by: timedelta) -> Truth:
    """The truth, as much later as the log's own clock."""
    begin, latest, last = ((case.local(t) + by).replace(tzinfo=UTC) for t in (*truth.onset, truth.last))
    return replace(truth, onset=(begin, latest), last=last)


def faults(case: Case) -> list[str]:
    """What is missing, and what is told that is not there."""
    report = tell(case.text, "UTC")
    wrong = [
        f"{'/'.join(sorted(truth.categories))} of {truth.onset[1]:%b %d}: {fault}"
        for truth in case.incidents
        if (fault := told(report, truth))
    ]
    for incident in report.incidents:
        own = [t for t in case.incidents if t.onset[0] - 6 * t.slack <= utc(incident.onset) <= t.last + t.slack]
        if incident.severity in {"critical", "major"} and not any(incident.category in t.categories for t in own):
            wrong.append(f"{incident.category} ({incident.confidence}) at {utc(incident.onset):%b %d %H:%M:%S}")
    return wrong


def main() -> None:
    """Read the command line, write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--logs", type=int, default=10, help="how many are made")
    parser.add_argument("--each", type=int, default=10, help="incidents joined in each")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    cases = [case for case in cases_in(options.folder) if changes.LINE_24.match(case.text) and case.incidents]
    bad = 0
    for number in range(options.logs):
        case = join(rng.sample(cases, min(options.each, len(cases))), rng)
        wrong = faults(case)
        bad += bool(wrong)
        print(f"log {number + 1}: {len(case.incidents)} incidents, {'; '.join(wrong) or 'all told'}", flush=True)
    print(f"{options.logs - bad} of {options.logs} logs told as what they are made of")
    sys.exit(int(bad > 0))


if __name__ == "__main__":
    main()
