"""The JSON contract `logsleuth/report/2`, as section 8 of the design has it: all keys, their types, and times in UTC."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from logsleuth.report.render import render
from tests.middle.shop import CLOSE, EGG, FAINTED, HOUR, JAMMED, KEYS, ODD, OPEN, QUEUE, START, Log, day, told

Data = dict[str, Any]
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?Z")


class Time:
    """A time in UTC, ISO 8601."""


OPTIONAL = None
SHAPE: Data = {
    "schema": str,
    "logs": [
        {"path": str, "lines": int, "bytes": int, "format": str, "first": (Time, OPTIONAL), "last": (Time, OPTIONAL),
         "unparsed": int},
    ],
    "incidents": [
        {
            "id": int, "severity": str, "category": (str, OPTIONAL), "confidence": str, "onset": Time,
            "end": (Time, OPTIONAL), "recovery": ({"time": Time, "how": str, "by": str}, OPTIONAL),
            "causes": [
                {"category": (str, OPTIONAL), "pattern": (str, OPTIONAL), "title": str, "confidence": str, "for": [str],
                 "against": [str], "evidence": [str]},
            ],
            "workers": {
                "pool": (int, OPTIONAL),
                "lost": [{"pid": int, "time": Time, "how": str, "inferred": bool, "evidence": [str]}],
            },
            "timeline": [{"time": Time, "kind": str, "text": str, "evidence": [str]}],
            "evidence": [
                {"id": str, "path": str, "line": int, "offset": int, "text": str, "pattern": (str, OPTIONAL)},
            ],
        },
    ],
    "unknown": [
        {"template": str, "count": int, "first": (Time, OPTIONAL), "evidence": {"line": int, "text": str}},
    ],
}  # fmt: skip


def misfits(value: Any, shape: Any, place: str = "") -> list[str]:  # noqa: ANN401 - any JSON against any shape
    """All places at which a value does not have its shape; keys beyond those of the shape are free."""
    if isinstance(shape, tuple):
        return [] if value is None else misfits(value, shape[0], place)
    if isinstance(shape, dict) and isinstance(value, dict):
        missing = [f"{place}.{key}: missing" for key in shape.keys() - value.keys()]
        inner = (misfits(value[key], shape[key], f"{place}.{key}") for key in shape.keys() & value.keys())
        return [*missing, *(misfit for misfits_ in inner for misfit in misfits_)]
    if isinstance(shape, list) and isinstance(value, list):
        return [misfit for n, item in enumerate(value) for misfit in misfits(item, shape[0], f"{place}[{n}]")]
    if shape is Time:
        return [] if isinstance(value, str) and TIME.fullmatch(value) else [f"{place}: {value!r} is no time"]
    return [] if type(value) is shape else [f"{place}: {value!r} is no {shape}"]


def grave_and_graver() -> Log:
    """A message that no pattern knows, then a fault, then a worse one that goes on to the end."""
    log = day().every(0.5, 3 * HOUR, 3 * HOUR + 60, ODD).own(KEYS, 6 * HOUR - 10)
    for number in range(5):
        log.add(FAINTED, 6 * HOUR + 5 * number, pid=100, client="", about=500 + number)
    for number in range(9):
        log.add(EGG, *(10 * HOUR + 0.25 + 20 * number + 3 * n for n in range(30)), pid=300 + number)
    log.own(CLOSE, 10 * HOUR + 400).own(OPEN, 10 * HOUR + 402)
    return log.every(1, 16 * HOUR, 16 * HOUR + 60, JAMMED).every(0.5, 16 * HOUR, 16 * HOUR + 60, QUEUE)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Data:
    report = told(grave_and_graver(), tmp_path_factory.mktemp("contract"), tz="America/New_York")
    loaded: Data = json.loads(render(report, "json"))
    return loaded


def test_every_key_is_there_with_its_type(data: Data) -> None:
    assert misfits(data, SHAPE) == []
    assert data["schema"] == "logsleuth/report/2"


def test_the_story_tries_every_part_of_the_contract(data: Data) -> None:
    incidents = data["incidents"]
    assert len(incidents) == 4
    assert {incident["recovery"] is None for incident in incidents} == {True, False}
    assert any(incident["workers"]["lost"] for incident in incidents)
    assert data["unknown"]


@pytest.mark.parametrize(
    ("key", "change"),
    [
        ("logs", []), ("schema", 1), ("incidents", None), ("unknown", [{}]), ("incidents", [{"onset": "2020-03-03 14:00"}]),
    ],
)  # fmt: skip
def test_the_check_itself_finds_what_is_missing(key: str, change: Any, data: Data) -> None:  # noqa: ANN401
    broken = {**data, key: change}
    if change == []:
        del broken[key]
    assert misfits(broken, SHAPE) != []


def test_an_empty_log_and_a_quiet_one_keep_the_contract_too(tmp_path: Path) -> None:
    for log in (Log(), day(1)):
        quiet = json.loads(render(told(log, tmp_path), "json"))
        assert misfits(quiet, SHAPE) == []
        assert quiet["incidents"] == []
        assert len(quiet["logs"]) == 1


def test_times_are_utc_whatever_the_zone_of_the_log(data: Data) -> None:
    # the log's own clock says 06:00 in New York, which is 11:00 UTC on that day
    assert datetime.fromisoformat(data["logs"][0]["first"]) == START.replace(hour=11)
    onsets = sorted(datetime.fromisoformat(incident["onset"]) for incident in data["incidents"])
    assert [(onset - START).total_seconds() - 5 * HOUR for onset in onsets] == [
        3 * HOUR,
        6 * HOUR,
        10 * HOUR + 0.25,
        16 * HOUR,
    ]
    assert all(onset.tzinfo == UTC for onset in onsets)
    assert data["zone"] == "America/New_York"


def test_a_fraction_of_a_second_is_written_where_there_is_one(data: Data) -> None:
    onsets = {incident["category"]: incident["onset"] for incident in data["incidents"]}
    assert onsets["stale-egg"] == "2026-03-03T21:00:00.250000Z"
    assert onsets["backend-down"] == "2026-03-04T03:00:00Z"


def test_the_category_of_what_nobody_knows_is_null(data: Data) -> None:
    (unknown,) = [incident for incident in data["incidents"] if incident["category"] is None]
    assert unknown["causes"][0]["pattern"] is None
    assert unknown["causes"][0]["category"] is None
    assert unknown["confidence"] == "low"


def test_incidents_come_gravest_first_and_are_numbered_so(data: Data) -> None:
    order = ["critical", "major", "minor", "info"]
    ranks = [order.index(incident["severity"]) for incident in data["incidents"]]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) > 1
    assert [incident["id"] for incident in data["incidents"]] == [1, 2, 3, 4]


def test_an_incident_that_goes_on_has_no_end_and_no_recovery(data: Data) -> None:
    going_on = [incident for incident in data["incidents"] if incident["recovery"] is None]
    assert [(incident["category"], incident["end"]) for incident in going_on] == [("backend-down", None)]
    for incident in data["incidents"]:
        if incident["recovery"]:
            assert incident["recovery"]["how"] in {"restart", "reload", "faded"}
            assert incident["recovery"]["time"] == incident["end"] > incident["onset"]


def test_the_words_of_the_contract_are_those_of_the_design(data: Data) -> None:
    for incident in data["incidents"]:
        assert incident["severity"] in {"critical", "major", "minor", "info"}
        assert incident["confidence"] in {"high", "medium", "low"}
        for worker in incident["workers"]["lost"]:
            assert worker["how"] in {"crashed", "killed", "exited", "hung", "poisoned"}
        times = [row["time"] for row in incident["timeline"]]
        assert times == sorted(times)
        assert "onset" in {row["kind"] for row in incident["timeline"]}


def test_lines_and_bytes_are_those_of_the_file(data: Data) -> None:
    raw = Path(data["logs"][0]["path"]).read_bytes()
    assert (data["logs"][0]["bytes"], data["logs"][0]["lines"]) == (len(raw), raw.count(b"\n"))


def test_an_unknown_message_tells_its_count_and_first_line(data: Data) -> None:
    (odd,) = [message for message in data["unknown"] if "flux compensator" in message["template"]]
    assert odd["count"] == 120
    assert odd["first"] == "2026-03-03T14:00:00Z"
    raw = Path(data["logs"][0]["path"]).read_text().splitlines()
    assert odd["evidence"]["text"] == raw[odd["evidence"]["line"] - 1]
