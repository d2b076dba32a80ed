"""Whether each sentence of a report that cites lines follows from them, and whether any two contradict each other.

`python -m tests.report.statements FOLDER…` checks the logs of each folder as one report.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import logsleuth
from logsleuth.library.load import shipped_library
from logsleuth.report.answers import answers
from logsleuth.report.words import clock, duration
from logsleuth.timeline.clock import zone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logsleuth.report.model import Evidence, IncidentReport, Report

SECOND = 1_000_000
TIME = re.compile(r"\b(?:\d{4}-\d\d-\d\d )?(\d\d:\d\d:\d\d)\b")
LENGTH = re.compile(r"\b\d+ (?:d|h|min|s)\b(?: \d+ (?:h|min|s)\b)?")
PATH = re.compile(r"(?<![\w.])/[\w.-]+(?:/[\w.-]+)+")
NUMBER = re.compile(r"(?<![\w.-])\d[\d,]*(?=st\b|nd\b|rd\b|th\b|\b)")
MOST_PAIRS = 400


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence that carries references, and the lines that it cites."""

    text: str
    cited: tuple[Evidence, ...]
    time: int | None
    """UTC microseconds, where the report dates it."""
    inferred: bool = False


def statements(incident: IncidentReport, report: Report) -> Iterator[Statement]:
    """The links of the chain, the rows of the timeline and the answers, as far as they cite lines."""
    by_id = {evidence.id: evidence for evidence in incident.evidence}
    said: list[tuple[str, tuple[str, ...], int | None, bool]] = [
        (link.text, link.evidence, None, link.inferred) for link in incident.chain
    ]
    said += [(row.text, row.evidence, None if row.inferred else row.time, row.inferred) for row in incident.timeline]
    said += [(one.text, one.evidence, None, False) for one in answers(incident, report, zone(report.zone))]
    for text, refs, time, inferred in said:
        if refs:
            yield Statement(text, tuple(by_id[ref] for ref in refs), time, inferred)


def unproved(statement: Statement, incident: IncidentReport, report: Report) -> list[str]:
    """What of a statement neither its lines say nor any named rule derives."""
    text = _without_titles(statement.text, incident)
    lines = " ".join(evidence.text for evidence in statement.cited)
    wrong = [] if _is_dated(statement) else ["dated otherwise than its lines"]
    wrong += [found[0] for found in TIME.finditer(text) if found[1] not in _clocks(statement, incident, report)]
    text = TIME.sub(" ", text)
    wrong += [path for path in PATH.findall(text) if path.rstrip(".") not in lines]
    text = PATH.sub(" ", text)
    counts = _counts(incident) | _of_mechanisms(incident) | _inferred(statement, incident)
    numbers = {int(found.replace(",", "")) for found in NUMBER.findall(text)}
    lengths = _lengths(statement, incident, numbers)
    wrong += [found[0] for found in LENGTH.finditer(text) if found[0] not in lengths]
    text = LENGTH.sub(" ", text)
    pids = {evidence.pid for evidence in statement.cited}
    for found in NUMBER.findall(text):
        value = int(found.replace(",", ""))
        if value not in counts | pids and not re.search(rf"(?<!\d){re.escape(found)}(?!\d)", lines):
            wrong.append(found)
    return wrong


def _without_titles(text: str, incident: IncidentReport) -> str:
    """Numbers in a pattern's title, such as HTTP 2 or 5xx, are its name."""
    titles = {signal.title.rstrip(".") for signal in incident.signals} | {c.title.rstrip(".") for c in incident.causes}
    for title in sorted(titles, key=len, reverse=True):
        text = text.replace(title, " ")
    return text


def _is_dated(statement: Statement) -> bool:
    """Rule: what the report dates, one of its lines dates within two seconds."""
    times = [evidence.time for evidence in statement.cited if evidence.time is not None]
    return statement.time is None or not times or any(abs(time - statement.time) <= 2 * SECOND for time in times)


def _moments(statement: Statement, incident: IncidentReport) -> set[int]:
    times = {evidence.time for evidence in statement.cited} | {incident.onset, incident.end, incident.last}
    times |= {row.time for row in incident.timeline} | {worker.time for worker in incident.lost}
    times |= {time for signal in incident.signals for time in (signal.first, signal.last)}
    return {time for time in times if time is not None}


def _clocks(statement: Statement, incident: IncidentReport, report: Report) -> set[str]:
    """Rule: a time of day is that of a cited line, or the onset, end or a dated row of the incident."""
    return {clock(time, zone(report.zone)) for time in _moments(statement, incident)}


