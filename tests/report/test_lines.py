"""Lines over time: what two patterns know is one line, what they know apart is not."""

from dataclasses import replace

from logsleuth.report.compose.story.lines import lines_by_step
from logsleuth.units import SECOND
from tests.lives.build import ANY, series

FACT = replace(ANY, id="php.fatal.uncaught")
NAMED = replace(ANY, id="database.full", refines=frozenset({"php.fatal.uncaught"}))
END = 10 * SECOND


def test_a_line_that_two_patterns_know_counts_once() -> None:
    counts, step = lines_by_step([series(FACT, 1, 2, 9, count=3), series(NAMED, 1, 9, count=2)], 0, END, 2)
    assert (counts, step) == ((6, 3), 5 * SECOND + 1)


def test_lines_of_different_kinds_count_each() -> None:
    assert lines_by_step([series(FACT, 1), series(replace(ANY, id="oom"), 1)], 0, END, 2)[0] == (2, 0)


def test_what_names_others_better_too_takes_off_no_more_than_there_is() -> None:
    assert lines_by_step([series(FACT, 1), series(NAMED, 1, count=5)], 0, END, 2)[0] == (5, 0)


def test_no_series_are_no_lines() -> None:
    assert lines_by_step([], 0, END, 2)[0] == (0, 0)
