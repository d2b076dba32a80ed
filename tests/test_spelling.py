"""A misspelt name is answered with the one that was meant, in one way everywhere."""

from pathlib import Path

import logsleuth
from logsleuth.spelling import closest, did_you_mean, suggestion

KNOWN = ("segfault", "stale-egg", "disk-full", "disk-slow")


def test_the_nearest_name_is_suggested() -> None:
    assert suggestion("stale-eg", KNOWN) == "did you mean 'stale-egg'?"


def test_without_a_near_name_something_else_is_said() -> None:
    assert suggestion("zebra", KNOWN, "see --help") == "see --help"
    assert suggestion("zebra", KNOWN) == ""


def test_several_names_make_one_question() -> None:
    near = closest("disk-ful", KNOWN, most=2)
    assert did_you_mean(near) == "did you mean 'disk-full' or 'disk-slow'?"


def test_the_question_is_written_in_one_place() -> None:
    package = Path(logsleuth.__file__).parent
    asking = [path.name for path in package.rglob("*.py") if "did you mean {" in path.read_text().lower()]
    assert asking == ["spelling.py"]
