"""OpenTelemetry logs: a request as collectors take it, and one that our own reader of OTLP reads back."""

import json
from pathlib import Path

import logsleuth
from logsleuth.report.render import render

SAMPLE = Path(__file__).resolve().parent.parent.parent / "sample_logs" / "stale-egg-24.log"


def test_what_is_written_is_one_request_and_can_be_read_again(tmp_path: Path) -> None:
    report = logsleuth.analyze([SAMPLE], tz="UTC")
    text = render(report, "otlp")
    assert text.count("\n") == 1
    (resource,) = json.loads(text)["resourceLogs"]
    records = resource["scopeLogs"][0]["logRecords"]
    assert all(record["timeUnixNano"].isdecimal() and 9 <= record["severityNumber"] <= 24 for record in records)
    names = {one["key"]: one["value"] for one in records[0]["attributes"]}
    assert names["logsleuth.category"] == {"stringValue": "stale-egg"}
    assert names["logsleuth.incident.id"] == {"intValue": "1"}
    copy = tmp_path / "otlp.json"
    copy.write_text(text)
    again = logsleuth.analyze([copy])
    assert "OpenTelemetry" in again.logs[0].format or "OTLP" in again.logs[0].format
    assert again.incidents[0].category == "stale-egg"
