"""Each sentence of a report holds to the lines that it cites, and no two contradict each other."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

import logsleuth
from logsleuth.report.model import IncidentReport, Report
from tests.report.statements import NUMBER, Statement, contradictions, problems, statements, unproved

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLES = sorted((ROOT / "sample_logs").glob("*.log"))
FAR = 7919
"""Added to a number, this makes another one that nothing in a sample has."""


@pytest.fixture(scope="module")
def report() -> Report:
    return logsleuth.analyze([ROOT / "sample_logs" / "stale-egg-24.log"], tz="UTC")


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_statement_follows_from_what_it_cites(path: Path) -> None:
    assert problems(logsleuth.analyze([path], tz="UTC")) == []


def mutants(report: Report) -> list[tuple[Statement, IncidentReport]]:
    """Every number of every statement, times and pids among them, each replaced by another."""
    made = []
    for incident in report.incidents:
        for one in statements(incident, report):
            for found in NUMBER.finditer(one.text):
                if ":" in one.text[max(found.start() - 1, 0) : found.end() + 1]:
                    continue
                other = str(int(found[0].replace(",", "")) + FAR)
                made.append((replace(one, text=one.text[: found.start()] + other + one.text[found.end() :]), incident))
            for found in re.finditer(r"\d\d:\d\d:\d\d", one.text):
                other = "23:59:59" if found[0] != "23:59:59" else "00:00:00"
                made.append((replace(one, text=one.text.replace(found[0], other)), incident))
    return made


def test_no_number_can_be_changed_without_being_noticed(report: Report) -> None:
    changed = mutants(report)
    assert len(changed) >= 10
    assert [one.text for one, incident in changed if not unproved(one, incident, report)] == []


def test_a_sentence_dated_otherwise_than_its_line_is_noticed(report: Report) -> None:
    incident = report.incidents[0]
    dated = [one for one in statements(incident, report) if one.time is not None]
    assert dated
    for one in dated:
        assert unproved(replace(one, time=(one.time or 0) + 60_000_000), incident, report)


@pytest.mark.parametrize(
    "change",
    [
        {"restart": "has-helped", "recovery_how": "faded"},
        {"recovery_time": None},
        {"end": None, "recovery_time": None},
        {"summary": ("0 workers were lost.", "", "")},
    ],
)
def test_contradictions_are_noticed(change: dict[str, object], report: Report) -> None:
    assert contradictions(report.incidents[0]) == []
    assert contradictions(replace(report.incidents[0], lost_count=0, **change))  # type: ignore[arg-type]
