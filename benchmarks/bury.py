"""Bury real incidents in long days of chronic trouble: python benchmarks/bury.py INCIDENTS --out DIR.

INCIDENTS is a folder of folders, each with an error.log in httpd's 2.4 format, times in UTC, and a truth.json that
names category, trigger_utc, first_symptom_utc, recovered_utc and recovery. Each day that is made holds none, one or
two of them, their time stretched; the failures of one or two others, strewn over the day as chronic faults; visitors'
noise; and a log rotation. The days' own truth.json say what is in them. The same seed gives the same days.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

HEAD = re.compile(r"\[(\w{3} \w{3} \d\d \d\d:\d\d:\d\d\.\d{6} \d{4})\]")
PID = re.compile(r"\[pid (\d+)")
TIME = "%a %b %d %H:%M:%S.%f %Y"
LIFE = re.compile(
    r"AH0009[48]|resuming normal|AH0049[1-3]|AH0016[1-9]|AH0017[0-3]|AH0029[2-8]|AH0005[0-2]|AH0004[5-7]"
    r"|AH00484|AH03490|AH00288|AH00286"
)
"""The server's own life: said once in a while by one parent, so that it can't be strewn over a day."""
NOISE = (
    "[php:warn] [pid {pid}:tid {pid}] [client {client}] PHP Warning:  Undefined variable $x in /srv/a.php on line 7",
    "[authz_core:error] [pid {pid}:tid {pid}] [client {client}] AH01630: client denied by server configuration: /srv/x",
    "[core:info] [pid {pid}:tid {pid}] [client {client}] AH00128: File does not exist: /srv/www/wp-login.php",
)
ROTATION = (
    "[mpm_event:notice] [pid 39000:tid 39000] AH00493: SIGUSR1 received.  Doing graceful restart",
    "[mpm_event:notice] [pid 39000:tid 39000] AH00489: Apache/2.4.62 (Debian) configured -- resuming normal operations",
    "[core:notice] [pid 39000:tid 39000] AH00094: Command line: '/usr/sbin/apache2'",
)
AROUND = timedelta(seconds=8)

Line = tuple[datetime, str]
"""A line's time, and the line without it; one that has no time stands under its predecessor's."""


@dataclass(frozen=True)
class Source:
    """One incident that is given."""

    name: str
    truth: dict[str, Any]
    lines: list[Line]

    def time(self, key: str) -> datetime | None:
        """One of the truth's times."""
        text = self.truth.get(key)
        return datetime.fromisoformat(text.replace("Z", "+00:00")) if text else None


def main() -> None:
    """Read the command line and write the days."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("incidents", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most", type=int, default=2, help="incidents a day at most; 0 makes quiet days")
    options = parser.parse_args()
    sources = [source for folder in sorted(options.incidents.iterdir()) if (source := load(folder))]
    rng = random.Random(options.seed)
    for number in range(options.count):
        lines, truth = day(rng, sources, rng.randrange(options.most + 1))
        folder = options.out / f"day-{number + 1:02}"
        folder.mkdir(parents=True, exist_ok=True)
        text = "".join(f"{line}\n" for _, line in sorted(lines, key=lambda line: line[0]))
        (folder / "error.log").write_text(text, errors="surrogateescape")
        (folder / "truth.json").write_text(json.dumps({"name": folder.name, **truth}, indent=1))


def load(folder: Path) -> Source | None:
    """An incident that can be buried: one that its error log shows, with times in UTC."""
    if not (folder / "truth.json").exists():
        return None
    truth = json.loads((folder / "truth.json").read_text())
    if not truth.get("incident") or not truth.get("visible_in_error_log", True) or truth["timezone"][:3] != "UTC":
        return None
    lines: list[Line] = []
    for line in (folder / "error.log").read_text(errors="surrogateescape").splitlines():
        if found := HEAD.match(line):
            lines.append((datetime.strptime(found[1], TIME).replace(tzinfo=UTC), line))
        elif lines:
            lines.append((lines[-1][0], line))
    usable = bool(lines) and all(PID.search(line) for _, line in lines if line.startswith("["))
    return Source(folder.name, truth, lines) if usable else None


def at(time: datetime, line: str) -> Line:
    """The line under another time."""
    return (time, HEAD.sub(lambda _: f"[{time.strftime(TIME)}]", line, count=1))


def day(rng: random.Random, sources: list[Source], number: int) -> tuple[list[Line], dict[str, Any]]:
    """One day's lines and its truth."""
    begin = datetime(2026, 5, rng.randrange(2, 27), rng.randrange(24), rng.randrange(60), tzinfo=UTC)
    length = timedelta(hours=rng.uniform(8, 26))
    buried = rng.sample(sources, number)
    chronic = rng.sample([source for source in sources if source not in buried], rng.choice((1, 1, 2)))
    lines: list[Line] = []
    truths: list[dict[str, Any]] = []
    for nth, source in enumerate(buried):
        part = (nth + rng.uniform(0.2, 0.7)) / number
        lines += bury(source, begin + length * part, rng.choice((1, 3, 10, 30)), truths)
    for source in chronic:
        lines += strew(rng, source, begin, length)
    lines += noise(rng, begin, length)
    rotation = (begin + timedelta(days=begin.hour >= 6)).replace(hour=6, minute=25)
    if rotation < begin + length and not any(t["from"] <= rotation <= t["to"] for t in truths):
        lines += [
            at(rotation + timedelta(milliseconds=60 * n), f"[{begin:{TIME}}] {text}") for n, text in enumerate(ROTATION)
        ]
    first = truths[0] if truths else {"category": "none", "key_lines": [], "dead_pids": [], "poisoned_pids": []}
    whole = {
        **first, "incident": bool(truths), "incidents": truths, "timezone": "UTC (+0000)",
        "files": {"error.log": "apache error log"}, "chronic": [source.name for source in chronic],
    }  # fmt: skip
    return lines, json.loads(json.dumps(whole, default=str))


