"""Whether each sentence of a report that cites lines follows from them, and whether any two contradict each other.

`python -m tests.report.statements FOLDER…` checks the logs of each folder (or of the folders in it) as one report, in
every format.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import logsleuth
from logsleuth.library.category import category_of
from logsleuth.library.load import shipped_library
from logsleuth.report.answers import answers
from logsleuth.report.fates import PARENT
from logsleuth.report.words import clock
from logsleuth.timeline.clock import zone
from logsleuth.units import duration, elapsed
from tests.report.rules import RULES, Facts
from tests.report.shown import unknown_sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logsleuth.report.model import Evidence, IncidentReport, Report

SECOND = 1_000_000
RESTART_ENDED = re.compile(r"start(?: \(HUP\))? ended it")
"""A restart, graceful or hard, or a stop and start."""
TIME = re.compile(r"\b(?:\d{4}-\d\d-\d\d )?(\d\d:\d\d:\d\d)\b")
LENGTH = re.compile(r"\b\d+ (?:d|h|min|s)\b(?: \d+ (?:h|min|s)\b)?|less than a second")
PATH = re.compile(r"(?<![\w.])/[\w.-]+(?:/[\w.-]+)+")
NUMBER = re.compile(r"(?<![\w.-])\d[\d,]*(?=st\b|nd\b|rd\b|th\b|\b)")

KINDS = {
    "failing backends": re.compile(r"remote server|with a backend|AH01114|AH01102|AH01067"),
    "a full disk": re.compile(r"No space left"),
    "crashes of workers": re.compile(r"exit signal|AH00052|crash"),
    "httpd's workers at their limit": re.compile(r"MaxRequestWorkers|MaxClients|scoreboard is full"),
    "exhausted file": re.compile(r"Too many open files|Cannot allocate memory|Out of memory|OutOfMemory"),
    "an unreachable database": re.compile(r"SQLSTATE|MySQL|PostgreSQL"),
}
"""What may not be ruled out where a line or a title says so."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence that carries references, and the lines that it cites."""

    text: str
    cited: tuple[Evidence, ...]
    time: int | None
    """UTC microseconds, where the report dates it."""
    inferred: bool = False
    kind: str = ""
    """'cause' where it is filled in from the pattern of a cause."""


def statements(incident: IncidentReport, report: Report) -> Iterator[Statement]:
    """The summary, the impact, the links of the chain, the rows of the timeline and the answers that cite lines."""
    by_id = {evidence.id: evidence for evidence in incident.evidence}
    said: list[tuple[str, tuple[str, ...], int | None, bool, str]] = []
    for nth, (text, refs) in enumerate(zip(incident.summary, incident.summary_evidence, strict=True)):
        said.append((text, refs, None, False, "cause" if nth == 1 else ""))
    said += [(fact.text, fact.evidence, None, False, "") for fact in incident.impact]
    said += [(link.text, link.evidence, None, link.inferred, "") for link in incident.chain]
    said += [(r.text, r.evidence, None if r.inferred else r.time, r.inferred, "") for r in incident.timeline]
    for one in answers(incident, report, zone(report.zone)):
        said.append((one.text, one.evidence, None, False, "cause" if one.name == "why" else ""))
    for text, refs, time, inferred, kind in said:
        if refs:
            yield Statement(text, tuple(by_id[ref] for ref in refs), time, inferred, kind)


def unproved(statement: Statement, incident: IncidentReport, report: Report) -> list[str]:
    """What of a statement neither its lines say nor any named rule derives."""
    text = _without_titles(statement.text, incident)
    lines = " ".join(evidence.text for evidence in statement.cited)
    wrong = [] if _is_dated(statement) else ["dated otherwise than its lines"]
    wrong += [found[0] for found in TIME.finditer(text) if found[1] not in _clocks(statement, incident, report)]
    text = TIME.sub(" ", text)
    wrong += [
        path for path in PATH.findall(text) if path.rstrip(".") not in lines and path.rstrip(".:") not in _logs(report)
    ]
    text = PATH.sub(" ", text)
    lengths = _lengths(statement, incident, report)
    wrong += [found[0] for found in LENGTH.finditer(text) if found[0] not in lengths]
    text = LENGTH.sub(" ", text)
    text, broken = _by_rule(text, statement, incident, report)
    return [*wrong, *broken, *_in_no_line(text, statement, incident, lines)]


def _by_rule(text: str, statement: Statement, incident: IncidentReport, report: Report) -> tuple[str, list[str]]:
    """The text without the phrases of which a rule knows the numbers, and those of them that are wrong."""
    facts, wrong = Facts(statement.text, statement.cited, statement.time, incident, report), []
    for rule in RULES:
        for found in rule.phrase.finditer(text):
            numbers = tuple(int(group.replace(",", "")) for group in found.groups() if group is not None)
            if not rule.holds(numbers, facts):
                wrong.append(f"{found[0].strip()} ({rule.name})")
        text = rule.phrase.sub(" ", text)
    return text, wrong


