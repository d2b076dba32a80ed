"""SARIF: what its schema (OASIS, version 2.1.0) demands of the parts that are written, on reports of all kinds."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import logsleuth
from logsleuth.report.render import render

ROOT = Path(__file__).resolve().parent.parent.parent
TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
LOCATION = {
    "type": "object",
    "required": ["physicalLocation"],
    "properties": {
        "physicalLocation": {
            "required": ["artifactLocation", "region"],
            "properties": {
                "artifactLocation": {"required": ["uri"], "properties": {"uri": {"format": "uri-reference"}}},
                "region": {
                    "anyOf": [{"required": ["startLine"]}, {"required": ["byteOffset"]}],
                    "properties": {
                        "startLine": {"type": "integer", "minimum": 1}, "byteOffset": {"type": "integer", "minimum": 0},
                        "snippet": TEXT,
                    },
                },
            },
        }
    },
}  # fmt: skip
RULE = {"required": ["id", "shortDescription"], "properties": {"shortDescription": TEXT, "help": TEXT}}
RESULT = {
    "required": ["message", "ruleId", "ruleIndex", "level", "locations"],
    "properties": {
        "message": TEXT, "level": LEVEL, "occurrenceCount": {"type": "integer", "minimum": 1},
        "locations": {"type": "array", "minItems": 1, "items": LOCATION},
        "relatedLocations": {"type": "array", "items": LOCATION, "uniqueItems": True},
    },
}  # fmt: skip
LOGS = ("sample_logs/stale-egg-2009.log", "sample_logs/quiet-day.log", "docs/samples/port-taken.txt")


def run_of(path: Path) -> dict[str, Any]:
    """The one run of the report on a log."""
    written = json.loads(render(logsleuth.analyze([path]), "sarif", redact="none"))
    assert (written["version"], len(written["runs"])) == ("2.1.0", 1)
    run: dict[str, Any] = written["runs"][0]
    return run


@pytest.mark.parametrize("log", LOGS)
def test_results_and_rules_are_as_the_schema_has_them(log: str) -> None:
    run = run_of(ROOT / log)
    rules = run["tool"]["driver"]["rules"]
    assert run["results"]
    for rule in rules:
        jsonschema.validate(rule, RULE)
    for result in run["results"]:
        jsonschema.validate(result, RESULT)
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert len({rule["id"] for rule in rules}) == len(rules)


def test_an_incident_is_an_error_at_the_line_that_proves_it() -> None:
    log = ROOT / "sample_logs" / "stale-egg-24.log"
    incident = run_of(log)["results"][0]
    place = incident["locations"][0]["physicalLocation"]
    line = log.read_text().splitlines()[place["region"]["startLine"] - 1]
    assert (incident["level"], incident["properties"]["category"]) == ("error", "stale-egg")
    assert (place["artifactLocation"]["uri"], place["region"]["snippet"]["text"]) == (log.as_uri(), line)


def test_log_text_makes_no_link(tmp_path: Path) -> None:
    log = tmp_path / "error.log"
    lines = "[Tue Mar 03 14:02:{:02}.120001 2026] [core:crit] [pid 4711] it failed: [click](away) \x1b[31m now\n"
    log.write_text("".join(lines.format(second) for second in range(40)))
    (result,) = run_of(log)["results"]
    assert "\\[click\\](away)" in result["message"]["text"]
    assert "\x1b" not in json.dumps(result, ensure_ascii=False)
