"""The report on the terminal: the answers first, at any width, with and without colour and signs."""

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len

import logsleuth
from logsleuth.report.glyphs import ASCII, BLOCKS, lane, spark, telling
from logsleuth.report.model import Lane, Report
from logsleuth.report.render import deliver, render

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def report() -> Report:
    return logsleuth.analyze([ROOT / "sample_logs" / "stale-egg-2009.log"], tz="UTC")


@pytest.mark.parametrize("width", [80, 100, 200])
def test_the_first_screen_answers_everything(width: int, report: Report) -> None:
    screen = render(report, "text", width=width).splitlines()[:24]
    labels = [found[1] for line in screen if (found := re.match(r" ([A-Z][a-z]+\??) ", line))]
    assert labels == ["What", "When", "Since", "Why", "Over?", "Now", "Lines", "Workers"]
    assert all(cell_len(line) <= width for line in screen)


def test_words_are_not_wider_than_can_be_read_and_lines_of_log_use_all(report: Report) -> None:
    text = render(report, "text", width=200)
    prose, evidence = text.split("\n Evidence\n")
    assert max(map(cell_len, prose.splitlines())) <= 120
    assert max(map(cell_len, evidence.splitlines())) > 150


def coloured(report: Report, monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    for name in ("NO_COLOR", "COLORTERM", "TERM", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"FORCE_COLOR": "1", "COLUMNS": "100", **environment}.items():
        monkeypatch.setenv(name, value)
    raw = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(raw, encoding="utf-8"))
    deliver(report, "text", output=None, full=True)
    return raw.getvalue().decode()


def test_colour_adds_nothing_that_the_words_do_not_say(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = coloured(report, monkeypatch, TERM="xterm-256color")
    assert "\x1b[" in shown
    assert re.sub(r"\x1b\[[\d;]*m", "", shown) == render(report, "text", full=True)


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1", "TERM": "xterm"}, {"TERM": "dumb"}])
def test_without_colour_there_is_none(
    environment: dict[str, str], report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not re.search(r"\x1b\[[\d;]*3[0-7]", coloured(report, monkeypatch, **environment))


def test_no_colour_is_used_that_fails_on_light_or_dark(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = coloured(report, monkeypatch, TERM="xterm-256color")
    for codes in re.findall(r"\x1b\[([\d;]*)m", shown):
        parts = codes.split(";")
        assert "44" not in parts
        assert "34" not in parts
        assert "33" not in parts
        assert "37" not in parts or "41" in parts, "white on the terminal's own ground"


def test_in_a_pipe_of_ascii_it_is_ascii(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(raw, encoding="ascii"))
    deliver(report, "text", output=None)
    import sys

    sys.stdout.flush()
    shown = raw.getvalue().decode("ascii")
    assert "\\u" not in shown
    assert re.search(r"Lines +[-_.:=+*#]", shown)
    assert "x====" in shown


def test_bars_rise_with_what_they_show_and_never_hide_it() -> None:
    for glyphs in (BLOCKS, ASCII):
        shown = spark([0, 1, 500, 1000], glyphs=glyphs)
        assert shown[0] == " "
        assert [glyphs.bars.index(bar) for bar in shown[1:]] == sorted(glyphs.bars.index(bar) for bar in shown[1:])
        assert shown[1] != " "
        assert shown[3] == glyphs.bars[-1]


def test_a_lane_shows_when_a_worker_was_lost(report: Report) -> None:
    (incident,) = report.incidents
    step, begin = incident.errors_step, incident.errors_from
    life = Lane(1, ((begin + 2 * step, begin + 20 * step),), begin + 10 * step + 1)
    assert lane(replace(life, how="poisoned"), incident, ASCII).rstrip() == "  " + "-" * 8 + "x" + "=" * 10
    assert lane(replace(life, how="crashed"), incident, ASCII).rstrip() == "  " + "-" * 8 + "x"
    lost = tuple(Lane(pid, (), begin) for pid in range(40))
    others = tuple(Lane(pid, (), None) for pid in range(40, 50))
    shown = [life.pid for life in telling((*lost, *others))]
    assert shown == [0, 1, 2, 37, 38, 39, 40, 41]
