"""Each claim is proved by a line, and each reference to it resolves: to the line, its number and its byte offset."""

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import logsleuth
from logsleuth.report.alike import alike_lines
from logsleuth.report.model import Report
from logsleuth.report.render import render
from logsleuth.report.terminal_workers import most_shown
from tests.middle.shop import CLOSE, EGG, FAINTED, FULL, HOUR, JAMMED, KEYS, ODD, OPEN, PATTERNS, QUEUE, SHIFT, Log, day
from tests.report.walk import problems

ROOT = Path(__file__).resolve().parent.parent.parent
WIDE = 3000
REFERENCE = re.compile(r"\be\d+\b")


def story() -> Log:
    """Three incidents, with all that a report cites: triggers, peaks, workers, restarts that help and that do not."""
    log = day().own(KEYS, 5 * HOUR - 30)
    log.every(1, 5 * HOUR, 5 * HOUR + 60, JAMMED).every(0.2, 5 * HOUR + 2, 5 * HOUR + 60, QUEUE)
    for number in range(9):
        log.add(EGG, *(10 * HOUR + 20 * number + 3 * n for n in range(30)), pid=300 + number)
    log.own(SHIFT, 10 * HOUR + 90).own(OPEN, 10 * HOUR + 91).own(FULL, 10 * HOUR + 200)
    log.own(CLOSE, 10 * HOUR + 400).own(OPEN, 10 * HOUR + 402)
    for number in range(40):
        log.add(FAINTED, 14 * HOUR + number, pid=100, client="", about=500 + number)
    return log.every(1, 14 * HOUR, 14 * HOUR + 40, ODD)


def small(log: str) -> str:
    return log


def of_many_blocks(log: str) -> str:
    """Lines that make it larger than one block of bytes, some of them with letters that take several bytes."""
    filler = (
        "[Tue Mar 03 06:00:00.000000 2026] [shop:error] [pid 9:tid 9] a customer only looks around für "
        + "x" * 900
        + "\n"
    )
    return filler * 6000 + log + filler.replace("06:00:00", "21:59:59") * 3000


def with_odd_lines(log: str) -> str:
    """Carriage returns, empty lines, bare lines, and no newline at the end."""
    return "\r\n\n" + log.replace("\n", "\r\n").replace("drawer 203\r\n", "drawer 203\r\n\nbare line\r\n").rstrip()


SHAPES = {"small": small, "of-many-blocks": of_many_blocks, "with-odd-lines": with_odd_lines}


@pytest.fixture(scope="module", params=[(shape, suffix) for shape in SHAPES for suffix in ("", ".gz")], ids="".join)
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Report:
    shape, suffix = request.param
    folder = tmp_path_factory.mktemp("references")
    for number, pattern in enumerate(PATTERNS):
        (folder / f"{number}.toml").write_text(pattern)
    log = SHAPES[shape](story().text()).encode()
    (folder / f"error.log{suffix}").write_bytes(gzip.compress(log) if suffix else log)
    made = logsleuth.analyze([folder / f"error.log{suffix}"], tz="UTC", patterns=[folder])
    assert len(made.incidents) == 3
    return made


def content(report: Report) -> bytes:
    raw = Path(report.logs[0].path).read_bytes()
    return gzip.decompress(raw) if report.logs[0].path.endswith(".gz") else raw


def test_all_evidence_stands_in_the_log_at_its_line_and_offset(report: Report) -> None:
    log = content(report)
    lines = log.split(b"\n")
    for incident in report.incidents:
        assert incident.evidence
        for evidence in incident.evidence:
            assert evidence.line is not None
            raw = lines[evidence.line - 1]
            assert log[evidence.offset :].startswith(raw)
            assert evidence.offset == 0 or log[evidence.offset - 1 : evidence.offset] == b"\n"
            assert evidence.text == raw.rstrip(b"\r").decode()
            assert evidence.path == report.logs[0].path


def test_what_no_pattern_knows_stands_in_the_log_at_its_line(report: Report) -> None:
    lines = content(report).split(b"\n")
    assert report.unknown
    for message in report.unknown:
        assert message.line is not None
        assert message.text == lines[message.line - 1].rstrip(b"\r").decode()


