"""Of hundreds of incidents, those are told in full that the reader is shown; the others are listed."""

from pathlib import Path

import pytest

import logsleuth
from logsleuth.report.compose.compose import those_told
from logsleuth.report.formats import SHOWN_INCIDENTS
from logsleuth.report.listing import glances
from logsleuth.report.render import render, tells
from tests.report.attacks import TEXTS, write


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("told")
    write(path, TEXTS[:8])
    return path


def report(folder: Path, told: int | None) -> logsleuth.Report:
    return logsleuth.analyze([folder / "error.log"], tz="UTC", patterns=[folder], told=told)


def test_the_text_is_the_same_whether_all_are_told_or_those_that_it_shows(folder: Path) -> None:
    every, shown = report(folder, None), report(folder, SHOWN_INCIDENTS)
    assert (len(every.incidents), len(shown.incidents)) == (8, SHOWN_INCIDENTS)
    assert render(shown, "text") == render(every, "text")


def test_what_is_not_told_is_listed_as_if_it_were(folder: Path) -> None:
    every, few = report(folder, None), report(folder, 0)
    assert few.number_of_incidents == 8
    assert few.verdict == "outage"
    assert glances(few) == glances(every)


@pytest.mark.parametrize(
    ("over", "told", "numbers"),
    [
        ([True, True, True], None, {1, 2, 3}),
        ([True, True, True], 2, {1, 2}),
        ([True, True, False], 1, {3}),
        ([True, True, False], 2, {1, 3}),
        ([True, False, False], 1, {2, 3}),
        ([], 3, set()),
    ],
)
def test_those_that_go_on_are_told_before_the_gravest(over: list[bool], told: int | None, numbers: set[int]) -> None:
    assert those_told(over, told) == numbers


def test_all_are_told_where_the_reader_sees_all_or_names_are_learned_from_them() -> None:
    assert tells("text", None, (), "", full=False) == SHOWN_INCIDENTS
    assert tells("text", None, (), "", full=True) is None
    assert tells("text", "default", (), "", full=False) is None
    assert tells("text", None, ("secret",), "", full=False) is None
    assert tells("json", None, (), "", full=False) is None
    assert tells("text", None, (), "own.jinja", full=False) is None
