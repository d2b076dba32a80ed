"""The timeline for other programs: Timesketch, Elastic, spreadsheets."""

import csv
import io
import json
from datetime import datetime
from pathlib import Path

import pytest

import logsleuth
from logsleuth.report.as_csv import FORMULA, HEADS
from logsleuth.report.model import Report
from logsleuth.report.render import render
from tests.report.attacks import SHEET, TEXTS, write

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module", params=["sample", "hostile"])
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Report:
    if request.param == "sample":
        return logsleuth.analyze([ROOT / "sample_logs" / "stale-egg-24.log"], tz="UTC")
    folder = tmp_path_factory.mktemp("hostile")
    write(folder, (*SHEET, *TEXTS[::4]))
    return logsleuth.analyze([folder / "error.log"], tz="UTC", patterns=[folder])


def events(report: Report) -> int:
    told = 0
    for incident in report.incidents:
        shown = {ref for moment in incident.timeline for ref in moment.evidence}
        told += len(incident.timeline) + sum(evidence.id not in shown for evidence in incident.evidence)
    return told


def lines_of_faults(report: Report) -> int:
    return sum(evidence.time is not None for fault in report.faults for evidence in fault.evidence)


def test_timesketch_gets_the_fields_it_asks_for(report: Report) -> None:
    lines = render(report, "timesketch").splitlines()
    assert len(lines) == events(report) + lines_of_faults(report)
    for line in lines:
        event = json.loads(line)
        assert event["message"]
        assert event["timestamp_desc"].startswith("logsleuth ")
        when = datetime.fromisoformat(event["datetime"])
        assert when.tzinfo is not None
        assert round(when.timestamp() * 1_000_000) == event["timestamp"]
        assert line.isascii()


def test_every_line_of_evidence_is_in_the_rows(report: Report) -> None:
    cited: set[tuple[int, str]] = set()
    for line in render(report, "timesketch").splitlines():
        event = json.loads(line)
        if "incident" not in event:
            continue
        cited |= {(event["incident"], ref) for ref in event.get("evidence", ())}
    assert cited == {(incident.id, evidence.id) for incident in report.incidents for evidence in incident.evidence}


def test_elastic_gets_its_field_names(report: Report) -> None:
    lines = render(report, "ecs").splitlines()
    assert len(lines) == events(report) + lines_of_faults(report)
    for line in lines:
        document = json.loads(line)
        assert datetime.fromisoformat(document["@timestamp"].replace("Z", "+00:00")).tzinfo is not None
        assert document["ecs"]["version"].startswith("8.")
        assert document["event"]["kind"] == "event"
        assert set(document) <= {"@timestamp", "message", "tags", "ecs", "event", "logsleuth", "log", "service",
                                 "process", "rule"}  # fmt: skip


def test_csv_has_a_row_for_each_event_and_each_worker(report: Report) -> None:
    table = list(csv.DictReader(io.StringIO(render(report, "csv"))))
    assert [row["row"] for row in table].count("timeline") == events(report)
    assert [row["row"] for row in table].count("worker") == sum(len(incident.lost) for incident in report.incidents)
    assert all(set(row) == set(HEADS) for row in table)


def test_no_cell_of_csv_is_a_formula_or_more_than_one_line(report: Report) -> None:
    for row in csv.reader(io.StringIO(render(report, "csv", redact="none"))):
        for cell in row:
            assert not cell.startswith(FORMULA)
            assert not cell.lstrip(' "').startswith(FORMULA)
            assert cell.isprintable()


def test_csv_is_redacted_and_the_others_are_for_ones_own_tools(report: Report) -> None:
    if not any("203.0.113." in line.text for incident in report.incidents for line in incident.evidence):
        pytest.skip("no address in this report")
    for style, kept in (("csv", False), ("timesketch", True), ("ecs", True)):
        assert ("203.0.113." in render(report, style)) == kept
        assert "203.0.113." not in render(report, style, redact="default")


def test_faults_are_in_every_format_of_rows_with_their_lines(tmp_path: Path) -> None:
    line = "[Tue Mar 03 14:{:02}:11.120001 2020] [proxy:error] [pid 47:tid 47] (111)Connection refused: AH00957: http: attempt to connect to 127.0.0.1:9001 (127.0.0.1:9001) failed"
    (tmp_path / "error.log").write_text("".join(f"{line.format(minute)}\n" for minute in (2, 40)))
    report = logsleuth.analyze([tmp_path / "error.log"], tz="UTC")
    (fault,) = report.faults
    rows = [row for row in csv.DictReader(io.StringIO(render(report, "csv"))) if row["row"] == "fault"]
    assert [row["text"] for row in rows] == [line.format(2), line.format(40)]
    assert {(row["fault"], row["code"], row["count"]) for row in rows} == {("1", "AH00957", "2")}
    events = [json.loads(event) for event in render(report, "timesketch").splitlines()]
    assert [(event["fault"], event["log_line"]) for event in events] == [(1, 1), (1, 2)]
    document = json.loads(render(report, "ecs").splitlines()[0])
    assert document["message"] == line.format(2)
    assert document["event"]["code"] == "AH00957"
    assert document["event"]["start"] < document["event"]["end"]
    assert document["rule"]["name"] == document["event"]["reason"] == fault.title