def lists_of_references(value: Any) -> Iterator[list[str]]:  # noqa: ANN401 - any JSON
    """All lists of references, wherever they are, but for the evidence itself."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key in {"summary_evidence", "impact_evidence"}:
                yield from item
            elif key == "evidence" and all(isinstance(ref, str) for ref in item):
                yield item
            else:
                yield from lists_of_references(item)
    elif isinstance(value, list):
        for item in value:
            yield from lists_of_references(item)


def test_every_reference_in_json_is_among_the_incidents_evidence(report: Report) -> None:
    for incident in json.loads(render(report, "json"))["incidents"]:
        known = [evidence["id"] for evidence in incident["evidence"]]
        assert known == [f"e{number}" for number in range(1, len(known) + 1)]
        cited = [ref for refs in lists_of_references(incident) for ref in refs]
        assert set(cited) == set(known), "evidence that nothing cites, or a reference to none"
        for cause in incident["causes"]:
            assert cause["evidence"]
        for worker in incident["workers"]["lost"]:
            assert worker["evidence"]
        for row in incident["timeline"]:
            assert row["evidence"] or row["kind"] == "end"


def test_every_reference_of_a_cause_is_a_line_of_what_it_names(report: Report) -> None:
    for incident in report.incidents:
        evidence = {item.id: item for item in incident.evidence}
        for cause in incident.causes:
            first = evidence[cause.evidence[0]]
            assert first.pattern == cause.pattern
            assert first.time == cause.first


def test_every_worker_is_named_by_the_line_that_proves_its_loss(report: Report) -> None:
    seen = 0
    for incident in report.incidents:
        evidence = {item.id: item for item in incident.evidence}
        for worker in incident.lost:
            (ref,) = worker.evidence
            assert re.search(rf"\b(?:pid|clerk|basket) {worker.pid}\b", evidence[ref].text)
            assert evidence[ref].time == worker.time
            seen += 1
    assert seen >= 40


def sections(text: str, begin: str, heading: str) -> list[tuple[str, str]]:
    """For each incident of a report as text: what stands before its evidence, and the evidence."""
    parts = re.split(begin, text, flags=re.MULTILINE)[1:]
    return [(body, rest) for body, _, rest in (part.partition(heading) for part in parts)]


def test_every_reference_on_the_terminal_is_listed_below_with_its_line(report: Report) -> None:
    text = render(report, "text", full=True, width=WIDE)
    shown = sections(text, r"^ (?:CRITICAL|MAJOR) ", "\n Evidence\n")
    assert len(shown) == len(report.incidents)
    for incident, (body, rest) in zip(report.incidents, shown, strict=True):
        listed, _, after = rest.partition("\n Impact\n")
        counted = set(alike_lines(incident))
        for evidence in incident.evidence:
            row = rf"^   {evidence.id} +{re.escape(evidence.path)}:{evidence.line}  {re.escape(evidence.text)}$"
            assert (re.search(row, listed, re.MULTILINE) is None) == (evidence.id in counted)
        cited = set(REFERENCE.findall(body + after))
        assert cited.isdisjoint(counted)
        not_drawn = {
            ref for worker in incident.lost[most_shown(incident, full=True) - 1 : -1] for ref in worker.evidence
        }
        assert cited | not_drawn >= {evidence.id for evidence in incident.evidence}


def test_every_reference_in_markdown_is_listed_below_with_its_line_and_offset(report: Report) -> None:
    text = render(report, "markdown", redact="none")
    # the first incident's heading stands above the table of all
    shown = sections(text, r"^## Summary$", "\n## Evidence\n")
    assert len(shown) == len(report.incidents)
    for incident, (body, rest) in zip(report.incidents, shown, strict=True):
        listed = rest.split("\n# ")[0].split("\n## ")[0]
        cited = re.findall(r"\[(e\d+)\]\(#(\S+?)\)", body)
        for evidence in incident.evidence:
            place = f"{evidence.path}:{evidence.line} (byte {evidence.offset:,})"
            is_listed = f"{evidence.id}\n\n```text\n{place}\n{evidence.text}\n```\n" in listed
            assert is_listed == (evidence.id in {id_ for id_, _ in cited})
        assert all(anchor == f"incident-{incident.id}-{id_}" for id_, anchor in cited)


@pytest.mark.parametrize("path", sorted((ROOT / "sample_logs").glob("*.log")), ids=lambda path: path.stem)
def test_every_claim_on_the_samples_is_supported_in_every_format(path: Path) -> None:
    assert problems(logsleuth.analyze([path], tz="UTC")) == []


def test_the_walk_finds_what_does_not_hold(tmp_path: Path) -> None:
    (tmp_path / "error.log").write_bytes((ROOT / "sample_logs" / "stale-egg-24.log").read_bytes())
    report = logsleuth.analyze([tmp_path / "error.log"], tz="UTC")
    (incident,) = report.incidents
    first, *rest = incident.evidence
    spoilt = (
        replace(incident, evidence=(replace(first, line=2), *rest)),
        replace(incident, evidence=(replace(first, offset=first.offset + 1), *rest)),
        replace(incident, evidence=(replace(first, pattern="php.memory-exhausted"), *rest)),
        replace(incident, lost=(replace(incident.lost[0], pid=99999), *incident.lost[1:])),
        replace(incident, timeline=(replace(incident.timeline[0], time=incident.timeline[0].time - 60_000_000),)),
        replace(incident, timeline=(replace(incident.timeline[0], evidence=()),)),
        replace(incident, causes=(replace(incident.causes[0], evidence=()),)),
    )
    assert problems(report) == []
    for one in spoilt:
        assert problems(replace(report, incidents=(one,)))