def bury(source: Source, place: datetime, stretch: int, truths: list[dict[str, Any]]) -> list[Line]:
    """An incident's lines, from its trigger to its recovery, moved and stretched; adds its truth."""
    zero = source.time("trigger_utc") or source.lines[0][0]
    end = source.time("recovered_utc") or source.lines[-1][0]

    def moved(time: datetime) -> datetime:
        return place + (time - zero) * stretch

    times = ("trigger_utc", "first_symptom_utc", "last_failed_request_utc", "recovered_utc")
    shifted = {key: moved(time).isoformat() if (time := source.time(key)) else None for key in times}
    truths.append(
        source.truth | shifted | {"source": source.name, "stretch": stretch, "tolerance_s": 10 * stretch}
        | {"from": moved(zero - AROUND), "to": moved(end + AROUND)}
    )  # fmt: skip
    return [at(moved(time), line) for time, line in source.lines if zero - AROUND / 2 <= time <= end + AROUND]


def strew(rng: random.Random, source: Source, begin: datetime, length: timedelta) -> list[Line]:
    """An incident's failures as a chronic fault: what one worker wrote within a second, at chance times."""
    first = source.time("first_symptom_utc") or source.lines[0][0]
    last = source.time("last_failed_request_utc") or source.time("recovered_utc") or source.lines[-1][0]
    groups: dict[tuple[str, int], list[Line]] = {}
    for time, line in source.lines:
        if first <= time <= last and (writer := PID.search(line)) and not LIFE.search(line):
            groups.setdefault((writer[1], int(time.timestamp())), []).append((time, line))
    lines: list[Line] = []
    every, now = rng.choice((40, 120, 300, 900)), begin
    while groups and (now := now + timedelta(seconds=rng.expovariate(1 / every))) < begin + length:
        group = rng.choice(list(groups.values()))
        pid = f"[pid {rng.randrange(40000, 40040)}"
        lines += [at(now + (time - group[0][0]), PID.sub(pid, line, count=1)) for time, line in group]
    return lines


def noise(rng: random.Random, begin: datetime, length: timedelta) -> list[Line]:
    """What visitors and scanners cause all day long."""
    lines: list[Line] = []
    now = begin
    while (now := now + timedelta(seconds=rng.expovariate(1 / 25))) < begin + length:
        client = f"203.0.113.{rng.randrange(1, 250)}:{rng.randrange(30000, 60000)}"
        text = rng.choice(NOISE).format(pid=rng.randrange(40000, 40040), client=client)
        lines.append(at(now, f"[{begin.strftime(TIME)}] {text}"))
    return lines


if __name__ == "__main__":
    main()