def _in_no_line(text: str, statement: Statement, incident: IncidentReport, lines: str) -> list[str]:
    """Numbers that no rule knows: they stand in a cited line, or are the pid of one, or part of a mechanism."""
    known = {evidence.pid for evidence in statement.cited}
    if statement.kind == "cause":
        known |= _of_mechanisms(incident) | {incident.lost_count, incident.pool or 0}
        known |= {signal.count for signal in incident.signals[:1]} | {cause.count for cause in incident.causes[:1]}
    if statement.inferred:
        known |= {worker.pid for worker in incident.lost if worker.inferred}
    wrong = []
    for found in NUMBER.findall(text):
        if int(found.replace(",", "")) not in known and not re.search(rf"(?<!\d){re.escape(found)}(?!\d)", lines):
            wrong.append(found)
    return wrong


def _without_titles(text: str, incident: IncidentReport) -> str:
    """Numbers in a pattern's title, such as HTTP 2 or 5xx, are its name."""
    titles = {signal.title for signal in incident.signals} | {c.title for c in incident.causes}
    for title in sorted(titles, key=len, reverse=True):
        text = text.replace(title, " ").replace(title[:1].lower() + title[1:], " ")
    return text.replace("(5xx)", " ").replace("(4xx)", " ")


def _logs(report: Report) -> set[str]:
    return {log.path for log in report.logs}


def _is_dated(statement: Statement) -> bool:
    """Rule: what the report dates, one of its lines dates within a second."""
    times = [evidence.time for evidence in statement.cited if evidence.time is not None]
    return statement.time is None or not times or any(abs(time - statement.time) <= SECOND for time in times)


def _clocks(statement: Statement, incident: IncidentReport, report: Report) -> set[str]:
    """Rule: a time of day is that of a cited line, or the incident's onset or end."""
    times = {evidence.time for evidence in statement.cited} | {incident.recovery_time}
    if statement.text.startswith("Apache") or any(r.inferred and r.kind == "onset" for r in incident.timeline):
        times |= {incident.onset}  # the end of a run that was killed is inferred
    return {clock(time, zone(report.zone)) for time in times if time is not None}


def _lengths(statement: Statement, incident: IncidentReport, report: Report) -> set[str]:
    """Rules: a length is the time between two cited lines, or between one and the onset, the end, or the log's end.

    Also the mean distance of restarts, and the time in which the workers were lost.
    """
    cited = sorted(e.time for e in statement.cited if e.time is not None)
    marks = {incident.onset, incident.recovery_time or incident.last, *cited}
    marks |= {log.last for log in report.logs if log.last is not None}
    marks |= {signal.first for signal in incident.signals if signal.title in statement.text}
    marks |= {signal.last for signal in incident.signals if signal.title in statement.text}
    found = {elapsed(a, b) for a in marks for b in marks if a <= b}
    found |= {duration((b - a) / SECOND / n) for a, b in pairwise(cited) for n in range(1, 400)}
    lost = sorted(worker.time for worker in incident.lost if worker.pool != PARENT)
    return found | ({elapsed(lost[0], lost[-1])} if lost else set())


def _of_mechanisms(incident: IncidentReport) -> set[int]:
    """Rule: a status or a version that the pattern's own sentence names is part of what httpd does."""
    known = {pattern.id: pattern.explain.summary for pattern in shipped_library().patterns}
    said = " ".join(f"{known.get(cause.pattern or '', '')} {cause.explanation}" for cause in incident.causes)
    return {int(number.replace(",", "")) for number in NUMBER.findall(said)}


