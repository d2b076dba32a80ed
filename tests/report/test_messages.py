"""Messages for chats and pagers: the gist, within the limits of each service, and nothing of a log acts in them."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

import logsleuth
from logsleuth.report.addressee import Addressee, addressee
from logsleuth.report.model import Report
from logsleuth.report.pagerduty import PLACEHOLDER
from logsleuth.report.render import render
from tests.report.attacks import TEXTS, write

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def report() -> Report:
    return logsleuth.analyze([ROOT / "sample_logs" / "stale-egg-2009.log"], tz="UTC")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = tmp_path_factory.mktemp("hostile")
    return logsleuth.analyze([write(folder, TEXTS[::16])], tz="UTC", patterns=[folder])


def test_brief_says_what_when_over_why_and_what_to_do(report: Report) -> None:
    lines = render(report, "brief").splitlines()
    assert lines[0] == "CRITICAL: Zipped egg replaced under a running worker"
    assert [line.split(" ")[0] for line in lines[1:]] == ["What:", "When:", "Over?", "Why:", "Do:", "Again?", "Also:"]


def test_brief_names_what_set_it_off(report: Report) -> None:
    (incident,) = report.incidents
    set_off = replace(report, incidents=(replace(incident, triggers=("A deploy: rsync",)),))
    assert any(line.startswith("Since: ") for line in render(set_off, "brief").splitlines())
    assert not any(line.startswith("Since: ") for line in render(report, "brief").splitlines())


def test_brief_calls_no_one_and_formats_nothing(hostile: Report) -> None:
    for incident in hostile.incidents:
        shown = render(replace(hostile, incidents=(incident,)), "brief", redact="none")
        assert not set("@<>`*#~") & set(shown)
        assert all(line.isprintable() and len(line) <= 400 for line in shown.splitlines())


def test_slack_gets_blocks_within_its_limits_in_which_nothing_acts(hostile: Report) -> None:
    for incident in hostile.incidents:
        message = json.loads(render(replace(hostile, incidents=(incident,)), "slack", redact="none"))
        header, *sections = message["blocks"]
        assert len(header["text"]["text"]) <= 150
        assert len(message["blocks"]) <= 50
        for section in sections:
            text = section["text"]
            assert text["verbatim"] is True
            assert len(text["text"]) <= 3000
            assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", text["text"])
            body = re.sub(r"^\*[A-Z][a-z]+\??\*\n|^```|```$", "", text["text"])
            assert not re.search(r"[*~`]|(?<![^\W_])_|_(?![^\W_])", body)


def test_a_pager_is_called_while_it_goes_on_and_told_when_it_is_over(report: Report) -> None:
    (incident,) = report.incidents
    still = replace(report, incidents=(replace(incident, recovery_time=None, end=None),))
    over, going_on = (json.loads(render(one, "pagerduty")) for one in (report, still))
    assert (over["event_action"], going_on["event_action"]) == ("resolve", "trigger")
    assert over["dedup_key"] == going_on["dedup_key"]
    assert going_on["routing_key"] == PLACEHOLDER
    assert going_on["payload"]["severity"] == "critical"
    assert going_on["payload"]["timestamp"].startswith("2009-09-04T15:54:12")


def test_what_a_service_must_know_comes_from_the_environment(report: Report) -> None:
    to = addressee(
        {"LOGSLEUTH_PAGERDUTY_KEY": "k" * 32, "LOGSLEUTH_SOURCE": "web1", "LOGSLEUTH_REPORT_URL": "https://x.example/r"}
    )
    event = json.loads(render(report, "pagerduty", to=to))
    assert event["routing_key"] == "k" * 32
    assert event["payload"]["source"] == "web1"
    assert event["links"] == [{"href": "https://x.example/r", "text": "The full report"}]
    assert event["dedup_key"] != json.loads(render(report, "pagerduty"))["dedup_key"]
    assert addressee({"LOGSLEUTH_REPORT_URL": "javascript:alert(1)"}) == Addressee()


def test_messages_are_redacted(hostile: Report) -> None:
    address = re.compile(r"\b(?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d+")
    shown = render(hostile, "slack", redact="none")
    for style in ("brief", "slack", "pagerduty"):
        assert not address.search(render(hostile, style))
    assert address.search(shown)
