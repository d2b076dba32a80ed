"""The HTML page as text: its policy, its data, what is in it and what is not. What it does is tested in a browser."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import pytest

import logsleuth
from logsleuth.report.html.page import data_block, neighbourhood
from logsleuth.report.model import Report
from logsleuth.report.render import render

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLE = ROOT / "sample_logs" / "stale-egg-2009.log"
VENDOR = files("logsleuth.report.html").joinpath("vendor/uplot")


@pytest.fixture(scope="module")
def report() -> Report:
    return logsleuth.analyze([SAMPLE], tz="UTC")


class Page(HTMLParser):
    """What stands in scripts and styles, and all attributes."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.code: list[tuple[str, str]] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag in {"script", "style"}:
            self.inside = "data" if ("type", "application/json") in attrs else tag
            self.code.append((self.inside, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside:
            kind, text = self.code[-1]
            self.code[-1] = (kind, text + data)


def test_the_policy_allows_these_scripts_and_styles_and_nothing_else(report: Report) -> None:
    page = Page(render(report, "html"))
    (policy,) = [value for tag, name, value in page.attributes if (tag, name) == ("meta", "content") and "src" in value]
    rules = {rule.split()[0]: rule.split()[1:] for rule in policy.split("; ")}
    for kind in ("script", "style"):
        digests = [hashlib.sha256(text.encode()).digest() for found, text in page.code if found == kind]
        assert rules[f"{kind}-src"] == [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]
        assert digests
    assert all(
        rules[name] == ["'none'"] for name in ("default-src", "connect-src", "base-uri", "form-action", "img-src")
    )


def test_nothing_is_named_that_a_browser_would_fetch(report: Report) -> None:
    for tag, name, value in Page(render(report, "html")).attributes:
        assert not name.startswith("on"), (tag, name)
        assert name not in {"src", "srcset", "style", "action", "background"}, (tag, name)
        assert name != "href" or value.startswith("#"), value


@pytest.mark.parametrize("text", ["</script>", "<!--", "<script>", "]]>", "&lt;", "\u2028\u2029", "\ud800", "\x00"])
def test_data_comes_back_as_it_was_and_cannot_end_its_element(text: str) -> None:
    block = data_block({"x": text})
    assert json.loads(block) == {"x": text}
    assert not re.search("[<>&]", block)
    assert block.isascii()


def test_the_vendored_files_are_those_that_their_readme_names() -> None:
    told = dict(re.findall(r"^\| (\S+) \| ([0-9a-f]{64}) \|$", VENDOR.joinpath("README.md").read_text(), re.MULTILINE))
    assert set(told) == {"uPlot.iife.min.js", "uPlot.min.css", "LICENSE"}
    for name, digest in told.items():
        assert hashlib.sha256(VENDOR.joinpath(name).read_bytes()).hexdigest() == digest
    assert "MIT" in VENDOR.joinpath("LICENSE").read_text()


def test_the_neighbourhood_holds_every_line_of_evidence_once(report: Report) -> None:
    lines = SAMPLE.read_text().split("\n")
    for incident in report.incidents:
        cited = []
        for stretch in neighbourhood(incident):
            for line in stretch["lines"]:
                assert line["text"] == lines[line["number"] - 1]
                cited += [line["evidence"].id] if line["evidence"] else []
        assert sorted(cited) == sorted(evidence.id for evidence in incident.evidence)


def test_addresses_are_pseudonyms_unless_told_otherwise(report: Report) -> None:
    assert "198.51.100." not in render(report, "html")
    assert "198.51.100." in render(report, "html", redact="none")


def test_the_same_report_gives_the_same_bytes(report: Report) -> None:
    assert render(report, "html") == render(logsleuth.analyze([SAMPLE], tz="UTC"), "html")


def test_a_day_without_incident_has_a_page_too() -> None:
    shown = render(logsleuth.analyze([ROOT / "sample_logs" / "quiet-day.log"], tz="UTC"), "html")
    assert "<h1>Nothing wrong found</h1>" in shown
    assert "<article" not in shown


def test_where_not_all_lost_workers_are_listed_all_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("logsleuth.report.compose.story.incident.WORKERS_SHOWN", 5)
    report = logsleuth.analyze([SAMPLE], tz="UTC")
    assert len(report.incidents[0].lost) == 5
    page = Page(render(report, "html"))
    (data,) = [json.loads(text) for kind, text in page.code if kind == "data"]
    assert len(data["incidents"][0]["lost"]) == 12
    assert "12 workers, of which the first 5 are listed" in render(report, "html")
    assert json.loads(render(report, "json"))["incidents"][0]["workers"]["lost_count"] == 12
    assert "\n12 workers lost." in render(report, "markdown")
    assert re.search(r"^ Workers .* 12 lost$", render(report, "text"), re.MULTILINE)
