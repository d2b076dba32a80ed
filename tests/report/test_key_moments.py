"""The rows of the timeline: few, in order, each a step of the story."""

from pathlib import Path

import pytest

import logsleuth
from logsleuth.report.compose.story.milestones import milestones
from logsleuth.report.compose.story.moments import MOST
from logsleuth.report.fates import lost_words
from logsleuth.report.words import ordinal
from tests.middle.shop import EGG, HOUR, JAMMED, OPEN, QUEUE, SHIFT, STUCK, day, told


@pytest.mark.parametrize(
    ("lost", "told_of"),
    [(0, []), (1, [1]), (2, [1, 2]), (3, [1, 3]), (4, [1, 2, 4]), (12, [1, 3, 6, 12]), (1000, [1, 250, 500, 1000])],
)
def test_the_lost_that_are_told(lost: int, told_of: list[int]) -> None:
    assert list(milestones(lost)) == told_of


def test_a_spread_is_told_by_a_quarter_half_and_its_last_beside_the_onset(tmp_path: Path) -> None:
    log = day()
    for nth in range(16):
        log.add(EGG, *range(5 * 3600 + 60 * nth, 5 * 3600 + 1200, 20), pid=300 + nth)
    (incident,) = told(log, tmp_path).incidents
    rows = [moment.text for moment in incident.timeline if moment.kind == "worker"]
    assert [row.split(" (")[1] for row in rows] == [f"{number} of 16 lost)" for number in (4, 8, 16)]
    assert next(moment.text for moment in incident.timeline if moment.kind == "onset").count("(worker 300, ") == 1
    phases = [moment.phase for moment in incident.timeline if moment.kind == "worker"]
    assert phases == ["spread", "spread", "spread"]


def test_symptoms_of_one_second_share_a_row(tmp_path: Path) -> None:
    log = day().every(2, 5 * HOUR, 5 * HOUR + 600, JAMMED).every(2, 5 * HOUR + 5, 5 * HOUR + 600, QUEUE)
    log.every(3, 5 * HOUR + 5, 5 * HOUR + 600, STUCK)
    (incident,) = told(log, tmp_path).incidents
    (row,) = (moment for moment in incident.timeline if moment.kind == "symptom")
    assert row.text.count("first of") == len(row.evidence) == 2


def test_restarts_in_vain_are_counted_and_the_rows_stay_few(tmp_path: Path) -> None:
    log = day()
    for nth in range(30):
        begin = 5 * HOUR + 120 * nth
        log.every(2, begin, begin + 110, JAMMED).own(SHIFT, begin + 111).own(OPEN, begin + 112)
    (incident,) = told(log, tmp_path).incidents
    rows = [moment.text for moment in incident.timeline if "the failures went on" in moment.text]
    assert [row.split("(")[-1] for row in rows] == [f"{number} of 29)" for number in (1, 2, 29)]
    assert len(incident.timeline) <= MOST
    assert list(incident.timeline) == sorted(incident.timeline, key=lambda moment: moment.time)


def test_ordinals() -> None:
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 22, 101, 111, 1003)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "101st", "111th", "1,003rd",
    ]  # fmt: skip


def test_the_one_child_process_of_windows_dies_again_and_again_and_nothing_spreads(tmp_path: Path) -> None:
    head = "[Tue Mar 03 {:02}:{:02}:{:02}.000000 2026] [mpm_winnt:notice] [pid 40:tid 1] {}\n"
    lines = [head.format(4, 0, 0, "AH00455: Apache/2.4.41 (Win64) configured -- resuming normal operations")]
    for nth in range(1, 40):
        second = nth * 37 % 50
        exits = f"AH00428: Parent: child process {5000 + nth} exited with status 3221225725 -- Restarting."
        lines.append(head.format(10, nth, second, exits))
        lines.append(head.format(10, nth, second + 1, f"AH00418: Parent: Created child process {5001 + nth}"))
    (tmp_path / "error.log").write_text("".join(lines))
    (incident,) = logsleuth.analyze([str(tmp_path / "error.log")], tz="UTC").incidents
    assert "spread" not in {row.phase for row in incident.timeline}
    said = [row.text for row in incident.timeline if row.kind == "worker"]
    assert said[-1] == "The child process 5039 crashed (39th time of 39)"
    assert lost_words(incident) == ("The one child process was lost 39 times.",)
