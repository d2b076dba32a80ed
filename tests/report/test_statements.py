"""Each sentence of a report holds to the lines that it cites, in every format, and no two contradict each other."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import logsleuth
from logsleuth.report.model import IncidentReport, Link, Report
from logsleuth.report.render import render
from tests.report.shown import READERS, unknown_sentences
from tests.report.statements import (
    NUMBER,
    Statement,
    contradictions,
    contradictions_with_report,
    problems,
    statements,
    unproved,
)

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLES = sorted((ROOT / "sample_logs").glob("*.log"))


@pytest.fixture(scope="module")
def report() -> Report:
    return logsleuth.analyze([ROOT / "sample_logs" / "stale-egg-24.log"], tz="UTC")


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_statement_follows_from_what_it_cites(path: Path) -> None:
    assert problems(logsleuth.analyze([path], tz="UTC")) == []


def mutants(report: Report, change: Callable[[int], int]) -> Iterator[tuple[Statement, IncidentReport]]:
    """Every number of every statement, times and pids among them, each replaced by another."""
    for incident in report.incidents:
        for one in statements(incident, report):
            for found in NUMBER.finditer(one.text):
                if ":" in one.text[max(found.start() - 1, 0) : found.end() + 1].rstrip(":"):
                    continue  # part of a time of day
                other = str(change(int(found[0].replace(",", ""))))
                yield replace(one, text=one.text[: found.start()] + other + one.text[found.end() :]), incident
            for found in re.finditer(r"(\d\d:\d\d:)(\d\d)", one.text):
                yield (
                    replace(one, text=one.text.replace(found[0], f"{found[1]}{change(int(found[2])) % 60:02}")),
                    incident,
                )


@pytest.mark.parametrize("step", [1, -1, 7919])
def test_no_number_can_be_changed_without_being_noticed(step: int, report: Report) -> None:
    changed = list(mutants(report, lambda value: value + step))
    assert len(changed) >= 10
    assert [one.text for one, incident in changed if not unproved(one, incident, report)] == []


def test_another_pid_of_the_same_log_is_noticed(report: Report) -> None:
    (incident,) = report.incidents
    first, *_, last = incident.lost
    named = [one for one in statements(incident, report) if f"orker {first.pid}" in one.text]
    assert named
    for one in named:
        assert unproved(replace(one, text=one.text.replace(str(first.pid), str(last.pid))), incident, report)


def test_a_sentence_dated_otherwise_than_its_line_is_noticed(report: Report) -> None:
    incident = report.incidents[0]
    dated = [one for one in statements(incident, report) if one.time is not None]
    assert dated
    for one in dated:
        assert unproved(replace(one, time=(one.time or 0) + 2_000_000), incident, report)


@pytest.mark.parametrize("style", READERS)
def test_every_format_shows_the_sentences_that_were_checked_and_no_others(style: str, report: Report) -> None:
    known = {one.text for incident in report.incidents for one in statements(incident, report)}
    assert len(list(READERS[style](render(report, style, full=True, redact="none")))) >= 10
    assert unknown_sentences(report, known) == []
    spoilt = {text.replace("13", "12") for text in known}
    assert any(found.startswith(style) for found in unknown_sentences(report, spoilt))


@pytest.mark.parametrize(
    "change",
    [
        {"restart": "has-helped", "recovery_how": "faded"},
        {"restart": "would-help"},
        {"restart": "did-not-help"},
        {"recovery_time": None},
        {"end": None, "recovery_time": None},
        {"category": None},
        {"summary": ("0 workers were lost.", "", "")},
    ],
)
def test_contradictions_are_noticed(change: dict[str, object], report: Report) -> None:
    assert contradictions(report.incidents[0]) == []
    spoilt = {"lost_count": 0, **change} if "summary" in change else change
    assert contradictions(replace(report.incidents[0], **spoilt))  # type: ignore[arg-type]


def test_contradictions_with_the_rest_of_the_report_are_noticed(report: Report) -> None:
    (incident, *_) = report.incidents
    assert report.down is not None
    calm = replace(incident, actions=replace(incident.actions, now=("Nothing urgent: the server is up again.",)))
    reset = replace(incident, category="backend-reset", detection=replace(incident.detection, probe="then restart"))
    sent = replace(
        incident, chain=(Link("trigger", "None found in these logs. Check the access log.", None, False, ()),)
    )
    read = replace(report, logs=(*report.logs, replace(report.logs[0], format="access")))
    noted = replace(report, notes=("`LogLevel warn wsgi:info` would add them.",))
    assert contradictions_with_report(incident, report) == []
    for one, whole in ((calm, report), (reset, report), (sent, read), (incident, noted)):
        assert len(contradictions_with_report(one, whole)) == 1
