"""A misspelt name is answered with the one that was meant, in one way everywhere."""

import re
from pathlib import Path

import logsleuth
from logsleuth.spelling import closest, did_you_mean, suggestion

TEXTS = {".py", ".toml", ".md", ".json", ".html"}
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


def test_httpds_word_for_what_a_proxy_asks_is_written_as_its_documentation_writes_it() -> None:
    root = Path(logsleuth.__file__).parent.parent
    folders = ("logsleuth", "patterns", "docs")
    texts = [root / "README.md", *(p for name in folders for p in (root / name).rglob("*") if p.suffix in TEXTS)]
    assert len(texts) > len(folders)
    other = re.compile(r"\bback[- ]ends?\b", re.IGNORECASE)
    assert [str(path) for path in texts if other.search(path.read_text(encoding="utf-8"))] == []
