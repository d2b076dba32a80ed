"""What attackers write into logs shows as text, in every format; and every reference resolves."""

import json
import re
from datetime import datetime
from pathlib import Path

import pytest

import logsleuth
from logsleuth.report.model import Report
from logsleuth.report.render import render

HEAD = "[Tue Mar 03 14:02:{second:02d}.000001 2020] [php:error] [pid 4711:tid 4711] [client 203.0.113.{host}:4711] "
ATTACKS = [
    "\\x1b]0;owned\\x07", "\x1b[31mred\x1b[0m", "\x9b31m", "\u202egnp.exe", "\u200bzero", "\ufeffbom", "\u2028line", "\u2066iso\u2069",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</pre></code>", "&lt;b&gt;", "<!-- x -->",
    "[click](http://evil.example/)", "![x](http://evil.example/x.png)", "http://evil.example/", "www.evil.example",
    "@everyone", "#1", "org/repo#1", "`code`", "```", "````", "~~~", "**bold**", "__under__", "~~gone~~", "$\\math$", ":smile:",
    "| a | b |", "a|b", "\\|", "- item", "+ item", "* item", "1. item", "# head", "> quote", "---", "===", "[^1]", "[^1]: note",
    "=1+1", "+cmd", "@SUM(A1)", "{{7*7}}", "${7*7}", "%s%n", "\\", "\\\\n", "'\"", "[e1]", "T+00:00", "\x00", "\x07", "\x7f", "\r\x1b[2K",
    "A" * 5000, "é\u0301", "🙂", "\udcff".encode("utf-8", "surrogatepass").decode("latin-1"),
]  # fmt: skip


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    path = tmp_path_factory.mktemp("hostile") / "error.log"
    lines = []
    for number, attack in enumerate(ATTACKS):
        text = attack.replace("\n", "\\n")
        head = HEAD.format(second=number % 60, host=1 + number)
        lines.append(
            f"{head}PHP Fatal error:  Allowed memory size of 16 bytes exhausted (tried to allocate 1 bytes) in /srv/{text} "
            f"on line 4, referer: http://x/{text}"
        )
        lines.append(f"{head}{text} is no pattern's message")
    path.write_bytes("\n".join(lines).encode("utf-8", "surrogatepass") + b"\n")
    made = logsleuth.analyze([path], tz="UTC")
    assert made.incidents
    assert made.unknown
    return made


def outside_fences(text: str) -> str:
    kept, fence = [], ""
    for line in text.split("\n"):
        found = re.match(r"`{3,}", line)
        if fence:
            fence = "" if line == fence else fence
        elif found:
            fence = found[0]
        else:
            kept.append(line)
    assert not fence, "a fence is left open"
    return "\n".join(kept)


@pytest.mark.parametrize("style", ["text", "markdown"])
def test_no_control_or_hidden_character_gets_through(report: Report, style: str) -> None:
    import unicodedata

    bad = {
        c
        for c in render(report, style, full=True)
        if c != "\n" and unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp", "Cs"}
    }
    assert not bad


def test_nothing_acts_in_markdown(report: Report) -> None:
    text = outside_fences(render(report, "markdown"))
    assert not re.search(r"<(?!/?br)[a-zA-Z!/]", text), "HTML"
    assert not re.search(r"(?<!\\)\]\((?!#)", text), "a link"
    assert "://" not in text
    assert not re.search(r"(?<![\w;])@\w", text), "a mention"
    assert not re.search(r"(?<!\\)`", text), "code"
    for row in text.split("\n"):
        if row.startswith("|"):
            assert row.count("|") in {3, 4, 5, 8}, f"a table is broken: {row[:120]}"


def test_json_gives_the_text_back_whole(report: Report) -> None:
    data = json.loads(render(report, "json"))
    shown = " ".join(e["text"] for i in data["incidents"] for e in i["evidence"])
    assert "\u001b" in json.dumps(data["unknown"]) + shown or "\\x1b" in shown


def test_every_reference_resolves_to_its_line(report: Report) -> None:
    log = Path(report.logs[0].path).read_bytes()
    lines = log.split(b"\n")
    for incident in report.incidents:
        known = {e.id for e in incident.evidence}
        cited = {r for c in incident.causes for r in c.evidence} | {r for m in incident.timeline for r in m.evidence}
        assert cited | {r for w in incident.lost for r in w.evidence} <= known
        for evidence in incident.evidence:
            assert evidence.line is not None
            raw = lines[evidence.line - 1]
            assert log[evidence.offset : evidence.offset + len(raw)] == raw
            assert evidence.text == raw.decode("utf-8", "backslashreplace")[: len(evidence.text)]
        assert set(re.findall(r"\be\d+\b", " ".join(outside_fences(render(report, "markdown")).split()))) <= known | {
            "e1"
        }


def test_addresses_are_pseudonyms_in_markdown_and_the_same_all_through(report: Report) -> None:
    text = render(report, "markdown")
    assert "203.0.113." not in text
    assert re.search(r"\[client host-\d+:4711\]", text)
    assert "203.0.113." in render(report, "markdown", redact="none")


def test_the_same_report_gives_the_same_bytes(report: Report) -> None:
    again = logsleuth.analyze([report.logs[0].path], tz="UTC")
    for style in ("text", "markdown", "json"):
        assert render(report, style) == render(again, style)


def test_json_keeps_its_contract(report: Report) -> None:
    data = json.loads(render(report, "json"))
    assert data["schema"] == "logsleuth/report/2"
    assert {"path", "lines", "bytes", "format", "first", "last", "unparsed"} <= data["logs"][0].keys()
    (incident, *_) = data["incidents"]
    assert {
        "id",
        "severity",
        "category",
        "confidence",
        "onset",
        "end",
        "recovery",
        "causes",
        "workers",
        "timeline",
        "evidence",
    } <= incident.keys()
    assert {"category", "pattern", "title", "confidence", "for", "against", "evidence"} <= incident["causes"][0].keys()
    assert {"pool", "lost"} <= incident["workers"].keys()
    assert {"time", "kind", "text", "evidence"} <= incident["timeline"][0].keys()
    assert {"id", "path", "line", "offset", "text", "pattern"} <= incident["evidence"][0].keys()
    assert {"template", "count", "first", "evidence"} <= data["unknown"][0].keys()
    assert datetime.fromisoformat(incident["onset"].replace("Z", "+00:00")).tzinfo is not None
