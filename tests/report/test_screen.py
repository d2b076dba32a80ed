"""What standard output can show, as it is and as variables want it."""

import io

import pytest

from logsleuth.report.screen import terminal_of


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "styles"),
    [
        ({}, "all"),
        ({"NO_COLOR": "1"}, "no colours"),
        ({"NO_COLOR": ""}, "all"),
        ({"TERM": "dumb"}, "none"),
        ({"FORCE_COLOR": ""}, "none"),
        ({"TTY_COMPATIBLE": "0", "FORCE_COLOR": "1"}, "none"),
    ],
)
def test_a_terminal_shows_the_styles_that_are_wanted(environment: dict[str, str], styles: str) -> None:
    assert terminal_of(Terminal(), environment).styles == styles


@pytest.mark.parametrize(
    ("environment", "styles"), [({}, "none"), ({"FORCE_COLOR": "1"}, "all"), ({"TTY_COMPATIBLE": "1"}, "all")]
)
def test_a_pipe_shows_none_unless_told(environment: dict[str, str], styles: str) -> None:
    assert terminal_of(io.StringIO(), environment).styles == styles


@pytest.mark.parametrize(("columns", "width"), [("", 100), ("132", 132), ("20", 100), ("wide", 100)])
def test_in_a_pipe_a_report_is_as_wide_as_columns_says(columns: str, width: int) -> None:
    assert terminal_of(io.StringIO(), {"COLUMNS": columns}).width == width


def test_a_dumb_terminal_has_80_columns() -> None:
    assert terminal_of(Terminal(), {"TERM": "dumb", "COLUMNS": "132"}).width == 80
    assert terminal_of(Terminal(), {"COLUMNS": "132"}).width == 132
