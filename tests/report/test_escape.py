"""Nothing that a log says acts: each hostile text alone, through each way of escaping."""

import html
import re
import unicodedata

import pytest

from logsleuth.report.escape import HIDDEN, fenced, markdown, visible
from tests.report.attacks import TEXTS

PLACES = ("{}", "say {} and go on", " {}", "  {} x", "{}{}", "x{}x", "1{}1", "({})", "   {}")
"""Where in a line a text may stand."""
ESCAPE = re.compile(r"\\[*_\[\]`]|&(?:amp|lt|gt|#\d+);")
"""What `markdown` writes for a character that would act."""


def placed(text: str) -> list[str]:
    return [place.replace("{}", text) for place in PLACES]


def shown(source: str) -> str:
    """What a reader sees of escaped markdown: each escape as its character, without the zero-width guards."""
    return ESCAPE.sub(
        lambda found: found[0][1:] if found[0][0] == "\\" else html.unescape(found[0]), source.replace("&#8203;", "")
    )


def name(text: str) -> str:
    return ascii(text)[:40]


def test_the_corpus_is_large_and_has_no_text_twice() -> None:
    assert len(set(TEXTS)) == len(TEXTS) > 100


@pytest.mark.parametrize("text", TEXTS, ids=name)
def test_nothing_hidden_is_left_in_what_is_visible(text: str) -> None:
    for whole in placed(text):
        assert not {char for char in visible(whole) if unicodedata.category(char) in HIDDEN}


@pytest.mark.parametrize("text", TEXTS, ids=name)
def test_what_is_visible_says_which_characters_were_hidden(text: str) -> None:
    def undo(found: re.Match[str]) -> str:
        return "\t" if found[0] == "\\t" else chr(int(found[0][2:], 16))

    if "\\" not in text:
        assert re.sub(r"\\(?:x..|u....|U.{8}|t)", undo, visible(text)) == text


@pytest.mark.parametrize(
    "text", ["", "plain", "File does not exist: /srv/www", "naïve 日本語 🙂", "a\\nb", "`x` <b> | [y](z)"]
)
def test_a_harmless_text_is_visible_as_it_is(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize("text", TEXTS, ids=name)
def test_in_markdown_no_active_character_stands_unescaped(text: str) -> None:
    for whole in placed(text):
        rest = ESCAPE.sub("\x00", markdown(whole))
        assert not re.search(r"[\\`*\[\]<>|~$&\n\r\t]|(?<![^\W_\x00])_|_(?![^\W_\x00])", rest)
        assert not re.search(r"@\w|#\w|://|www\.|\bGH-\d", rest, re.IGNORECASE)
        assert not re.match(r"\s*(?:[-+=>#]+|\d+[.)])(?:\s|$)", rest)
        assert not re.match(r"\s*(?:-\s*){3,}$|\s*=+\s*$", rest)


@pytest.mark.parametrize("text", TEXTS, ids=name)
def test_in_markdown_the_text_is_shown_as_it_stands(text: str) -> None:
    for whole in placed(text):
        assert shown(markdown(whole)) == visible(whole)


@pytest.mark.parametrize(
    "text", ["@everyone", "a@evil.example", "#1", "org/repo#1", "GH-1", "http://evil.example", "www.evil.example"]
)  # fmt: skip
def test_what_forges_look_for_in_the_shown_text_is_broken_by_a_zero_width_space(text: str) -> None:
    # GitHub and GitLab look for mentions, references and addresses in the text that the markdown has become
    seen = html.unescape(markdown(text))
    assert not re.search(r"@\w|#\d|GH-\d|://|www\.", seen)
    assert seen.replace("\u200b", "") == text


@pytest.mark.parametrize("text", ["14:02:11", "mod_wsgi (pid=7): x"[9:], "a - b", "1.5 s", "C:/x", "50 % #", "x = 1"])
def test_a_harmless_text_is_the_same_in_markdown(text: str) -> None:
    assert html.unescape(markdown(text)) == text


@pytest.mark.parametrize("text", TEXTS, ids=name)
def test_nothing_closes_a_fence_early(text: str) -> None:
    block = fenced([text, f"   {text}", "", f"{text}{text}"]).split("\n")
    fence = re.match(r"`{3,}", block[0])
    assert fence is not None
    assert block[0] == f"{fence[0]}text"
    assert block[-1] == fence[0]
    assert len(block) == 6
    for inside in block[1:-1]:
        assert fence[0] not in inside


@pytest.mark.parametrize("text", TEXTS, ids=name)
def test_in_a_fence_the_text_stands_as_it_is_visible(text: str) -> None:
    assert fenced([text]).split("\n")[1] == visible(text)


def test_a_fence_holds_several_lines_and_names_its_language() -> None:
    assert fenced(["a", "b"], "sh") == "```sh\na\nb\n```"
    assert fenced(["````"]).split("\n") == ["`````text", "````", "`````"]
