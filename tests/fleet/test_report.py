"""What each format shows of a fleet."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from logsleuth import analyze
from logsleuth.report.formats import FORMATS
from logsleuth.report.render import render
from tests.fleet.fleets import SAMPLES, THREE, in_folders
from tests.report.test_schema import misfits

if TYPE_CHECKING:
    from logsleuth.report.model import Report

CRASH = SAMPLES / "crash-prefork.log"


@pytest.fixture(name="fleet", scope="module")
def of_five(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Three hosts with one outage, one with another, and a quiet one."""
    root = tmp_path_factory.mktemp("fleet")
    in_folders(root, {"app11": CRASH, "app12": CRASH, "app13": CRASH, **THREE} | {"web01": CRASH})
    return analyze([root], tz="UTC")


def data(report: Report) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(render(report, "json"))
    return found


def test_json_has_hosts_and_keeps_the_schema(fleet: Report) -> None:
    assert misfits(fleet) == []
    found = data(fleet)
    assert [host["host"] for host in found["hosts"]] == ["app11", "app12", "app13", "web01", "web02", "web03"]
    by_size = {len(incident["hosts"]): incident for incident in found["incidents"]}
    assert sorted(by_size) == [1, 4]
    assert by_size[1]["host"] == "web03"
    assert by_size[4]["not_seen"] == ["web02", "web03"]  # logs of other days
    assert by_size[4]["shares"][-1]["share"] == pytest.approx(4 / 6, abs=1e-4)


def test_one_hosts_report_has_no_word_of_hosts() -> None:
    report = analyze([CRASH], tz="UTC")
    found = data(report)
    assert "hosts" not in found
    assert not any("hosts" in incident for incident in found["incidents"])
    assert "host" not in next(csv.reader(io.StringIO(render(report, "csv", redact="none"))))


@pytest.mark.parametrize("style", list(FORMATS))
def test_every_format_shows_a_fleet(fleet: Report, style: str) -> None:
    shown = render(fleet, style, redact="none", full=True)
    assert shown
    if style not in ("brief", "slack", "pagerduty"):
        assert "app12" in shown
        assert "web03" in shown


@pytest.mark.parametrize("style", list(FORMATS))
def test_redaction_turns_hosts_into_stable_pseudonyms(fleet: Report, style: str) -> None:
    shown = render(fleet, style, redact="default", full=True)
    assert not any(host in shown for host in ("app11", "app12", "app13", "web01", "web02", "web03"))


def test_pictures_and_rows(fleet: Report) -> None:
    text = render(fleet, "text", full=True)
    assert "6 hosts, 5 of them hit" in text
    assert "4 of 6 hosts were hit (67%): app11, app12, app13 and web01, in this order." in text
    assert "The story of app11, which was hit first:" in text
    rows = list(csv.DictReader(io.StringIO(render(fleet, "csv", redact="none"))))
    assert {row["host"] for row in rows if row["what"].endswith("was hit")} == {"app12", "app13", "web01"}
    ecs = [json.loads(line) for line in render(fleet, "ecs").splitlines()]
    assert {document["host"]["name"] for document in ecs if "host" in document} >= {"app11", "app12", "web03"}
    sketch = [json.loads(line) for line in render(fleet, "timesketch").splitlines()]
    assert any(event.get("host") == "web03" for event in sketch)


def test_the_pictures_caption_names_both_days(fleet: Report) -> None:
    assert re.search(
        r"20\d\d-\d\d-\d\d [\d:]{8} to 20\d\d-\d\d-\d\d [\d:]{8}, a column is \d+ d", render(fleet, "text", full=True)
    )


def test_the_brief_says_who_was_hit(fleet: Report) -> None:
    assert "\nHosts: 4 of 6 hosts were hit" in render(fleet, "brief", redact="none")
    assert "Hosts:" not in render(analyze([CRASH], tz="UTC"), "brief")


def test_the_faults_of_several_hosts_are_one(fleet: Report) -> None:
    assert len({(fault.pattern, fault.title) for fault in fleet.faults}) == len(fleet.faults)
    assert all(fault.hosts for fault in fleet.faults)
