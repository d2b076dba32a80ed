"""Walks every reference of every format of a report, and tells what does not hold.

`python -m tests.report.walk FOLDER…` does so for each folder of logs below these, one report each:

    python -m tests.report.walk incidents/*
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import logsleuth
from logsleuth.library.load import load_library
from logsleuth.report.alike import alike_lines
from logsleuth.report.compose.story.excerpts import MOST
from logsleuth.report.render import render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logsleuth.library.pattern import Pattern
    from logsleuth.report.model import Evidence, IncidentReport, Report

SECOND = 1_000_000
WIDE = 5000
STYLES = ("text", "markdown", "html", "json", "timesketch", "ecs", "csv")


def problems(report: Report) -> list[str]:
    """All that does not hold, in words; empty: everything does."""
    patterns = {pattern.id: pattern for pattern in load_library([]).patterns}
    told = []
    for incident in report.incidents:
        told += [f"incident {incident.id}: {problem}" for problem in _incident(incident, patterns)]
    told += _references(report)
    return told


def _incident(incident: IncidentReport, patterns: dict[str, Pattern]) -> Iterator[str]:
    by_id = {evidence.id: evidence for evidence in incident.evidence}
    yield from _in_the_log(incident)
    shown = {(excerpt.path, line.offset) for excerpt in incident.excerpts for line in excerpt.lines}
    bare = [e.id for e in incident.evidence[:MOST] if (e.path, e.offset) not in shown]
    if bare:
        yield f"{', '.join(bare)}: without a neighbourhood"
    for evidence in incident.evidence:
        yield from _says_what_its_pattern_looks_for(evidence, incident, patterns)
    yield from _causes(incident, by_id)
    yield from _workers(incident, by_id)
    yield from _timeline(incident, by_id)


def _causes(incident: IncidentReport, by_id: dict[str, Evidence]) -> Iterator[str]:
    signals = {signal.pattern for signal in incident.signals}
    for cause in incident.causes:
        if not cause.evidence:
            yield f"cause “{cause.title}” has no evidence"
        elif by_id[cause.evidence[0]].pattern != cause.pattern:
            yield f"cause “{cause.title}”: {cause.evidence[0]} is of another pattern"
        for ref in cause.evidence:
            if by_id[ref].pattern not in {*signals, None}:
                yield f"cause “{cause.title}”: {ref} is of a pattern that is no part of the incident"


def _workers(incident: IncidentReport, by_id: dict[str, Evidence]) -> Iterator[str]:
    for worker in incident.lost:
        proof = [by_id[ref] for ref in worker.evidence]
        if worker.inferred:
            continue
        if not any(str(worker.pid) in evidence.text or evidence.pid == worker.pid for evidence in proof):
            yield f"worker {worker.pid}: no line of its proof names it"
        elif not any(_near(evidence, worker.time) for evidence in proof):
            yield f"worker {worker.pid}: its proof is of another time"


def _timeline(incident: IncidentReport, by_id: dict[str, Evidence]) -> Iterator[str]:
    titles = {signal.pattern: signal.title for signal in incident.signals}
    for row in incident.timeline:
        proof = [by_id[ref] for ref in row.evidence]
        if not proof and row.kind != "end":
            yield f"timeline “{row.text}” has no evidence"
        if proof and not row.inferred and not any(_near(evidence, row.time) for evidence in proof):
            yield f"timeline “{row.text}”: its proof is of another time"
        named = [titles.get(evidence.pattern) for evidence in proof if evidence.pattern]
        is_of_a_pattern = row.kind in {"onset", "symptom", "capacity"} and named
        if is_of_a_pattern and not any(title and title in row.text for title in named):
            yield f"timeline “{row.text}”: its proof is of another pattern"


def _near(evidence: Evidence, time: int) -> bool:
    return evidence.time is None or abs(evidence.time - time) <= 2 * SECOND


def _in_the_log(incident: IncidentReport) -> Iterator[str]:
    logs: dict[str, bytes] = {}
    for evidence in incident.evidence:
        if evidence.path not in logs:
            raw = Path(evidence.path).read_bytes()
            logs[evidence.path] = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
        log = logs[evidence.path]
        line = log[evidence.offset :].split(b"\n", 1)[0].rstrip(b"\r").decode("utf-8", "backslashreplace")
        if not evidence.text or line[: len(evidence.text)] != evidence.text:
            yield f"{evidence.id} does not stand at byte {evidence.offset} of {evidence.path}"
        if evidence.line is not None and log.count(b"\n", 0, evidence.offset) + 1 != evidence.line:
            yield f"{evidence.id} is not line {evidence.line} of {evidence.path}"


def _says_what_its_pattern_looks_for(
    evidence: Evidence, incident: IncidentReport, patterns: dict[str, Pattern]
) -> Iterator[str]:
    """A literal of the pattern stands in the line, or, where lines were joined to an entry, in those around it."""
    pattern = patterns.get(evidence.pattern or "")
    if pattern is None:
        return
    texts = [evidence.text]
    for excerpt in incident.excerpts:
        if any(line.offset == evidence.offset and excerpt.path == evidence.path for line in excerpt.lines):
            texts += [line.text for line in excerpt.lines]
    if not any(match.contains.lower() in text.lower() for match in pattern.matches for text in texts if match.contains):
        yield f"{evidence.id} does not say what {pattern.id} looks for"


def _references(report: Report) -> Iterator[str]:
    """In every format, each reference leads to evidence that this format shows."""
    known = {incident.id: {evidence.id for evidence in incident.evidence} for incident in report.incidents}
    page = render(report, "html", redact="none")
    ids = set(re.findall(r'\bid="(i\d+-e\d+)"', page))
    links = set(re.findall(r'href="#(i\d+-e\d+)"', page))
    if links - ids or ids != {f"i{number}-{ref}" for number, refs in known.items() for ref in refs}:
        yield "html: a reference leads nowhere, or a line of evidence is missing"
    for number, incident in enumerate(json.loads(render(report, "json"))["incidents"], 1):
        cited = set(re.findall(r'"(e\d+)"', json.dumps({**incident, "evidence": []})))
        if not cited <= known[number]:
            yield f"json: incident {number} cites {sorted(cited - known[number])}"
    for style in ("timesketch", "ecs"):
        for line in render(report, style).splitlines():
            row = json.loads(line)
            if "fault" in (row if style == "timesketch" else row["logsleuth"]):
                continue
            of = row["incident"] if style == "timesketch" else row["logsleuth"]["incident"]["id"]
            refs = row.get("evidence", []) if style == "timesketch" else row["logsleuth"]["evidence"]
            if not set(refs) <= known[of]:
                yield f"{style}: incident {of} cites {refs}"
    for cells in csv.DictReader(io.StringIO(render(report, "csv"))):
        if cells["incident"] and not set(cells["evidence"].split()) <= known[int(cells["incident"])]:
            yield f"csv: incident {cells['incident']} cites {cells['evidence']}"
    yield from _references_in_words(report, known)


def _references_in_words(report: Report, known: dict[int, set[str]]) -> Iterator[str]:
    one = len(known) == 1
    text = render(report, "markdown", redact="none")
    anchors = {heading.lower().replace(" ", "-") for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
    for ref, anchor in re.findall(r"\[(e\d+)\]\(#(\S+?)\)", text):
        number = next(iter(known)) if one else int(anchor.split("-")[1])
        if anchor not in anchors or ref not in known[number]:
            yield f"markdown: [{ref}](#{anchor}) leads nowhere"
    if not known:
        return  # what the text then heads are faults, whose lines stand beside them and need no reference
    shown = render(report, "text", full=True, width=WIDE)
    blocks = re.split(r"^ (?:CRITICAL|MAJOR|MINOR|INFO)  ", shown, flags=re.MULTILINE)[1:]
    for incident, block in zip(report.incidents, blocks, strict=True):
        refs = known[incident.id] - set(alike_lines(incident))
        body, _, listed = block.partition("\n Evidence\n")
        cited = {ref for refs_ in re.findall(r"\[(e\d+(?: e\d+)*)\]$", body, re.MULTILINE) for ref in refs_.split()}
        if not cited <= refs or refs != set(re.findall(r"^   (e\d+) ", listed, re.MULTILINE)):
            yield "text: a reference leads nowhere, or a line of evidence is missing"


def main(folders: list[str]) -> int:
    """Walk the logs in each folder as one report; the exit code is 1 if anything does not hold."""
    failed = 0
    for folder in folders:
        report = logsleuth.analyze(
            sorted(str(path) for path in Path(folder).iterdir() if path.suffix != ".json"), tz="UTC"
        )
        found = problems(report)
        claims = sum(len(i.evidence) for i in report.incidents)
        print(f"{folder}: {len(report.incidents)} incidents, {claims} lines of evidence, {len(found)} problems")
        for problem in found:
            print(f"    {problem}")
        failed += bool(found)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
