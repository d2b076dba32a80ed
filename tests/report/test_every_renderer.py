"""Whole reports on hostile logs: in no format does anything act, and in each the text can still be read."""

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from rich.cells import cell_len

import logsleuth
from logsleuth.report.escape import HIDDEN, visible
from logsleuth.report.model import Report
from logsleuth.report.render import render
from tests.report.attacks import TEXTS, write
from tests.report.shown import wrapped_lines

BATCH = 20
"""Texts in one log: of the messages that no pattern knows, which hold two each, twelve are told."""
BATCHES = tuple(TEXTS[at : at + BATCH] for at in range(0, len(TEXTS), BATCH))
FORMATS = ("text", "markdown", "json", "html")
WIDE = 3000
TAME: dict[int, Report] = {}
"""The same for all batches of a length: told once."""
EVIDENCE_KEEPS = 2000
ONLY_OF_THIS_LOG = ("held bytes that httpd would have escaped.", "at httpd's limit of 8 KiB; their tails are cut off.")
"""Notes that a tame log does not need."""


def told(folder: Path, texts: tuple[str, ...], name: str = "error.log") -> Report:
    """The report on a log that holds these texts everywhere."""
    write(folder, texts, name)
    return logsleuth.analyze([folder / name], tz="UTC", patterns=[folder], command=f"logsleuth analyze {name}")


@pytest.fixture(scope="module", params=range(len(BATCHES)))
def texts(request: pytest.FixtureRequest) -> tuple[str, ...]:
    return BATCHES[int(request.param)]


@pytest.fixture(scope="module")
def report(texts: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory) -> Report:
    return told(tmp_path_factory.mktemp("hostile"), texts)


@pytest.fixture(scope="module")
def tame(texts: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The same story, told with harmless words."""
    if len(texts) not in TAME:
        words = tuple("abcdefghijklmnopqrstuvwxyz"[number] * 5 for number in range(len(texts)))
        TAME[len(texts)] = told(tmp_path_factory.mktemp("tame"), words)
    return TAME[len(texts)]


def kinds(markdown: str) -> Counter[str]:
    """How often each kind of line stands in a document: headings, rows by their cells, items, fences, paragraphs."""
    found: Counter[str] = Counter()
    fence = ""
    for line in markdown.split("\n"):
        if fence:
            found["in a fence" if line != fence else "fence"] += 1
            fence = "" if line == fence else fence
        elif opening := re.match(r"(`{3,})(\w+)$", line):
            fence = opening[1]
            found[f"fence {opening[2]}"] += 1
        elif line.startswith("|"):
            found[f"row of {line.count('|')}"] += 1
        elif not line.endswith(ONLY_OF_THIS_LOG):
            start = re.match(r"#+ |- |> |", line)
            assert start is not None
            found[start[0] or ("text" if line else "blank")] += 1
    assert not fence, "a fence is left open"
    return found


def prose(markdown: str) -> str:
    """What stands outside of fences."""
    return re.sub(r"^(`{3,})\w*\n.*?^\1$", "", markdown, flags=re.MULTILINE | re.DOTALL)


def test_each_text_makes_an_incident_and_an_unknown_message(report: Report, texts: tuple[str, ...]) -> None:
    assert len(report.incidents) == len(texts)
    assert {incident.category for incident in report.incidents} == {"backend-down"}
    assert all(incident.triggers and len(incident.lost) == 6 for incident in report.incidents)
    assert len(report.unknown) >= len(texts) / 2 + 1


def hidden(shown: str) -> set[str]:
    return {char for char in set(shown) - {"\n"} if unicodedata.category(char) in HIDDEN}


@pytest.mark.parametrize("style", FORMATS)
def test_no_hidden_character_gets_through(report: Report, style: str) -> None:
    assert not hidden(render(report, style, redact="default", full=True))
    assert not hidden(render(report, style, redact="none", full=False))


def test_the_text_of_each_line_can_be_read_on_the_terminal(report: Report, texts: tuple[str, ...]) -> None:
    shown = render(report, "text", full=True, width=WIDE)
    for text in texts:
        raw = text.encode("utf-8", "surrogatepass").decode("utf-8", "backslashreplace")
        assert f" of user {visible(raw)} is jammed"[:1000] in shown


def test_a_narrow_terminal_cuts_nothing_off(report: Report) -> None:
    narrow, wide = (render(report, "text", full=True, width=width) for width in (60, WIDE))
    assert max(map(cell_len, wrapped_lines(narrow, report))) <= 60
    assert not Counter("".join(wide.split())) - Counter("".join(narrow.split()))


def test_a_hostile_report_in_markdown_has_the_shape_of_a_tame_one(report: Report, tame: Report) -> None:
    assert kinds(render(report, "markdown")) == kinds(render(tame, "markdown"))


def test_in_markdown_nothing_is_left_that_acts(report: Report) -> None:
    text = re.sub(r"\\[*_\[\]`]|&(?:amp|lt|gt|#\d+);", "\x00", prose(render(report, "markdown", redact="none")))
    text = re.sub(r"\[(?:e\d+\]\(#(?:incident-\d+-)?e\d+|(\d+)\]\(#incident-\1)\)", "", text)
    text = text.replace("~ ", "")  # the report's own mark of what is inferred
    assert not re.search(r"[\\`\[\]<~$&]|(?<![^\W_\x00])_|_(?![^\W_\x00])", text)
    assert not re.search(r"@\w|#\w|://|www\.|\bGH-\d", text, re.IGNORECASE)
    assert "*" not in text


def test_in_markdown_the_text_of_each_line_stands_in_a_fence(report: Report, texts: tuple[str, ...]) -> None:
    shown = render(report, "markdown", redact="none")
    outside = prose(shown)
    for text in texts:
        raw = text.encode("utf-8", "surrogatepass").decode("utf-8", "backslashreplace")
        line = f" of user {visible(raw)} is jammed at"[:1000]
        assert line in shown
        assert line not in outside


def test_json_gives_every_text_back_as_it_stood(report: Report, texts: tuple[str, ...]) -> None:
    source = render(report, "json")
    assert source.isascii()
    data = json.loads(source)
    lines = Path(report.logs[0].path).read_bytes().split(b"\n")
    seen = 0
    for incident in data["incidents"]:
        for evidence in incident["evidence"]:
            raw = lines[evidence["line"] - 1].decode("utf-8", "backslashreplace")
            assert evidence["text"] == raw[:EVIDENCE_KEEPS]
            seen += 1
    assert seen >= 3 * len(texts)
    for unknown in data["unknown"]:
        raw = lines[unknown["evidence"]["line"] - 1].decode("utf-8", "backslashreplace")
        assert unknown["evidence"]["text"] == raw[:EVIDENCE_KEEPS]


def test_the_same_log_gives_the_same_bytes(tmp_path: Path) -> None:
    report, again = (told(tmp_path, TEXTS[::20]) for _ in range(2))
    for style in FORMATS:
        assert render(report, style, full=True) == render(again, style, full=True)


@pytest.mark.parametrize("style", FORMATS)
def test_a_hostile_file_name_does_not_act_either(style: str, tmp_path: Path) -> None:
    name = "\x1b[31m<b>`x` | [y](z) @all\u202e\udcff error.log"
    report = told(tmp_path, ("x",), name)
    shown = render(report, style, full=True, redact="none", width=WIDE)
    assert not hidden(shown)
    if style == "json":
        assert json.loads(shown)["logs"][0]["path"] == report.logs[0].path
    if style == "markdown":
        assert not re.search(r"<b>|@a|(?<!\\)\]\((?!#e\d)", prose(shown))
