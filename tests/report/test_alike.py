"""Of hundreds of lines that each report one more lost worker, some are quoted and the rest are counted."""

from dataclasses import replace

import pytest

import logsleuth
from logsleuth.report.alike import QUOTED, alike_lines, alike_words
from logsleuth.report.model import Report
from logsleuth.report.render import render

LINE = "[Sat Aug 15 09:{:02}:{:02}.000000 2026] [core:notice] [pid 90] AH00052: child pid {} exit signal Segmentation fault (11)\n"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    path = tmp_path_factory.mktemp("logs") / "error.log"
    path.write_text("".join(LINE.format(nth // 60, nth % 60, 1000 + nth) for nth in range(0, 600, 5)))
    return logsleuth.analyze([path], tz="UTC")


def test_the_first_are_quoted_and_what_else_is_cited_elsewhere(report: Report) -> None:
    (incident,) = report.incidents
    left_out = set(alike_lines(incident))
    assert len(incident.evidence) - QUOTED - 10 < len(left_out) < len(incident.evidence) - QUOTED
    assert not left_out & {ref for row in incident.timeline for ref in row.evidence}
    shown = render(report, "text", full=True, width=200)
    (words,) = alike_words(incident)
    assert words.startswith(f"… and {len(left_out)} further lines that each report one more lost worker, ")
    assert words in shown
    quoted = [one for one in incident.evidence if f"{one.line}  {one.text}" in shown]
    assert {one.id for one in quoted} == {one.id for one in incident.evidence} - left_out


def test_a_few_are_all_quoted(report: Report) -> None:
    (incident,) = report.incidents
    few = replace(incident, lost=incident.lost[:QUOTED])
    assert alike_lines(few) == alike_words(few) == ()
