"""Replay one outage on part of a fleet, and compare what is reported with what was played: python benchmarks/fleet.py.

Each host gets a folder with error.log and access.log; a proxy's access log lies beside them. The hosts that are hit
have the outage of sample_logs/crash-prefork.log, each a while after the one before; the others have a quiet day.
Clocks of hosts are off by up to --skew seconds, so that the order of onsets is right only if they are put right by the
requests that proxy and host have both logged.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from logsleuth.pipeline import analyze

OUTAGE = ROOT / "sample_logs" / "crash-prefork.log"
QUIET = ROOT / "sample_logs" / "quiet-day.log"
HEAD = re.compile(r"^\[(\w{3} \w{3} \d\d \d\d:\d\d:\d\d\.\d{6} \d{4})\]", re.MULTILINE)
FORMAT = "%a %b %d %H:%M:%S.%f %Y"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
STAGGER = 20
"""Seconds between two onsets, on average."""
REQUESTS = 30
"""Requests of a host that the proxy has logged too."""


@dataclass(frozen=True, slots=True)
class Played:
    """What was played on one host."""

    name: str
    onset: float | None
    """Seconds after noon at which it was hit; None: it was spared."""
    skew: float
    """Seconds by which its clock is ahead."""


def main() -> None:
    """Make a fleet, report on it, and print how right the report is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hosts", type=int, default=200)
    parser.add_argument("--hit", type=int, default=40)
    parser.add_argument("--skew", type=float, default=90.0, help="Seconds by which clocks may be off.")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        played = play(Path(folder), chosen.hosts, chosen.hit, chosen.skew, random.Random(chosen.seed))
        logs = sorted(str(path) for path in Path(folder).glob("*/*.log"))
        begun = time.process_time()
        report = analyze(logs, tz="UTC", jobs=1)
        seconds = time.process_time() - begun
    for line in judged(played, report, seconds):
        print(line)


def play(folder: Path, hosts: int, hit: int, skew: float, rng: random.Random) -> list[Played]:
    """Write the logs of a fleet below a folder."""
    names = [f"web{number:03}" for number in range(1, hosts + 1)]
    order = rng.sample(names, hit)
    onset, onsets = 0.0, {}
    for name in order:
        onset += rng.expovariate(1 / STAGGER)
        onsets[name] = onset
    played = [Played(name, onsets.get(name), rng.uniform(-skew, skew)) for name in names]
    outage, quiet = OUTAGE.read_text(encoding="utf-8"), QUIET.read_text(encoding="utf-8")
    proxy = []
    for host in played:
        (folder / host.name).mkdir()
        text = shifted(quiet, host.skew) if host.onset is None else shifted(outage, host.onset + host.skew)
        (folder / host.name / "error.log").write_text(text, encoding="utf-8")
        asked = [request(rng) for _ in range(REQUESTS)]
        (folder / host.name / "access.log").write_text(
            access([(at + host.skew, client, item) for at, client, item in asked])
        )
        proxy += asked
    (folder / "lb01").mkdir()
    (folder / "lb01" / "access.log").write_text(access(proxy))
    return played


def request(rng: random.Random) -> tuple[float, str, int]:
    """Seconds after noon, a client, and a number that no other request has."""
    return rng.uniform(0, 3600), f"10.1.{rng.randrange(256)}.{rng.randrange(256)}", rng.randrange(10**9)


def shifted(text: str, seconds: float) -> str:
    """A log whose first line is written this number of seconds after noon."""
    first = HEAD.search(text)
    assert first, "the sample has a head"
    by = NOON + timedelta(seconds=seconds) - datetime.strptime(first[1], FORMAT).replace(tzinfo=UTC)
    return HEAD.sub(lambda head: f"[{datetime.strptime(head[1], FORMAT).replace(tzinfo=UTC) + by:{FORMAT}}]", text)


def access(requests: list[tuple[float, str, int]]) -> str:
    """An access log of these requests: seconds after noon, client, and what makes each request unlike the others."""
    lines = (
        f'{client} - - [{NOON + timedelta(seconds=at):%d/%b/%Y:%H:%M:%S} +0000] "GET /item/{item} HTTP/1.1" 200 512\n'
        for at, client, item in sorted(requests)
    )
    return "".join(lines)


def judged(played: list[Played], report: object, seconds: float) -> list[str]:
    """How right a report is, in lines."""
    from logsleuth.report.model import Report

    assert isinstance(report, Report)
    hit = [host.name for host in sorted(played, key=lambda host: host.onset or 0) if host.onset is not None]
    lines = [f"{len(report.hosts)} hosts, {len(report.incidents)} incident(s), {seconds:.1f} s of CPU"]
    for incident in report.incidents:
        fleet = incident.fleet
        assert fleet is not None
        found = list(dict.fromkeys(host.host for host in fleet.hosts))
        spared = {host.name for host in played} - set(hit)
        lines += [
            f"{incident.category}: {len(found)} hit, {'exact' if set(found) == set(hit) else 'NOT exact'}; "
            f"{len(fleet.spared)} spared, {'exact' if spared <= set(fleet.spared) else 'NOT exact'}",
            f"order of onsets: Kendall's tau {kendall(hit, found):.3f}",
        ]
    compared = [host for host in report.hosts if host.ahead is not None]
    skews = {host.name: host.skew for host in played}
    wrong = max((abs((host.ahead or 0) / 1e6 - skews[host.host]) for host in compared), default=0.0)
    return [*lines, f"clocks compared: {len(compared)}, wrong by at most {wrong:.1f} s"]


def kendall(true: list[str], found: list[str]) -> float:
    """Kendall's rank correlation of two orders of the same names; -1 where they are not the same."""
    if set(true) != set(found):
        return -1.0
    place = {name: number for number, name in enumerate(found)}
    pairs = list(combinations(true, 2))
    agree = sum(place[one] < place[other] for one, other in pairs)
    return (2 * agree - len(pairs)) / max(len(pairs), 1)


if __name__ == "__main__":
    main()
