"""Regexes that are compiled when they are first used do what compiled ones do."""

import gc
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import logsleuth
from logsleuth.library.load import shipped_library
from logsleuth.regexes import _Regex, regex

ROOT = Path(__file__).resolve().parent.parent


def test_what_it_finds_is_what_a_compiled_one_finds() -> None:
    late, compiled = regex(r"(?P<word>\w+)s\b", re.ASCII), re.compile(r"(?P<word>\w+)s\b", re.ASCII)
    text = "logs tell stories"
    for _ in range(2):
        found, expected = late.search(text), compiled.search(text)
        assert found is not None
        assert expected is not None
        assert found.span("word") == expected.span("word")
        assert late.findall(text) == compiled.findall(text)
        assert late.sub("x", text) == compiled.sub("x", text)
    assert (late.pattern, late.groupindex, late.flags) == (compiled.pattern, compiled.groupindex, compiled.flags)


def test_nothing_is_compiled_before(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    monkeypatch.setattr(re, "compile", lambda source, flags: compiled.append(source))
    late = regex("a|b")
    assert (late.pattern, compiled) == ("a|b", [])


def test_a_mistake_shows_at_the_first_use() -> None:
    with pytest.raises(re.error):
        regex("(").match("")


def test_without_what_it_needs_nothing_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    late = regex("a(?=b)|c", needs=("ab", "c"))
    compiled: list[str] = []
    monkeypatch.setattr(re, "compile", lambda source, flags: compiled.append(source))
    assert (late.match("bx"), late.search("bx"), late.fullmatch("bx"), late.sub("y", "bx")) == (None, None, None, "bx")
    assert compiled == []


def test_with_what_it_needs_it_finds_what_a_compiled_one_finds() -> None:
    def late() -> re.Pattern[str]:
        return regex("a(?=b)|c", needs=("ab", "c"))

    assert (late().sub("y", "abc"), late().sub("y", "abc", 1)) == ("yby", "ybc")
    found, elsewhere = late().search("xxab"), late().match("xxab", 2)
    assert found is not None
    assert elsewhere is not None
    assert found.span() == elsewhere.span() == (2, 3)
    assert late().fullmatch("c") is not None


def those_that_need_something() -> Iterator[Any]:
    for module in pkgutil.walk_packages(logsleuth.__path__, "logsleuth."):
        if "cluster" not in module.name and module.name not in {"logsleuth.__main__", "logsleuth._core"}:
            importlib.import_module(module.name)
    yield from (one for one in gc.get_objects() if isinstance(one, _Regex) and one.needs)


def test_what_is_said_to_be_needed_is_in_all_that_is_matched() -> None:
    logs = [path.read_text(encoding="utf-8", errors="replace") for path in (ROOT / "sample_logs").glob("*.log")]
    texts = [one.log for pattern in shipped_library().patterns for one in pattern.examples] + logs
    texts += [command for pattern in shipped_library().patterns for command in pattern.explain.confirm]
    lines = {line for text in texts for line in text.splitlines()}
    asked = list(those_that_need_something())
    assert len(asked) > 10
    for late in asked:
        compiled = re.compile(late.pattern, late._flags)
        for line in lines:
            text: Any = line.encode() if isinstance(late.pattern, bytes) else line
            assert compiled.search(text) is None or any(one in text for one in late.needs), late.pattern
