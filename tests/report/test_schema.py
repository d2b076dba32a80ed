"""Every report keeps the published JSON Schema, and the schema says all that there is."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import logsleuth
from logsleuth.report.render import render
from tests.report.attacks import TEXTS, write

ROOT = Path(__file__).resolve().parent.parent.parent
SCHEMA: dict[str, Any] = json.loads((ROOT / "docs" / "schema" / "report-2.schema.json").read_text())


def strict(schema: Any) -> Any:  # noqa: ANN401 - any JSON
    """The schema with no field allowed that it does not name: the published one leaves room for new fields."""
    if isinstance(schema, dict):
        inner = {key: strict(value) for key, value in schema.items()}
        return {**inner, "additionalProperties": False} if "properties" in schema else inner
    return [strict(item) for item in schema] if isinstance(schema, list) else schema


VALIDATOR = Draft202012Validator(strict(SCHEMA))


def misfits(report: logsleuth.Report) -> list[str]:
    return [
        f"{error.json_path}: {error.message[:200]}"
        for error in VALIDATOR.iter_errors(json.loads(render(report, "json")))
    ]


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", sorted((ROOT / "sample_logs").glob("*.log")), ids=lambda path: path.stem)
@pytest.mark.parametrize("tz", ["UTC", "Asia/Kathmandu"])
def test_the_reports_of_the_samples_keep_it(path: Path, tz: str) -> None:
    assert misfits(logsleuth.analyze([path], tz=tz)) == []


def test_a_report_of_hostile_texts_keeps_it(tmp_path: Path) -> None:
    write(tmp_path, TEXTS[:24])
    report = logsleuth.analyze([tmp_path / "error.log"], tz="UTC", patterns=[tmp_path])
    assert len(report.incidents) == 24
    assert misfits(report) == []


def test_the_report_of_an_empty_log_keeps_it(tmp_path: Path) -> None:
    (tmp_path / "error.log").write_text("")
    assert misfits(logsleuth.analyze([tmp_path / "error.log"], tz="UTC")) == []


def test_the_golden_reports_keep_it() -> None:
    paths = sorted((ROOT / "tests" / "golden").glob("*.json"))
    assert paths
    for path in paths:
        assert not list(VALIDATOR.iter_errors(json.loads(path.read_text())))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.pop("zone"),
        lambda data: data.update(schema="logsleuth/report/1"),
        lambda data: data.update(more=1),
        lambda data: data["incidents"][0].update(onset="2009-09-04 18:05:11"),
        lambda data: data["incidents"][0]["causes"][0].update(evidence=["1"]),
        lambda data: data["incidents"][0]["workers"]["lost"][0].update(how="gone"),
        lambda data: data["incidents"][0]["evidence"][0].update(line=0),
    ],
)
def test_the_schema_finds_what_is_wrong(spoil: Any) -> None:  # noqa: ANN401 - a function on any JSON
    data = json.loads((ROOT / "tests" / "golden" / "stale-egg-24.json").read_text())
    assert VALIDATOR.is_valid(data)
    spoilt = copy.deepcopy(data)
    spoil(spoilt)
    assert not VALIDATOR.is_valid(spoilt)
