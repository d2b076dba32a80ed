"""The whole log at a glance: several incidents as a list, a quiet log, a handful of pasted lines, a server that is down."""

from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len

import logsleuth
from logsleuth.report.glyphs import ASCII
from logsleuth.report.headline import found, headline
from logsleuth.report.listing import in_order, listed
from logsleuth.report.model import Report
from logsleuth.report.render import render
from logsleuth.report.seen import COLUMNS, bars, mark_line, seen_words
from logsleuth.timeline.clock import zone
from tests.report.shown import wrapped_lines

ROOT = Path(__file__).resolve().parent.parent.parent
HEAD = "[Tue Mar 03 14:{minute:02}:11.120001 2020] [{module}] [pid 4711:tid 4711] "
UP = HEAD + "AH00163: Apache/2.4.41 (Ubuntu) configured -- resuming normal operations"
STOP = HEAD + "AH00169: caught SIGTERM, shutting down"


@pytest.fixture(scope="module")
def several() -> Report:
    """Three incidents: over, open, over."""
    report = logsleuth.analyze([ROOT / "sample_logs" / "stale-egg-24.log"], tz="UTC")
    (first,) = report.incidents
    second = replace(first, id=2, severity="major", title="Still going on", recovery_time=None, end=None)
    return replace(report, incidents=(first, second, replace(first, id=3, severity="minor")))


def of(tmp_path: Path, *lines: str) -> Report:
    (tmp_path / "error.log").write_text("".join(f"{line}\n" for line in lines))
    return logsleuth.analyze([tmp_path / "error.log"], tz="UTC")


def test_what_is_open_comes_first_then_the_gravest(several: Report) -> None:
    assert [incident.id for incident in in_order(several)] == [2, 1, 3]
    assert [row.over for row in listed(several, zone("UTC"))] == ["open", "over", "over"]


@pytest.mark.parametrize("style", ["text", "markdown", "html"])
def test_several_incidents_begin_with_their_list(style: str, several: Report) -> None:
    shown = render(several, style)
    assert 0 < shown.index("Still going on") < shown.index("Timeline")


def test_the_whole_log_fits_into_80_columns_also_in_ascii(several: Report) -> None:
    assert several.whole is not None
    assert len(bars(several.whole)) == COLUMNS
    assert sum(bars(several.whole)) == sum(several.whole.failures) > 0
    marks, legend = mark_line(several, several.whole, ASCII)
    assert marks.isascii()
    assert legend.startswith("# incident")
    assert all(cell_len(line) <= 80 for line in wrapped_lines(render(several, "text", width=80), several))


def test_a_quiet_log_says_what_was_seen(tmp_path: Path) -> None:
    lines = [HEAD.format(minute=minute, module="core:info") + "nothing of note" for minute in range(30)]
    report = of(tmp_path, UP.format(minute=0, module="mpm_prefork:notice"), *lines)
    assert dict(seen_words(report)) == {"Failures": "no line reports a failure", "Server": "1 start", "Faults": "none"}
    assert headline(report) == "Nothing wrong found"
    assert "no line reports a failure" in render(report, "text")


@pytest.mark.parametrize("style", ["text", "markdown", "html"])
def test_a_pasted_line_that_is_routine_is_explained(style: str, tmp_path: Path) -> None:
    report = of(tmp_path, UP.format(minute=0, module="mpm_prefork:notice"))
    assert headline(report) == "Routine: no fault by itself"
    assert "The parent has read its configuration" in render(report, style)


def test_an_ordered_stop_at_the_end_is_reported_calmly(tmp_path: Path) -> None:
    up, stop = UP.format(minute=0, module="mpm_prefork:notice"), STOP.format(minute=7, module="mpm_prefork:notice")
    report = of(tmp_path, up, stop)
    assert report.down is not None
    assert report.down.why == "stopped"
    assert report.down.evidence[0].line == 2
    assert found(report) == headline(report) == "Routine lines: no fault"
    first, second, *_ = render(report, "text").splitlines()
    assert first.startswith("Routine lines: no fault")
    assert second.startswith(
        "The server was stopped on request at 2020-03-03 14:07:11; the log shows no start after that."
    )
    assert of(tmp_path, up, stop, UP.format(minute=8, module="mpm_prefork:notice")).down is None
