"""The postmortem draft: its sections in order, what it asks of people, tables and links as the forges read them."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

import logsleuth
from logsleuth.report.mermaid import gantt
from logsleuth.report.model import Report
from logsleuth.report.render import render
from logsleuth.timeline.clock import zone
from tests.report.attacks import TEXTS, write

ROOT = Path(__file__).resolve().parent.parent.parent
SECTIONS = ["Summary", "Impact", "Root cause and trigger", "Detection", "Timeline", "Resolution", "Action items", "Lessons",
            "Evidence", "Other faults", "Appendix"]  # fmt: skip


@pytest.fixture(scope="module")
def report() -> Report:
    return logsleuth.analyze([ROOT / "sample_logs" / "stale-egg-2009.log"], tz="UTC")


def test_the_sections_stand_in_the_order_of_a_postmortem(report: Report) -> None:
    assert re.findall(r"^## (.+)$", render(report, "markdown"), re.MULTILINE) == SECTIONS


def test_what_only_people_know_is_asked_for(report: Report) -> None:
    shown = render(report, "markdown")
    parts = re.split(r"^## ", shown, flags=re.MULTILINE)
    asked = {part.split("\n")[0] for part in parts if "✍" in part}
    assert {
        "Impact",
        "Root cause and trigger",
        "Detection",
        "Timeline",
        "Resolution",
        "Action items",
        "Lessons",
    } <= asked
    assert all(line.startswith(("> ✍", "|")) for line in shown.split("\n") if "✍" in line)


def test_a_renderer_of_commonmark_with_tables_finds_what_is_meant(report: Report) -> None:
    html = MarkdownIt("commonmark").enable("table").render(render(report, "markdown"))
    assert_links_lead_somewhere(html)
    assert len(re.findall(r'href="(?!#)', html)) == 0
    assert html.count("<table>") == 6
    for table in re.findall(r"<table>.*?</table>", html, re.DOTALL):
        rows = [len(re.findall(r"<t[hd]\b", row)) for row in re.findall(r"<tr>.*?</tr>", table, re.DOTALL)]
        assert len(set(rows)) == 1


def assert_links_lead_somewhere(html: str) -> None:
    """Every link leads to exactly one heading, by the anchor that GitHub and GitLab give it."""
    anchors = [text.lower().replace(" ", "-") for text in re.findall(r"<h[1-6]>(.*?)</h[1-6]>", html)]
    links = set(re.findall(r'href="#(.*?)"', html))
    assert len(links) > 10
    assert {anchors.count(link) for link in links} == {1}


def test_references_lead_to_their_lines_where_incidents_are_several(report: Report) -> None:
    (first,) = report.incidents
    several = replace(report, incidents=(first, replace(first, id=2)))
    html = MarkdownIt("commonmark").enable("table").render(render(several, "markdown"))
    assert_links_lead_somewhere(html)
    assert {"incident-2", "incident-2-e1"} <= set(re.findall(r'href="#(.*?)"', html))


def test_times_of_day_are_not_taken_for_emoji_codes(report: Report) -> None:
    assert "15:54:12: zipped egg" in render(report, "markdown")


def test_a_picture_holds_nothing_that_mermaid_could_read_as_more(tmp_path: Path, report: Report) -> None:
    drawn = gantt(report.incidents[0], "UTC", zone("UTC"))
    assert drawn[0] == "gantt"
    assert sum(":milestone, " in line for line in drawn) == 6
    told = logsleuth.analyze([write(tmp_path, TEXTS[::7])], tz="UTC", patterns=[tmp_path])
    for incident in told.incidents:
        for line in gantt(incident, "UTC", zone("UTC")):
            name = line.split(" :")[0]
            assert re.fullmatch(r"    [A-Za-z0-9 .,'()/+=-]+|gantt|    dateFormat .*|    axisFormat .*", name), line
            assert len(line) < 120