def contradictions(incident: IncidentReport) -> list[str]:
    """Pairs of statements of which only one can be true."""
    minute, last = 60 * SECOND, incident.end or incident.last
    within = [e.text for e in incident.evidence if incident.onset - minute <= (e.time or 0) <= last + minute]
    now, summary = " ".join(incident.actions.now), " ".join(incident.summary)
    root = " ".join(link.text for link in incident.chain if link.role == "root cause")
    is_over = incident.recovery_time is not None
    calm = now.startswith(("Nothing urgent", "Watch it", "Start the server: this outage is over"))
    after = [r for r in incident.timeline if r.kind == "return" and r.time >= (incident.recovery_time or r.time + 1)]
    late = [r for r in incident.timeline if r.kind == "end" and r.time < incident.onset]
    pairs = {
        "over, and advice to act now": is_over and not calm,
        "over, and still": is_over and bool(re.search(r"\bis still\b|still (?:failing|down|going)", summary)),
        "going on, and nothing urgent": not is_over and calm,
        "going on, and an end": not is_over and incident.end is not None,
        "over, and its end is not known": is_over and incident.summary[2].startswith("Nothing in the log"),
        "a restart helped, and did not end it": incident.restart == "has-helped"
        and incident.recovery_how not in {"restart", "reload"},
        "ended by itself, and a restart ended it": incident.recovery_how == "faded" and bool(RESTART_ENDED.search(now + summary)),
        "restart advised, and one ended it": is_over and incident.restart == "would-help",
        "restarts in vain, and a restart ended it": incident.restart == "did-not-help"
        and bool(RESTART_ENDED.search(now + summary)),
        "no line names the cause, and high confidence in it": root.startswith("No known message")
        and incident.why_confidence == "high",
        "no line names the cause, and a root cause": incident.why_confidence == "low"
        and any(cause.kind == "root cause" for cause in incident.causes[:1]),
        "unknown, and high confidence": incident.category is None and incident.confidence == "high",
        "over, and failures after it": bool(after),
        "begins, and no row says with what": all(row.kind != "onset" for row in incident.timeline),
        "ends before it begins": bool(late) or (is_over and (incident.recovery_time or 0) < incident.onset),
        "no worker is lost, and a sentence on lost workers": not incident.lost_count
        and bool(re.search(r"\b0 workers?\b|(?<!limit on )workers? (?:was|were|went|hung|crashed)", incident.summary[0])),
        "ruled out, and in the evidence": any(
            group in " ".join(incident.ruled_out) and words.search(text)
            for group, words in KINDS.items()
            for text in (*within, *(signal.title for signal in incident.signals))
        ),
        "requests failed, and none of them failed": incident.requests is not None
        and incident.requests.failed > incident.requests.seen,
    }  # fmt: skip
    return [name for name, holds in pairs.items() if holds]


def contradictions_with_report(incident: IncidentReport, report: Report) -> list[str]:
    """The same between an incident and what else the report says: of the server, the logs that were read, the probe."""
    now = {answer.name: answer.text for answer in answers(incident, report, zone(report.zone))}["now"]
    trigger = " ".join(link.text for link in incident.chain if link.role == "trigger")
    read = {log.format for log in report.logs}
    pairs = {
        "two answers to what to do now": bool(incident.actions.now) and now != incident.actions.now[0],
        "down at the end, and nobody is told to start it": report.down is not None
        and not incident.fleet
        and incident.recovery_time is not None
        and "Start the server" not in now,
        "a restart does not help, and the probe restarts": category_of(incident.category).restart != "helps"
        and bool(re.search(r"then restart|Restart-Service", incident.detection.probe)),
        "a log was read, and one is sent to it": ("access" in read and "the access log" in trigger)
        or ("fpm" in read and "backend's own log" in trigger),
        "level by module, which httpd may refuse": any(re.search(r"LogLevel \w+ \w+:", note) for note in report.notes),
    }  # fmt: skip
    return [name for name, holds in pairs.items() if holds]


def problems(report: Report, *, shown: bool = True) -> list[str]:
    """All sentences that do not follow from what they cite, and all contradictions; `shown`: in every format."""
    found = []
    for incident in report.incidents:
        pairs = (*contradictions(incident), *contradictions_with_report(incident, report))
        found += [f"incident {incident.id}: {pair}" for pair in pairs]
        for statement in statements(incident, report):
            wrong = unproved(statement, incident, report)
            found += [f"incident {incident.id}: “{statement.text}”: {', '.join(wrong)}"] if wrong else []
    if shown and report.incidents:
        known = {s.text for i in report.incidents for s in statements(i, report)}
        found += unknown_sentences(report, known)
    return list(dict.fromkeys(found))


def _folders(paths: list[str]) -> Iterator[Path]:
    """The folders with logs among these and those in them."""
    for path in map(Path, paths):
        inner = sorted(one for one in path.iterdir() if one.is_dir())
        yield from inner or [path]


def main(paths: list[str]) -> int:
    """Check the logs of each folder as one report; the exit code is 1 if anything does not hold."""
    checked = failed = said = 0
    for folder in _folders(paths):
        logs = sorted(p for p in folder.iterdir() if p.is_file() and p.suffix not in {".json", ".md", ".conf"})
        if not logs:
            continue
        report = logsleuth.analyze(logs)
        found = problems(report)
        for problem in found:
            print(f"{folder}: {problem}")
        checked, failed = checked + 1, failed + bool(found)
        said += sum(1 for incident in report.incidents for _ in statements(incident, report))
    print(f"{checked} reports, {said:,} sentences with references, {failed} reports with something that does not hold")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
