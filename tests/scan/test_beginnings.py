"""The beginnings of lines: what they rule out is never what would have matched."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logsleuth.library.linear import is_anchored
from logsleuth.library.load import load_library
from logsleuth.library.pattern import Match, Pattern
from logsleuth.scan import beginnings
from logsleuth.scan.beginnings import FEW, LENGTH, OFTEN, Beginnings, Way
from logsleuth.scan.matcher import Matcher

KIND = ("core", "error")


@pytest.mark.parametrize(
    ("regex", "anchored"),
    [
        ("^boom", True),
        ("boom", False),
        ("^boom|^bang", True),
        ("^boom|bang", False),
        ("^(?:boom|bang)", True),
        (r"^boom\|bang", True),
        ("^boom[|(]bang", True),
        ("(?:^boom|^bang)", False),  # it is, but nothing is lost by not seeing it
    ],
)
def test_a_regex_is_anchored_if_all_its_outer_alternatives_are(regex: str, anchored: bool) -> None:
    assert is_anchored(regex) is anchored


def test_the_shipped_regexes_are_anchored() -> None:
    loose = [
        pattern.id
        for pattern in load_library().patterns
        for match in pattern.matches
        if match.regex is not None and not is_anchored(match.regex)
    ]
    assert not loose, "such a regex is tried on every line that holds its literal"


def test_an_example_is_matched_by_the_same_patterns_when_its_beginning_is_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    library = load_library()
    plain = Matcher(library)
    monkeypatch.setattr(beginnings, "OFTEN", 1)
    monkeypatch.setattr(beginnings, "KEPT", 100_000)
    quick = Matcher(library)
    for pattern in library.patterns[::5]:  # all of them take seconds
        for example in pattern.examples[:1]:
            text = example.log.strip("\n").split("\n")[0].encode()
            text = text[text.rfind(b"] ") + 2 :][:300]
            kind = ("" if not pattern.scope.modules else pattern.scope.modules[0], "error")
            source = pattern.scope.sources[0] if pattern.scope.sources else "httpd"
            by_literals = [hit.pattern for hit in plain.match(text, kind, source)]
            assert [hit.pattern for hit in quick.match(text, kind, source)] == by_literals


TEXTS = st.text(alphabet="ab \n1-", max_size=24).map(str.encode)
REGEXES = ("^ab+1", r"^a\b 1", r"^b \b1", "^(?:a|b){3,9}-", "b-1", "^a|^b$", "^a$|b", r"^[^\n]*1-", "^(?:ab\\n)?b1")
SHIPPED = tuple(Pattern(f"p{nth}", "", "symptom", (Match("", regex),)) for nth, regex in enumerate(REGEXES))
WAYS = [Way(0, nth, 0) for nth in range(len(REGEXES))]


@given(TEXTS)
def test_what_matches_is_never_ruled_out(text: bytes) -> None:
    known = Beginnings(SHIPPED, WAYS)
    while (ways := known.ways(text, KIND, "httpd")) is None:
        pass
    left = {way.pattern for way in ways}
    assert {nth for nth, regex in enumerate(REGEXES) if re.search(regex.encode(), text, re.MULTILINE)} <= left


def test_only_what_comes_often_is_remembered() -> None:
    known = Beginnings((), ())
    assert [known.ways(b"x" * LENGTH, KIND, "httpd") for _ in range(OFTEN + 1)] == [None] * (OFTEN - 1) + [(), ()]
    assert FEW < OFTEN
