"""Regexes that are compiled when they are first used do what compiled ones do."""

import re

import pytest

from logsleuth.regexes import regex


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