def _lengths(statement: Statement, incident: IncidentReport, numbers: set[int]) -> set[str]:
    """Rule: a length is the time between two known moments, or the mean of such between cited lines."""
    times = sorted(_moments(statement, incident))[:MOST_PAIRS]
    found = {duration((b - a) / SECOND) for a in {incident.onset, *times[:1]} for b in times}
    found |= {duration((incident.onset - time) / SECOND) for time in times}
    cited = sorted(e.time for e in statement.cited if e.time is not None)
    found |= {duration((b - a) / SECOND) for a in cited for b in cited}
    spans = [b - a for a, b in pairwise((cited[0], cited[-1]))] if cited else []
    found |= {duration(span / SECOND / part) for span in spans for n in numbers for part in (n, n - 1) if part > 0}
    lost = sorted(worker.time for worker in incident.lost)
    return found | ({duration((lost[-1] - lost[0]) / SECOND)} if lost else set())


def _counts(incident: IncidentReport) -> set[int]:
    """Rules: what was counted of the incident's signals, losses, pools, requests and spells."""
    counts = {count for signal in incident.signals for count in (signal.count, *(n for _, n in signal.moments))}
    counts |= {incident.lost_count, incident.pool or 0, *(pool.size or 0 for pool in incident.pools)}
    counts |= {len(incident.lost), *(pool.lost for pool in incident.pools)}
    counts |= {(incident.lost_count * part + 3) // 4 for part in (1, 2, 3)} | {(incident.lost_count + 1) // 2, 1}
    if incident.requests is not None:
        counts |= {incident.requests.failed, incident.requests.seen}
        counts.add(round(100 * incident.requests.failed / max(incident.requests.seen, 1)))
    counts.add(sum((worker.first_seen or 0) > incident.onset for worker in incident.lost))  # younger than the onset
    spells = sum(row.kind == "return" for row in incident.timeline) + 1
    restarts = sum(row.kind == "restart" for row in incident.timeline)
    return counts | set(range(1, spells + 1)) | set(range(1, restarts + 1))


def _of_mechanisms(incident: IncidentReport) -> set[int]:
    """Rule: a status or a version that the pattern's own sentence names is part of what httpd does."""
    known = {pattern.id: pattern.explain.summary for pattern in shipped_library().patterns}
    said = " ".join(known.get(cause.pattern or "", "") for cause in incident.causes)
    return {int(number.replace(",", "")) for number in NUMBER.findall(said)}


def _inferred(statement: Statement, incident: IncidentReport) -> set[int]:
    """Rule: what a report marks as inferred may name a worker that no line of its proof names."""
    return {worker.pid for worker in incident.lost if worker.inferred} if statement.inferred else set()


def contradictions(incident: IncidentReport) -> list[str]:
    """Pairs of statements of which only one can be true."""
    now = " ".join(incident.actions.now)
    root = " ".join(link.text for link in incident.chain if link.role == "root cause")
    is_over = incident.recovery_time is not None
    after = [r for r in incident.timeline if r.kind == "return" and r.time >= (incident.recovery_time or r.time + 1)]
    pairs = {
        "over, and advice to act now": is_over and not now.startswith("Nothing urgent"),
        "going on, and nothing urgent": not is_over and now.startswith("Nothing urgent"),
        "going on, and an end": not is_over and incident.end is not None,
        "over, and its end is not known": is_over and incident.summary[2].startswith("Nothing in the log"),
        "a restart helped, and the end was none": incident.restart == "has-helped"
        and incident.recovery_how not in {"restart", "reload"},
        "ended by itself, and a restart ended it": incident.recovery_how == "faded" and "restart ended" in now,
        "restarts in vain, and advice to repeat them if it returns": incident.restart == "did-not-help" and is_over
        and "restart ended" in now,
        "no line names the cause, and high confidence in it": "No line names it" in root
        and incident.why_confidence == "high",
        "over, and failures after it": bool(after),
        "no worker is lost, and a sentence on lost workers": not incident.lost_count
        and bool(re.search(r"\b0 workers?\b|workers? (?:was|were) lost", " ".join(incident.summary))),
    }  # fmt: skip
    return [name for name, holds in pairs.items() if holds]


def problems(report: Report) -> list[str]:
    """All sentences that do not follow from what they cite, and all contradictions."""
    found = []
    for incident in report.incidents:
        found += [f"incident {incident.id}: {pair}" for pair in contradictions(incident)]
        for statement in statements(incident, report):
            wrong = unproved(statement, incident, report)
            found += [f"incident {incident.id}: “{statement.text}”: {', '.join(wrong)}"] if wrong else []
    return found


def main(folders: list[str]) -> int:
    """Check the logs in each folder as one report; the exit code is 1 if anything does not hold."""
    failed = 0
    for folder in folders:
        logs = sorted(path for path in Path(folder).iterdir() if path.suffix != ".json")
        found = problems(logsleuth.analyze(logs, tz="UTC"))
        for problem in found:
            print(f"{folder}: {problem}")
        failed += bool(found)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
