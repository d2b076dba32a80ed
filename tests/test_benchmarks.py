"""The benchmarks' logs are what they say: the same bytes each time, and with an incident that is found."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import logsleuth
from benchmarks import ablation, calibrate, joined
from benchmarks.cases import Case, Truth, tell, told
from benchmarks.compare import ONSET_SECONDS
from benchmarks.make_log import SHAPES, make

SAMPLES = Path(__file__).resolve().parent.parent / "sample_logs"


@pytest.mark.parametrize("shape", SHAPES)
def test_the_same_arguments_give_the_same_bytes(shape: str, tmp_path: Path) -> None:
    one, other = (make(tmp_path / name, 50_000, shape)[0] for name in ("a", "b"))
    assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize(
    ("shape", "era", "hosts"), [("quiet", "2.2", 1), ("flood", "2.4", 3), ("tracebacks", "2.4", 1)]
)
def test_the_planted_incident_is_found(shape: str, era: str, hosts: int, tmp_path: Path) -> None:
    paths = make(tmp_path / "error.log", 1_500_000 * hosts, shape, era, hosts=hosts)
    assert len(paths) == hosts
    truth = json.loads((tmp_path / "error.log.truth.json").read_text())
    onset = int(datetime.fromisoformat(truth["onset"]).timestamp()) * 1_000_000
    found = logsleuth.analyze(paths, tz="UTC").incidents
    assert any(
        incident.category == truth["category"] and abs(incident.onset - onset) <= ONSET_SECONDS * 1_000_000
        for incident in found
    )


def test_what_is_seen_alike_with_right_and_wrong_weighs_nothing_and_few_examples_weigh_little() -> None:
    assert calibrate.decibans(5, 10, 5, 10) == 0
    assert calibrate.decibans(90, 100, 9, 100) == pytest.approx(9.8, abs=0.1)
    assert calibrate.decibans(1, 1, 0, 1) == pytest.approx(4.8, abs=0.1)
    assert calibrate.decibans(0, 50, 40, 50) < -15


def test_the_share_that_is_right_at_the_least_grows_with_the_examples() -> None:
    assert calibrate.at_least(0, 0) == 0
    assert calibrate.at_least(5, 5) == pytest.approx(0.57, abs=0.01)
    assert calibrate.at_least(50, 50) == pytest.approx(0.93, abs=0.01)
    assert calibrate.at_least(5, 10) < 0.5


CRASHES = (datetime(2026, 11, 23, 12, 16, 40, tzinfo=UTC), datetime(2026, 11, 23, 12, 17, 19, tzinfo=UTC))
"""When the first and the last worker crash in the sample of crashes."""


def crashes(zone: str = "UTC") -> Case:
    text = (SAMPLES / "crash-prefork.log").read_text()
    begin, last = CRASHES
    slack = timedelta(seconds=10)
    truth = Truth(frozenset({"segfault"}), (begin - slack, begin + slack), last, True, slack, frozenset(), ("AH00052",))
    return Case("crashes", zone, text, (truth,))


def test_incidents_that_are_joined_stay_where_the_truth_says() -> None:
    case = joined.join([crashes(), crashes()], random.Random(1))
    assert len(case.incidents) == 2
    assert not joined.faults(case)
    told_elsewhere = joined.faults(Case("", "UTC", crashes().text, case.incidents))
    assert [fault.split(": ")[-1] for fault in told_elsewhere if ": no" in fault] == ["no incident", "no incident"]
    assert any(fault.startswith("segfault (high) at ") for fault in told_elsewhere)


def test_a_fault_whose_patterns_are_gone_is_told_by_its_line() -> None:
    case = crashes()
    assert not told(tell(case.text, "UTC"), case.incidents[0])
    how, words = ablation.outcome(ablation.without(case, case.incidents[0]), case.incidents[0])
    assert how in {ablation.WELL, ablation.ALONE}, words
